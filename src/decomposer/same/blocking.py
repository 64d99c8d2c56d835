"""Find the pairs of a whole catalog that are worth a judgement: those that share rare words and concepts."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from decomposer.same.columns import Columns

Places = NDArray[np.int64]

TERMS = 12
"""The rarest terms of a lead that count: its words and its concepts."""
CROWD = 60
"""A term, or two together, that more records have says too little to bring them together."""
NEAREST = 10
"""The neighbours of a record that are judged, at most."""
_ROWS = 4_000  # at a time, so that what is needed in between stays small
_KEYS = 10_000_000  # at a time
_OF_ROW, _OF_DISTANCE, _OTHER, _FINE = np.uint64(52), np.uint64(32), np.uint64((1 << 32) - 1), (1 << 20) - 1


def blocked(records: Columns, *, nearest: int = NEAREST, crowd: int = CROWD) -> tuple[Places, Places]:
    """Return the pairs of records to be judged, the lower place first, each once and in order.

    Records meet where they share a term or two that few others have, at most `crowd`; of those that a record meets,
    the `nearest` by how rare it is what they share are judged. Time grows with the number of records, as blocks don't.
    """
    member, block, size = _blocks(_terms(records), crowd)
    if not len(member):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    rarity = np.sqrt(np.log(len(records) + 1) - np.log(size)).astype(np.float32)
    held = csr_matrix((rarity[block], (member, block)), shape=(len(records), len(size)))
    del member, block
    turned = held.T.tocsr()
    pairs = [_nearest(held[at : at + _ROWS] @ turned, at, nearest) for at in range(0, len(records), _ROWS)]
    found = np.unique(np.concatenate(pairs))
    return found // len(records), found % len(records)


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


def _blocks(terms: NDArray[np.int64], crowd: int) -> tuple[NDArray[np.int32], NDArray[np.int32], Places]:
    """Return members with the numbers of their blocks, and the sizes of these: one for each term, and for each two.

    Keys are gone through in several rounds, each for a share of them, so that few are held at once.
    """
    members, blocks, sizes = [], [], []
    rounds = 1 + terms.size * (TERMS + 1) // 2 // _KEYS
    count = 0
    for turn in range(rounds):
        chosen = []
        for key in _keys(terms):
            place = np.flatnonzero((key >= 0) & (key % rounds == turn))
            chosen.append((place.astype(np.int32), key[place]))
        member, keys = (np.concatenate(column) for column in zip(*chosen, strict=True))
        order = np.argsort(keys, kind="stable")
        member, keys = member[order], keys[order]
        _, size = np.unique(keys, return_counts=True)
        fits = (size > 1) & (size <= crowd)
        members.append(member[np.repeat(fits, size)])
        sizes.append(size[fits])
        blocks.append(np.repeat(np.arange(count, count + fits.sum(), dtype=np.int32), size[fits]))
        count += int(fits.sum())
    return np.concatenate(members), np.concatenate(blocks), np.concatenate(sizes)


def _keys(terms: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield for all records the key of one of their terms, and of two of them; -1 where there is none."""
    base = int(terms.max(initial=0)) + 2
    yield from terms.T
    for first, second in combinations(range(terms.shape[1]), 2):
        one, other = terms[:, first], terms[:, second]
        yield np.where(one >= 0, (one + 1) * base + other, -1)


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
