"""Plant capabilities of which it is known which are the same, and let a judge with a bad day judge pairs of them."""

import random
from collections import Counter, defaultdict
from itertools import combinations

from decomposer.cluster import Scored

SIZES = (1, 1, 2, 3, 4, 5, 8)


def planted(count: int, *, seed: int, candidates: int = 10) -> tuple[dict[str, int], list[Scored]]:
    """Return which capability each of `count` records is, and what a judge with a bad day says of candidate pairs.

    Capabilities have 1 to 8 records. Candidates are all pairs of one capability, as blocking without a miss finds them,
    and for each record `candidates` others drawn from all. The judge misses 5 % of the first and says yes to 2 % of
    the rest; a yes scores 1, a no 0.
    """
    rng = random.Random(seed)
    truth: dict[str, int] = {}
    numbers = iter(range(count))
    while len(truth) < count:
        capability = next(numbers)
        for _ in range(min(rng.choice(SIZES), count - len(truth))):
            truth[f"{rng.getrandbits(48):012x}"] = capability
    members = defaultdict(list)
    for name, capability in truth.items():
        members[capability].append(name)
    pairs = {pair for group in members.values() for pair in combinations(sorted(group), 2)}
    names = sorted(truth)
    for name in names:
        pairs |= {(min(name, other), max(name, other)) for other in rng.sample(names, candidates) if other != name}
    scored = []
    for one, other in sorted(pairs):
        yes = rng.random() >= 0.05 if truth[one] == truth[other] else rng.random() < 0.02
        scored.append((one, other, float(yes)))
    return truth, scored


def pair_f1(truth: dict[str, int], clusters: list[tuple[str, ...]]) -> float:
    joined = [pair for group in clusters for pair in combinations(group, 2)]
    right = sum(truth[one] == truth[other] for one, other in joined)
    there = sum(size * (size - 1) // 2 for size in Counter(truth.values()).values())
    return 2 * right / (len(joined) + there)
