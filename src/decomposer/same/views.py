"""See a record as it is compared: without its artifact's names, by what its first sentence says, with its evidence."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log, sqrt

from decomposer.records import Capability
from decomposer.same.concepts import Concepts, concept_words, concepts, pieces
from decomposer.same.learned import Learned
from decomposer.same.names import key_of, numbers
from decomposer.text.sentences import split
from decomposer.text.synonyms import WEAK, meanings
from decomposer.text.words import content

Span = tuple[int, int, int]
_NAME_WORDS = 8  # a first sentence of at most so many words, with more behind it, is the name
_WEAK_WEIGHS = 0.3  # of what the same rarity weighs in a word that says what something is about
_SUBJECT = re.compile(
    r"^(?:(?:the|our|this)\s+)?(?:[A-Z0-9][\w.+-]*\s+){1,5}"
    r"(?=(?:supports?|provides?|uses?|accepts?|implements?|offers?|can|is|are|has|lets|allows?|enables?|comes?)\b)"
)
"""A capital-letter subject before its verb, such as "Tallowick Search 2 supports": the artifact, not what it does."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a record by their stems. `weights` are those of its lead by rarity, and `tfidf` of length 1.

    `plain` stand for no concept. `asks` are the groups of near words that a stem of the lead belongs to; `all` and
    `says` are the stems of the whole text and all groups that it answers.
    """

    weights: Mapping[str, float]
    tfidf: Mapping[str, float]
    plain: frozenset[str]
    asks: Mapping[str, frozenset[int]]
    all: frozenset[str]
    says: frozenset[int]

    @classmethod
    def of(cls, text: str, lead: int, learned: Learned, without: frozenset[str] = frozenset()) -> "Words":
        """Return the words of a text whose first `lead` characters are its lead."""
        found = content(text)
        leading = [word for word in found if word.end <= lead]
        counts = Counter(word.form for word in leading)
        tfidf = {stem: (1 + log(count)) * learned.word(stem) for stem, count in counts.items()}
        length = sqrt(sum(weight * weight for weight in tfidf.values())) or 1.0
        means = {stem: meanings((stem,)) for stem in {word.form for word in found}}
        concrete = concept_words(without)
        return cls(
            weights={stem: learned.word(stem) * (_WEAK_WEIGHS if stem in WEAK else 1.0) for stem in counts},
            tfidf={stem: weight / length for stem, weight in tfidf.items()},
            plain=frozenset(word.form for word in leading if text[word.start : word.end].lower() not in concrete),
            asks={stem: means[stem].asks for stem in counts if means[stem].asks},
            all=frozenset(means),
            says=frozenset().union(*(one.says for one in means.values())),
        )


@dataclass(frozen=True, slots=True)
class View:
    """A record ready to be compared. `lead` is its masked name and first sentence, the beginning of `text`.

    `key` is what exactly equal names have in common, `numbers` those of the name. `leading` are the concepts of the
    lead with the number of words before each, `speaking` those of the text. `spans` are (document, start, end) of its
    evidence.
    """

    name: str
    lead: str
    text: str
    key: tuple[str, ...]
    numbers: frozenset[str]
    leading: Mapping[str, int]
    speaking: Concepts
    words: Words
    spans: tuple[Span, ...] = ()


def view(capability: Capability, own: Iterable[str] = (), *, learned: Learned) -> View:
    """Return the view of a record; `own` are the names of its artifact, which say nothing of what it can do."""
    description = capability.description.text if capability.description else ""
    types = (
        frozenset(concept for note in capability.input_types for concept in concepts(note.text).said),
        frozenset(concept for note in capability.output_types for concept in concepts(note.text).said),
    )
    spans = {(one.document, one.start, one.end) for _, said in capability.statements() for one in said.evidence}
    own = list(own)
    return _view(masked(capability.name, own), masked(description, own), types, tuple(sorted(spans)), learned=learned)


def view_of_text(text: str, *, learned: Learned, without: frozenset[str] = frozenset()) -> View:
    """Return the view of a text alone; a short first sentence is its name. Concepts in `without` are not known."""
    text = text.strip()
    first, *rest = [text[start:end] for start, end in split(text)] or [""]
    if rest and len(first.split()) <= _NAME_WORDS:
        return _view(masked(first.rstrip(".")), masked(text[len(first) :]), learned=learned, without=without)
    return _view("", masked(text), learned=learned, without=without)


def masked(text: str, own: Iterable[str] = ()) -> str:
    """Return a text without the names of its artifact, in one line; one that is nothing else stays as it is."""
    names = sorted({name.strip() for name in own if name.strip()}, key=lambda name: (-len(name), name))
    if names:
        pattern = "|".join(rf"(?<!\w){re.escape(name)}(?:['’]s)?(?!\w)" for name in names)
        without = re.sub(pattern, " ", text, flags=re.IGNORECASE)
        text = without if re.search(r"\w", without) else text
    return " ".join(_SUBJECT.sub("", text.strip()).split())


def _view(
    name: str,
    description: str,
    types: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset()),
    spans: tuple[Span, ...] = (),
    *,
    learned: Learned,
    without: frozenset[str] = frozenset(),
) -> View:
    before = f"{name}. " if name and description else name
    text = before + description
    _, end = next(iter(split(description)), (0, 0))
    lead = text[: len(before) + end].rstrip()
    speaking = concepts(text, without=without)
    length = len(pieces(lead))
    return View(
        name=name,
        lead=lead,
        text=text,
        key=key_of(name) if name else (),
        numbers=numbers(name),
        leading={concept: at for concept, at in speaking.said.items() if at < length},
        speaking=speaking._replace(inputs=speaking.inputs | types[0], outputs=speaking.outputs | types[1]),
        words=Words.of(text, len(lead), learned, without),
        spans=spans,
    )
