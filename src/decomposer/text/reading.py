"""A document read once for judging claims: what each unit says, what stands around it, and how rare its words are."""

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from decomposer.records import Document, FlagKind, Unit
from decomposer.text.addressed import addressed
from decomposer.text.terms import Bag, abbreviations, bag, union
from decomposer.text.visible import seen

SAMPLE = 4000  # characters


@dataclass(frozen=True, slots=True)
class Said:
    """What some units say themselves, and what stands around them: headings, table header, lead-in."""

    texts: tuple[str, ...]
    around: str
    own: Bag
    context: Bag
    refused: tuple[tuple[FlagKind, str], ...] = ()
    referenced: bool = False  # something beyond the document is linked or named for it

    @property
    def text(self) -> str:
        """What the units say themselves."""
        return " ".join(self.texts)

    @property
    def everything(self) -> str:
        """What the units say, after what stands around them."""
        return f"{self.around} {self.text}"


_REFERENCE = re.compile(r"\]\(https?:|<a\s|https?://|\bet al\b|arxiv|\[\d+\]|\bleaderboard\b", re.IGNORECASE)


class Reading:
    """A document and all of its units in order. Nothing is worked out before it is asked for."""

    def __init__(self, document: Document, units: Sequence[Unit]) -> None:
        self.document = document
        self.units = units
        self._texts: dict[int, str] = {}
        self._bags: dict[int, Bag] = {}
        self._refused: dict[int, tuple[FlagKind, str] | None] = {}

    # --- what a unit says

    def at(self, start: int) -> Unit | None:
        """Return the unit that begins at an offset of the document."""
        found = bisect_left(self.units, start, key=lambda unit: unit.start)
        return self.units[found] if found < len(self.units) and self.units[found].start == start else None

    def text(self, unit: Unit) -> str:
        """Return what a reader sees of a unit."""
        if unit.number not in self._texts:
            self._texts[unit.number] = seen(unit, self.document)
        return self._texts[unit.number]

    def bag(self, unit: Unit) -> Bag:
        """Return the words of a unit."""
        if unit.number not in self._bags:
            self._bags[unit.number] = bag(self.text(unit))
        return self._bags[unit.number]

    def refused(self, unit: Unit) -> tuple[FlagKind, str] | None:
        """Return why a unit supports nothing, hidden or addressed to the model; None where it may support."""
        if unit.number not in self._refused:
            why: tuple[FlagKind, str] | None = None
            if not unit.shown:
                why = ("hidden_source", "a reader does not see the cited text")
            elif addressed(self.text(unit)):
                why = ("instruction_like", "the cited text addresses the model that reads it")
            self._refused[unit.number] = why
        return self._refused[unit.number]

    def said(self, units: Iterable[Unit], *, quotes: Iterable[str] = ()) -> Said:
        """Return what units say, and quotes that are no unit. Hidden text, and orders to the model, say nothing."""
        cited = list(units)
        refused = [why for unit in cited for why in [self.refused(unit)] if why]
        good = [unit for unit in cited if not self.refused(unit)]
        texts = [self.text(unit) for unit in good]
        bags = [self.bag(unit) for unit in good]
        for quote in quotes:
            if addressed(quote):
                refused.append(("instruction_like", "the cited text addresses the model that reads it"))
            else:
                texts.append(quote)
                bags.append(bag(quote))
        numbers = sorted({number for unit in good for number in self._context(unit)} - {unit.number for unit in good})
        above = [unit for unit in map(self._numbered, numbers) if unit and not self.refused(unit)]
        around = " ".join(map(self.text, above))
        why = tuple(dict.fromkeys(refused))
        return Said(tuple(texts), around, union(bags), union(map(self.bag, above)), why, any(map(self._refers, good)))

    def _refers(self, unit: Unit) -> bool:
        return _REFERENCE.search(self.document.text, unit.start, unit.end) is not None

    def _numbered(self, number: int | None) -> Unit | None:
        found = bisect_left(self.units, number or 0, key=lambda unit: unit.number)
        return self.units[found] if found < len(self.units) and self.units[found].number == number else None

    def _context(self, unit: Unit | None) -> Iterator[int]:
        while unit is not None:
            yield from unit.path
            if unit.header is not None:
                yield unit.header
            unit = self._numbered(unit.parent)
            if unit is not None:
                yield unit.number

    # --- the document as a whole

    @cached_property
    def citable(self) -> list[Unit]:
        """The units that may support a claim."""
        return [unit for unit in self.units if not self.refused(unit)]

    @cached_property
    def whole(self) -> Said:
        """Everything that a reader may know from the document, front matter and left-out parts included."""
        open_to_all = [
            unit for unit in self.units if unit.hidden in (None, "collapsed") and not addressed(self.text(unit))
        ]
        text = "\n".join(map(self.text, open_to_all))
        return Said((text,), "", union(map(self.bag, open_to_all)), Bag())

    @cached_property
    def prose(self) -> str:
        """The beginning of what the document says in words: what shows its script."""
        found: list[str] = []
        length = 0
        for unit in self.units:
            if length > SAMPLE:
                break
            if unit.shown and unit.kind != "code":
                found.append(self.text(unit))
                length += len(found[-1])
        return " ".join(found) or self.document.text[:SAMPLE]

    @cached_property
    def abbreviations(self) -> dict[str, list[frozenset[str]]]:
        """The abbreviations that the document expands, with the stems of what they stand for."""
        return abbreviations(self.document.text)

    @cached_property
    def places(self) -> tuple[dict[str, list[int]], dict[int, list[int]]]:
        """Where in `citable` a stem stands, and where a group of near words is answered; what stands around counts."""
        by_form: dict[str, list[int]] = defaultdict(list)
        by_group: dict[int, list[int]] = defaultdict(list)
        around: dict[tuple[int, ...], Bag] = {}
        for place, unit in enumerate(self.citable):
            numbers = tuple(sorted(set(self._context(unit))))
            if numbers not in around:
                around[numbers] = union(
                    self.bag(one) for one in map(self._numbered, numbers) if one and not self.refused(one)
                )
            both = self.bag(unit) | around[numbers]
            for form in both.forms:
                by_form[form].append(place)
            for group in both.says:
                by_group[group].append(place)
        return dict(by_form), dict(by_group)

    def rarity(self, form: str) -> float:
        """Return how much a stem tells, 0 to 1: 1 for one that stands in one unit or none, 0 for one in every unit."""
        count = len(self.places[0].get(form, ()))
        every = len(self.citable)
        return 1.0 if count <= 1 or every <= 1 else 1.0 - math.log(count) / math.log(every + 1)


class _Same:
    """A sequence as a key: the same object, not an equal one."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = units

    def __hash__(self) -> int:
        return id(self.units)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.units is other.units


@lru_cache(maxsize=8)
def _read(document: Document, units: _Same) -> Reading:
    return Reading(document, units.units)


def read(document: Document, units: Sequence[Unit]) -> Reading:
    """Return the reading of a document and its units, made once for the same two."""
    return _read(document, _Same(units))
