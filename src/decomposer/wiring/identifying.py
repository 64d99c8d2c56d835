"""Bring who the artifacts are up to date, propose those that may be one, and keep what a person ruled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from decomposer.errors import UsageError
from decomposer.likeness import PROPOSED, keys, likeness, traits
from decomposer.ports.identities import Identities
from decomposer.records import Entry, Judge
from decomposer.records.likeness import Likeness, Relation, Ruling, Traits
from decomposer.same import Judging
from decomposer.wiring.reviewing import reviewer_of

if TYPE_CHECKING:
    from decomposer.wiring.workspace import Workspace

_UNDECIDED = (0.25, 0.95)  # scores between which it is worth it to compare capabilities
_MOST = 40  # capabilities of an entry that are compared


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is known of two entries: how alike they are found, and what a person ruled; None where nothing is."""

    a: Traits
    b: Traits
    likeness: Likeness | None
    ruling: Ruling | None


def identities(workspace: "Workspace") -> Identities:
    """Return who the artifacts of a workspace are, as far as that was read."""
    from decomposer.store.identity import SqlIdentities

    return SqlIdentities(workspace.engine)


def brought_up_to_date(workspace: "Workspace") -> int:
    """Read the entries that are new or changed and propose those they may be one with; return how many were read.

    Each takes time in its own size. One that is damaged is passed over: reading it by name says what is wrong.
    """
    held, done = identities(workspace), 0
    while slugs := held.due():
        for slug in slugs:
            entry = workspace.catalog.find(slug)
            if entry is None:
                held.forget(slug)
            else:
                renew(entry, workspace, held)
                done += 1
    return done


def renew(entry: Entry, workspace: "Workspace", held: Identities) -> list[Likeness]:
    """Read the traits of an entry, keep them, and return what it may be one with."""
    mine = traits_of(entry, workspace)

    def compare(others: Sequence[Traits]) -> list[Likeness]:
        return list(_compared(mine, others, entry, workspace))

    return held.renew(mine, keys(mine), compare)


def traits_of(entry: Entry, workspace: "Workspace") -> Traits:
    """Return the traits of an entry, from the present state of each of its documents."""
    present = list({document.uri: document for document in reversed(entry.documents)}.values())[::-1]
    texts = [text for document in present if (text := workspace.catalog.text(document.sha256)) is not None]
    return traits(entry.artifact, present, texts)


def _compared(mine: Traits, others: Sequence[Traits], entry: Entry, workspace: "Workspace") -> Iterator[Likeness]:
    for other in others:
        found = likeness(mine, other)
        if found and found.relation != "derived" and _UNDECIDED[0] <= found.score < _UNDECIDED[1]:
            beside = workspace.catalog.find(other.slug)
            found = likeness(mine, other, capabilities=in_common(entry, beside, workspace) if beside else None)
        if found and found.score >= PROPOSED:
            yield found


def in_common(a: Entry, b: Entry, workspace: "Workspace") -> float | None:
    """Return what share of the shorter list of capabilities the other has too, one to one, or None for none."""
    ours, theirs = a.capabilities[:_MOST], list(b.capabilities[:_MOST])
    if not ours or not theirs:
        return None
    judge: Judge = Judging.of(a.artifact, b.artifact, learned=workspace.learned)
    shorter, met = min(len(ours), len(theirs)), 0
    for one in ours:
        match = next((other for other in theirs if judge(one, other).verdict == "same"), None)
        if match is not None:
            theirs.remove(match)
            met += 1
    return met / shorter


def explained(one: str, other: str, workspace: "Workspace") -> Explanation:
    """Return what is known of two entries, computed now. Raises UsageError for no such entry, and for one twice."""
    _two(one, other)
    first, second = workspace.entry(one), workspace.entry(other)
    a, b = traits_of(first, workspace), traits_of(second, workspace)
    found = likeness(a, b, capabilities=in_common(first, second, workspace))
    held = next(
        (
            ruling
            for ruling in identities(workspace).rulings(entry=one, live=True)
            if other in (ruling.one, ruling.other)
        ),
        None,
    )
    return Explanation(a, b, found, held)


def confirm(one: str, other: str, relation: Relation, workspace: "Workspace", *, reason: str = "") -> Ruling:
    """Keep that a person says that `one` is `relation` of `other`. Raises UsageError like `explained`."""
    return _ruled(Ruling(op="confirm", one=one, other=other, relation=relation, reason=reason), workspace)


def refuse(one: str, other: str, workspace: "Workspace", *, reason: str = "") -> Ruling:
    """Keep that a person says that the two are not one: they are not proposed again. Raises UsageError likewise."""
    return _ruled(Ruling(op="refuse", one=one, other=other, reason=reason), workspace)


def take_back(one: str, other: str, workspace: "Workspace", *, reason: str = "") -> Ruling:
    """Take back what was ruled on two entries, or where none are named what this person ruled last.

    Raises UsageError where nothing is to be taken back.
    """
    asked = Ruling(op="undo", one=one, other=other, actor=reviewer_of(workspace), reason=reason)
    undone = identities(workspace).take_back(asked)
    if undone is None:
        about = f"{one} and {other}" if one else "any entries by you"
        raise UsageError(f"nothing was decided about {about}", hint="`decomposer alike list --decided` shows what was")
    return undone


def _ruled(ruling: Ruling, workspace: "Workspace") -> Ruling:
    _two(ruling.one, ruling.other)
    for slug in (ruling.one, ruling.other):
        workspace.entry(slug)
    return identities(workspace).rule(ruling.model_copy(update={"actor": reviewer_of(workspace)}))


def _two(one: str, other: str) -> None:
    if one == other:
        raise UsageError(f"{one!r} is one entry", hint="name two")
