"""Align the capabilities of two entries one to one, so that likeness is greatest on the whole."""

from collections.abc import Callable, Mapping, Sequence

from decomposer.records import Alone, Capability, Judge, Judgement, Pair, Support

_SHARED = ("same", "broader", "narrower")
_NEAR = 0.4  # score from which an undecided pair is worth a word
_SUPPORT: Mapping[Support | None, float] = {
    "supported": 0.4, "vendor_claim": 0.3, "partial": 0.2, "unsupported": 0.1, None: 0.0,
}  # fmt: skip

Relevance = Callable[[Capability], float]
Judged = Mapping[tuple[int, int], Judgement]


def aligned(
    ours: Sequence[Capability], theirs: Sequence[Capability], *, same: Judge, relevance: Relevance | None = None
) -> tuple[tuple[Pair, ...], tuple[Alone, ...], tuple[Alone, ...]]:
    """Return the capabilities that both have, those that only the first has, and those that only the second has.

    Both have what the judge calls the same, or one a special case of the other. Each list holds all of them, the most
    relevant first.
    """
    relevant = relevance or _standing
    judged = {(i, j): same(a, b) for i, a in enumerate(ours) for j, b in enumerate(theirs)}
    chosen = _assigned({at: _gain(one) for at, one in judged.items() if one.verdict in _SHARED}, len(ours), len(theirs))
    pairs = [
        Pair(
            a=ours[i],
            b=theirs[j],
            verdict=judged[i, j].verdict,
            score=round(judged[i, j].score, 4),
            reasons=judged[i, j].reasons,
            decided_by=judged[i, j].decided_by,
            relevance=round(max(relevant(ours[i]), relevant(theirs[j])), 4),
        )
        for i, j in chosen
    ]
    used = {i for i, _ in chosen}, {j for _, j in chosen}
    turned = {(j, i): one for (i, j), one in judged.items()}
    alone = _alone(ours, theirs, judged, used[0], relevant), _alone(theirs, ours, turned, used[1], relevant)
    return tuple(sorted(pairs, key=lambda pair: (-pair.relevance, -pair.score, pair.a.id, pair.b.id))), *alone


def _alone(
    mine: Sequence[Capability], others: Sequence[Capability], judged: Judged, used: set[int], relevant: Relevance
) -> tuple[Alone, ...]:
    left = []
    for i, one in enumerate(mine):
        if i in used:
            continue
        near = max(range(len(others)), key=lambda j, i=i: judged[i, j].score, default=None)  # type: ignore[misc]
        score = judged[i, near].score if near is not None else 0.0
        told = near is not None and score >= _NEAR and judged[i, near].verdict != "different"
        nearest = others[near].name if told and near is not None else None
        nearness = round(score, 4) if told else None
        left.append(Alone(capability=one, nearest=nearest, nearness=nearness, relevance=round(relevant(one), 4)))
    return tuple(sorted(left, key=lambda one: -one.relevance))  # in the order of the entry where it is equal


def _standing(one: Capability) -> float:
    """Return how well a record stands, 0-1: half for an accepted one, the rest by what its source bears out."""
    supports = [said.support for _, said in one.statements()]
    return (0.5 if one.state == "accepted" else 0.0) + max((_SUPPORT[each] for each in supports), default=0.0)


def _gain(judgement: Judgement) -> float:
    return judgement.score + (1.0 if judgement.verdict == "same" else 0.0)


def _assigned(gains: Mapping[tuple[int, int], float], rows: int, columns: int) -> list[tuple[int, int]]:
    """Return the pairs of the assignment with the greatest sum."""
    if not gains:
        return []
    if len({i for i, _ in gains}) == len({j for _, j in gains}) == len(gains) and min(gains.values()) > 0:
        return sorted(gains)  # each is the only one for both
    import numpy
    from scipy.optimize import linear_sum_assignment

    gain = numpy.zeros((rows, columns))
    for at, value in gains.items():
        gain[at] = value
    found = zip(*linear_sum_assignment(gain, maximize=True), strict=True)
    return [(int(i), int(j)) for i, j in found if (int(i), int(j)) in gains]
