"""The lines of a segment as the extractive model reads them: what is seen, and under which kind of heading."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from decomposer.llm.extractive.vocabulary import ABOUT_USE, ELSEWHERE, INTRODUCES
from decomposer.records import Segment, Unit
from decomposer.text import seen

Place = Literal["use", "elsewhere", "open"]


@dataclass(frozen=True, slots=True)
class Line:
    """A unit with the number that an answer cites it by, its text, its raw source, and where it stands.

    `introduced`: its lead-in promises capabilities. `heads` is the subheading that it is the first sentence under.
    """

    unit: Unit
    number: int
    text: str
    raw: str
    place: Place
    introduced: bool = False
    heads: str = ""


def read(segment: Segment) -> list[Line]:
    """Return the lines of a segment, in order."""
    document = segment.document
    texts = {unit.number: seen(unit, document) for unit in segment.citable()}
    return list(_lines(segment, texts))


def _lines(segment: Segment, texts: dict[int, str]) -> Iterator[Line]:
    places: dict[tuple[int, ...], Place] = {}
    numbers = {unit.number: number for number, unit in segment.numbered()}
    heading: Unit | None = None
    for unit in segment.units:
        path = (*unit.path, unit.number) if unit.kind == "heading" else unit.path
        if path not in places:
            places[path] = _place([texts.get(number, "") for number in path])
        introduced = unit.parent is not None and bool(INTRODUCES.search(texts.get(unit.parent, "")))
        raw = segment.document.text[unit.start : unit.end]
        heads = texts[heading.number] if heading and len(unit.path) > 2 and unit.kind == "sentence" else ""
        heading = unit if unit.kind == "heading" else None
        yield Line(unit, numbers[unit.number], texts[unit.number], raw, places[path], introduced, heads)


def _place(headings: list[str]) -> Place:
    for depth, heading in enumerate(reversed(headings)):
        if len(headings) > 1 and depth == len(headings) - 1:
            break  # the title of the document names the artifact
        if ELSEWHERE.search(heading):
            return "elsewhere"
        if ABOUT_USE.search(heading):
            return "use"
    return "open"
