"""Join the records of a whole catalog that are one capability: block, judge and cluster, in memory that stays small."""

from collections.abc import Iterable, Iterator

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from decomposer.cluster import cluster
from decomposer.same.blocking import Places, blocked
from decomposer.same.bulk import Bulk, Floats
from decomposer.same.columns import columns
from decomposer.same.learned import Learned
from decomposer.same.views import View

_TOGETHER = 20_000  # records that are clustered in one call


def joined(views: Iterable[View], *, learned: Learned | None = None) -> list[tuple[int, ...]]:
    """Return the places of records that are one capability, by words alone; each place is in one cluster.

    The views are taken one by one and not kept. The result is that of judging the pairs that `blocked` finds with
    `same` and clustering them with `cluster`.
    """
    records = columns(views)
    one, other = blocked(records)
    scores = Bulk(records, learned=learned).affinities(one, other)
    return sorted(_clusters(len(records), one, other, scores))


def _clusters(count: int, one: Places, other: Places, scores: Floats) -> Iterator[tuple[int, ...]]:
    """Yield the clusters. What no agreement connects is clustered apart, as it can't come together."""
    agreeing = scores > 0.5
    links = coo_matrix((np.ones(agreeing.sum()), (one[agreeing], other[agreeing])), shape=(count, count))
    _, part = connected_components(links, directed=False)
    size = np.bincount(part)
    yield from ((int(place),) for place in np.flatnonzero(size[part] == 1))
    inside = part[one] == part[other]
    one, other, scores, of_pair = one[inside], other[inside], scores[inside], part[one[inside]]
    by_part = np.argsort(of_pair, kind="stable")
    one, other, scores, of_pair = one[by_part], other[by_part], scores[by_part], of_pair[by_part]
    larger = np.flatnonzero(size > 1)
    members = np.argsort(part, kind="stable")
    ends = np.cumsum(size)
    for some in _gathered(larger, size):
        places = np.concatenate([members[ends[number] - size[number] : ends[number]] for number in some])
        first, last = np.searchsorted(of_pair, some[0]), np.searchsorted(of_pair, some[-1], side="right")
        part_of = slice(first, last)
        scored = zip(_names(one[part_of]), _names(other[part_of]), scores[part_of].tolist(), strict=True)
        yield from (tuple(map(int, group)) for group in cluster(_names(places), scored))


def _gathered(numbers: Places, size: Places) -> Iterator[Places]:
    """Yield parts by their numbers, so many at a time that few calls are made."""
    if len(numbers):
        cuts = np.flatnonzero(np.diff(np.cumsum(size[numbers]) // _TOGETHER)) + 1
        yield from np.split(numbers, cuts)


def _names(places: Places) -> list[str]:
    return [f"{place:012}" for place in places.tolist()]
