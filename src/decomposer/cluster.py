"""Cluster what was judged in pairs, so that one wrong answer joins two records at most and never two clusters."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import chain
from math import isfinite

from decomposer.records import Judgement

Pair = tuple[str, str]
Scored = tuple[str, str, float]
Links = dict[int, dict[int, int]]
Bound = dict[int, set[int]]

APART = float("-inf")

# Scores are added up as whole numbers, so that a sum does not depend on the order of its parts.
_ONE = 1 << 20
_NEVER = -(1 << 80)


def affinity(judgement: Judgement) -> float:
    """Return how much a judgement speaks for one cluster: above 1/2 for `same`, below for not, APART for never.

    A broader or narrower record is linked and never joined. What a person said holds whatever the others say.
    """
    if judgement.verdict == "same":
        return 0.5 + judgement.score / 2
    if judgement.verdict in ("broader", "narrower") or judgement.decided_by == "person":
        return APART
    return min(judgement.score, 1.0) / 2


def cluster(
    names: Iterable[str], scored: Iterable[Scored], *, together: Iterable[Pair] = (), apart: Iterable[Pair] = ()
) -> list[tuple[str, ...]]:
    """Return `names` in clusters, each sorted, by their first names: a correlation clustering of the scored pairs.

    A score is 0-1, and one above 1/2 speaks for joining the two, APART forbids it; a pair that is not scored counts as
    0, and of several scores the lowest. What is `together` stays so unless it is `apart`. The sum of score - 1/2 over
    the pairs inside clusters can't be raised by joining two clusters or by moving one record. Neither the order of the
    arguments nor the process matters. Time grows with the number of pairs. Raises KeyError for an unknown name.
    """
    order = sorted(set(names))
    rank = {name: place for place, name in enumerate(order)}
    links: Links = {place: {} for place in range(len(order))}
    silent = []
    for one, other, score in scored:
        # What speaks against joining as much as silence does is not kept: most pairs that are judged are such.
        if score > 0:
            _link(links, rank[one], rank[other], round(score * _ONE))
        else:
            silent.append((rank[one], rank[other], 0 if isfinite(score) else _NEVER))
    for at, there, value in chain(silent, ((rank[one], rank[other], _NEVER) for one, other in apart)):
        if value or there in links[at]:
            _link(links, at, there, value)
    bound: Bound = defaultdict(set)
    for one, other in together:
        bound[rank[one]].add(rank[other])
        bound[rank[other]].add(rank[one])
    found = (group for part in _parts(links, bound) for group in _Part(part, links, bound).groups())
    return sorted(tuple(order[place] for place in sorted(group)) for group in found)


def _link(links: Links, one: int, other: int, value: int) -> None:
    held = links[one].get(other)
    if one != other and (held is None or value < held):
        links[one][other] = links[other][one] = value


def _parts(links: Links, bound: Bound) -> Iterator[list[int]]:
    """Yield the records that agreement connects, directly or not: no cluster reaches over the edge of such a part."""
    seen = bytearray(len(links))
    for start in links:
        if seen[start]:
            continue
        seen[start] = 1
        part = [start]
        for place in part:
            agreeing = [other for other, value in links[place].items() if 2 * value > _ONE]
            for other in (*agreeing, *bound.get(place, ())):
                if not seen[other]:
                    seen[other] = 1
                    part.append(other)
        yield sorted(part)


class _Part:
    """The clusters of one connected part. What is bound together is one unit, which is joined and moved as a whole."""

    def __init__(self, places: Sequence[int], links: Links, bound: Bound) -> None:
        self.members = {place: [place] for place in places}
        self.home = {place: place for place in places}
        if len(places) == 1:
            return
        inside = set(places)
        self.links = {one: {o: value for o, value in links[one].items() if o in inside and value} for one in places}
        self.size = dict.fromkeys(places, 1)
        if bound:
            self._bind([(one, other) for one in places for other in sorted(bound.get(one, ())) if one < other])
        self.near = {one: {one, *(o for o, value in self.links[one].items() if 2 * value > _ONE)} for one in self.links}
        self.fresh = places[-1]
        self.moved = False
        self._join_all()
        while self._move_all():
            self._join_all()

    def groups(self) -> Iterator[list[int]]:
        """Yield the clusters."""
        clusters: defaultdict[int, list[int]] = defaultdict(list)
        for unit, label in self.home.items():
            clusters[label] += self.members[unit]
        yield from clusters.values()

    def _bind(self, bound: Sequence[tuple[int, int]]) -> None:
        """Make one unit of the records that are bound together, unless a pair of them is apart."""
        unit_of = {place: place for place in self.members}
        for one, other in bound:
            into, gone = sorted((unit_of[one], unit_of[other]))
            if into == gone or self.links[into].get(other := gone, 0) < 0:
                continue
            _contract(self.links, into, other)
            self.size[into] += self.size.pop(other)
            self.members[into] += self.members.pop(other)
            unit_of |= dict.fromkeys(self.members[into], into)
        self.home = {unit: unit for unit in self.members}

    def _join_all(self) -> None:
        """Join the two clusters that are most alike on average, until no two are more alike than not."""
        weight, links = self._weights(), self._sums()

        def alike(one: int, other: int) -> float:
            return links[one][other] / (weight[one] * weight[other])

        heap = [
            (-alike(one, other), -self._shared(one, other), one, other)
            for one in links
            for other, total in links[one].items()
            if one < other and 2 * total > _ONE * weight[one] * weight[other]
        ]
        heapify(heap)
        merged: dict[int, int] = {}
        while heap:
            key, shared, one, other = heappop(heap)
            if one not in links or other not in links:
                continue
            now = alike(one, other)
            if now < -key:  # it has grown since: an average only falls, so it is looked at again when its turn comes
                if 2 * now > _ONE:
                    heappush(heap, (-now, shared, one, other))
                continue
            into, gone = (one, other) if len(links[one]) >= len(links[other]) else (other, one)
            touched = _contract(links, into, gone)
            weight[into] += weight.pop(gone)
            merged[gone] = into
            for third in touched:
                if 2 * (now := alike(into, third)) > _ONE:
                    heappush(heap, (-now, 0.0, min(into, third), max(into, third)))
        if merged:
            self.home = {unit: _last(merged, label) for unit, label in self.home.items()}

    def _shared(self, one: int, other: int) -> float:
        """Return how much two units agree on whom they are like: of equal scores, the one with witnesses goes first."""
        if one not in self.near or other not in self.near:
            return 0.0
        both = len(self.near[one] & self.near[other])
        return both / (len(self.near[one]) + len(self.near[other]) - both)

    def _weights(self) -> dict[int, int]:
        weight = dict.fromkeys(self.home.values(), 0)
        for unit, label in self.home.items():
            weight[label] += self.size[unit]
        return weight

    def _sums(self) -> Links:
        """Return the sums of the scores between clusters."""
        if not self.moved:
            return {unit: links.copy() for unit, links in self.links.items()}
        sums: Links = {label: {} for label in self.home.values()}
        for unit, links in self.links.items():
            label = self.home[unit]
            mine = sums[label]
            for other, value in links.items():
                if (there := self.home[other]) != label:
                    mine[there] = mine.get(there, 0) + value
        return sums

    def _move_all(self) -> bool:
        """Move single units to where they fit better, or out on their own; say whether one was moved."""
        weight = self._weights()
        waiting, queued, self.moved = deque(self.home), set(self.home), False
        while waiting:
            unit = waiting.popleft()
            queued.discard(unit)
            best = self._best_home(unit, weight)
            if best == self.home[unit]:
                continue
            self.moved = True
            weight[self.home[unit]] -= self.size[unit]
            weight[best] = weight.get(best, 0) + self.size[unit]
            self.home[unit] = best
            for other in sorted(self.links[unit]):
                if other not in queued:
                    queued.add(other)
                    waiting.append(other)
        return self.moved

    def _best_home(self, unit: int, weight: dict[int, int]) -> int:
        here, size = self.home[unit], self.size[unit]
        totals: defaultdict[int, int] = defaultdict(int)
        for other, value in self.links[unit].items():
            totals[self.home[other]] += value

        def gain(label: int) -> int:
            others = weight[label] - (size if label == here else 0)
            return 2 * totals[label] - _ONE * size * others

        stay = gain(here)
        best = max(sorted(totals), key=gain, default=here)
        if gain(best) > max(stay, 0):
            return best
        if stay >= 0:
            return here
        self.fresh += 1
        return self.fresh


def _contract(links: Links, into: int, gone: int) -> list[int]:
    """Add the links of `gone` to those of `into`, and return whom `gone` was linked to besides."""
    lost = links.pop(gone)
    lost.pop(into, None)
    mine = links[into]
    mine.pop(gone, None)
    for third, value in lost.items():
        theirs = links[third]
        del theirs[gone]
        mine[third] = theirs[into] = mine.get(third, 0) + value
    return list(lost)


def _last(merged: dict[int, int], label: int) -> int:
    while label in merged:
        label = merged[label]
    return label
