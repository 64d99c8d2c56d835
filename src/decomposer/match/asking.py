"""Choose what to ask a full text for, so that a need of very common words takes no longer than one of rare ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

TOGETHER = 3.0
"""How much likelier words of one need stand together than chance would have it, as a first guess."""

_LEAST_TOGETHER, _MOST_TOGETHER = 0.3, 30.0
_BEAM = 24  # groups of one size that are made larger
_MOST_COMMON = 8  # words that are asked for together with others, each in names and elsewhere
_SEEK = 20  # places of a long list that are passed while a short one is followed, at most, as it skips


class Known(NamedTuple):
    """A word that may be asked for: what it is worth, and how many records have it."""

    token: str
    value: float
    records: int


@dataclass(frozen=True, slots=True)
class Room:
    """How much may be asked for: records a group is expected to have, records in all, places of lists, and groups."""

    group: int
    records: int
    places: int
    groups: int = 48


@dataclass(frozen=True, slots=True)
class Asked:
    """Groups of words, the most valuable first: what has all words of one of them is worth ranking.

    `alone` is how many records have one that is asked for alone, at most; `expected` how many more have a whole group,
    roughly, and `sizes` how many words these groups have on average.
    """

    groups: tuple[tuple[str, ...], ...]
    alone: float
    expected: float
    sizes: float

    def together(self, guess: float, found: int) -> float:
        """Return how much likelier words stand together than by chance, where so many records were found."""
        if self.sizes < 2:
            return guess
        ratio: float = (max(found - self.alone, 0.0) + 1) / (self.expected + 1)
        likelier: float = guess * ratio ** (1 / (self.sizes - 1))
        return min(max(likelier, _LEAST_TOGETHER), _MOST_TOGETHER)


class _Group(NamedTuple):
    mask: int
    places: tuple[int, ...]
    value: float
    expected: float


def rarity(records: int, total: int) -> float:
    """Return the inverse document frequency of a word that so many of all records have, as BM25 has it; above 0."""
    return log(1 + (total - min(records, total) + 0.5) / (records + 0.5))


def worth(weights: Mapping[str, float], counts: Mapping[str, int], total: int, *, name: float) -> list[Known]:
    """Return what may be asked for of weighted words that records have, the most valuable first.

    That is each, and each in names (`:word`), which is worth `name` times as much.
    """
    valued = {word: weight * rarity(counts[word], total) for word, weight in weights.items() if counts.get(word)}
    found = [Known(word, value, counts[word]) for word, value in valued.items()]
    named = {word: counts.get(f":{word}", 0) for word in valued}
    found += [Known(f":{word}", name * valued[word], records) for word, records in named.items() if records]
    return sorted(found, key=lambda one: (-one.value, one.token))


def asked(
    known: Sequence[Known], total: int, room: Room, *, together: float = TOGETHER, within: float = 1.0,
    bound: int | None = None,
) -> Asked:  # fmt: skip
    """Return what to ask for: as much of the most valuable as there is room for, and something at least.

    A group is as small as can be while it is expected to have few records: a rare word alone, common ones by twos and
    threes. Where all words together are still too many, that is what is asked for. `within` is the share of records
    that filters let through, and `bound` how many these are.
    """
    chosen: list[_Group] = []
    expected = places = 0.0
    shares = [together * one.records / max(total, 1) for one in known]
    for group in _minimal(known, shares, room.group, within):
        counts = [known[place].records for place in group.places]
        fewest = min(*counts, bound if bound is not None else total)
        passed = sum(min(count, _SEEK * fewest) for count in counts)
        if chosen and (expected + group.expected > room.records or places + passed > room.places):
            continue
        expected, places = expected + group.expected, places + passed
        chosen.append(group)
        if len(chosen) == room.groups:
            break
    several = [group for group in chosen if len(group.places) > 1]
    alone = sum(group.expected for group in chosen if len(group.places) == 1)
    return Asked(
        groups=tuple(_tokens(group, known) for group in chosen),
        alone=alone,
        expected=expected - alone,
        sizes=sum(len(group.places) for group in several) / len(several) if several else 0.0,
    )


def _tokens(group: _Group, known: Sequence[Known]) -> tuple[str, ...]:
    held = sorted((known[place].records, known[place].token) for place in group.places)
    return tuple(token for _, token in held)


def _minimal(known: Sequence[Known], shares: Sequence[float], fits: int, within: float) -> list[_Group]:
    """Return the smallest groups that are expected to fit, the most valuable first.

    `shares` say by how much a word narrows a group down.
    """
    alone = [_Group(1 << at, (at,), one.value, one.records * within) for at, one in enumerate(known) if one.records]
    rare = [group for group in alone if group.expected <= fits]
    common = [group for group in alone if group.expected > fits][: 2 * _MOST_COMMON]
    several: list[_Group] = []
    level, words = common, {_word(known[group.places[0]]) for group in common}
    while level:
        masks = [group.mask for group in several]
        larger = [
            one
            for group in level
            for one in _larger(group, common, known, shares)
            if not (masks and any(mask & one.mask == mask for mask in masks))
        ]
        if not larger and len(level[0].places) == len(words):
            several += level[:3]  # all words together are still too common
        several += [one for one in larger if one.expected <= fits]
        level = sorted((one for one in larger if one.expected > fits), key=_order)[:_BEAM]
    return sorted(rare + several, key=_order)


def _larger(
    group: _Group, common: Sequence[_Group], known: Sequence[Known], shares: Sequence[float]
) -> Iterator[_Group]:
    said = {_word(known[place]) for place in group.places}
    for one in common:
        place = one.places[0]
        if place > group.places[-1] and _word(known[place]) not in said:  # what the name says the record says
            expected = group.expected * min(1.0, shares[place])
            yield _Group(group.mask | one.mask, (*group.places, place), group.value + one.value, expected)


def _word(one: Known) -> str:
    return one.token.removeprefix(":")


def _order(group: _Group) -> tuple[float, tuple[int, ...]]:
    return -group.value, group.places
