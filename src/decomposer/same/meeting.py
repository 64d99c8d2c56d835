"""Find whom a record meets, by the lists of who else has each of its terms: those that share a block with it."""

from collections.abc import Sequence
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from decomposer.same.blocks import CROWD, DEEPEST, TERMS

Numbers = NDArray[np.int32]

_EXACT = 1 << 20  # what rarity is counted in, whole: then a sum does not depend on the order of its parts


def met(lists: Sequence[Numbers], *, besides: int, crowd: int = CROWD) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the records that one meets, and of each how rare it is what they share; the likeliest first.

    `lists` are for each of its terms the numbers of the records that have it, in any order and each once; `besides` is
    its own. Of more than `TERMS` lists the shortest count.

    The law: a set of up to `DEEPEST` terms is a block where every smaller set of these is in more than `crowd` records,
    and the set itself in no more. Who shares a block meets, and the fewer have it the more that counts.
    """
    listed = sorted([one for one in lists if len(one)], key=len)[:TERMS]
    if not listed:
        return np.empty(0, np.intp), np.empty(0)
    # Of every record which of the terms it has, a bit each. It is told once, where the first of them is listed.
    others = np.concatenate(listed, dtype=np.intp)
    highest = max(int(others.max()), besides)  # about as many records as there are
    shared = np.zeros(highest + 1, np.uint16)
    bits = np.left_shift(1, np.arange(len(listed))).astype(np.uint16)
    of = np.repeat(bits, [len(one) for one in listed])
    np.add.at(shared, others, of)
    shared[besides] = 0
    having = shared.take(others)
    having *= of == (having & -having)
    # How many have just these terms, and how many have at least these.
    first, second = _within(len(listed) // 2), _within(len(listed) - len(listed) // 2)
    shape = len(first), len(second)
    sizes = (first @ np.bincount(having, minlength=shape[0] * shape[1]).reshape(shape) @ second.T).ravel()
    # What a block is worth for those who share it, and then what all the blocks of a set of terms are.
    sets, smaller = _sets(len(listed))
    size = sizes[sets]
    rare = (size <= crowd) & (size > 0) & ((sizes[smaller] > crowd) | (smaller == 0)).all(axis=1)
    worth = np.zeros(shape[0] * shape[1])
    worth[sets[rare]] = np.round(np.log((highest + 2) / (size[rare] + 1)) * _EXACT)
    worth = (first.T @ worth.reshape(shape) @ second).ravel()
    near = np.flatnonzero((worth > 0)[having])  # none for no terms, which those are that were told before
    found, rarity = others[near], worth[having[near]]
    order = np.lexsort((found, -rarity))
    return found[order], rarity[order] / _EXACT


@cache
def _within(terms: int) -> NDArray[np.float64]:
    """Return for sets of terms, as bits, which is within which: 1 where the row's is within the column's, else 0."""
    sets = np.arange(1 << terms)
    within: NDArray[np.bool_] = sets[:, None] & ~sets[None, :] == 0
    return within.astype(np.float64)


@cache
def _sets(terms: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the sets of up to `DEEPEST` terms, as bits, and for each those with one term less; the empty set is 0."""
    sets = [of for size in range(1, DEEPEST + 1) for of in combinations([1 << place for place in range(terms)], size)]
    smaller = np.zeros((len(sets), DEEPEST), np.intp)
    for at, of in enumerate(sets):
        smaller[at, : len(of)] = [sum(of) - one for one in of]
    return np.array([sum(of) for of in sets], np.intp), smaller
