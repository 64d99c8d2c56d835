"""Cut texts into the words that the search of a site goes by.

The browser does the same to what is looked for, in `search.js`: a rule here is a rule there, and a test holds both to
the same words. So the rules are few: no dictionary, no exceptions.
"""

import re
from functools import lru_cache
from unicodedata import category, normalize

STOP = frozenset(
    "a an and are as at be by can for from has have how i if in into is it its my not of on or our so that the "
    "their them then there these they this to use used uses using via was we what when where which who will with "
    "you your".split()
)
LONGEST = 40

_ASCII = re.compile("[a-z0-9]+")
_LETTERS = re.compile("[a-z]{4,}")
_ACCENTS = re.compile("[\u0300-\u036f]")
# Scripts without spaces between words: Thai, Lao, Burmese, Khmer, kana, Han.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"([{_UNSPACED}]+)")
_VOWEL = re.compile("[aeiouy]")
_DOUBLE = re.compile(r"([^aeiou])\1$")


def words(text: str) -> list[str]:
    """Return the words of a text in their order, each as short as its relatives: `tokeniz` for tokenizers."""
    if text.isascii():
        found = _ASCII.findall(text.lower())
    else:
        found = []
        plain = _ACCENTS.sub("", normalize("NFKD", text).lower()).translate(_SPACES)
        for word in plain.split(" "):
            for run in filter(None, _RUN.split(word)):
                found += _pairs(run) if _RUN.match(run) else [run]
    return [stem(word) for word in found if word not in STOP]


@lru_cache(1 << 16)
def stem(word: str) -> str:
    """Return a word without its English endings, and cut where it is too long to be one."""
    if not _LETTERS.fullmatch(word):
        return word[:LONGEST]
    short = word
    if short.endswith("ies"):
        short = f"{short[:-3]}y"
    elif short.endswith(("sses", "xes", "zes", "ches", "shes")):
        short = short[:-2]
    elif short.endswith("s") and not short.endswith(("ss", "us", "is")):
        short = short[:-1]
    for ending, least in (("ing", 3), ("ion", 3), ("ed", 4), ("er", 3), ("or", 3), ("e", 3)):
        rest = short[: -len(ending)]
        if short.endswith(ending) and len(rest) >= least and _VOWEL.search(rest):
            short = rest
            break
    if short.endswith("at") and len(short) >= 7:
        short = short[:-2]
    if short.endswith("y"):
        short = f"{short[:-1]}i"
    return _DOUBLE.sub(r"\1", short)[:LONGEST]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


class _Spaces(dict[int, int]):
    """What each character of a text becomes: letters, digits and marks stay, anything else is a space."""

    def __missing__(self, code: int) -> int:
        kept = code if category(chr(code))[0] in "LNM" else ord(" ")
        self[code] = kept
        return kept


_SPACES = _Spaces()
