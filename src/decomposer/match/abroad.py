"""Put a need that is not in English into English words, one by one: enough to search by, no translation."""

import re
from functools import cache

from decomposer.match.foreign import ABROAD
from decomposer.text.near_words import COVERS, GROUPS
from decomposer.text.stems import stem
from decomposer.text.synonyms import WEAK
from decomposer.text.words import STOP

_CHINESE, _RUSSIAN = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[\u0400-\u04ff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_WORD = re.compile(r"[^\W\d_]+")
_ASCII = re.compile(r"[A-Za-z0-9][\w.+#-]*")
_SHORTEST, _LONGEST_RUN = 3, 4
_LATIN = ("es", "fr", "de")
_SMALL = {
    "es": "a al con de del desde el ella en es esta este hay la las lo los me mi mis muy más no nos o para pero por "
    "que quiero se si sin son su sus tengo un una unos y ya yo",
    "fr": "a au aux avec ce ces cette dans de des du elle en est et il ils j je l la le les leur ma mais me mes moi "
    "mon ne nous on ou où par pas pour que qui s sa sans se ses si son sur un une veux y",
    "de": "aber als am an auf aus bei das dem den der des die ein eine einem einen einer er es für haben hat ich im in "
    "ist kann man mein meine meinen mich mir mit möchte nach nicht noch oder ohne sich sie sind so über um und von "
    "was wenn wie will wir zu zum zur",
}


def in_english(need: str) -> str:
    """Return the known words of a need in English, with the names in it; the need itself where it is in English.

    Chinese, Russian, Spanish, French and German are known. Where no word of it is, the need comes back as it is.
    """
    if _CHINESE.search(need) and not _KANA.search(need):
        found = _runs(need)
    elif _RUSSIAN.search(need):
        found = _words(need, "ru")
    else:
        language = _latin(need)
        found = _words(need, language) if language else []
    return " ".join(dict.fromkeys(found)) or need


def _runs(need: str) -> list[str]:
    """Return what the longest known stretches mean, from left to right."""
    table, found, at = _tables()["zh"], [], 0
    while at < len(need):
        if name := _ASCII.match(need, at):
            found.append(name.group())
            at = name.end()
            continue
        size = next((size for size in range(_LONGEST_RUN, 0, -1) if need[at : at + size] in table), 0)
        if size:
            found.append(table[need[at : at + size]])
        at += size or 1
    return found


def _words(need: str, language: str) -> list[str]:
    """Return what the words of a need mean; those in Latin letters within another script are names and stay."""
    found = []
    for match in _WORD.finditer(need):
        word = match.group()
        meaning = _meaning(word.lower(), language)
        if meaning or (language not in _LATIN and word.isascii()):
            found.append(meaning or word)
    return found


def _latin(need: str) -> str | None:
    """Return the language that knows more words of a need than English does, and at least half of them."""
    words = [match.group().lower() for match in _WORD.finditer(need)]
    english = sum(word in STOP or stem(word) in _english() for word in words)
    known = {code: sum(word in _small(code) or bool(_meaning(word, code)) for word in words) for code in _LATIN}
    best = max(_LATIN, key=lambda code: known[code])
    return best if known[best] > english and 2 * known[best] >= len(words) > 1 else None


def _meaning(word: str, language: str) -> str:
    """Return the English of the longest known beginning of a word, or ""."""
    table = _tables()[language]
    sizes = range(len(word), _SHORTEST - 1, -1)
    return next((table[word[:size]] for size in sizes if word[:size] in table), "")


@cache
def _small(language: str) -> frozenset[str]:
    return frozenset(_SMALL[language].split())


@cache
def _english() -> frozenset[str]:
    known = re.findall(r"[a-z]+", f"{GROUPS} {COVERS}")
    return frozenset(map(stem, known)) | WEAK


@cache
def _tables() -> dict[str, dict[str, str]]:
    """Return for each language the beginnings of words with their English; the first of equal ones holds."""
    tables: dict[str, dict[str, str]] = {}
    for row in ABROAD.strip().splitlines():
        english, *others = row.split("; ")
        for other in others:
            language, *known = other.split()
            for beginning in known:
                tables.setdefault(language, {}).setdefault(beginning, english)
    return tables
