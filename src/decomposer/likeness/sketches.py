"""Sketch long texts so that what they share can be told from a few numbers: the smallest hashes of a set."""

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from decomposer.likeness.addresses import bare, links
from decomposer.records.likeness import Sketch

KEPT = 128
"""Hashes of a sketch: the share of two sets in common is told to about 1 / sqrt(128), 9 %."""
_RUN = 5  # words of a shingle
_LONGEST = 400_000  # characters of a text that are read
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?^ {0,3}\1[`~]*[ \t]*$", re.DOTALL | re.MULTILINE)
_TAG = re.compile(r"<[^<>]{0,2000}>|!?\[[^\]\n]{0,300}\]\([^)\n]{0,2000}\)|https?://\S+")
_WORD = re.compile(r"\w+")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CODE_LINE = re.compile(r"[^\W\d_]{3}.*\W.*\w")
_PICTURE = re.compile(r"(?i)\.(?:png|jpe?g|gif|svg|webp|ico)$|^img\.shields\.io")


def sketch(items: Iterable[str]) -> Sketch:
    """Return the sketch of a set of texts; the order and what comes twice don't matter."""
    hashes = sorted({_hash(item) for item in items})
    return Sketch(size=len(hashes), smallest=tuple(hashes[:KEPT]))


def prose(text: str) -> Iterator[str]:
    """Yield the runs of five words that a text holds outside of code and markup; in scripts without spaces, letters."""
    words: list[str] = []
    for match in _WORD.finditer(_TAG.sub(" ", _FENCE.sub(" ", text[:_LONGEST])).casefold()):
        words += list(match[0]) if _HAN.search(match[0]) else [match[0]]
    yield from (" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))


def fixed(text: str) -> Iterator[str]:
    """Yield what no translation changes: the links of a text and its lines of code, less pictures and bare commands."""
    text = text[:_LONGEST]
    for link in links(text):
        plain = bare(link)
        if "/" in plain and not _PICTURE.search(plain):
            yield plain
    for block in _FENCE.finditer(text):
        for line in block[0].splitlines()[1:-1]:
            if _CODE_LINE.search(line):
                yield " ".join(line.split())


def resemblance(a: Sketch, b: Sketch) -> tuple[float, float]:
    """Return what share of both sets together two have in common, and of the smaller one, 0-1 (Broder 1997).

    Exact where neither has more than `KEPT` members.
    """
    if not a.size or not b.size:
        return 0.0, 0.0
    together = sorted({*a.smallest, *b.smallest})
    if a.size > KEPT or b.size > KEPT:
        together = together[:KEPT]
    both = set(a.smallest) & set(b.smallest)
    jaccard = sum(one in both for one in together) / len(together)
    shared = jaccard * (a.size + b.size) / (1 + jaccard)
    return jaccard, min(1.0, shared / min(a.size, b.size))


def _hash(item: str) -> int:
    return int.from_bytes(blake2b(item.encode("utf-8", "surrogatepass"), digest_size=6).digest())
