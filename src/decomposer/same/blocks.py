"""Say which terms of a record bring it together with others: the rarest of its words and concepts, as numbers."""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b

TERMS = 12
"""The rarest terms of a lead that count: its words and its concepts."""
CROWD = 20
"""Terms that more records have together say too little to bring them together, but for one term more."""
DEEPEST = 3
"""Terms of a block, at most."""
NEAREST = 10
"""How many of the records that share a block with one that comes are judged beside it, at most."""
NEAREST_OF_ALL = 14
"""The same where all are there at once: many choose each other, so it comes to about as many pairs."""
BITS = 47
"""What a term is cut to."""
_NEW = 24  # terms besides that nobody else has yet
_REMEMBERED = 50_000


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
    """Return a term as a number, so many `BITS` of a digest."""
    digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") & ((1 << BITS) - 1)
