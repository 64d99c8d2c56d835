"""Take decisions back and put them in place again, alone and in any order, where nothing later stands in the way."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, cast

from pydantic import JsonValue

from decomposer.decide.aspects import moved, record_of, spoken
from decomposer.decide.making import Making, Stamp
from decomposer.decide.standing import pair
from decomposer.ports import Acted, Held
from decomposer.records import (
    FIELDS,
    LISTS,
    WORDS,
    Capability,
    Decision,
    Entry,
    Evidence,
    Note,
    Op,
    Sentence,
    Statement,
)

BACK: tuple[Op, ...] = ("undo", "redo", "revert")
_LOST = "its evidence is not found in the text as it is now"
_NOWHERE = -1

Find = Callable[[Evidence, str], Evidence | None]
"""Finds evidence of the document with a sha256 in the documents as they are now; None where it is not there."""


class Blocked(Exception):
    """A decision can't be taken back or put in place: `later` ones stand in the way, or something else does."""

    def __init__(self, decision: Decision, later: Sequence[Decision] = ()) -> None:
        super().__init__(decision.uid)
        self.decision = decision
        self.later = tuple(later)


def overlapping(one: Decision, other: Decision) -> bool:
    """Say whether two decisions are about the same: one aspect of a record, or the whole record and what it says."""
    if one.entry != other.entry or one.capability != other.capability:
        return False
    if one.field in WORDS or other.field in WORDS:
        return one.field in WORDS and pair(one) == pair(other)
    fields = {one.field, other.field}
    return len(fields) == 1 or ("record" in fields and "apart" not in fields)


def blockers(decision: Decision, later: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return those decisions that hold, came after this one, are of another batch, and about the same."""
    return tuple(
        other
        for other in later
        if other.live
        and other.op not in BACK
        and (other.seq or 0) > (decision.seq or 0)
        and other.batch != decision.batch
        and overlapping(decision, other)
    )


def take_back(
    held: Held, batch: Sequence[Decision], stamp: Stamp, *, op: Op = "undo", places: Sequence[Decision] = (),
    find: Find | None = None,
) -> Acted:  # fmt: skip
    """Take back what one batch did to an entry, all of it: records come back to their places, evidence to its quotes.

    `places` are the decisions that say where records stood. Records that were one come apart and are held apart from
    then on. Raises Blocked.
    """
    making = Making(held, stamp)
    for decision in sorted(batch, key=lambda one: one.number, reverse=True):
        _unblocked(decision, held, making, decision.after)
        before = _restored(decision, decision.before, making.entry, places, find)
        _changed(making, op, decision, before)
    for survivor, other in _joined(batch):
        making.apart(op, survivor, other, held=True)
    return making.acted()


def redo(
    held: Held, batch: Sequence[Decision], stamp: Stamp, *, places: Sequence[Decision] = (), find: Find | None = None
) -> Acted:
    """Put what was taken back of one batch in an entry in place again, all of it. Raises Blocked."""
    making = Making(held, stamp)
    own = [{one.capability, one.before} for one in batch if one.field == "apart"]
    for survivor, other in _joined(batch):
        if {survivor, other} not in own:
            making.apart("redo", survivor, other, held=False)
    for decision in sorted(batch, key=lambda one: one.number):
        _unblocked(decision, held, making, decision.before)
        after = _restored(decision, decision.after, making.entry, places, find)
        _changed(making, "redo", decision, after)
    return making.acted()


def _unblocked(decision: Decision, held: Held, making: Making, expected: JsonValue) -> None:
    later = blockers(decision, held.decisions)
    if later or (decision.capability and not making.holds(decision, expected)):
        raise Blocked(decision, later)


def _changed(making: Making, op: Op, decision: Decision, after: JsonValue) -> None:
    if not decision.capability:
        making.note(op, decision.field, after, before=decision.after, target=decision.uid)
        return
    before = (decision.before if after is None else None) or decision.after if decision.field == "apart" else None
    if decision.field in WORDS:
        before = decision.after if after is None else None
    making.change(op, decision.capability, decision.field, after, before=before, target=decision.uid)


def _joined(batch: Sequence[Decision]) -> list[tuple[str, str]]:
    """Return which records a merge has joined: the survivor with each of the others."""
    merged = [one for one in batch if one.op == "merge" and one.field == "record"]
    survivor = next((one.capability for one in merged if one.after is not None), "")
    return [(survivor, one.capability) for one in merged if one.after is None]


# --- where a record stood, and what its evidence is now


def _restored(
    decision: Decision, found: JsonValue, entry: Entry, places: Sequence[Decision], find: Find | None
) -> JsonValue:
    if not isinstance(found, dict):
        return found
    kept = cast(dict[str, Any], found)
    shas = [document.sha256 for document in entry.documents]
    if "record" in kept:
        record = record_of(found)
        now = _relocated(cast(Capability, record), found, entry, find).model_dump(mode="json")
        update: dict[str, Any] = {"record": now, "documents": shas}
        if decision.field == "record":
            update["order"] = _order(decision.capability, entry, [*_orders(places), kept["order"]])
        return {**kept, **update}
    if decision.field not in (*FIELDS, *LISTS):
        return {**kept, "documents": shas}
    said = getattr(_relocated(spoken(decision.field, kept["value"]), found, entry, find), decision.field)
    dumped = (
        [note.model_dump(mode="json") for note in said]
        if isinstance(said, tuple)
        else said and said.model_dump(mode="json")
    )
    return {**kept, "value": dumped, "documents": shas}


def _orders(places: Sequence[Decision]) -> Iterator[Sequence[str]]:
    """Yield in which orders records stood; not where a split had put them that does not hold any more."""
    for decision in places:
        if decision.op not in BACK:
            held = decision.live or decision.op != "split"
            for kept in (decision.before, decision.after if held else None):
                yield cast(dict[str, Any], kept).get("order", ()) if isinstance(kept, dict) else ()


def _order(identity: str, entry: Entry, orders: Iterable[Sequence[str]]) -> list[str]:
    """Return the ids of the entry with one more where it stood: behind and before the same records as it was then."""
    present = [one.id for one in entry.capabilities if one.id != identity]
    before: dict[str, bool] = {}
    for order in orders:
        if identity in order:
            at = order.index(identity)
            before |= {other: place < at for place, other in enumerate(order) if place != at}
    wrong = sum(before.get(other) is True for other in present)
    best, fewest = 0, wrong
    for place, other in enumerate(present, start=1):
        wrong += {True: -1, False: 1, None: 0}[before.get(other)]
        if wrong <= fewest and (wrong < fewest or before.get(other) is None):
            best, fewest = place, wrong
    return [*present[:best], identity, *present[best:]]


def _relocated(one: Capability, kept: JsonValue, entry: Entry, find: Find | None) -> Capability:
    """Return a record with its evidence in the documents of the entry; what is nowhere in them supports nothing."""
    shas = cast(dict[str, Any], kept).get("documents", [])
    present = {document.sha256 for document in entry.documents}
    move = moved(kept, entry)

    def placed(span: Evidence) -> Evidence:
        sha = shas[span.document] if 0 <= span.document < len(shas) else ""
        if sha in present or find is None:
            return move(span) if move else span
        return find(span, sha) or span.model_copy(update={"document": _NOWHERE})

    there = one.with_evidence(placed)
    return (
        _stripped(there)
        if any(span.document == _NOWHERE for part in there.parts() for span in part.evidence())
        else there
    )


def _stripped(one: Capability) -> Capability:
    update: dict[str, Any] = {field: _supported(said) for field, said in one.statements()}
    for name in LISTS:
        update[name] = tuple(Note(text=note.text, evidence=_there(note.evidence)) for note in getattr(one, name))
    update["merged"] = tuple(map(_stripped, one.merged))
    return one.model_copy(update=update)


def _supported(said: Statement) -> Statement:
    from decomposer.text.judging import worst

    def sentence(old: Sentence) -> Sentence:
        left = _there(old.evidence)
        update: dict[str, Any] = {"evidence": left}
        if old.evidence and not left:
            update |= {"support": "unsupported", "reason": _LOST}
        return old.model_copy(update=update)

    sentences = tuple(map(sentence, said.sentences))
    evidence = _there(said.evidence)
    lost = bool(said.evidence) and not evidence
    support = worst([*(one.support for one in sentences), "unsupported" if lost else said.support])
    return said.model_copy(update={"evidence": evidence, "sentences": sentences, "support": support})


def _there(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(span for span in evidence if span.document != _NOWHERE)
