"""Merge what several segments say of one capability into one record, link the general and the special, take apart."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any

from decomposer.cluster import affinity, cluster
from decomposer.records import (
    FIELDS,
    LISTS,
    Capability,
    Evidence,
    Judge,
    Note,
    Provenance,
    Statement,
    Support,
)
from decomposer.text.words import content

Apart = tuple[Capability, Capability]

_NUMBERED = re.compile(r"\w*\d\w*")
_HALF = 0.5
_FEW = 64  # of so many records every pair is judged, and a word of so many names says little of any of them
_RANK: dict[Support, int] = {"supported": 0, "vendor_claim": 1, "partial": 2, "unsupported": 3}


def merge(found: Iterable[Capability], *, judge: Judge, apart: Sequence[Apart] = ()) -> list[Capability]:
    """Return one record for each capability, in the order of their first evidence.

    What the judge calls the same is clustered so that nothing chains; a record that was merged before is judged by
    what it was made of. The best supported text of each field survives, evidence is pooled, `merged` holds what was
    joined and `provenance.merged_from` its names. What one answer tells apart is joined only where the judge is
    certain, with a score of 1: where the names are equal. `apart` are records that a person holds apart: what is found
    of the two is never joined, and parted where it was. Independent of the order of `found`; merging again changes
    nothing.
    """
    parted = {part for one in set(found) for part in _parted(one, apart, judge)}
    units = sorted(parted, key=_preference)
    leaves = sorted({leaf for unit in units for leaf in originals(unit)}, key=_preference)
    place = {leaf: f"{number:09}" for number, leaf in enumerate(leaves)}
    made_of = [[place[leaf] for leaf in originals(unit)] for unit in units]
    home = {
        name: group[0]
        for group in cluster(
            place.values(),
            ((place[one], place[other], _vote(one, other, judge)) for one, other in _candidates(leaves)),
            together=[pair for names in made_of for pair in pairwise(names)],
            apart=[pair for held in apart for pair in _across(held, place, judge)],
        )
        for name in group
    }
    groups: dict[str, list[Capability]] = {}
    for unit, names in zip(units, made_of, strict=True):
        groups.setdefault(home[names[0]], []).append(unit)
    return sorted(map(_join, groups.values()), key=lambda one: (_first_place(one), one.name, _preference(one)))


def split(capability: Capability) -> tuple[Capability, ...]:
    """Return the records that a merged one was made of, as they were; itself where nothing was merged."""
    return capability.merged or (capability,)


def join(records: Sequence[Capability]) -> Capability:
    """Return records as one, whether or not they are the same: the first is the survivor, and lends name and category.

    What a person has settled in the survivor stays as it is. Of other fields the best supported text is taken; evidence
    is pooled, and `merged` holds the records as they were.
    """
    survivor, one = records[0], _join(records)
    if not survivor.held:
        return one
    settled = {
        field: said.model_copy(update={"evidence": getattr(one, field).evidence})
        for field, said in survivor.statements()
    }
    return one.model_copy(update=settled)


def originals(capability: Capability) -> tuple[Capability, ...]:
    """Return what a record goes back to through all merges, the one that it is named after first."""
    return tuple(one for part in capability.merged for one in originals(part)) or (capability,)


def link(capabilities: Iterable[Capability], *, judge: Judge) -> tuple[Capability, ...]:
    """Return the capabilities of an entry with `broader_than`: the ids of those that are special cases of each.

    Only the nearest are named, and nobody is a special case of itself: of links that go round, the least sure is left
    out. Each record needs an id of its own.
    """
    ordered = list(capabilities)
    listed = [one for one in ordered if one.state in ("proposed", "accepted")]
    sure = []
    for one, other in _candidates(sorted(listed, key=lambda capability: capability.id)):
        judgement = judge(one, other)
        if judgement.verdict in ("broader", "narrower"):
            general, special = (one, other) if judgement.verdict == "broader" else (other, one)
            sure.append((-judgement.score, general.id, special.id))
    below: dict[str, set[str]] = {capability.id: set() for capability in ordered}
    for _, above, under in sorted(sure):
        if above not in _reached(under, below):
            below[above].add(under)
    return tuple(_linked(one, tuple(sorted(_nearest(one.id, below)))) for one in ordered)


def _candidates(records: Sequence[Capability]) -> Iterator[Apart]:
    """Yield the pairs that are worth judging: all of few records; of many, those that share a name, rare word or line.

    Time grows with the number of records, not with its square, unless all have one name.
    """
    if len(records) <= _FEW:
        yield from combinations(records, 2)
        return
    blocks: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        name = record.name.casefold()
        words = sorted({word.form for word in content(name)}.union(_NUMBERED.findall(name)))
        blocks["name", " ".join(words) or name].append(place)
        for word in words:
            blocks["word", word].append(place)
        for quote in {span.quote for span in record.evidence()}:
            blocks["line", quote].append(place)
    small = (block for (kind, _), block in blocks.items() if kind == "name" or len(block) <= _FEW)
    for one, other in sorted({pair for block in small for pair in combinations(block, 2)}):
        yield records[one], records[other]


def _vote(one: Capability, other: Capability, judge: Judge) -> float:
    """Return how much speaks for joining two records; here all pairs are judged, so what is not the same is a no.

    Whoever told two records apart in one answer had both before the eyes: they are joined where it is certain.
    """
    judgement = judge(one, other)
    value = affinity(judgement)
    told_apart = judgement.score < 1 and one.provenance.segments and one.provenance == other.provenance
    if judgement.decided_by != "person" and (told_apart or value <= _HALF):
        return min(value, 0.0)
    return value


def _linked(capability: Capability, special: tuple[str, ...]) -> Capability:
    same = capability.broader_than == special
    return capability if same else capability.model_copy(update={"broader_than": special})


def _reached(start: str, below: dict[str, set[str]]) -> set[str]:
    reached, waiting = set(), [start]
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.add(one)
            waiting += below[one]
    return reached


def _nearest(general: str, below: dict[str, set[str]]) -> set[str]:
    through = {far for near in below[general] for further in below[near] for far in _reached(further, below)}
    return below[general] - through


# --- what a person holds apart


def _parted(capability: Capability, apart: Sequence[Apart], judge: Judge) -> Iterator[Capability]:
    """Yield the record, or what it was made of where that lies on both sides of a pair that is held apart."""
    leaves = originals(capability) if apart else ()
    if all(len({_side(leaf, held, judge) for leaf in leaves} - {None}) < 2 for held in apart):
        yield capability
    else:
        for part in capability.merged:
            yield from _parted(part, apart, judge)


def _across(held: Apart, place: dict[Capability, str], judge: Judge) -> Iterator[tuple[str, str]]:
    sides: tuple[list[str], list[str]] = ([], [])
    for leaf, name in place.items():
        side = _side(leaf, held, judge)
        if side is not None:
            sides[side].append(name)
    yield from ((one, other) for one in sides[0] for other in sides[1])


def _side(leaf: Capability, held: Apart, judge: Judge) -> int | None:
    """Return which of two records a leaf was found of: 0, 1, or None for neither or as much of both."""
    one, other = (_likeness(leaf, record, judge) for record in held)
    return None if one == other else int(other > one)


def _likeness(leaf: Capability, record: Capability, judge: Judge) -> tuple[bool, float]:
    judgement = judge(leaf, record)
    return leaf.name.casefold() == record.name.casefold(), affinity(judgement) if judgement.verdict == "same" else 0.0


# --- one record of several


def _join(group: Sequence[Capability]) -> Capability:
    survivor = group[0]
    if len(group) == 1:
        return survivor
    update: dict[str, Any] = {field: _statement([getattr(one, field) for one in group]) for field in FIELDS}
    update |= {name: _notes([note for one in group for note in getattr(one, name)]) for name in LISTS}
    return survivor.model_copy(update={**update, "provenance": _provenance(group), "merged": tuple(group)})


def _statement(statements: Sequence[Statement | None]) -> Statement | None:
    said = sorted((one for one in statements if one is not None), key=_statement_preference)
    if not said:
        return None
    return said[0].model_copy(update={"evidence": _pool(span for one in said for span in one.evidence)})


def _notes(notes: Sequence[Note]) -> tuple[Note, ...]:
    by_text: dict[str, list[Note]] = {}
    for note in notes:
        by_text.setdefault(note.text.casefold(), []).append(note)
    return tuple(
        Note(text=min(note.text for note in group), evidence=_pool(span for note in group for span in note.evidence))
        for _, group in sorted(by_text.items())
    )


def _provenance(group: Sequence[Capability]) -> Provenance:
    def union(field: str) -> tuple[str, ...]:
        return tuple(sorted({value for one in group for value in getattr(one.provenance, field)}))

    names = tuple(sorted({leaf.name for one in group for leaf in originals(one)} | set(union("merged_from"))))
    return group[0].provenance.model_copy(
        update={"request_keys": union("request_keys"), "segments": union("segments"), "merged_from": names}
    )


def _pool(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(set(evidence), key=lambda span: (span.document, span.start, span.end, span.how, span.score)))


def _preference(capability: Capability) -> tuple[Any, ...]:
    """What a person settled first, then what is best supported, then what says more, then by text: a total order."""
    statements = [statement for _, statement in capability.statements()]
    description = capability.description
    return (
        not capability.held,
        _RANK[description.support] if description else len(_RANK),
        -sum(len(statement.evidence) for statement in statements),
        _first_place(capability),
        capability.model_dump_json(),
    )


def _statement_preference(statement: Statement) -> tuple[Any, ...]:
    return (_RANK[statement.support], -len(statement.evidence), statement.model_dump_json())


def _first_place(capability: Capability) -> tuple[int, int]:
    places = [(span.document, span.start) for _, statement in capability.statements() for span in statement.evidence]
    return min(places, default=(1 << 30, 0))
