"""Say in which blocks a record stands: sets of its rarest terms, up to three, that few records have together."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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
_BITS = 47
_LOW = (1 << 32) - 1
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
    """Return a term as a number, 47 bits of a digest."""
    digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") & ((1 << _BITS) - 1)


def key(terms: Sequence[int]) -> int:
    """Return the key of the block of some terms, in ascending order: 63 bits.

    It begins with 31 bits of the first term, so that the blocks of a record lie together by these in a database.
    """
    first = terms[0] >> 16
    return (first << 32) | ((sum(terms) - (first << 16)) & _LOW)


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

    def standing(self, terms: Sequence[int], often: Collection[int] = ()) -> dict[int, tuple[int, ...]]:
        """Return the blocks of a record with these terms, each key with its terms: those that are not in too many.

        Pairs of terms that many have, as far as is known, are likely to be asked for: they are read along.
        """
        order = sorted(set(terms))
        likely = [one for one in order if one in often]
        alone = {key((one,)): (one,) for one in order}
        self._bring([*alone, *map(key, combinations(likely, 2))])
        found: dict[int, tuple[int, ...]] = {at: of for at, of in alone.items() if not self._common(at)}
        beyond: dict[int, set[int]] = {of[0]: set() for at, of in alone.items() if at not in found}
        pairs = {key(pair): pair for pair in combinations(beyond, 2)}
        self._bring(pairs)
        for at, (one, other) in pairs.items():
            if self._common(at):
                beyond[one].add(other)
            else:
                found[at] = one, other
        # Three terms of which any two are in too many.
        threes = {
            key((one, other, third)): (one, other, third)
            for one, others in beyond.items()
            for other in others
            for third in others & beyond[other]
        }
        self._bring(threes)
        return found | {at: three for at, three in threes.items() if not self._common(at)}

    def enter(
        self, number: int, terms: Sequence[int], *, often: Collection[int] = (), records: int
    ) -> dict[int, float]:
        """Let a record stand in its blocks; return whom it meets there, by how rare it is what they share.

        `records` is how many there are in all; `often` says which of the terms many have, as far as is known. What too
        many have from now on is divided by one term more.
        """
        blocks, met = self.standing(terms, often), defaultdict[int, float](float)
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
            wider = [
                (tuple(sorted((*of, one))), numbers)
                for of, members in full.values()
                for one, numbers in _having(set(members), terms, of).items()
            ]
            # A set of one term more has a block where all that lack one of its terms are in too many.
            less = {of: list(map(key, combinations(of, len(of) - 1))) for of, _ in wider}
            self._bring({at for keys in less.values() for at in keys})
            divided = {of: key(of) for of, keys in less.items() if all(map(self._common, keys))}
            deeper = {(divided[of], of, number): None for of, numbers in wider if of in divided for number in numbers}
            self._bring({at for at, _, _ in deeper})
            full = self._put(deeper)

    def _bring(self, keys: Iterable[int]) -> None:
        missing = [at for at in keys if at not in self._read]
        if missing:
            self._read.update(dict.fromkeys(missing))
            self._read.update(self._looking(missing))

    def _common(self, at: int) -> bool:
        members = self._read[at]
        return members is not None and not members


def _having(
    numbers: Iterable[int], terms: Mapping[int, Sequence[int]], without: Collection[int]
) -> dict[int, list[int]]:
    """Return the terms that records have, but for some, each with the records."""
    found: dict[int, list[int]] = {}
    for number in sorted(numbers):
        for one in dict.fromkeys(terms.get(number, ())):
            if one not in without:
                found.setdefault(one, []).append(number)
    return found
