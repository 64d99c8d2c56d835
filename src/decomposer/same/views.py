"""See a record as it is compared: without its artifact's names, by what its first sentence says, with its evidence."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import log, sqrt

from decomposer.records import Capability
from decomposer.same.concepts import Concepts, concept_words, concepts, concepts_in, pieces, standing
from decomposer.same.learned import Learned
from decomposer.same.names import Subject, key_of, numbers, subjects
from decomposer.same.products import NONE, Products, products
from decomposer.text.sentences import ends
from decomposer.text.synonyms import WEAK, meanings_of
from decomposer.text.words import spoken

Span = tuple[int, int, int]
_LETTER = re.compile(r"\w")
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
        leading, others = spoken(text, lead)
        counts = Counter([stem for _, stem in leading])
        known, unknown = learned.words, learned.word("")
        rarity = {stem: known.get(stem, unknown) for stem in counts}
        tfidf = {stem: (1 + log(count)) * rarity[stem] for stem, count in counts.items()}
        length = sqrt(sum([weight * weight for weight in tfidf.values()])) or 1.0
        means = meanings_of([*counts, *others])
        concrete = concept_words(without)
        return cls(
            weights={stem: weight * (_WEAK_WEIGHS if stem in WEAK else 1.0) for stem, weight in rarity.items()},
            tfidf={stem: weight / length for stem, weight in tfidf.items()},
            plain=frozenset([stem for word, stem in leading if word not in concrete]),
            asks={stem: means[stem].asks for stem in counts if means[stem].asks},
            all=frozenset(means),
            says=frozenset().union(*[one.says for one in means.values() if one.says]),
        )


@dataclass(frozen=True, slots=True)
class View:
    """A record ready to be compared. `lead` is its masked name and first sentence, the beginning of `text`.

    `key` is what exactly equal names have in common, `numbers` those of the name. `subjects` are the words that tell
    what the name is about, or a lead that is as short. `leading` are the concepts of the lead with the number of words
    before each, `speaking` those of the text. `products` are what the lead makes and works on. `spans` are (document,
    start, end) of its evidence.
    """

    name: str
    lead: str
    text: str
    key: tuple[str, ...]
    numbers: frozenset[str]
    leading: Mapping[str, int]
    speaking: Concepts
    words: Words
    subjects: tuple[Subject, ...] = ()
    products: Products = NONE
    spans: tuple[Span, ...] = ()


def view(capability: Capability, own: Iterable[str] = (), *, learned: Learned, cited: bool = False) -> View:
    """Return the view of a record; `own` are the names of its artifact, which say nothing of what it can do.

    With `cited` the lines that it cites are read as part of its text, behind what it says itself.
    """
    description = capability.description.text if capability.description else ""
    types = (
        frozenset(concept for note in capability.input_types for concept in concepts(note.text).said),
        frozenset(concept for note in capability.output_types for concept in concepts(note.text).said),
    )
    spans = {(one.document, one.start, one.end) for _, said in capability.statements() for one in said.evidence}
    own = list(own)
    quotes = dict.fromkeys(one.quote for _, said in capability.statements() for one in said.evidence) if cited else ()
    return _view(
        masked(capability.name, own),
        masked(description, own),
        types,
        tuple(sorted(spans)),
        learned=learned,
        behind="\n".join(masked(quote, own) for quote in quotes),
    )


def view_of_text(text: str, *, learned: Learned, without: frozenset[str] = frozenset()) -> View:
    """Return the view of a text alone; a short first sentence is its name. Concepts in `without` are not known."""
    text = text.strip()
    first = text[: _first_end(text)]
    if len(first) < len(text) and len(first.split()) <= _NAME_WORDS:
        return _view(masked(first.rstrip(".")), masked(text[len(first) :]), learned=learned, without=without)
    return _view("", masked(text), learned=learned, without=without)


def masked(text: str, own: Iterable[str] = ()) -> str:
    """Return a text without the names of its artifact, in one line; one that is nothing else stays as it is."""
    text = text.strip()
    names = sorted({name.strip() for name in own if name.strip()}, key=lambda name: (-len(name), name))
    if names:
        without = (
            cut(text, names) if text.isascii() and all(map(str.isascii, names)) else _pattern(names).sub(" ", text)
        )
        text = without.strip() if _LETTER.search(without) else text
    return " ".join(_SUBJECT.sub("", text).split())


def cut(text: str, names: Sequence[str]) -> str:
    """Return an ASCII text with a space for each of the names, the longest first, in any case and with its genitive.

    The same as a pattern finds; that would have to be compiled for every artifact, which takes longer than all else.
    """
    lowered, wanted = text.lower(), [name.lower() for name in names]
    kept, at = [], 0
    while found := [(place, -len(name)) for name in wanted if (place := _place(lowered, name, at)) >= 0]:
        place, length = min(found)
        kept.append(text[at:place])
        at = place - length
        if lowered[at : at + 2] == "'s" and not _is_word(lowered[at + 2 : at + 3]):
            at += 2
    return " ".join([*kept, text[at:]])


def _place(text: str, name: str, start: int) -> int:
    """Return where a name stands as words of its own, from `start` on, or -1."""
    place, length = text.find(name, start), len(name)
    while place >= 0 and (
        _is_word(text[max(place - 1, 0) : place]) or _is_word(text[place + length : place + length + 1])
    ):
        place = text.find(name, place + 1)
    return place


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _pattern(names: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?:['’]s)?(?!\w)" for name in names), re.IGNORECASE)


def _first_end(text: str) -> int:
    """Return where the first sentence of a text ends, 0 where there is none."""
    start = 0
    for end in chain(ends(text), (len(text),)):
        if piece := text[start:end].rstrip():
            return start + len(piece)
        start = end
    return 0


def _view(
    name: str,
    description: str,
    types: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset()),
    spans: tuple[Span, ...] = (),
    *,
    learned: Learned,
    without: frozenset[str] = frozenset(),
    behind: str = "",
) -> View:
    before = f"{name}. " if name and description else name
    text = before + description
    lead = text[: len(before) + _first_end(description)].rstrip()
    text = f"{text}\n{behind}" if behind else text
    first = pieces(lead)
    rest = pieces(text[len(lead) :])
    speaking = concepts_in(first + rest, without=without)
    words = Words.of(text, len(lead), learned, without)
    short = name or (lead if len(lead.split()) <= _NAME_WORDS else "")
    return View(
        name=name,
        lead=lead,
        text=text,
        key=key_of(name) if name else (),
        numbers=numbers(name),
        leading={concept: at for concept, at in speaking.said.items() if at < len(first)},
        speaking=speaking._replace(inputs=speaking.inputs | types[0], outputs=speaking.outputs | types[1]),
        words=words,
        subjects=subjects(short, words.weights, standing(pieces(short), without=without)),
        products=products(first, rest, without=without),
        spans=spans,
    )
