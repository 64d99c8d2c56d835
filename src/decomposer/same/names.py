"""Say what equal names have in common, and which words of a name tell what it is about."""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from decomposer.records import Capability
from decomposer.text.stems import stem
from decomposer.text.words import spoken

_NUMBERED = re.compile(r"[\w.+-]*\d[\w.+-]*")
RARE = 4.6
"""What a word weighs at least that tells what a name is about: less than 1 in 100 paragraphs of the field has it."""
_TELL_NOTHING = frozenset(
    stem(word)
    for word in """
        ability across adaptive advanced against aid aided allow amazing among app application approach
        arbitrary area aspect assist assistance assisted auto automated automatic automatically aware balanced
        best better beyond broad build building built capability capable careful choice choose clean clear
        clever collection common complete complex component comprehensive configurable consistent convenient
        core correct create creating creation custom customizable customized dedicated deep default define
        deliver despite detail detailed determine diverse driven dynamic ease easy effective efficient
        effortless elegant element empower enable end engine enhanced ensure essential exact example excellent
        except extended extensible extensive external extra facilitate fast faster fine flexible form framework
        friendly full fully function functionality further general generic granular great guaranteed guided
        handling hassle heavy helper high improve improved improving include incredible independent individual
        ingenious innovative inside instant integrate integrated integration intelligent interactive internal
        intuitive kit large leading level leverage library light lightweight local long low main maintain
        maintained manage management manager mechanism method minimal mode modern modular module multi multiple
        native natural neat numerous offering operate operation optimal optimized option optional outside
        overall platform pluggable popular portable powerful practical precise preferred pretrained principal
        procedure process processing program proper provide purpose quality quick range rapid raw ready
        realistic relevant reliable remote rich robust routine run running scalable seamless selectable
        selection self separate service setting setup short simple simplified single size smart solid solution
        sophisticated specialized speedy stable standard state streamline strong structured style suite superior
        supply support supported system systematic tailored task technique technology thorough tool toolkit top
        total traditional tuned unified uniform unique universal utility variety various versatile virtual whole
        workflow
    """.split()
)
"""Words of any field that say how well, how much or in which form something is done, and never what it is about."""


class Subject(NamedTuple):
    """A word of a name that tells what it is about: the word, its stem, and the concepts that it is said in."""

    word: str
    stem: str
    concepts: frozenset[str]


def same_name(capability: Capability) -> tuple[str, ...]:
    """Return what names of one capability have in common: the stems of their content words, and their numbers."""
    return key_of(capability.name)


def key_of(name: str) -> tuple[str, ...]:
    """Return the key of a name; the name itself where it has no content words."""
    name = name.casefold()
    leading, rest = spoken(name, len(name))
    stems = {stem for _, stem in leading}.union(rest, numbers(name))
    return tuple(sorted(stems)) or (name,)


def numbers(name: str) -> frozenset[str]:
    """Return the words of a name that hold a digit, in lower case."""
    return frozenset(_NUMBERED.findall(name.casefold()))


def subjects(name: str, weights: Mapping[str, float], concepts: Mapping[str, Collection[str]]) -> tuple[Subject, ...]:
    """Return the words of a name that tell what it is about, in their order.

    `weights` are those of stems, `concepts` those that words stand for, alone or in a phrase.
    """
    leading, _ = spoken(name, len(name))
    return tuple(
        Subject(word, form, frozenset(concepts.get(word, ())))
        for word, form in leading
        if weights.get(form, 0.0) >= RARE and form not in _TELL_NOTHING
    )
