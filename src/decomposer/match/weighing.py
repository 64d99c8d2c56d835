"""Write down what the words of a record weigh, and rank many records by it at once: BM25 over fields."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from struct import Struct
from zlib import crc32

import numpy as np

from decomposer.match.asking import rarity

K1, B = 1.2, 0.6
USUAL = 90.0
"""How long a record usually is, in weighted words. Fixed, so that a rank does not depend on when it was written."""

MOST = 2_000
"""How many different words of a record count."""
_MOST_TIMES = 255
_ROW = np.dtype([("word", "<u4"), ("times", "u1")])
_STRUCTS: dict[int, Struct] = {}


def weighed(fields: Iterable[tuple[Sequence[str], int]]) -> dict[str, int]:
    """Return how often each word of some fields counts; with each field comes how much a word of it does."""
    times: dict[str, int] = {}
    for found, weight in fields:
        for word in found:
            times[word] = times.get(word, 0) + weight
    if len(times) > MOST:
        times = dict(list(times.items())[:MOST])
    return times


def packed(times: Mapping[str, int]) -> bytes:
    """Return words and how often they count as bytes: five a word, four of them a digest of it."""
    flat: list[int] = []
    for word, count in times.items():
        flat += (_digest(word), min(count, _MOST_TIMES))
    size = len(times)
    if size not in _STRUCTS:
        _STRUCTS[size] = Struct("<" + "IB" * size)
    return _STRUCTS[size].pack(*flat)


def scores(
    records: Sequence[bytes], weights: Mapping[str, float], counts: Mapping[str, int], total: int
) -> list[float]:
    """Return the BM25F score of each packed record for weighted words; `counts` says how many records have each.

    Robertson, Zaragoza, Taylor: Simple BM25 extension to multiple weighted fields (2004), with one length for all
    fields. Two words in some four thousand million can't be told from each other.
    """
    found = np.zeros(len(records))
    sizes = np.array([len(one) // _ROW.itemsize for one in records], dtype=np.int64)
    rows = np.frombuffer(b"".join(records), dtype=_ROW)
    if not len(rows):
        return [0.0] * len(records)
    words, times = np.ascontiguousarray(rows["word"]), rows["times"].astype(np.float64)
    owners = np.repeat(np.arange(len(records)), sizes)
    lengths = np.bincount(owners, weights=times, minlength=len(records))
    damping = K1 * (1 - B + B * lengths / USUAL)
    for word in sorted(weights):
        if counts.get(word):
            at = np.flatnonzero(words == _digest(word))
            often, owner = times[at], owners[at]
            value = weights[word] * rarity(counts[word], total) * (K1 + 1)
            found[owner] += value * often / (often + damping[owner])
    return [float(one) for one in found]


@lru_cache(maxsize=1 << 17)
def _digest(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogatepass"))
