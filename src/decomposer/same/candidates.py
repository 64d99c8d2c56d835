"""Choose which pairs of an entry are worth a look: what is likely one, and each record's nearest."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from decomposer.records import Capability, Judgement
from decomposer.same.judging import Judging
from decomposer.text.words import content

NEAREST = 4
"""How many neighbours of a record are shown: nearly always the other wording of one capability is among so many."""
_FEW = 64  # of so many records every pair is looked at, and a word of more than half as many says little of any
_LIKELY = 8  # pairs of a record that are looked at where there are more records


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
    pairs = [Candidate(a, b, judge(a, b)) for a, b in likely(ordered)]
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


def likely(records: Sequence[Capability]) -> Iterator[tuple[Capability, Capability]]:
    """Yield the pairs to look at: all of up to 64 records; of more, those that share most words that few others have.

    Time grows with the number of records, not with its square.
    """
    if len(records) <= _FEW:
        yield from combinations(records, 2)
        return
    blocks: defaultdict[str, list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        text = f"{record.name}. {record.description.text if record.description else ''}"
        for word in sorted({word.form for word in content(text)}):
            blocks[word].append(place)
    shared: Counter[tuple[int, int]] = Counter()
    for block in blocks.values():
        if len(block) <= _FEW // 2:
            shared.update(combinations(block, 2))
    counts: Counter[int] = Counter()
    for (one, other), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if max(counts[one], counts[other]) < _LIKELY:
            counts.update((one, other))
            yield records[one], records[other]
