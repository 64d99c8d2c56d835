"""Let what a person said of two records count for the others that they are compared with."""

from collections.abc import Collection, Mapping
from itertools import combinations

from decomposer.cluster import APART

Pair = tuple[int, int]


def shared(numbers: Collection[int], scores: Mapping[Pair, float], bound: Collection[Pair]) -> dict[Pair, float]:
    """Return the scores of pairs where those that a person said are one share how much they are like others.

    What is like the one is like the other: else each would draw the other away from all that it is like. What is apart
    from one of them is apart from all, and two that are apart are never made one by what was said of others. `bound`
    are the pairs that are one, in `scores` the smaller number comes first; a pair without a score counts as 0.
    """
    unit: dict[int, tuple[int, ...]] = {number: (number,) for number in numbers}
    for one, other in sorted(bound):
        if unit[one] != unit[other] and _between(unit[one], unit[other], scores) != APART:
            joined = tuple(sorted((*unit[one], *unit[other])))
            unit |= dict.fromkeys(joined, joined)
    found = dict(scores)
    for these, those in combinations(sorted(set(unit.values())), 2):
        if len(these) > 1 or len(those) > 1:
            best = _between(these, those, scores)
            found |= {(min(a, b), max(a, b)): best for a in these for b in those}
    return found


def _between(one: Collection[int], other: Collection[int], scores: Mapping[Pair, float]) -> float:
    values = [scores.get((min(a, b), max(a, b)), 0.0) for a in one for b in other]
    return APART if APART in values else max(values)
