"""Decide which records are one canonical capability, so that the order in which they arrive barely matters."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import isfinite

from decomposer.cluster import affinity, cluster
from decomposer.records import Judgement
from decomposer.registry.ruling import shared

CORE = 8
"""How many members of a canonical capability a record is compared with: on average, one wrong answer of so many is
outvoted, and the cost of joining does not grow with the capability."""

Pair = tuple[int, int]
Scores = Mapping[Pair, Judgement]


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of canonical capabilities. `groups` are records and the number of theirs, None for a new one.

    `merged` says of those that are one with another now, with which.
    """

    groups: tuple[tuple[int | None, tuple[int, ...]], ...]
    merged: Mapping[int, int]


def together(numbers: Collection[int], scores: Scores) -> list[tuple[int, ...]]:
    """Return records, by their numbers, in groups that are one capability each: a correlation clustering.

    What a person decided of a pair holds, and those that a person said are one are like whatever either is like; a pair
    that was not judged speaks against joining.
    """
    names = {number: f"{number:020}" for number in numbers}
    held = {pair: one for pair, one in scores.items() if names.keys() >= set(pair)}
    bound = [pair for pair, one in held.items() if one.decided_by == "person" and one.verdict == "same"]
    likings = {pair: affinity(one) for pair, one in held.items()}
    if bound:
        likings = shared(names, likings, bound)
    scored = [(names[one], names[other], liking) for (one, other), liking in likings.items()]
    one_with = [(names[one], names[other]) for one, other in bound]
    return [tuple(int(name) for name in group) for group in cluster(names.values(), scored, together=one_with)]


def plan(
    groups: Iterable[Sequence[int]], homes: Mapping[int, int], sizes: Mapping[int, int], *, moving: int | None = None
) -> Plan:
    """Return which canonical capability each group is from now on.

    `homes` are those of the records so far, and `sizes` how many members each has in all, of which the groups may hold
    a part. One goes where most of its records go, of equals with those that are not `moving`, and then with the oldest;
    where several meet, the largest stays, of equals the oldest. So an address moves as little as can be.
    """
    listed = [tuple(sorted(group)) for group in groups]
    shares: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for place, group in enumerate(listed):
        for number in group:
            if number in homes:
                shares[homes[number]][place] += 1 if number == moving else 2
    claims: defaultdict[int, list[int]] = defaultdict(list)
    for canonical, places in shares.items():
        claims[min(places, key=lambda place: (-places[place], listed[place]))].append(canonical)
    merged, settled = {}, []
    for place, group in enumerate(listed):
        claiming = sorted(claims[place], key=lambda canonical: (-sizes[canonical], canonical))
        merged.update(dict.fromkeys(claiming[1:], claiming[0]) if claiming else {})
        settled.append((claiming[0] if claiming else None, group))
    return Plan(tuple(settled), merged)


def agreement(number: int, others: Iterable[int], scores: Scores) -> float | None:
    """Return how much a record agrees with others on average, 0-1; None where there are none."""
    values = []
    for other in others:
        if other != number:
            judgement = scores.get((min(number, other), max(number, other)))
            value = 0.0 if judgement is None else affinity(judgement)
            values.append(value if isfinite(value) else 0.0)
    return sum(values) / len(values) if values else None


def sample_of(entry: str, capability: str) -> int:
    """Return the place of a record among the members of whatever it is of: by chance, and always the same.

    The first of them are a sample that does not depend on the order in which they came.
    """
    told = f"{entry}\0{capability}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "big") >> 1
