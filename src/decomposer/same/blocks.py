"""Say in which blocks a record stands: sets of its rarest terms, up to three, that few records have together."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations
from math import log

TERMS = 12
"""The rarest terms of a lead that count: its words and its concepts."""
CROWD = 20
"""Terms that more records have together say too little to bring them together, but for one term more."""
DEEPEST = 3
"""Terms of a block, at most."""
_NEW = 24  # terms besides that nobody else has yet
_MASK = (1 << 47) - 1
_REMEMBERED = 50_000

Looking = Callable[[Collection[int]], Mapping[int, "array[int]"]]


def rarest(words: Mapping[str, float], held: Mapping[str, int]) -> tuple[int, ...]:
    """Return the terms of a record that count, as numbers: the rarest, and those that no other has yet.

    `words` are its terms with their learned weights, `held` says how many other records have each. Of terms that are
    as rare, those that weigh most count.
    """
    order = sorted(words, key=lambda one: (held.get(one, 0), -words[one], one))
    shared = [one for one in order if held.get(one, 0) > 0]
    new = [one for one in order if held.get(one, 0) <= 0]
    return tuple([term(one) for one in (*shared[:TERMS], *new[:_NEW])])


@lru_cache(_REMEMBERED)
def term(word: str) -> int:
    """Return a term as a number, 47 bits of a digest; the key of a block is the sum of those of its terms, as many."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") & _MASK


def key(terms: Iterable[int]) -> int:
    """Return the key of the block of these terms."""
    return sum(terms) & _MASK


class Blocks:
    """The blocks of a catalog, of which only those that are asked for are read.

    The law: a record stands in the block of a set of its terms where every smaller set of these is in more than `CROWD`
    records, and the set itself in fewer. So it does not matter in which order the records came. `looking` returns the
    blocks of keys that are there, each with its records, none for one that too many have; `terms` those of records.
    """

    def __init__(self, looking: Looking, terms: Callable[[Collection[int]], Mapping[int, Sequence[int]]]) -> None:
        self._looking = looking
        self._terms = terms
        self._read: dict[int, array[int] | None] = {}
        self.changed: set[int] = set()

    def block(self, number: int) -> "array[int] | None":
        """Return the records of a key that was read, empty for one that too many have; None where there is no block."""
        return self._read[number]

    def standing(self, terms: Sequence[int]) -> dict[int, tuple[int, ...]]:
        """Return the blocks of a record with these terms, each key with its terms: those that are not in too many."""
        order = sorted(set(terms))
        self._bring(order)
        found: dict[int, tuple[int, ...]] = {one: (one,) for one in order if not self._common(one)}
        beyond: dict[int, set[int]] = {one: set() for one in order if one not in found}
        pairs = {(one + other) & _MASK: (one, other) for one, other in combinations(beyond, 2)}
        self._bring(pairs)
        for at, (one, other) in pairs.items():
            if self._common(at):
                beyond[one].add(other)
            else:
                found[at] = one, other
        # Three terms of which any two are in too many.
        threes = {
            (one + other + third) & _MASK: (one, other, third)
            for one, others in beyond.items()
            for other in others
            for third in others & beyond[other]
        }
        self._bring(threes)
        return found | {at: three for at, three in threes.items() if not self._common(at)}

    def enter(self, number: int, terms: Sequence[int], *, records: int) -> dict[int, float]:
        """Let a record stand in its blocks; return whom it meets there, by how rare it is what they share.

        `records` is how many there are in all. What too many have from now on is divided by one term more.
        """
        blocks, met = self.standing(terms), defaultdict[int, float](float)
        for at in blocks:
            members = self._read[at]
            if members:
                rarity = log((max(records, len(members)) + 1) / (len(members) + 1))
                for other in members:
                    met[other] += rarity
        self._divide(self._put((at, of, number) for at, of in blocks.items()))
        met.pop(number, None)
        return met

    def leave(self, number: int, terms: Sequence[int]) -> None:
        """Take a record out of its blocks. What too many had stays divided."""
        for at in self.standing(terms):
            members = self._read[at]
            if members is not None and number in members:
                kept = array("i", [one for one in members if one != number])
                self._read[at] = kept or None
                self.changed.add(at)

    def _put(
        self, entering: Iterable[tuple[int, tuple[int, ...], int]]
    ) -> dict[int, tuple[tuple[int, ...], list[int]]]:
        """Put records into blocks; return those that have too many now, with their terms and records."""
        full: dict[int, tuple[tuple[int, ...], list[int]]] = {}
        for at, of, number in entering:
            members = self._read[at]
            if at in full:
                full[at][1].append(number)
                continue
            if members is None:
                members = self._read[at] = array("i")
            elif number in members or not members:  # none where too many have it
                continue
            members.append(number)
            self.changed.add(at)
            if len(members) > CROWD:
                full[at] = of, members.tolist()
                self._read[at] = array("i")
        return full

    def _divide(self, full: Mapping[int, tuple[tuple[int, ...], list[int]]]) -> None:
        """Let the records of blocks that have too many now stand in those of one term more."""
        while full := {at: held for at, held in full.items() if len(held[0]) < DEEPEST}:
            terms = self._terms({number for _, members in full.values() for number in members})
            deeper = list(_deeper(full.values(), terms))
            self._bring({one for at, of, _ in deeper for one in (at, *map(key, combinations(of, len(of) - 1)))})
            full = self._put(
                (at, of, number)
                for at, of, number in deeper
                if all(self._common(key(part)) for part in combinations(of, len(of) - 1))
            )

    def _bring(self, keys: Iterable[int]) -> None:
        missing = [at for at in keys if at not in self._read]
        if missing:
            self._read.update(dict.fromkeys(missing))
            self._read.update(self._looking(missing))

    def _common(self, at: int) -> bool:
        members = self._read[at]
        return members is not None and not members


def _deeper(
    full: Iterable[tuple[tuple[int, ...], list[int]]], terms: Mapping[int, Sequence[int]]
) -> Iterator[tuple[int, tuple[int, ...], int]]:
    """Yield the blocks of one term more in which records might stand: the key, its terms, and a record."""
    for of, members in full:
        for number in members:
            for one in sorted(set(terms.get(number, ()))):
                if one not in of:
                    wider = tuple(sorted((*of, one)))
                    yield key(wider), wider, number
