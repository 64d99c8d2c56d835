"""Measure how well searches find what serves needs: how much of it is among the first five, and how early it comes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

FIRST = 5
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A need as it was searched for: the places, from 1, of what serves it among the first ten; `of` is how many do."""

    need: str
    kind: str
    hard: bool
    of: int
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What searches found of some needs: each figure is the mean over the needs, 0 to 1.

    `recall` is the share of what serves a need that is among the first five, `found` that of the needs of which
    anything is, `mrr` 1 / the place of the first that serves, 0 behind the tenth.
    """

    needs: int
    recall: float
    found: float
    mrr: float


def measured(asked: Sequence[Asked]) -> Found:
    """Return the figures of some needs, at least one."""
    count = len(asked)
    return Found(
        count,
        round(sum(sum(place <= FIRST for place in one.places) / one.of for one in asked) / count, 4),
        round(sum(any(place <= FIRST for place in one.places) for one in asked) / count, 4),
        round(sum(1 / min(one.places) if one.places else 0.0 for one in asked) / count, 4),
    )


def by_kind(asked: Iterable[Asked]) -> Mapping[str, Found]:
    """Return the figures of all needs, of each kind, and of those that are hard, by name."""
    groups: dict[str, list[Asked]] = {"all": []}
    for one in asked:
        groups["all"].append(one)
        groups.setdefault(one.kind, []).append(one)
        if one.hard:
            groups.setdefault("hard", []).append(one)
    return {name: measured(each) for name, each in groups.items() if each}
