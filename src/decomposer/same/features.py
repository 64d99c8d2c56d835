"""Compare two views: what they share in concepts and words, where they differ in substance, which lines both cite."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from functools import cache
from math import fsum
from typing import NamedTuple

from decomposer.same.concepts import concepts_of, facet
from decomposer.same.learned import Learned
from decomposer.same.views import Span, View, Words
from decomposer.text.synonyms import meaning

DECISIVE = ("task", "technique")
"""Facets whose concept in one name, met nowhere in the other record, makes it another capability."""
EXCLUSIVE = ("modality", "platform", "domain")
"""Facets in which each naming its own makes them two capabilities; one naming more is only narrower."""
NAME_REACHES = 6  # words of the lead that name the capability, where a name and a sentence are one text
NEAR = 0.7  # what a near word counts, where the word itself counts 1
PLAIN = 0.2  # what a word that stands for no concept weighs, where a concept as rare weighs 1
LITTLE = 5.0  # added to what a lead weighs, about one concept: one word in common is no proof that all is
_IDENTIFIER = re.compile(r"\w[_./:-]\w|[a-z][A-Z]")  # spelled as in code
MEDIA = frozenset({"image", "video", "audio", "speech", "music", "3d"})


def features(
    a: View, b: View, *, learned: Learned, nearness: float = 0.0, apart: Collection[str] | None = None
) -> dict[str, float]:
    """Return the features of a pair, each 0-1 and the same for (b, a).

    `nearness` is the cosine of their vectors, `apart` what speaks against them where it is known already.
    """
    ours, our_words = _held(a, b, learned)
    theirs, their_words = _held(b, a, learned)
    return {
        "subject": (ours + theirs) / 2,
        "words": cosine(a.words.tfidf, b.words.tfidf),
        "near_words": (our_words + their_words) / 2,
        "difference": 1.0 if (differences(a, b) or unmentioned(a, b).by_both if apart is None else apart) else 0.0,
        "vectors": nearness,
    }


def cosine(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    """Return the cosine of two sparse vectors of length 1."""
    return min(1.0, fsum([a[key] * b[key] for key in a.keys() & b.keys()]))  # exact, so in any order the same


def differences(a: View, b: View) -> list[str]:
    """Return where two records differ in substance, however alike they sound; the same for (b, a)."""
    ours, theirs = _own(a, b), _own(b, a)
    named = _decisive(a, ours) | _decisive(b, theirs)
    return [f"only one is about {concept}" for concept in sorted(named)] + _contradictions(a, b, ours, theirs)


def contradictions(a: View, b: View) -> list[str]:
    """Return the differences that keep one of two records from covering the other."""
    return _contradictions(a, b, _own(a, b), _own(b, a))


def _contradictions(a: View, b: View, ours: list[str], theirs: list[str]) -> list[str]:
    found = []
    if a.speaking.denied or b.speaking.denied:
        found += [f"one does without {concept}" for concept in sorted(_denied(a, b) | _denied(b, a))]
    if ours and theirs:
        found += _exclusive(ours, theirs)
    if (a.speaking.outputs or a.speaking.inputs) and (b.speaking.outputs or b.speaking.inputs):
        found += _turned(a, b)
    if worked_on := (a.products.made & b.products.used) | (b.products.made & a.products.used):
        found.append(f"one does the task and the other works on what comes of it: {', '.join(sorted(worked_on))}")
    if a.key != b.key and _coded(a.name, b.name):
        found.append("another name in code: " + _sides([a.name], [b.name]))
    if a.numbers and b.numbers and not a.numbers & b.numbers:
        found.append("another number in the name: " + _sides(a.numbers, b.numbers))
    return found


class Unmentioned(NamedTuple):
    """Why two names may name two things, however alike they sound: the reasons, none or one of both.

    `by_both`: each tells what it is about by a word that the other record never says, not even by a near word or
    another of the same concept. `by_one`: one does, and its name has all words of the other one: it is narrower.
    """

    by_both: list[str]
    by_one: list[str]


def unmentioned(a: View, b: View) -> Unmentioned:
    """Return what one name tells that the other record never mentions; the same for (b, a)."""
    ours, theirs = _unsaid(a, b), _unsaid(b, a)
    if ours and theirs:
        sides = " / ".join(sorted([" ".join(ours), " ".join(theirs)]))
        return Unmentioned([f"each names what the other never mentions: {sides}"], [])
    if (ours and b.key and set(b.key) <= set(a.key)) or (theirs and a.key and set(a.key) <= set(b.key)):
        return Unmentioned([], [f"one names what the other never mentions: {' '.join(ours or theirs)}"])
    return Unmentioned([], [])


def further(a: View, b: View) -> Counter[str]:
    """Return by facet how many concepts only `a` leads with; a technique counts only where it stands in the name."""
    own = _own(a, b)
    found = Counter(facet(concept) for concept in own if facet(concept) in ("task", *EXCLUSIVE))
    return found + Counter(facet(concept) for concept in _decisive(a, own) if facet(concept) == "technique")


def shared_evidence(a: View, b: View) -> float:
    """Return how much of the shorter evidence the other one cites too, 0-1."""
    if not a.spans or not b.spans:
        return 0.0
    common = sum(_overlap(one, other) for one in a.spans for other in b.spans)
    return min(1.0, common / (min(_length(a.spans), _length(b.spans)) or 1))


def _held(a: View, b: View, learned: Learned) -> tuple[float, float]:
    """Return how much of what `a` leads with `b` speaks of, 0-1: concepts and a little other words; and words alone."""
    plain, asks, said, says = a.words.plain, a.words.asks, b.words.all, b.words.says
    whole = met = plain_whole = plain_met = 0.0
    for stem, weight in a.words.weights.items():
        whole += weight
        if stem in said:
            gained = weight
        elif stem in asks and not says.isdisjoint(asks[stem]):
            gained = weight * NEAR
        else:
            gained = 0.0
        met += gained
        if stem in plain:
            plain_whole += weight
            plain_met += gained
    subject, common = LITTLE + PLAIN * plain_whole, PLAIN * plain_met
    said_of = b.speaking.said
    for concept in a.leading:
        weight = learned.concept(concept)
        subject += weight
        if concept in said_of:
            common += weight
    return common / subject, met / whole if whole else 0.0


def _unsaid(a: View, b: View) -> list[str]:
    """Return the words by which the name of `a` tells what it is about and that `b` never says."""
    said, concepts, asks = b.words.all, b.speaking.said, a.words.asks
    return [
        word
        for word, stem, standing in a.subjects
        if stem not in said and standing.isdisjoint(concepts) and not _answered(asks.get(stem), a.words, b.words)
    ]


def _answered(asked: Collection[int] | None, ours: Words, theirs: Words) -> bool:
    """Return whether others say a near word that we do not say: one that both say stands for itself alone."""
    if not asked or theirs.says.isdisjoint(asked):
        return False
    return any(not meaning(stem).says.isdisjoint(asked) for stem in theirs.all - ours.all)


def _own(a: View, b: View) -> list[str]:
    """Return the concepts that `a` leads with and `b` does not speak of."""
    said = b.speaking.said
    return [concept for concept in a.leading if concept not in said]


def _decisive(a: View, own: list[str]) -> set[str]:
    decisive, leading = _decisive_concepts(), a.leading
    return {concept for concept in own if concept in decisive and leading[concept] < NAME_REACHES}


@cache
def _decisive_concepts() -> frozenset[str]:
    return frozenset().union(*(concepts_of(name) for name in DECISIVE))


def _denied(a: View, b: View) -> set[str]:
    return {concept for concept in a.speaking.denied if concept in b.leading and facet(concept) in DECISIVE}


def _exclusive(ours: list[str], theirs: list[str]) -> list[str]:
    found = []
    for name in EXCLUSIVE:
        members = concepts_of(name)
        one = [concept for concept in ours if concept in members]
        if one and (other := [concept for concept in theirs if concept in members]):
            found.append(f"another {name}: {_sides(one, other)}")
    return found


def _turned(a: View, b: View) -> list[str]:
    """Return how what goes in or comes out differs; a record that does not say is not taken to differ."""
    ours, theirs = a.speaking, b.speaking
    found = []
    for way, one, other in (
        ("comes out", _media(ours.outputs), _media(theirs.outputs)),
        ("goes in", _media(ours.inputs), _media(theirs.inputs)),
    ):
        if one and other and one != other:
            found.append(f"what {way} differs: only one has {', '.join(sorted(one ^ other))}")
    if ours.outputs and theirs.outputs and not ours.outputs & theirs.outputs:
        found.append(f"what comes out differs: {_sides(ours.outputs, theirs.outputs)}")
    turned = (ours.outputs & theirs.inputs) - theirs.outputs | (theirs.outputs & ours.inputs) - ours.outputs
    return found + [f"{modality} goes into one and comes out of the other" for modality in sorted(turned & MEDIA)]


def _media(modalities: frozenset[str]) -> frozenset[str]:
    return frozenset(["audio" if one == "speech" else one for one in modalities & MEDIA])


def _coded(a: str, b: str) -> bool:
    """Return whether two names are what a tool or a setting is called in code: one word, and one of them spelled so."""
    return len(a.split()) == len(b.split()) == 1 and (is_code(a) or is_code(b))


def is_code(name: str) -> bool:
    """Return whether a name is spelled as in code."""
    return _IDENTIFIER.search(name) is not None


def _sides(one: "frozenset[str] | list[str]", other: "frozenset[str] | list[str]") -> str:
    """Return both sides in an order that does not tell which came first."""
    return " / ".join(sorted([", ".join(sorted(one)), ", ".join(sorted(other))]))


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one[2], other[2]) - max(one[1], other[1])) if one[0] == other[0] else 0


def _length(spans: tuple[Span, ...]) -> int:
    return sum(end - start for _, start, end in spans)
