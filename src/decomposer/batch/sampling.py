"""Draw a sample of references in one pass, and say what it tells of all of them."""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from decomposer.batch.references import Blocks, chained
from decomposer.ports import Item

_DEVIATIONS = 1.96  # of a normal distribution, on either side of the mean: 95 % lie between
_MOST_KNOWN = 2_000_000  # references that are remembered to find those named twice


@dataclass(frozen=True, slots=True)
class Sample:
    """Some of `count` references, in their order; all of them where there are no more.

    `repeated` says how many were named before, among the first two million.
    """

    items: Sequence[Item]
    count: int
    repeated: int

    @property
    def whole(self) -> bool:
        """Whether nothing was left out."""
        return len(self.items) == self.count


@dataclass(frozen=True, slots=True)
class Estimate:
    """A sum over all references, and how far the true one may be off with 95 % confidence; 0 where it is exact."""

    value: float
    margin: float = 0.0

    def times(self, factor: float) -> "Estimate":
        """Return the estimate of `factor` times as much."""
        return Estimate(self.value * factor, self.margin * factor)


def draw(blocks: Blocks, most: int | None) -> Sample:
    """Return `most` of the references at random, the same ones every time; all of them where `most` is None.

    The chained digest of a reference and all before it is as good as a random number: the references with the smallest
    are drawn. Memory does not grow with their number beyond what finding repeated ones takes.
    """
    drawn: list[tuple[int, int, str]] = []  # a heap: minus the number, the position, the reference
    digest, position, known, repeated = "", -1, set[int](), 0
    for block in blocks:
        for ref in block:
            position += 1
            digest = chained(digest, (ref,))
            number = int(digest[:16], 16)
            if most is None or len(drawn) < most:
                heapq.heappush(drawn, (-number, position, ref))
            elif number < -drawn[0][0]:
                heapq.heapreplace(drawn, (-number, position, ref))
            if position < _MOST_KNOWN:
                before = len(known)
                known.add(hash(ref))
                repeated += len(known) == before
    items = [Item(place, ref) for _, place, ref in sorted(drawn, key=lambda one: one[1])]
    return Sample(items, position + 1, repeated)


def scaled(values: Iterable[float], count: int) -> Estimate:
    """Return the sum over `count` references of what a sample of them has, with its margin."""
    found = list(values)
    if not found:
        return Estimate(0.0)
    drawn = len(found)
    if drawn >= count:
        return Estimate(sum(found))
    spread = stdev(found) / sqrt(drawn) if drawn > 1 else 0.0
    left = sqrt((count - drawn) / (count - 1))  # what was drawn is known
    return Estimate(fmean(found) * count, _DEVIATIONS * spread * left * count)
