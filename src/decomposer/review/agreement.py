"""Measure how far reviewers agree, and how each of them decides: Cohen's kappa over records that two decided about."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import cast

from decomposer.records import Decision

RESAMPLED = 2000
_VERDICTS = ("accepted", "rejected")
_LEVEL = 0.95

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reviewer:
    """How one person decides: records decided about, the share accepted (0-1), and the median of seconds looked.

    `seconds` is None where it is not known when a record was put before that person.
    """

    name: str
    decided: int
    accepted: float
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two opinions about one record agree. `kappa` is None where it is not defined; `low` to `high` hold 95 %.

    `pairs` counts the records that two people decided about, `agreed` those of them with one verdict.
    """

    pairs: int
    agreed: int
    kappa: float | None
    low: float | None
    high: float | None
    reviewers: tuple[Reviewer, ...]


@dataclass(slots=True)
class _Seen:
    counts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


def agreement(decisions: Iterable[Decision], *, seed: int = 0) -> Agreement:
    """Return how far reviewers agree, from all decisions by seq, streaming; what was taken back does not count.

    A first opinion is whether a record was accepted or rejected, the second what another person said of the same.
    """
    first: dict[str, tuple[str, str]] = {}
    pairs: list[Pair] = []
    people: defaultdict[str, _Seen] = defaultdict(_Seen)
    for one in decisions:
        said = verdict(one)
        if said is None or not one.live:
            continue
        people[one.actor].counts[said] += 1
        if one.shown_at and (took := _seconds(one)) is not None:
            people[one.actor].seconds.append(took)
        known = first.get(one.capability)
        if one.field == "second":
            if known is not None and known[0] != one.actor:
                pairs.append((known[1], said))
        else:
            first[one.capability] = (one.actor, said)
    low, high = interval(pairs, seed=seed)
    reviewers = tuple(_reviewer(name, seen) for name, seen in sorted(people.items()))
    return Agreement(len(pairs), sum(a == b for a, b in pairs), kappa(pairs), low, high, reviewers)


def verdict(decision: Decision) -> str | None:
    """Return `accepted` or `rejected` where a decision says that of a record, first or second; else None."""
    if decision.op in ("accept", "reject") and decision.field == "state":
        return str(decision.after)
    if decision.op == "second" and decision.field == "second" and isinstance(decision.after, dict):
        return str(cast(Mapping[str, object], decision.after)["opinion"])
    return None


def kappa(pairs: Sequence[Pair]) -> float | None:
    """Return Cohen's kappa (1960): agreement beyond chance, 1 for all and 0 for what chance gives.

    None without pairs, and where both always give the same one verdict: then chance alone explains it.
    """
    if not pairs:
        return None
    agreed = sum(a == b for a, b in pairs) / len(pairs)
    ours, theirs = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    by_chance = sum(ours[one] * theirs[one] for one in _VERDICTS) / len(pairs) ** 2
    return None if by_chance == 1 else (agreed - by_chance) / (1 - by_chance)


def interval(pairs: Sequence[Pair], *, seed: int = 0, times: int = RESAMPLED) -> tuple[float | None, float | None]:
    """Return the bootstrap interval of kappa at 95 %: percentiles over samples of the pairs, drawn again with `seed`.

    Samples for which kappa is not defined are left out; (None, None) where that are all.
    """
    if not pairs:
        return None, None
    import numpy

    cells = [(a, b) for a in _VERDICTS for b in _VERDICTS]
    share = numpy.array([sum(pair == cell for pair in pairs) for cell in cells], dtype=float) / len(pairs)
    drawn = numpy.random.default_rng(seed).multinomial(len(pairs), share, size=times) / len(pairs)
    agreed = drawn[:, 0] + drawn[:, 3]
    ours, theirs = drawn[:, 0] + drawn[:, 1], drawn[:, 0] + drawn[:, 2]
    by_chance = ours * theirs + (1 - ours) * (1 - theirs)
    defined = by_chance < 1
    if not defined.any():
        return None, None
    values = (agreed[defined] - by_chance[defined]) / (1 - by_chance[defined])
    low, high = numpy.quantile(values, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return float(low), float(high)


def _reviewer(name: str, seen: _Seen) -> Reviewer:
    decided = seen.counts.total()
    return Reviewer(name, decided, seen.counts["accepted"] / decided, median(seen.seconds) if seen.seconds else None)


def _seconds(decision: Decision) -> float | None:
    try:
        shown, decided = map(datetime.fromisoformat, (decision.shown_at or "", decision.decided_at))
        took = (decided - shown).total_seconds()
    except (ValueError, TypeError):
        return None
    return took if took >= 0 else None
