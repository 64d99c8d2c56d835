"""Read off an entry what its newest draft said beside what is held, without drafting again."""

from decomposer.reconcile.fates import fate_of
from decomposer.records import Capability, Change, Changes, Entry, Judge


def waiting(entry: Entry, *, judge: Judge) -> Changes:
    """Return what waits in an entry: revisions beside what a person settled, and proposals that nobody decided about.

    A settled record is `gone` where lines that it rests on are no longer in the source, `kept` where nothing newer
    waits; a proposal is `new`. Records that earlier drafts had, and later ones had not, are `gone` without a text.
    """
    uris = [document.uri for document in entry.documents]
    earlier = frozenset(at for at, uri in enumerate(uris) if uri in uris[:at])
    each = [_change(one, earlier, judge) for one in entry.capabilities]
    gone = [Change(id=one.id, fate="gone", reason=f"an earlier draft said it: {one.name}") for one in entry.gone]
    return Changes(entry=entry, each=(*each, *gone))


def _change(held: Capability, earlier: frozenset[int], judge: Judge) -> Change:
    if held.revision is not None:
        fate, reason = fate_of(held, held.revision, judge)
        return Change(id=held.id, fate=fate, reason=reason, before=held, after=held.revision)
    if not held.held:
        return Change(id=held.id, fate="new", reason="proposed; nobody has decided about it", after=held)
    if any(span.document in earlier for span in held.evidence()):
        why = "lines that it rests on are no longer in the source; it stays until a person decides"
        return Change(id=held.id, fate="gone", reason=why, before=held)
    return Change(id=held.id, fate="kept", reason=f"{held.state}; nothing newer waits", before=held, after=held)
