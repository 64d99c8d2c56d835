"""Write some units of a document as a short Markdown document that shows them alike, and nothing else."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from decomposer.records import Document, Unit
from decomposer.segment import units_of
from decomposer.text import excerpt, seen
from decomposer.text.addressed import addressed

_MARKUP = re.compile(r"([\\`*_\[\]<>&#|~!+\-.()])")
_WRITTEN = ("heading", "item", "row", "code", "sentence")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A Markdown text, and by the number of each unit in the source its number in the text."""

    text: str
    numbers: Mapping[int, int]


def cut_out(document: Document, units: Sequence[Unit], wanted: Collection[int]) -> Excerpt | None:
    """Return the units of these numbers, with the headings, items and table headers that they stand under.

    None where Markdown can't show them as the document does, or where one is not shown or addresses the model.
    """
    by_number = {unit.number: unit for unit in units}
    chosen = [by_number[number] for number in sorted(_with_those_above(by_number, wanted))]
    if not all(_may_stand(unit, document) for unit in chosen):
        return None
    text = "\n".join(_lines(chosen, document)).strip() + "\n"
    made = Document(uri="excerpt.md", text=text, media_type="text/markdown", sha256="")
    written = units_of(made)
    alike = [(unit.kind, excerpt(unit, made)) for unit in written if unit.shown]
    if len(written) != len(alike) or alike != [(unit.kind, excerpt(unit, document)) for unit in chosen]:
        return None
    return Excerpt(text, {unit.number: other.number for unit, other in zip(chosen, written, strict=True)})


def neighbours(document: Document, units: Sequence[Unit], wanted: Collection[int], taken: Collection[int]) -> list[int]:
    """Return the numbers of the shown units right behind those wanted that nothing cites, `taken` being what is cited.

    Each stands under the same heading as the one before it, and needs nothing above it that is not wanted.
    """
    by_number = {unit.number: unit for unit in units}
    inside = _with_those_above(by_number, wanted)
    shown = [unit for unit in units if unit.shown]
    found = []
    for unit, behind in pairwise(shown):
        needed = _above(behind)
        free = behind.number not in inside and behind.number not in taken and behind.kind not in ("heading", "code")
        if unit.number in wanted and free and needed <= inside and behind.path == unit.path:
            found += [behind.number] if _may_stand(behind, document) else []
    return found


def _above(unit: Unit) -> set[int]:
    return {number for number in (*unit.path, unit.parent, unit.header) if number is not None}


def _with_those_above(by_number: Mapping[int, Unit], wanted: Collection[int]) -> set[int]:
    found: set[int] = set()
    left = [number for number in wanted if number in by_number]
    while left:
        number = left.pop()
        if number not in found and number in by_number:
            found.add(number)
            left += [above for above in _above(by_number[number]) if above in by_number and by_number[above].shown]
    return found


def _may_stand(unit: Unit, document: Document) -> bool:
    """Say whether a unit is shown whole, and is no order to the model."""
    text = excerpt(unit, document)
    return unit.shown and unit.kind in _WRITTEN and text == seen(unit, document) and not addressed(text)


def _lines(chosen: Sequence[Unit], document: Document) -> Iterator[str]:
    before: Unit | None = None
    for unit in chosen:
        text = excerpt(unit, document)
        if before is None or not _goes_on(before, unit):
            yield ""
        yield from _written(unit, text)
        if unit.kind == "row" and unit.header is None:
            yield "|" + " --- |" * (text.count(" | ") + 1)
        before = unit


def _goes_on(before: Unit, unit: Unit) -> bool:
    """Say whether a unit is in the same list or table as the one before it."""
    if unit.kind == "row":
        return before.kind == "row" and unit.header == (before.header or before.number)
    return unit.kind == before.kind == "item"


def _written(unit: Unit, text: str) -> Iterator[str]:
    match unit.kind:
        case "heading":
            yield f"{'#' * unit.level} {_plain(text)}"
        case "item":
            yield f"{'  ' * (unit.level - 1)}- {_plain(text)}"
        case "row":
            yield f"| {' | '.join(_plain(cell) for cell in text.split(' | '))} |"
        case "code":
            fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
            yield from (fence, text, fence)
        case _:
            yield _plain(text)


def _plain(text: str) -> str:
    """Return Markdown that reads as this text: as it is where that does, else with its signs escaped."""
    made = Document(uri="line.md", text=text, media_type="text/markdown", sha256="")
    as_it_is = [(unit.kind, excerpt(unit, made)) for unit in units_of(made)]
    return text if as_it_is == [("sentence", text)] else _MARKUP.sub(r"\\\1", text)
