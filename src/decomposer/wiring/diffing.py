"""Compare an entry with its newest draft, with one that is drafted now and not saved, or with another entry."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from decomposer.errors import UsageError
from decomposer.reconcile import content, reconcile, waiting
from decomposer.records import Capability, Change, Changes, Entry
from decomposer.revise import revise
from decomposer.same import Judging

if TYPE_CHECKING:
    from decomposer.wiring.workspace import OnSegment, Workspace

_DISMISSED = ("rejected", "retired")


@dataclass(frozen=True, slots=True)
class Compared:
    """What became of each capability. Evidence of a `before` points into `old`, that of an `after` into `new`."""

    old: Entry
    new: Entry
    changes: Changes


def held(slug: str, workspace: "Workspace") -> Compared:
    """Return what the newest draft of an entry said beside what is held. Raises UsageError for no such entry."""
    entry = workspace.entry(slug)
    return Compared(entry, entry, waiting(entry, judge=Judging.of(entry.artifact, learned=workspace.learned)))


def redrafted(
    slug: str, workspace: "Workspace", *, ref: str | None = None, on_segment: "OnSegment | None" = None
) -> Compared:
    """Return what drafting an entry again would change; nothing is saved but the ledger of requests.

    The source is that of the entry as it reads now, or what `ref` names. Raises UsageError and SourceError.
    """
    entry = workspace.entry(slug)
    source = workspace.load(ref) if ref is not None else workspace.source_of(slug)
    named = replace(source, artifact=source.artifact.model_copy(update={"slug": slug}))
    drafted = workspace.draft(named, save=False, on_segment=on_segment)
    changes = revise(entry, drafted, named.documents, judge=Judging.of(drafted.artifact, learned=workspace.learned))
    return Compared(entry, drafted, changes)


def between(old: str, new: str, workspace: "Workspace") -> Compared:
    """Return how two entries differ, such as two versions of one artifact: their capabilities assigned one to one.

    What was rejected or retired is left out, and what was decided makes no difference. Raises UsageError for no such
    entry, and for one with itself.
    """
    if old == new:
        raise UsageError(f"{old!r} is one entry", hint="name two, or one to see what waits in it")
    before, after = _plain(workspace.entry(old)), _plain(workspace.entry(new))
    changes = reconcile(before, after, judge=Judging.of(before.artifact, after.artifact, learned=workspace.learned))
    own = {content(one): one for one in after.capabilities}
    each = tuple(
        change.model_copy(update={"after": own.get(content(change.after)), **_called(change, own)})
        if change.after
        else change
        for change in changes.each
    )
    return Compared(before, after, changes.model_copy(update={"each": each}))


def _called(change: Change, own: Mapping[Capability, Capability]) -> dict[str, str]:
    """Return the id of what only the newer entry has: that which it has there."""
    found = own.get(content(change.after)) if change.after and change.fate == "new" else None
    return {"id": found.id} if found else {}


def _plain(entry: Entry) -> Entry:
    """Return an entry as if nobody had decided anything, less what somebody dismissed."""
    plain = {"state": "proposed", "revision": None, "dropped": (), "flagged": False, "disputed": False}
    shown = tuple(
        one.model_copy(update={**plain, "provenance": one.provenance.model_copy(update={"edited": ()})})
        for one in entry.capabilities
        if one.state not in _DISMISSED
    )
    return entry.model_copy(update={"capabilities": shown, "gone": (), "apart": ()})
