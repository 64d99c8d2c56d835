"""Find the pairs of a whole catalog that are worth a judgement: those that share rare words and concepts."""

from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from decomposer.same.blocks import CROWD, DEEPEST, NEAREST_OF_ALL, TERMS
from decomposer.same.columns import Columns

Places = NDArray[np.int64]
Truths = NDArray[np.bool_]
_Wide = dict[tuple[int, ...], Truths]

_ROWS = 4_000  # at a time, so that what is needed in between stays small
_KEYS = 4_000_000  # at a time
_OF_ROW, _OF_DISTANCE, _OTHER, _FINE = np.uint64(52), np.uint64(32), np.uint64((1 << 32) - 1), (1 << 20) - 1


class _Standing(NamedTuple):
    """Which records stand in blocks, one block after the other, and how many each has."""

    members: NDArray[np.int32]
    sizes: NDArray[np.int32]


def blocked(records: Columns, *, nearest: int = NEAREST_OF_ALL, crowd: int = CROWD) -> tuple[Places, Places]:
    """Return the pairs of records to be judged, the lower place first, each once and in order.

    Records meet in the blocks that `meeting.met` tells of: where they share a term, two or three that few others
    have; of those that a record meets, the `nearest` by how rare it is what they share are judged. Time grows with the
    number of records, as blocks don't.
    """
    count = len(records)
    members, sizes = _blocks(_terms(records), crowd)
    if not len(members):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    shape = len(sizes), count
    ends = np.zeros(len(sizes) + 1, np.int32 if len(members) <= np.iinfo(np.int32).max else np.int64)
    np.cumsum(sizes, out=ends[1:])
    of_record = csr_matrix((np.ones(len(members), np.int8), members, ends), shape=shape).tocsc()
    blocks, start = of_record.indices, of_record.indptr
    del of_record
    having = np.minimum(np.arange(1, crowd + 1), count)
    rarity = np.sqrt(np.log(count + 1) - np.log(having)).astype(np.float32)[sizes - 1]
    of_block = csr_matrix((np.repeat(rarity, sizes), members, ends), shape=shape)
    pairs = []
    for at in range(0, count, _ROWS):
        first = start[at : at + _ROWS + 1]
        here = blocks[first[0] : first[-1]]
        rows = csr_matrix((rarity[here], here, first - first[0]), shape=(len(first) - 1, len(sizes)))
        pairs.append(_nearest(rows @ of_block, at, nearest))
    found = np.unique(np.concatenate(pairs))
    return found // count, found % count


def _terms(records: Columns) -> NDArray[np.int64]:
    """Return the rarest terms of each record by number, in order, -1 for none. Shape: (records, TERMS)."""
    leads, count, stems = records.leads, len(records), len(records.asks)
    packed = np.ascontiguousarray(records.concepts["leading"]).view(np.uint8)
    parts = [slice(at, at + _ROWS) for at in range(0, count, _ROWS)]
    often = np.zeros(stems + 8 * packed.shape[1], np.int64)
    often[:stems] = np.bincount(leads.stems, minlength=stems)
    for part in parts:
        often[stems:] += _bits(packed[part]).sum(axis=0, dtype=np.int64)
    found = np.full((count, TERMS), -1, np.int64)
    for part in parts:
        start = leads.start[part.start : part.stop + 1]
        of_concept, concept = np.nonzero(_bits(packed[part]))
        record = np.concatenate([np.repeat(np.arange(len(start) - 1), np.diff(start)), of_concept])
        term = np.concatenate([leads.stems[start[0] : start[-1]], concept + stems])
        shared = often[term] > 1
        record, term = record[shared], term[shared]
        order = np.lexsort((term, often[term], record))
        record, term = record[order], term[order]
        rank = _ranks(record)
        first = rank < TERMS
        found[part][record[first], rank[first]] = term[first]
    found.sort(axis=1)
    return found


def _bits(packed: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.unpackbits(packed, axis=1, bitorder="little")


def _blocks(terms: NDArray[np.int64], crowd: int) -> _Standing:
    """Return the blocks of one, two and three terms; a set of terms has one where all smaller ones are in too many."""
    mixed = np.random.default_rng(0).integers(1, 1 << 62, size=int(terms.max(initial=0)) + 1)
    # The key of a set is the sum of the numbers of its terms: that two sets have one is next to impossible.
    numbers = np.where(terms >= 0, mixed[terms], 0)
    found: list[_Standing] = []
    wide: _Wide = {}
    for size in range(1, DEEPEST + 1):
        blocks, wide = _sized(numbers, size, wide, crowd)
        found += blocks
    members, sizes = zip(*found, strict=True)
    return _Standing(np.concatenate(members), np.concatenate(sizes))


def _sized(numbers: NDArray[np.int64], size: int, smaller: _Wide, crowd: int) -> tuple[list[_Standing], _Wide]:
    """Return the blocks of `size` terms with 2 to `crowd` records, and for each set of places which have more there.

    `smaller` says that of the sets of one place less. Sets are gone through in several rounds, each for a share of the
    terms that come first in them, so that few keys are held at once.
    """
    sets = list(combinations(range(numbers.shape[1]), size))
    wide = {of: np.zeros(len(numbers), np.bool_) for of in sets} if size < DEEPEST else {}
    rounds = 1 + sum(int(np.count_nonzero(_standing(of, numbers, smaller))) for of in sets) // _KEYS
    turns = (numbers % rounds).astype(np.uint16)
    found = []
    for turn in range(rounds):
        standing = [np.flatnonzero(_standing(of, numbers, smaller) & (turns[:, of[0]] == turn)) for of in sets]
        member = np.concatenate(standing).astype(np.int32)
        key = np.concatenate([numbers[there][:, of].sum(axis=1) for of, there in zip(sets, standing, strict=True)])
        order = np.argsort(key)
        starts = _starts(key[order])
        sizes = np.diff(starts, append=len(key))
        fits = (sizes > 1) & (sizes <= crowd)
        found.append(_Standing(member[order[np.repeat(fits, sizes)]], sizes[fits].astype(np.int32)))
        if wide:
            crowded = np.empty(len(key), np.bool_)
            crowded[order] = np.repeat(sizes > crowd, sizes)
            ends = np.cumsum([len(there) for there in standing])
            for of, there, some in zip(sets, standing, np.split(crowded, ends[:-1]), strict=True):
                wide[of][there] = some
    return found, wide


def _standing(of: tuple[int, ...], numbers: NDArray[np.int64], smaller: _Wide) -> Truths:
    """Return which records have the terms of a set of places, where all smaller ones are in too many."""
    here: Truths = numbers[:, of[0]] > 0
    for part in combinations(of, len(of) - 1) if len(of) > 1 else ():
        here = here & smaller[part]
    return here


def _nearest(found: csr_matrix, offset: int, nearest: int) -> NDArray[np.int64]:
    """Return the pairs of each row with its nearest columns as one number a pair; row i is the record offset + i."""
    count = found.shape[1]
    row = np.repeat(np.arange(found.shape[0], dtype=np.uint64), np.diff(found.indptr))
    far = (_FINE - found.data * (_FINE / max(found.data.max(initial=0.0), 1.0))).astype(np.uint64)
    # One number a pair, as sorting numbers is quick: its row, how far the other is, and the other.
    order = (row << _OF_ROW) | (far << _OF_DISTANCE) | found.indices.astype(np.uint64)
    order = np.sort(order[row + np.uint64(offset) != found.indices.astype(np.uint64)])
    order = order[_ranks((order >> _OF_ROW).astype(np.int64)) < nearest]
    one, other = (order >> _OF_ROW).astype(np.int64) + offset, (order & _OTHER).astype(np.int64)
    return np.unique(np.minimum(one, other) * count + np.maximum(one, other))


def _ranks(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many of the same group stand before each, where groups stand together."""
    if not len(groups):
        return groups
    starts = _starts(groups)
    return np.arange(len(groups)) - np.repeat(starts, np.diff([*starts, len(groups)]))


def _starts(groups: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return where groups begin that stand together."""
    return np.flatnonzero(np.concatenate([[len(groups) > 0], groups[1:] != groups[:-1]]))
