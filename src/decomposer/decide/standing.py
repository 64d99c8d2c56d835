"""Tell what was said of records of different entries, what follows from it, and what stands against saying more."""

from collections import deque
from collections.abc import Iterable

from decomposer.ports import Linked
from decomposer.records import WORDS, Aspect, Decision, Op

SAME, APART = WORDS

Stands = tuple[Decision, ...] | tuple[str, str]
"""What stands against a word: other words, or two records of one entry that are held apart there."""


def pair(decision: Decision) -> tuple[str, str] | None:
    """Return the ids that a word is about, in order; None for what no word can be about."""
    other = decision.before if decision.after is None else decision.after
    if decision.field not in WORDS or not isinstance(other, str):
        return None
    said: Op = "same" if decision.field == SAME else "apart"
    sound = decision.op in (("undo", "revert") if decision.after is None else (said, "redo"))
    entries = decision.capability.partition("/")[0], other.partition("/")[0]
    sound = sound and entries[0] == decision.entry != entries[1] and decision.capability < other and "/" in other
    return (decision.capability, other) if sound else None


def ids_of(decision: Decision) -> tuple[str, ...]:
    """Return the ids of the records that a decision is about, of whatever entries."""
    return pair(decision) or ((decision.capability,) if decision.capability else ())


def holding(linked: Linked, one: str, other: str, field: Aspect) -> tuple[Decision, ...]:
    """Return the words of this kind that were said of two records, whatever ids they had then."""
    wanted = {linked.now(one), linked.now(other)}
    return tuple(word for word in linked.words if word.field == field and wanted == set(_ends(linked, word)))


def between(linked: Linked, one: str, other: str) -> tuple[Decision, ...]:
    """Return the fewest words by which two records are one capability; empty where they do not follow from any."""
    start, end = linked.now(one), linked.now(other)
    come: dict[str, tuple[Decision, ...]] = {start: ()}
    waiting = deque([start])
    while waiting:
        at = waiting.popleft()
        if at == end:
            return come[at]
        for word in linked.words:
            ends = _ends(linked, word)
            if word.field == SAME and at in ends:
                there = ends[1] if at == ends[0] else ends[0]
                if there not in come:
                    come[there] = (*come[at], word)
                    waiting.append(there)
    return ()


def against(linked: Linked, one: str, other: str, field: Aspect) -> Stands:
    """Return what was said before and can't hold together with a word of this kind on two records; empty for nothing.

    That two are apart can't hold where words make them one; that they are one can't hold where a record that words
    make one with the first is apart from one that words make one with the second.
    """
    if field == APART:
        return between(linked, one, other)
    mine, theirs = _one_with(linked, one), _one_with(linked, other)

    def parts(ends: Iterable[str]) -> bool:
        a, b = ends
        return (a in mine and b in theirs) or (a in theirs and b in mine)

    words = tuple(word for word in linked.words if word.field == APART and parts(_ends(linked, word)))
    return words[:1] or next((held for held in linked.apart if parts(held)), ())


def after(linked: Linked, decision: Decision) -> Linked:
    """Return what holds after one more decision on a word."""
    ends = pair(decision)
    if ends is None:
        return linked
    kept = tuple(word for word in linked.words if word.field != decision.field or set(_ends(linked, word)) != set(ends))
    words = kept if decision.after is None else (*kept, decision)
    return Linked(words, linked.records, linked.apart)


def _one_with(linked: Linked, identity: str) -> set[str]:
    """Return the records that words make one with a record, itself among them."""
    found = {linked.now(identity)}
    grown = True
    links = [set(_ends(linked, word)) for word in linked.words if word.field == SAME]
    while grown:
        grown = False
        for link in links:
            if found & link and not link <= found:
                found |= link
                grown = True
    return found


def _ends(linked: Linked, word: Decision) -> tuple[str, str]:
    one, other = pair(word) or ("", "")
    return linked.now(one), linked.now(other)
