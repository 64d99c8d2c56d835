"""Find the pairs of a whole catalog that are worth a judgement: those that share rare words and concepts."""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from decomposer.same.blocks import CROWD, DEEPEST, TERMS
from decomposer.same.columns import Columns

Places = NDArray[np.int64]
Truths = NDArray[np.bool_]

NEAREST = 10
"""The neighbours of a record that are judged, at most."""
_ROWS = 4_000  # at a time, so that what is needed in between stays small
_KEYS = 20_000_000  # at a time
_OF_ROW, _OF_DISTANCE, _OTHER, _FINE = np.uint64(52), np.uint64(32), np.uint64((1 << 32) - 1), (1 << 20) - 1


class _Standing(NamedTuple):
    """Which records stand in which blocks, and how many each block has."""

    members: NDArray[np.int32]
    blocks: NDArray[np.int32]
    sizes: NDArray[np.int32]


def blocked(records: Columns, *, nearest: int = NEAREST, crowd: int = CROWD) -> tuple[Places, Places]:
    """Return the pairs of records to be judged, the lower place first, each once and in order.

    Records meet in the blocks that `blocks.Blocks` tells of: where they share a term, two or three that few others
    have; of those that a record meets, the `nearest` by how rare it is what they share are judged. Time grows with the
    number of records, as blocks don't.
    """
    count = len(records)
    members, blocks, sizes = _blocks(_terms(records), crowd)
    if not len(members):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    rarity = np.sqrt(np.log(count + 1) - np.log(sizes)).astype(np.float32)
    of_block = np.argsort(blocks, kind="stable")
    ends = np.concatenate([[0], np.cumsum(sizes)])
    turned = csr_matrix((rarity[blocks[of_block]], members[of_block], ends), shape=(len(sizes), count))
    of_record = np.argsort(members, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(members, minlength=count))])
    blocks = blocks[of_record]
    del members, of_record, of_block
    pairs = []
    for at in range(0, count, _ROWS):
        end = min(at + _ROWS, count)
        of_rows = blocks[start[at] : start[end]]
        rows = csr_matrix((rarity[of_rows], of_rows, start[at : end + 1] - start[at]), shape=(end - at, len(sizes)))
        pairs.append(_nearest(rows @ turned, at, nearest))
    found = np.unique(np.concatenate(pairs))
    return found // count, found % count


def _terms(records: Columns) -> NDArray[np.int64]:
    """Return the rarest terms of each record by number, in order, -1 for none. Shape: (records, TERMS)."""
    leads, count = records.leads, len(records)
    of_stem = np.repeat(np.arange(count), np.diff(leads.start))
    packed = np.ascontiguousarray(records.concepts["leading"]).view(np.uint8)
    of_concept, concept = np.nonzero(np.unpackbits(packed, axis=1, bitorder="little"))
    record = np.concatenate([of_stem, of_concept])
    term = np.concatenate([leads.stems.astype(np.int64), concept + len(records.asks)])
    often = np.bincount(term)[term]
    shared = often > 1
    record, term, often = record[shared], term[shared], often[shared]
    order = np.lexsort((term, often, record))
    record, term = record[order], term[order]
    rank = _ranks(record)
    first = rank < TERMS
    found = np.full((count, TERMS), -1, np.int64)
    found[record[first], rank[first]] = term[first]
    return np.sort(found, axis=1)


def _blocks(terms: NDArray[np.int64], crowd: int) -> _Standing:
    """Return the blocks of one, two and three terms; a set of terms has one where all smaller ones are in too many."""
    count, width = terms.shape
    mixed = np.random.default_rng(0).integers(1, 1 << 62, size=int(terms.max(initial=0)) + 1)
    # The key of a set is the sum of the numbers of its terms: that two sets have one is next to impossible.
    numbers = np.where(terms >= 0, mixed[terms], 0)
    found: list[_Standing] = []
    wide: dict[tuple[int, ...], Truths] = {(): np.ones(count, np.bool_)}
    for size in range(1, DEEPEST + 1):
        sets = list(combinations(range(width), size))

        def standing(of: tuple[int, ...], wider: dict[tuple[int, ...], Truths] = wide) -> NDArray[np.int32]:
            here = terms[:, of[-1]] >= 0
            for part in combinations(of, len(of) - 1):
                here = here & wider[part]
            return np.flatnonzero(here).astype(np.int32)

        offset = sum(len(one.sizes) for one in found)
        some, wide = _sized(numbers, sets, standing, crowd, offset)
        found.append(some)
    return _Standing(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _sized(
    numbers: NDArray[np.int64],
    sets: list[tuple[int, ...]],
    standing: Callable[[tuple[int, ...]], NDArray[np.int32]],
    crowd: int,
    offset: int,
) -> tuple[_Standing, dict[tuple[int, ...], Truths]]:
    """Return blocks of 2 to `crowd` records, numbered from `offset` on, and for each set of places which have more.

    Keys are gone through in several rounds, each for a share of them, so that few are held at once.
    """
    wide = {of: np.zeros(len(numbers), np.bool_) for of in sets}
    found = [_Standing(*(np.empty(0, np.int32) for _ in range(3)))]
    held = sum(len(standing(of)) for of in sets)
    rounds = np.uint64(1 + held // _KEYS)
    for turn in range(int(rounds)):
        members, keys, lengths = [], [], []
        for member, key in _keys(numbers, sets, standing):
            mine = key.view(np.uint64) % rounds == turn if rounds > 1 else np.ones(len(key), np.bool_)
            members.append(member[mine])
            keys.append(key[mine])
            lengths.append(int(mine.sum()))
        member, key = np.concatenate(members), np.concatenate(keys)
        order = np.argsort(key, kind="stable")
        _, size = np.unique(key, return_counts=True)
        crowded = np.empty(len(key), np.bool_)
        crowded[order] = np.repeat(size > crowd, size)
        for of, at, length in zip(sets, np.cumsum(lengths) - lengths, lengths, strict=True):
            wide[of][member[at : at + length]] |= crowded[at : at + length]
        fits = (size > 1) & (size <= crowd)
        number = np.arange(offset, offset + fits.sum(), dtype=np.int32)
        offset += len(number)
        sizes = size[fits].astype(np.int32)
        found.append(_Standing(member[order[np.repeat(fits, size)]], np.repeat(number, sizes), sizes))
    return _Standing(*(np.concatenate(column) for column in zip(*found, strict=True))), wide


def _keys(
    numbers: NDArray[np.int64], sets: list[tuple[int, ...]], standing: Callable[[tuple[int, ...]], NDArray[np.int32]]
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int64]]]:
    """Yield for each set of places which records stand there, and their keys."""
    for of in sets:
        member = standing(of)
        yield member, sum((numbers[member, place] for place in of[1:]), numbers[member, of[0]])


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
    starts = np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]]))
    return np.arange(len(groups)) - np.repeat(starts, np.diff([*starts, len(groups)]))
