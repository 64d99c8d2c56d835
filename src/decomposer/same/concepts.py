"""Find the concepts of the field that a text speaks of, those that it denies, and what goes in and comes out."""

import re
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import NamedTuple

from decomposer.same.vocabulary import CONSUME, DENIALS, FACETS, GIVEN, MADE, PRODUCE

_PIECE = re.compile(r"[^\W_]+|[.!?;:,()]")
_CLAUSE_ENDS = frozenset(".!?;:()")
_STOPS = _CLAUSE_ENDS | {","}
_DENIAL_REACHES = 7  # words after "without", "instead of", ...
_DENYING = frozenset(phrase[0] for phrase in DENIALS)
_PASSING = frozenset(["by", "using", "with", "via", "through", "based"])  # what follows is neither
_DOUBLED = "bdgmnpt"  # consonants that double before -ed and -ing

Phrase = tuple[str, ...]


class Concepts(NamedTuple):
    """What a text speaks of. `said` maps a concept to the number of words before it, `denied` are those it says no to.

    `inputs` and `outputs` are the modalities that it says go in and come out.
    """

    said: dict[str, int]
    denied: frozenset[str]
    inputs: frozenset[str]
    outputs: frozenset[str]


def concepts(text: str, *, without: frozenset[str] = frozenset()) -> Concepts:
    """Return the concepts of a text, as if the vocabulary did not have those in `without`."""
    read = pieces(text)
    lexicon = _lexicon()
    said: dict[str, int] = {}
    denied: set[str] = set()
    denied_until = -1
    found: list[tuple[int, int, str]] = []
    for at, piece in enumerate(read):
        if piece in _STOPS:
            denied_until = -1
        for phrase, concept in lexicon.get(piece, ()):
            if concept in without or (len(phrase) > 1 and tuple(read[at : at + len(phrase)]) != phrase):
                continue
            if at <= denied_until:
                denied.add(concept)
            else:
                said.setdefault(concept, at)
                found.append((at, at + len(phrase), concept))
        if piece in _DENYING and ((piece,) in DENIALS or tuple(read[at : at + 2]) in DENIALS):
            denied_until = at + _DENIAL_REACHES  # a phrase such as "no code" says something itself
    inputs, outputs = _roles(read, {at: (end, one) for at, end, one in found if facet(one) == "modality"})
    return Concepts(said, frozenset(denied - said.keys()), inputs, outputs)


def facet(concept: str) -> str:
    """Return the facet of a concept: modality, action, task, technique, object, quality, domain or platform."""
    return _facets()[concept]


@cache
def concept_words(without: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the words that stand for a concept by themselves, in lower case and every inflection."""
    return frozenset(
        first
        for first, phrases in _lexicon().items()
        if any(len(phrase) == 1 and concept not in without for phrase, concept in phrases)
    )


def pieces(text: str) -> list[str]:
    """Return the words and the punctuation of a text in lower case, as the places of concepts are counted."""
    return _PIECE.findall(text.lower())


def thinned(share: float, seed: int) -> frozenset[str]:
    """Return that share of all concepts, drawn at random: what a vocabulary may lack that nobody has looked for."""
    return frozenset(Random(seed).sample(sorted(_facets()), round(share * len(_facets()))))  # noqa: S311 (no secret)


def _roles(read: list[str], modalities: dict[int, tuple[int, str]]) -> tuple[frozenset[str], frozenset[str]]:
    """Tell what goes in from what comes out: by "X to Y", the noun behind ("image generation"), or the verb before."""
    if not modalities:
        return frozenset(), frozenset()
    roles: dict[str, set[str]] = {"in": set(), "out": set()}
    producing, consuming = _forms(PRODUCE), _forms(CONSUME)
    role = ""
    last_end = -1
    for at, piece in enumerate(read):
        if piece in _CLAUSE_ENDS or piece in _PASSING:
            role = ""
        elif piece in producing or (piece in ("into", "as") and role == "in"):
            role = "out"
        elif piece in consuming:
            role = "in"
        if at in modalities:
            end, modality = modalities[at]
            after = read[end] if end < len(read) else ""
            turned = at and read[at - 1] == "to" and last_end == at - 1
            here = "out" if after in MADE or turned else "in" if after in GIVEN or after == "to" else role
            if here:
                roles[here].add(modality)
            last_end = end
    return frozenset(roles["in"]), frozenset(roles["out"])


# --- the vocabulary, ready to be looked up


def _lines() -> Iterator[tuple[str, str, list[Phrase]]]:
    for name, lines in FACETS.items():
        for line in lines.strip().splitlines():
            concept, _, phrases = line.partition(":")
            yield name, concept, [tuple(pieces(phrase)) for phrase in phrases.split(",")]


@cache
def _facets() -> dict[str, str]:
    return {concept: name for name, concept, _ in _lines()}


@cache
def _lexicon() -> dict[str, list[tuple[Phrase, str]]]:
    """Return the phrases of every concept, the first and the last word in every inflection, by their first word."""
    found: dict[str, set[tuple[Phrase, str]]] = {}
    for _, concept, phrases in _lines():
        for phrase in phrases:
            for first in _inflections(phrase[0]):
                lasts = _inflections(phrase[-1]) if len(phrase) > 1 else {""}
                for last in lasts:
                    whole = (first, *phrase[1:-1], last) if last else (first,)
                    found.setdefault(first, set()).add((whole, concept))
    return {first: sorted(phrases) for first, phrases in found.items()}


@cache
def _forms(words: str) -> frozenset[str]:
    return frozenset(form for word in words.split() for form in _inflections(word))


def _inflections(word: str) -> set[str]:
    """Return a word with its plural, past and progressive; forms that nobody writes do no harm."""
    forms = {word, word + "s"}
    if not word.isalpha() or len(word) < 3:
        return forms
    if word.endswith("e"):
        return forms | {word + "d", word[:-1] + "ing"}
    if word.endswith("y") and word[-2] not in "aeiou":
        return forms | {word[:-1] + "ies", word[:-1] + "ied", word + "ing"}
    forms |= {word + "ed", word + "ing"}
    if word.endswith(("s", "x", "z", "ch", "sh")):
        forms.add(word + "es")
    if word[-1] in _DOUBLED and word[-2] in "aeiou":
        forms |= {word + word[-1] + "ed", word + word[-1] + "ing"}
    return forms
