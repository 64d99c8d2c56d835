"""Choose which pairs of an entry are worth a look: what is likely one, and each record's nearest."""

from collections.abc import Sequence
from typing import NamedTuple

from decomposer.records import Capability, Judgement
from decomposer.same.judging import Judging

NEAREST = 4
"""How many neighbours of a record are shown: nearly always the other wording of one capability is among so many."""


class Candidate(NamedTuple):
    """A pair that a person or a model may be asked about."""

    a: Capability
    b: Capability
    judgement: Judgement


def candidates(records: Sequence[Capability], judge: Judging, *, most: int = NEAREST) -> list[Candidate]:
    """Return the pairs of one entry to look at, the nearest first, whatever the order of `records`.

    These are all that the judge does not call different, and those where one is among the `most` nearest of the other:
    short names of one capability may share no word, and are found by what else is there.
    """
    ordered = sorted(records, key=lambda one: (one.id, one.name))
    pairs = [Candidate(a, b, judge(a, b)) for at, a in enumerate(ordered) for b in ordered[at + 1 :]]
    closeness = [judge.closeness(pair.a, pair.b) for pair in pairs]
    order = sorted(range(len(pairs)), key=lambda number: (tuple(-one for one in closeness[number]), number))
    near: dict[int, list[int]] = {}
    for number in order:
        for record in pairs[number][:2]:
            near.setdefault(id(record), []).append(number)
    kept = {number for number, pair in enumerate(pairs) if pair.judgement.verdict != "different"}
    for numbers in near.values():
        kept.update(numbers[:most])
    return [pairs[number] for number in order if number in kept]
