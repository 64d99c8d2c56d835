"""Divide the shown units of a document into parts that fit one request each; a change leaves most of them alone."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from decomposer.records import Document, Segment, Unit
from decomposer.text import excerpt, tokens

BUDGET = 24_000  # tokens of document text in one request
OVERHEAD = 5  # tokens of a unit's number and line end
FULL_ENOUGH = 0.55  # of the budget: how full a part has to be before it may end
_NO_HEADING = 7  # below every heading level


def divide(document: Document, units: list[Unit], *, budget: int = BUDGET, index: int = 0) -> list[Segment]:
    """Return the segments of the document, each with the context that its units refer to.

    No part holds more than `budget` tokens, unless a single unit does. Where a part ends is decided by the texts near
    its end alone: after a change the cuts soon fall into step again with those of before.
    """
    shown = [unit for unit in units if unit.shown]
    by_number = {unit.number: unit for unit in units}
    parts = _parts(shown, document, budget)
    return [
        Segment(document, tuple(part), _context(part, by_number), index, number, len(parts))
        for number, part in enumerate(parts, start=1)
    ]


def halve(segment: Segment) -> tuple[Segment, Segment] | None:
    """Return the segment as two of about the same size, or None where it holds a single unit.

    Both keep the number of their part, and with it the way their units are numbered.
    """
    units = segment.units
    if len(units) < 2:
        return None
    middle = _middle(units)
    by_number = {unit.number: unit for unit in segment.citable()}
    first, second, parts = units[:middle], units[middle:], max(2, segment.parts)
    return (
        Segment(segment.document, first, segment.context, segment.index, segment.part, parts),
        Segment(segment.document, second, _context(second, by_number), segment.index, segment.part, parts),
    )


def _middle(units: Sequence[Unit]) -> int:
    """Return the place to halve at: before the highest heading of the second quarter, else in the middle."""
    wanted = len(units) // 2
    headings = [at for at in range(max(1, wanted - len(units) // 4), wanted + 1) if units[at].kind == "heading"]
    return min(headings, key=lambda at: (units[at].level, -at)) if headings else wanted


def _parts(shown: Sequence[Unit], document: Document, budget: int) -> list[Sequence[Unit]]:
    costs = [tokens(excerpt(unit, document)) + OVERHEAD for unit in shown]
    parts: list[Sequence[Unit]] = []
    start = 0
    while start < len(shown):
        end, total, earliest = start, 0, start + 1
        while end < len(shown) and (end == start or total + costs[end] <= budget):
            total += costs[end]
            end += 1
            if total < budget * FULL_ENOUGH:
                earliest = end + 1
        cut = end if end == len(shown) else _cut(shown, document, min(earliest, end), end)
        parts.append(shown[start:cut])
        start = cut
    return parts


def _cut(shown: Sequence[Unit], document: Document, earliest: int, latest: int) -> int:
    """Return where a part ends: before the highest heading, else before the unit whose text has the smallest digest.

    Nothing of this depends on where the part began, only on the texts of the units from `earliest` to `latest`.
    """

    def rank(at: int) -> tuple[bool, int, bytes, int]:
        unit = shown[at]
        left_behind = shown[at - 1].kind == "heading"  # a heading that would stand without its text
        level = unit.level if unit.kind == "heading" else _NO_HEADING
        return left_behind, level, sha256(excerpt(unit, document).encode("utf-8", "surrogatepass")).digest(), -at

    return min(range(earliest, latest + 1), key=rank)


def _context(part: Iterable[Unit], by_number: dict[int, Unit]) -> tuple[Unit, ...]:
    part = list(part)
    inside = {unit.number for unit in part}
    needed: set[int] = set(part[0].path)
    for unit in part:
        needed.update(number for number in (unit.parent, unit.header) if number is not None)
    return tuple(
        by_number[number] for number in sorted(needed - inside) if number in by_number and by_number[number].shown
    )
