"""Choose which artifacts get a page side by side: those that share what few others can do."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log

MOST = 10
"""Comparisons of one artifact, on whichever side it is."""
LEAST = 2
"""Capabilities that two artifacts have to share."""
COMMON = 50
"""A capability that more artifacts have says nothing about two of them."""
RULE = (
    f"Two artifacts are compared where they share at least {LEAST} capabilities that no more than {COMMON} artifacts "
    f"have. The rarer what they share, the sooner they are; an artifact is in at most {MOST} comparisons."
)

Around = Mapping[str, Sequence[str]]
"""With which others an artifact is compared."""


def pairs(groups: Iterable[Iterable[str]], *, artifacts: int) -> list[tuple[str, str]]:
    """Return the pairs that are compared, each in alphabetical order; `groups` are those that share a capability.

    A shared capability weighs the logarithm of how many artifacts there are to one that has it. The heaviest pairs are
    taken first as long as both have fewer than `MOST`, ties by name, so that it is the same for both and every time.
    """
    numbers: dict[str, int] = {}
    slugs: list[str] = []
    weights: dict[int, complex] = {}  # what a pair shares weighs the real part, and how much that is the other
    for group in groups:
        own = sorted({*group})
        if not 2 <= len(own) <= COMMON:
            continue
        weight = log(1 + artifacts / len(own))
        for slug in own:
            if slug not in numbers:
                numbers[slug] = len(slugs)
                slugs.append(slug)
        places = [numbers[slug] for slug in own]
        for at, one in enumerate(places):
            for other in places[at + 1 :]:
                # the pair as one number: as `own` is sorted, the first is the first by name
                key = one << 32 | other
                weights[key] = weights.get(key, 0) + complex(weight, 1)
    return _taken({key: found.real for key, found in weights.items() if found.imag >= LEAST}, slugs)


def neighbours(chosen: Iterable[tuple[str, str]]) -> Around:
    """Return for each artifact those that it is compared with, by name."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for a, b in chosen:
        found[a].append(b)
        found[b].append(a)
    return {slug: sorted(others) for slug, others in found.items()}


def in_walks(slugs: Iterable[str], around: Around) -> Iterator[str]:
    """Yield artifacts so that those that are compared follow each other: each is then read but once."""
    met: set[str] = set()
    for start in slugs:
        waiting = [start]
        while waiting:
            slug = waiting.pop()
            if slug not in met:
                met.add(slug)
                yield slug
                waiting += reversed(around.get(slug, ()))


def _taken(weights: Mapping[int, float], slugs: Sequence[str]) -> list[tuple[str, str]]:
    def order(key: int) -> tuple[float, str, str]:
        return -round(weights[key], 6), slugs[key >> 32], slugs[key & 0xFFFFFFFF]

    counts: Counter[int] = Counter()
    chosen = []
    for key in sorted(weights, key=order):
        a, b = key >> 32, key & 0xFFFFFFFF
        if counts[a] < MOST and counts[b] < MOST:
            counts[a] += 1
            counts[b] += 1
            chosen.append((slugs[a], slugs[b]))
    return sorted(chosen)
