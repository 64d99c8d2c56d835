"""Draw what artifacts cost beside how many capabilities are held of them: a line each, unknown prices never as zero.

A quotient of the two is not drawn: how many capabilities are held depends on how much a source says, and what a token
costs does not. So the price is a place on a scale, and the capabilities stand beside it as a number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from decomposer.publish.pictures.drawn import FIRST, INK, WIDTH, circle, line, mark, picture, text
from decomposer.publish.pictures.lettering import SMALL, cut, lines, named, width
from decomposer.publish.pictures.scales import Scale, brief, scale
from decomposer.records import Facts, Price

MOST = 40
"""How many lines are drawn at most; how many more there are is told."""
FREE = 10
"""How many of them may be of what is free, where prices need the rest."""
_NAMED = 20  # how many of those whose price is unknown are named
_ROW, _AXIS, _LEFT, _RIGHT = 38.0, 34.0, 6.0, WIDTH - 8
_UNKNOWN_LINES = 4


@dataclass(frozen=True, slots=True)
class Priced:
    """What an artifact costs to start with, None where that is unknown, and how many capabilities are held of it.

    `free` says that it can be used without paying, None where nobody knows.
    """

    name: str
    capabilities: int
    price: Price | None = None
    free: bool | None = None

    @classmethod
    def of(cls, name: str, facts: Facts, capabilities: int) -> "Priced":
        """Return what is known: the starting price, else that of input."""
        return cls(name, capabilities, facts.price("starting_price") or facts.price("input_price"), facts.free)


def price_per_capability(rows: Sequence[Priced], *, prefix: str) -> Markup:
    """Return what is free in a lane of its own, then a line for each price, the cheapest first, by unit.

    The scale of a unit begins at zero; it has powers of ten where its prices lie over a hundred times apart. Artifacts
    whose price is unknown are listed below.
    """
    free, priced, unknown = sorted_out(rows)
    shown = [*free[: max(FREE, MOST - len(priced))], *priced][:MOST]
    parts, high = [], 0.0
    for heading, group in groupby(shown, key=_heading):
        more, high = _section(heading, list(group), high)
        parts += more
    left = len(free) + len(priced) - len(shown)
    rest = [f"{left:,} more are not drawn."] if left else []
    rest += [_unknown(unknown)] if unknown else []
    parts += [] if parts else [text(0, 16, "No price is known.", bold=True)]
    high = max(high, 24)
    for said in rest:
        for written in lines(said, WIDTH, SMALL, most=_UNKNOWN_LINES):
            high += 16
            parts.append(text(0, high, written, size=SMALL))
    told = f"{'; '.join(map(_said, shown)) or 'No price is known'}. {' '.join(rest)}"
    return picture(parts, prefix=prefix, title="Price beside number of capabilities", told=told, high=high + 8)


def sorted_out(rows: Sequence[Priced]) -> tuple[list[Priced], list[Priced], list[Priced]]:
    """Return what is free, what has a price, by unit and from the cheapest on, and what nobody knows a price of.

    A price of zero is free, and so is what can be used without paying and names no price; else the price is drawn.
    """
    by = sorted(rows, key=lambda one: (-one.capabilities, one.name))
    free = [one for one in by if (one.free and one.price is None) or (one.price and not one.price.amount)]
    priced = [one for one in by if one.price and one.price.amount]
    units = [one.price.unit for one in priced if one.price]
    often = sorted(dict.fromkeys(units), key=lambda unit: -units.count(unit))
    priced.sort(key=lambda one: (often.index(one.price.unit), one.price.amount) if one.price else (0, 0))
    return free, priced, [one for one in by if one.price is None and not one.free]


def _heading(one: Priced) -> str:
    return f"Price for {one.price.unit}" if one.price and one.price.amount else "Can be used without paying"


def _unknown(rows: Sequence[Priced]) -> str:
    names = ", ".join(f"{named(one.name)} ({one.capabilities})" for one in rows[:_NAMED])
    return f"Price unknown: {names}" + (f", and {len(rows) - _NAMED:,} more" if len(rows) > _NAMED else "")


def _section(heading: str, rows: Sequence[Priced], top: float) -> tuple[list[str], float]:
    """Return the drawn lines of a lane below `top`, and where they end."""
    parts = [text(0, top + 16, heading, bold=True)]
    amounts = [float(one.price.amount) for one in rows if one.price and one.price.amount]
    by, high = scale(amounts), top + 24 + len(rows) * _ROW
    if amounts:
        parts += _axis(by, high)
    for at, one in enumerate(rows):
        parts += _row(one, by, top + 24 + at * _ROW)
    return parts, high + (_AXIS if amounts else 8)


def _row(one: Priced, by: Scale, top: float) -> Iterator[str]:
    count = _count(one.capabilities)
    said = f"{one.price.shown().partition(' / ')[0]}, {count}" if one.price and one.price.amount else count
    yield text(0, top + 14, cut(named(one.name), WIDTH - width(said, SMALL) - 10))
    yield text(WIDTH, top + 14, said, anchor="end", size=SMALL)
    y = top + 25
    if one.price is None or not one.price.amount:
        yield mark("ring", _LEFT, y)
        return
    x = _x(by, float(one.price.amount))
    yield line([(_LEFT, y), (x, y)], stroke=INK, thick=1, dash="1 3")
    yield circle(x, y, 5, fill=FIRST)


def _axis(by: Scale, bottom: float) -> Iterator[str]:
    """Yield the scale below the lines, with as many of its figures as there is room for."""
    yield line([(_LEFT, bottom), (_RIGHT, bottom)])
    first, *middle, last = by.marks
    end = _LEFT + width(_dollars(first), SMALL)
    yield text(_LEFT, bottom + 17, _dollars(first), size=SMALL)
    yield text(_RIGHT, bottom + 17, _dollars(last), anchor="end", size=SMALL)
    for value in by.marks:
        x, half = _x(by, value), width(_dollars(value), SMALL) / 2 + 4
        yield line([(x, bottom), (x, bottom + 4)])
        if value in middle and x - half > end and x + half < _RIGHT - width(_dollars(last), SMALL):
            yield text(x, bottom + 17, _dollars(value), anchor="middle", size=SMALL)
            end = x + half
    if by.log:
        yield text(WIDTH, bottom + 30, "each step is ten times or more", anchor="end", size=SMALL)


def _x(by: Scale, value: float) -> float:
    return _LEFT + by.place(value) * (_RIGHT - _LEFT)


def _dollars(value: float) -> str:
    shown = brief(value)
    whole, _, rest = shown.partition(".")
    return f"${whole}.{rest.ljust(2, '0')}" if rest.isdecimal() else f"${shown}"


def _count(capabilities: int) -> str:
    return f"{capabilities} {'capability' if capabilities == 1 else 'capabilities'}"


def _said(one: Priced) -> str:
    price = one.price.shown() if one.price and one.price.amount else "free"
    return f"{named(one.name)} {price}, {_count(one.capabilities)}"
