"""Reconcile: carry ids and decisions over from the entry as it was to what was found this time."""

from collections.abc import Iterator, Mapping, Sequence

from decomposer.reconcile.fates import fate_of, says
from decomposer.reconcile.ids import Ids, short_slug
from decomposer.reconcile.pairing import content, folded, once, pair
from decomposer.reconcile.places import anchored, standing
from decomposer.reconcile.waiting import waiting
from decomposer.records import Capability, Change, Changes, Entry, Judge, Run, State, digest

__all__ = ["Ids", "content", "reconcile", "short_slug", "waiting"]

_DISMISSED: tuple[State, ...] = ("rejected", "retired")
_BY_HAND = "merged"  # among the edited of a record: a person joined it of others


def reconcile(previous: Entry | None, found: Entry, *, judge: Judge) -> Changes:
    """Return what `found` makes of `previous`; the same `found` once more changes nothing.

    What was found is assigned one to one to what was there: where all of it is equal, else the name, else so that
    meaning and evidence agree best; it keeps its id. What a person accepted, rejected, retired or edited stays as it
    is, found again or not, with the documents that its evidence points to; what is said of it now is its `revision`.
    What was rejected or retired does not come in again in other words. A proposal that is not found again is gone,
    unless both were drafted by the same recipe and all of its evidence stands: then it was only not drawn this time.
    An id is never given to another capability, not even that of one that is gone; what comes with an id of this entry
    that nobody had keeps it.
    """
    slug = previous.artifact.slug if previous else found.artifact.slug
    documents, before = anchored(previous, found) if previous else (found.documents, ())
    proposals = once(found.capabilities)
    pairs = pair(before, proposals, judge=judge)
    matched = {capability.id for capability in pairs.values()}
    still_said = _standing(previous, found) if previous else frozenset()
    missing = [capability for capability in before if capability.id not in matched]
    kept = {old.id for place, old in pairs.items() if content(old) == content(proposals[place])}
    ids = Ids(slug, previous, found=matched, kept=kept)
    now, each, left_out = {}, [], []
    for place, proposal in enumerate(proposals):
        old = pairs.get(place)
        if old is None and (covering := _covering(proposal, before, judge)):
            left_out.append(_left_out(covering, proposal))
        else:
            now[place] = _settled(proposal, old, ids)
            each.append(_change(old, proposal.model_copy(update={"id": now[place].id}), judge))
    joined = {part.id: one.id for one in now.values() for part in one.parts()}
    stay = [one for one in missing if one.held or (one.id in still_said and not _ids(one) & joined.keys())]
    capabilities = _with_live_links(
        [*_relinked({proposals[at]: one for at, one in now.items()}), *map(_unrevised, stay)]
    )
    each += [_stays(one, one.id in still_said) for one in stay]
    each += [_is_gone(one, joined.get(one.id)) for one in missing if one not in stay]
    update = {
        "artifact": found.artifact.model_copy(update={"slug": slug}),
        "documents": documents,
        "capabilities": capabilities,
        "gone": ids.gone(capabilities),
        "apart": previous.apart if previous else found.apart,
    }
    return Changes(entry=found.model_copy(update=update), each=tuple(each), left_out=tuple(left_out))


def _settled(proposal: Capability, old: Capability | None, ids: Ids) -> Capability:
    """Return the record that the entry holds from now on."""
    if old is None:
        return ids.given(proposal, ids.free(proposal))
    if not old.held:
        equal = content(old) == content(proposal) and not proposal.held
        return old if equal else ids.given(proposal, old.id).model_copy(update={"flagged": old.flagged})
    if old.state in _DISMISSED or _no_news(old, proposal):
        return old.model_copy(update={"revision": None})
    if old.revision is not None and content(old.revision) == content(proposal):
        return old
    return old.model_copy(update={"revision": proposal.model_copy(update={"id": old.id, "broader_than": ()})})


def _no_news(old: Capability, proposal: Capability) -> str:
    """Return why a person has nothing to decide about what is said of a settled record now; empty where there is."""
    if says(old) == says(proposal):
        return "says the same"
    if digest(proposal) in old.dismissed:
        return "a person kept the text when the same was said before"
    if says(old, but=old.dropped) == says(proposal, but=old.dropped):
        return f"says the same, but for what a person left out: {', '.join(old.dropped)}"
    if _BY_HAND in old.provenance.edited and any(says(part) == says(proposal) for part in old.parts()):
        return "says the same as a part of what a person joined"
    return ""


def _unrevised(old: Capability) -> Capability:
    return old.model_copy(update={"revision": None}) if old.revision else old


def _standing(previous: Entry, found: Entry) -> frozenset[str]:
    """Return the ids of what the source still says, where only chance or the rest of the source can have hidden it."""
    if previous.source_kind.kind != found.source_kind.kind or not _drafted_alike(previous.run, found.run):
        return frozenset()
    return standing(previous, found)


def _drafted_alike(before: Run, now: Run) -> bool:
    """Say whether two runs differ by chance alone: of one recipe, or where that is not known of one model and prompt.

    Another language, segment size, second opinion or version of the program is no chance: what it does not find, it
    would not have proposed.
    """
    if before.recipe and now.recipe:
        return before.recipe == now.recipe
    return (before.model, before.prompt) == (now.model, now.prompt)


def _ids(capability: Capability) -> set[str]:
    return {part.id for part in capability.parts()}


def _covering(proposal: Capability, before: Sequence[Capability], judge: Judge) -> Capability | None:
    """Return what a person has rejected, or joined into another record, and the proposal says again."""
    for old in before:
        joined = list(old.parts())[1:]
        if old.held and any(folded(part.name) == folded(proposal.name) for part in joined):
            return old
        if _BY_HAND in old.provenance.edited and any(judge(part, proposal).verdict == "same" for part in joined):
            return old
        if old.state in _DISMISSED and any(judge(part, proposal).verdict == "same" for part in (old, *joined)):
            return old
    return None


def _relinked(now: Mapping[Capability, Capability]) -> Iterator[Capability]:
    """Yield the records by their proposals, with the links of the proposals by the ids that they have now."""
    renamed = {proposal.id: one.id for proposal, one in now.items() if proposal.id}
    for proposal, one in now.items():
        special = tuple(sorted({renamed[other] for other in proposal.broader_than if other in renamed} - {one.id}))
        yield one if special == one.broader_than else one.model_copy(update={"broader_than": special})


def _with_live_links(capabilities: Sequence[Capability]) -> tuple[Capability, ...]:
    """Return the records without links to or from what a person has dismissed, and to what is gone."""
    live = {one.id for one in capabilities if one.state not in _DISMISSED}

    def left(one: Capability) -> tuple[str, ...]:
        return tuple(other for other in one.broader_than if {one.id, other} <= live)

    return tuple(
        one if left(one) == one.broader_than else one.model_copy(update={"broader_than": left(one)})
        for one in capabilities
    )


# --- what is told of it


def _change(old: Capability | None, proposal: Capability, judge: Judge) -> Change:
    if old is None:
        return Change(id=proposal.id, fate="new", reason="not found before", after=proposal)
    if old.state in _DISMISSED:
        return Change(id=old.id, fate="kept", reason=f"it stays {old.state}", before=old, after=proposal)
    if old.held and (why := _no_news(old, proposal)):
        return Change(id=old.id, fate="kept", reason=why, before=old, after=proposal)
    fate, reason = fate_of(old, proposal, judge)
    return Change(id=old.id, fate=fate, reason=reason, before=old, after=proposal)


def _stays(old: Capability, still_said: bool) -> Change:
    if old.state in _DISMISSED:
        return Change(id=old.id, fate="kept", reason=f"not found again; it stays {old.state}", before=old)
    if still_said:
        return Change(id=old.id, fate="kept", reason="not found again, but the source still says it", before=old)
    return Change(id=old.id, fate="gone", reason="not found again; it stays until a person decides", before=old)


def _is_gone(old: Capability, into: str | None) -> Change:
    return Change(id=old.id, fate="gone", reason=f"joined into {into}" if into else "not found again", before=old)


def _left_out(old: Capability, proposal: Capability) -> Change:
    why = f"a person {old.state} it before" if old.state in _DISMISSED else "a person joined it into another record"
    return Change(id=old.id, fate="kept", reason=f"{why}: {old.name}", before=old, after=proposal)
