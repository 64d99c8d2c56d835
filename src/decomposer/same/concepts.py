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
    return concepts_in(pieces(text), without=without)


def concepts_in(read: list[str], *, without: frozenset[str] = frozenset()) -> Concepts:
    """Return the concepts of a text that is read already: see `concepts` and `pieces`."""
    known = _known()
    said: dict[str, int] = {}
    denied: set[str] = set()
    denied_until = -1
    modalities: dict[int, tuple[int, str]] = {}
    for at in [at for at, piece in enumerate(read) if piece in known]:
        piece, after = read[at], read[at + 1] if at + 1 < len(read) else ""
        alone, followed, stops, denies = known[piece]
        if stops:
            denied_until = -1
        for phrase, concept, is_modality in followed.get(after, alone):
            size = len(phrase)
            if concept in without or (size > 2 and tuple(read[at : at + size]) != phrase):
                continue
            if at <= denied_until:
                denied.add(concept)
                continue
            said.setdefault(concept, at)
            if is_modality:
                modalities[at] = (at + size, concept)
        if denies and ((piece,) in DENIALS or (piece, after) in DENIALS):
            denied_until = at + _DENIAL_REACHES  # a phrase such as "no code" says something itself
    inputs, outputs = _roles(read, modalities)
    return Concepts(said, frozenset(denied - said.keys()), inputs, outputs)


def standing(read: list[str], *, without: frozenset[str] = frozenset()) -> dict[str, set[str]]:
    """Return the words that stand for concepts, alone or within a phrase, with these concepts: see `pieces`."""
    known, found = _known(), dict[str, set[str]]()
    for at in [at for at, piece in enumerate(read) if piece in known]:
        alone, followed, _, _ = known[read[at]]
        for phrase, concept, _ in followed.get(read[at + 1] if at + 1 < len(read) else "", alone):
            if concept not in without and (len(phrase) < 3 or tuple(read[at : at + len(phrase)]) == phrase):
                for piece in phrase:
                    found.setdefault(piece, set()).add(concept)
    return found


def facet(concept: str) -> str:
    """Return the facet of a concept: modality, action, task, technique, object, quality, domain or platform."""
    return _facets()[concept]


@cache
def known_concepts() -> tuple[str, ...]:
    """Return all concepts, in an order that stays."""
    return tuple(sorted(_facets()))


@cache
def concepts_of(facet: str) -> frozenset[str]:
    """Return the concepts of a facet."""
    return frozenset(concept for concept, name in _facets().items() if name == facet)


@cache
def concept_words(without: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the words that stand for a concept by themselves, in lower case and every inflection."""
    return frozenset(
        first
        for first, phrases in _lexicon().items()
        if any(len(phrase) == 1 and concept not in without for phrase, concept in phrases)
    )


@cache
def phrases_of(concept: str) -> frozenset[Phrase]:
    """Return the phrases that stand for a concept, the first and the last word in every inflection."""
    return frozenset(phrase for phrases in _lexicon().values() for phrase, named in phrases if named == concept)


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
    turns = _turns()
    role = ""
    last_end = -1
    for at, piece in enumerate(read):
        if piece in turns:
            turn = turns[piece]
            role = turn if turn != "out if in" else "out" if role == "in" else role
        if at in modalities:
            end, modality = modalities[at]
            after = read[end] if end < len(read) else ""
            turned = at and read[at - 1] == "to" and last_end == at - 1
            here = "out" if after in MADE or turned else "in" if after in GIVEN or after == "to" else role
            if here:
                roles[here].add(modality)
            last_end = end
    return frozenset(roles["in"]), frozenset(roles["out"])


@cache
def _turns() -> dict[str, str]:
    """Return what a piece makes of the role of what follows it: "in", "out", "" for neither, "out if in"."""
    found = dict.fromkeys(_forms(CONSUME), "in") | dict.fromkeys(("into", "as"), "out if in")
    found |= dict.fromkeys(_forms(PRODUCE), "out")
    return found | dict.fromkeys(_CLAUSE_ENDS | _PASSING, "")


# --- the vocabulary, ready to be looked up


def _lines() -> Iterator[tuple[str, str, list[Phrase]]]:
    for name, lines in FACETS.items():
        for line in lines.strip().splitlines():
            concept, _, phrases = line.partition(":")
            yield name, concept, [tuple(pieces(phrase)) for phrase in phrases.split(",")]


Meant = tuple[tuple[Phrase, str, bool], ...]


class _Known(NamedTuple):
    """What a piece of text may mean: phrases that begin with it, the end of a denial, or the beginning of one.

    Each phrase goes with its concept and whether that is a modality. `alone` are those of one word; `followed` adds
    to them what may be meant where the next piece is the key.
    """

    alone: Meant
    followed: dict[str, Meant]
    stops: bool
    denies: bool


@cache
def _known() -> dict[str, _Known]:
    lexicon = _lexicon()
    found = {}
    for piece in lexicon.keys() | _STOPS | _DENYING:
        all_of_it = [(phrase, concept, facet(concept) == "modality") for phrase, concept in lexicon.get(piece, ())]
        seconds = {one[0][1] for one in all_of_it if len(one[0]) > 1}
        found[piece] = _Known(
            tuple(one for one in all_of_it if len(one[0]) == 1),
            {second: tuple(one for one in all_of_it if one[0][1:2] in ((), (second,))) for second in seconds},
            piece in _STOPS,
            piece in _DENYING,
        )
    return found


@cache
def _facets() -> dict[str, str]:
    return {concept: name for name, concept, _ in _lines()}


@cache
def _lexicon() -> dict[str, list[tuple[Phrase, str]]]:
    """Return the phrases of every concept, the first and the last word in every inflection, by their first word."""
    found: dict[str, set[tuple[Phrase, str]]] = {}
    for _, concept, phrases in _lines():
        for phrase in phrases:
            for first in inflections(phrase[0]):
                lasts = inflections(phrase[-1]) if len(phrase) > 1 else {""}
                for last in lasts:
                    whole = (first, *phrase[1:-1], last) if last else (first,)
                    found.setdefault(first, set()).add((whole, concept))
    return {first: sorted(phrases) for first, phrases in found.items()}


@cache
def _forms(words: str) -> frozenset[str]:
    return frozenset(form for word in words.split() for form in inflections(word))


def inflections(word: str) -> set[str]:
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
