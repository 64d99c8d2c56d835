"""Divide the shown units of a document into parts that fit one request each."""

from collections.abc import Iterable

from decomposer.records import Document, Segment, Unit
from decomposer.text import excerpt, tokens

BUDGET = 24_000  # tokens of document text in one request
OVERHEAD = 5  # tokens of a unit's number and line end


def divide(document: Document, units: list[Unit], *, budget: int = BUDGET, index: int = 0) -> list[Segment]:
    """Return the segments of the document, each with the context that its units refer to."""
    shown = [unit for unit in units if unit.shown]
    by_number = {unit.number: unit for unit in units}
    parts = _parts(shown, document, budget)
    return [
        Segment(document, tuple(part), _context(part, by_number), index, number, len(parts))
        for number, part in enumerate(parts, start=1)
    ]


def halve(segment: Segment) -> tuple[Segment, Segment] | None:
    """Return the segment as two of about the same size, or None where it holds a single unit."""
    units = segment.units
    if len(units) < 2:
        return None
    middle = _best_cut(units, len(units) // 2, len(units) // 4)
    by_number = {unit.number: unit for unit in segment.citable()}
    first, second = units[:middle], units[middle:]
    return (
        Segment(segment.document, first, segment.context, segment.index, segment.part, segment.parts),
        Segment(segment.document, second, _context(second, by_number), segment.index, segment.part, segment.parts),
    )


def _parts(shown: list[Unit], document: Document, budget: int) -> list[list[Unit]]:
    parts: list[list[Unit]] = []
    part: list[Unit] = []
    costs: list[int] = []
    total = 0
    for unit in shown:
        cost = tokens(excerpt(unit, document)) + OVERHEAD
        if part and total + cost > budget:
            cut = len(part) if unit.kind == "heading" else _best_cut(part, len(part), len(part) // 2)
            parts.append(part[:cut])
            part, costs = part[cut:], costs[cut:]
            total = sum(costs)
        part.append(unit)
        costs.append(cost)
        total += cost
    return [*parts, part] if part else parts


def _best_cut(units: Iterable[Unit], wanted: int, reach: int) -> int:
    """Return the place at or before `wanted` to cut at: before a heading, the highest within `reach` units."""
    units = list(units)
    headings = [at for at in range(max(1, wanted - reach), min(wanted + 1, len(units))) if units[at].kind == "heading"]
    return min(headings, key=lambda at: (units[at].level, -at)) if headings else wanted


def _context(part: Iterable[Unit], by_number: dict[int, Unit]) -> tuple[Unit, ...]:
    part = list(part)
    inside = {unit.number for unit in part}
    needed: set[int] = set(part[0].path)
    for unit in part:
        needed.update(number for number in (unit.parent, unit.header) if number is not None)
    return tuple(
        by_number[number] for number in sorted(needed - inside) if number in by_number and by_number[number].shown
    )
