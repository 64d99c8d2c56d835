"""The words of a text with what they mean, so that a paraphrase can be told from something new."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from decomposer.text.stems import stem
from decomposer.text.synonyms import WEAK, meanings
from decomposer.text.words import STOP, UNSPACED

_WORD = re.compile(r"[^\W_]+")
_LONGEST_PHRASE = 4
_STRETCH = 30  # words
_ABBREVIATION = re.compile(r"\b((?:[^\W\d_]\w*[ -]){1,7}[^\W\d_]\w*) ?\(([A-Z][A-Za-z]{1,7}s?)\)")


class Term(NamedTuple):
    """A word that carries meaning, `text[start:end]`: its stem, the groups of near words it asks for and answers."""

    form: str
    start: int
    end: int
    asks: frozenset[int]
    says: frozenset[int]

    @property
    def weak(self) -> bool:
        """Whether the word says little of what a claim is about."""
        return self.form in WEAK


class Bag(NamedTuple):
    """What a stretch of text says: stems, also of neighbouring words written as one, and groups of near words."""

    forms: frozenset[str] = frozenset()
    says: frozenset[int] = frozenset()

    def __or__(self, other: object) -> "Bag":
        if not isinstance(other, Bag):
            return NotImplemented
        return Bag(self.forms | other.forms, self.says | other.says)


@lru_cache(maxsize=1024)
def terms(text: str) -> tuple[Term, ...]:
    """Return the words of a text that carry meaning, in order; pairs of characters where words have no spaces."""
    words = list(_words(text))
    phrases = list(_phrases([form for form, _, _ in words]))
    found = []
    for place, (form, start, end) in enumerate(words):
        if not form.isdigit() and len(text[start:end]) > 1 and text[start:end].lower() not in STOP:
            asks, says = meanings((form,))
            for first, behind, phrase in phrases:
                if first <= place < behind:
                    asks, says = asks | phrase[0], says | phrase[1]
            found.append(Term(form, start, end, asks, says))
    return tuple(found)


@lru_cache(maxsize=1024)
def bag(text: str) -> Bag:
    """Return what a text says, whatever the order."""
    words = [form for form, _, _ in _words(text)]
    says: set[int] = set()
    for form in words:
        says |= meanings((form,)).says
    for _, _, phrase in _phrases(words):
        says |= phrase[1]
    joined = (first + second for first, second in pairwise(words))
    return Bag(frozenset(words).union(joined), frozenset(says))


@lru_cache(maxsize=256)
def stretches(text: str) -> tuple[Bag, ...]:
    """Return what each stretch of 60 words of a long text says; they overlap by half."""
    starts = [match.start() for match in _WORD.finditer(text)]
    cuts = [*starts[::_STRETCH], len(text)]
    return tuple(bag(text[start:end]) for start, end in zip(cuts, [*cuts[2:], len(text)], strict=False))


def union(bags: Iterable[Bag]) -> Bag:
    """Return what several texts say together."""
    found = list(bags)
    return Bag(frozenset().union(*(one.forms for one in found)), frozenset().union(*(one.says for one in found)))


def abbreviations(text: str) -> dict[str, list[frozenset[str]]]:
    """Return the abbreviations that a text expands, in lower case, with the stems of what they stand for."""
    found: dict[str, list[frozenset[str]]] = {}
    for match in _ABBREVIATION.finditer(text):
        words = re.split(r"[ -]", match.group(1))
        letters = match.group(2).rstrip("s").lower()
        for size in range(2, len(words) + 1):
            last = words[-size:]
            if last[0][:1].lower() == letters[0] and _in_order(letters, "".join(last).lower()):
                found.setdefault(letters, []).append(frozenset(stem(word.lower()) for word in last))
                break
    return found


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = match.group()
        if UNSPACED.match(word):
            yield from ((text[at : at + 2], at, at + 2) for at in range(start, max(start + 1, end - 1)))
        else:
            yield stem(word.lower()), start, end


def _phrases(words: list[str]) -> Iterator[tuple[int, int, tuple[frozenset[int], frozenset[int]]]]:
    for first in range(len(words) - 1):
        for size in range(2, _LONGEST_PHRASE + 1):
            found = meanings(tuple(words[first : first + size]))
            if found.asks or found.says:
                yield first, min(first + size, len(words)), found
