"""What can be wrong with the numbers and names of a claim: each rule yields faults, with where they stand and why."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from decomposer.records import FlagKind, Support
from decomposer.text.reading import Reading, Said
from decomposer.text.stems import stem
from decomposer.text.synonyms import ABBREVIATIONS
from decomposer.text.terms import Term, terms
from decomposer.text.words import Word, amounts, names, numbers, scopes


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a claim, at `claim[start:end]`; `kind` is None where no flag is to be raised."""

    kind: FlagKind | None
    support: Support
    start: int
    end: int
    note: str


@dataclass(frozen=True, slots=True)
class Case:
    """A claim, what is said for it, and the document; `searched` where evidence was looked for, not given."""

    claim: str
    said: Said
    reading: Reading
    searched: bool = False

    @property
    def whole(self) -> Said | None:
        """The whole document, where the evidence was looked for in it."""
        return self.reading.whole if self.searched else None

    def fault(self, kind: FlagKind | None, word: Word, note: str, *, elsewhere: bool = False) -> Fault:
        """Return a fault; what stands elsewhere in a document that was searched makes a claim partial at worst."""
        if elsewhere:
            return Fault(
                kind, "partial", word.start, word.end, note.replace("not in the cited text", "not in that place")
            )
        return Fault(kind, "unsupported", word.start, word.end, note)


# --- numbers


def number_faults(case: Case) -> Iterator[Fault]:
    """Numbers that the cited text does not give, give in another unit, of other things, or within another limit."""
    for word in claimed_numbers(case.claim):
        written = case.claim[word.start : word.end]
        why = number_fault(word, written, case.said.everything)
        if why:
            elsewhere = case.whole is not None and not number_fault(word, written, case.whole.text)
            yield case.fault("number", word, f"{written}: {why}", elsewhere=elsewhere)
        else:
            yield from _miscounted(case, word)


def claimed_numbers(claim: str) -> list[Word]:
    """Return the numbers of a claim; a small number word is one only where it counts something."""
    return [word for word in numbers(claim) if claim[word.start].isdigit() or word.form not in ("1", "2")]


@lru_cache(maxsize=1024)
def _given(text: str) -> tuple[frozenset[str], dict[str, str], str, frozenset[str]]:
    known = frozenset(word.form for word in numbers(text))
    folded = text.casefold()
    return known, {form.split(" ")[0]: form for form in known}, folded, frozenset(folded.split())


def number_fault(word: Word, written: str, text: str) -> str:
    known, bare, folded, tokens = _given(text)
    number, _, unit = word.form.partition(" ")
    if word.form in known or (not unit and number in bare) or (number in known and _unit_of(unit).search(folded)):
        return ""
    if not unit or unit in "kmbt":
        meant = amounts(word.form)
        if any(meant & amounts(form) for form in known if form.partition(" ")[2] in ("", "k", "m", "b", "t")):
            return ""
    written = written.casefold()
    if written in tokens or re.search(rf"(?<!\d)(?<!\d[.,]){re.escape(written)}(?![.,]?\d)", folded):
        return ""
    return f"the source has {bare[number]}" if number in bare else "not in the cited text"


@lru_cache(maxsize=256)
def _unit_of(unit: str) -> re.Pattern[str]:
    """Return what gives a unit apart from its number, as the header of a column does."""
    return re.compile(r"%|percent" if unit == "%" else rf"(?<![^\W\d_]){re.escape(unit)}s?(?![^\W\d_])")


def _miscounted(case: Case, word: Word) -> Iterator[Fault]:
    """The number is there, but only with other things than the claim counts, or within a limit that the claim drops."""
    number, _, unit = word.form.partition(" ")
    text = case.said.everything
    places = [found for found in numbers(text) if found.form.split(" ")[0] == number]
    written = case.claim[word.start : word.end]
    counts = unit in ("token", "parameter", "language")
    mine = terms(unit) if counts else terms(clause(case.claim[word.end : word.end + 40]))[:1]
    versioned = _VERSIONED.search(case.claim, 0, word.start) is not None
    plain = number.isdigit() and (counts or not unit) and not versioned and "|" not in text
    if places and mine and plain and not any(near(mine[0], terms(_around(text, one))) for one in places):
        others = terms(clause(text[places[0].end : places[0].end + 40]))[:1]
        counted = f": {text[places[0].end :][others[0].start : others[0].end]}" if others else ""
        note = f"{written}: the source counts something else{counted}"
        yield Fault("number", "partial", word.start, word.end, note)
    limits = [_limits(text, one) for one in places]
    if limits and all(limits) and not scopes(case.claim):
        yield Fault("number", "partial", word.start, word.end, f"{written}: the source says up to this")


_VERSIONED = re.compile(r"(?:[A-Z][\w-]*|version) \Z")


def contradictions(text: str, others: Iterable[tuple[str, str]]) -> Iterator[Fault]:
    """Quantities that another text, given with its name, gives differently: the same things, another number."""
    for name, other in others:
        theirs = _quantities(other)
        for counted, (word, number) in _quantities(text).items():
            if counted in theirs and theirs[counted][1] != number:
                found = other[theirs[counted][0].start : theirs[counted][0].end]
                note = f"{text[word.start : word.end]}: {name} says {found}"
                yield Fault("contradiction", "partial", word.start, word.end, note)


def _quantities(text: str) -> dict[tuple[str, ...], tuple[Word, str]]:
    """Return the numbers of a text by what they count or measure; what is counted more than once is left out."""
    found: dict[tuple[str, ...], list[tuple[Word, str]]] = {}
    for word in claimed_numbers(text):
        number, _, unit = word.form.partition(" ")
        after = [term.form for term in terms(clause(text[word.end : word.end + 60]))[:2]]
        if not _VERSIONED.search(text, 0, word.start) and after:
            found.setdefault((unit, *after), []).append((word, number))
    return {counted: places[0] for counted, places in found.items() if len({number for _, number in places}) == 1}


def clause(text: str) -> str:
    return re.split(r"[.,;:!?](?=\s|$)|\n", text, maxsplit=1)[0]


def _around(text: str, word: Word) -> str:
    """Return what stands beside a number, up to the next number on either side."""
    before, after = text[max(0, word.start - 60) : word.start], text[word.end : word.end + 60]
    return re.split(r"\d", before)[-1] + " " + re.split(r"\d", after, maxsplit=1)[0]


def _limits(text: str, word: Word) -> set[str]:
    return {one.form for one in scopes(text[max(0, word.start - 14) : word.start]) if one.form == "up to"}


def near(term: Term, others: Iterable[Term]) -> bool:
    """Return whether one of some words is a form of `term` or means nearly the same."""
    return any(term.form == other.form or term.asks & other.says for other in others)


# --- names


def name_faults(case: Case) -> Iterator[Fault]:
    """Names of products, models, versions and licences that the cited text does not hold."""
    for word in names(case.claim):
        if not _named(word, case.said.everything, case.reading):
            elsewhere = case.whole is not None and _named(word, case.whole.text, case.reading)
            written = case.claim[word.start : word.end]
            yield case.fault("name", word, f"{written}: not in the cited text", elsewhere=elsewhere)


@dataclass(frozen=True, slots=True)
class _Spelled:
    """A text as names are looked for in it."""

    folded: str
    squeezed: str
    words: frozenset[str]
    stems: frozenset[str]


@lru_cache(maxsize=1024)
def _spelled(text: str) -> _Spelled:
    folded = text.casefold()
    words = re.findall(r"[^\W_]+", folded)
    singular = (word.removesuffix("s") for word in words)
    squeezed = re.sub(r"[\W_]+", "", folded)
    return _Spelled(folded, squeezed, frozenset(words).union(singular), frozenset(map(stem, words)))


def _named(word: Word, text: str, reading: Reading) -> bool:
    spelled = _spelled(text)
    parts = [part for part in re.split(r"[\W_]+", word.form) if part]
    if len(word.form) > 3 and (word.form in spelled.folded or "".join(parts) in spelled.squeezed):
        return True
    # a long word may only have been written with a capital, and stand in the text in another form
    if parts and all(part in spelled.words or (len(part) > 5 and stem(part) in spelled.stems) for part in parts):
        return True
    singular = word.form.removesuffix("s")
    if singular in spelled.words:
        return True
    expansions = [*ABBREVIATIONS.get(singular, ()), *reading.abbreviations.get(singular, ())]
    return any(expanded <= spelled.stems for expanded in expansions)


def apart_faults(case: Case) -> Iterator[Fault]:
    """Names and numbers that the claim joins and one sentence of the source gives in different clauses."""
    words = [*claimed_numbers(case.claim), *names(case.claim)]
    for text in case.said.texts if len(words) > 1 and len(case.said.texts) == 1 else ():
        clauses = _CLAUSES.split(text)
        held = [frozenset(word for word in words if _holds(clause, word, case)) for clause in clauses]
        together = frozenset().union(*held)
        if len(clauses) > 1 and len(together) > 1 and not any(one == together for one in held):
            best = max(held, key=len)
            word = min(together - best, key=lambda one: one.start)
            written = case.claim[word.start : word.end]
            yield Fault("name", "partial", word.start, word.end, f"{written}: the source says this of something else")


_CLAUSES = re.compile(r";|(?<=\w),? (?:but|while|whereas)\b|,? and (?=the\b|an?\b|for\b)")


def _holds(clause: str, word: Word, case: Case) -> bool:
    if word.form[0].isdigit() and case.claim[word.start].isdigit():
        return not number_fault(word, case.claim[word.start : word.end], clause)
    return _named(word, clause, case.reading)
