"""Draw the capabilities of two artifacts as two sets: circles whose areas and overlap are the counts."""

from collections.abc import Iterator
from math import acos, pi, sqrt
from typing import NamedTuple

from markupsafe import Markup

from decomposer.publish.pictures.drawn import (
    FIRST,
    GROUND,
    SECOND,
    WIDTH,
    Box,
    box,
    circle,
    hatched,
    hatched_circle,
    picture,
    text,
)
from decomposer.publish.pictures.lettering import BOLD, SIZE, lines, named, told_apart, width
from decomposer.records import Comparison

_HIGHEST, _WIDEST = 75.0, WIDTH - 8  # of a radius, and of both circles
_TOP, _LINE, _SAMPLE = 26.0, 19.0, 26.0
_APART = 1.1  # how far the middles of sets without overlap are from each other, in sums of their radii
_STEPS = 60
_CLEAR = 0.85
_MOST, _FULL = 6, 3.0
"""A name takes at most so many lines; one that is longer is cut to what surely fits into them, with its count."""
_BOLD = SIZE * BOLD


class Sets(NamedTuple):
    """How many capabilities there are of each kind; of those that both have, A or B covers more in some."""

    only_a: int
    both: int
    only_b: int
    a_broader: int = 0
    b_broader: int = 0


class Circles(NamedTuple):
    """Two circles with their middles on one line, the first at `a`, the second at `b`, in units of the picture."""

    a: float
    b: float
    r_a: float
    r_b: float


def two_sets(comparison: Comparison, *, prefix: str) -> Markup:
    """Return two circles in proportion: what only the first has, what both have, and what only the second has.

    A pair of which one covers more counts once, as something that both have, and is told.
    """
    sets = counted(comparison)
    names = named(comparison.a.name), named(comparison.b.name)
    at = circles(sets)
    titles = _titles(names, sets)
    middle = _TOP + _LINE * (max(map(len, titles)) - 1) + max(at.r_a, at.r_b, 20) + 4
    parts = [*_titled(titles), *_drawn(at, sets, middle)]
    top = middle + max(at.r_a, at.r_b, 20) + 12
    for kind, said in enumerate(_legend(names, sets, shorter=True)):
        parts.append(_sample(kind, top))
        for line in lines(said, WIDTH - _SAMPLE - 8, most=_MOST):
            top += _LINE
            parts.append(text(_SAMPLE + 8, top - 5, line))
        top += 3
    told = f"{'. '.join(_legend(names, sets))}. {_said(sets)}"
    title = f"Capabilities of {names[0]} and {names[1]}, as two sets"
    return picture(parts, prefix=prefix, title=title, told=told, high=top + 4)


def counted(comparison: Comparison) -> Sets:
    """Return how many capabilities are on either side and on both, those that are hidden as equal included."""
    verdicts = [pair.verdict for pair in comparison.shared]
    both = len(verdicts) + comparison.hidden_shared
    broader = verdicts.count("broader"), verdicts.count("narrower")
    return Sets(len(comparison.only_a), both, len(comparison.only_b), *broader)


def circles(sets: Sets) -> Circles:
    """Return circles that fit the picture; their areas and that of their overlap are in proportion to the counts.

    The distance is found by halving: the overlap of two circles shrinks as they are drawn apart. Sets without overlap
    stand apart, an empty one has no radius.
    """
    r_a, r_b = sqrt((sets.only_a + sets.both) / pi), sqrt((sets.only_b + sets.both) / pi)
    away = _distance(r_a, r_b, sets.both)
    left, right = min(-r_a, away - r_b), max(r_a, away + r_b)
    unit = min(_WIDEST / (right - left), _HIGHEST / max(r_a, r_b)) if right > left else 0.0
    start = WIDTH / 2 - (left + right) / 2 * unit
    return Circles(start, start + away * unit, r_a * unit, r_b * unit)


def overlap(r_a: float, r_b: float, away: float) -> float:
    """Return the area that two circles share whose middles are so far away from each other.

    The lens of two circular segments: https://mathworld.wolfram.com/Circle-CircleIntersection.html, equation 14.
    """
    if away >= r_a + r_b:
        return 0.0
    if away <= abs(r_a - r_b):
        return pi * min(r_a, r_b) ** 2
    first = _angle((away**2 + r_a**2 - r_b**2) / (2 * away * r_a))
    second = _angle((away**2 + r_b**2 - r_a**2) / (2 * away * r_b))
    kite = (-away + r_a + r_b) * (away + r_a - r_b) * (away - r_a + r_b) * (away + r_a + r_b)
    return r_a**2 * first + r_b**2 * second - sqrt(max(0.0, kite)) / 2


def _angle(cosine: float) -> float:
    return acos(max(-1.0, min(1.0, cosine)))


def _distance(r_a: float, r_b: float, shared: int) -> float:
    if not shared:
        return (r_a + r_b) * _APART
    near, far = abs(r_a - r_b), r_a + r_b
    for _ in range(_STEPS):
        middle = (near + far) / 2
        near, far = (middle, far) if overlap(r_a, r_b, middle) > shared else (near, middle)
    return (near + far) / 2


# --- drawing


def _drawn(at: Circles, sets: Sets, y: float) -> Iterator[str]:
    for x, r, colour, falling in ((at.a, at.r_a, FIRST, False), (at.b, at.r_b, SECOND, True)):
        if r:
            yield circle(x, y, r, fill=colour, see_through=_CLEAR)
            yield hatched_circle(x, y, r, stroke=colour, falling=falling)
    for x, r, colour, dashed in ((at.a, at.r_a, FIRST, False), (at.b, at.r_b, SECOND, True)):
        if r:
            yield circle(x, y, r, stroke=colour, dashed=dashed)
    if not (at.r_a or at.r_b):
        yield text(WIDTH / 2, y, "no capability on either side", anchor="middle")
    for count, left, right in _rooms(at, sets):
        wide = width(str(count), _BOLD) + 6
        if count and right - left >= wide + 4:
            x = (left + right) / 2
            yield box(Box(x - wide / 2, y - 10, wide, 20), fill=GROUND)
            yield text(x, y + 5, str(count), anchor="middle", bold=True)


def _rooms(at: Circles, sets: Sets) -> Iterator[tuple[int, float, float]]:
    """Yield each count with the ends of its part on the line through both middles, where it is widest."""
    left, right = (at.a - at.r_a, at.a + at.r_a), (at.b - at.r_b, at.b + at.r_b)
    if not sets.both:
        yield sets.only_a, *left
        yield sets.only_b, *right
        return
    yield sets.only_a, *max((left[0], right[0]), (right[1], left[1]), key=_length)
    yield sets.both, max(left[0], right[0]), min(left[1], right[1])
    yield sets.only_b, *max((left[1], right[1]), (right[0], left[0]), key=_length)


def _length(ends: tuple[float, float]) -> float:
    return ends[1] - ends[0]


def _titles(names: tuple[str, str], sets: Sets) -> tuple[list[str], list[str]]:
    """Return what the two are called, with how many each has, in as many lines as each takes beside the other."""
    room = WIDTH / 2 - 8
    a, b = told_apart(*names, _FULL * room, _BOLD)
    counts = sets.only_a + sets.both, sets.only_b + sets.both
    return lines(f"{a}: {counts[0]}", room, _BOLD, most=_MOST), lines(f"{b}: {counts[1]}", room, _BOLD, most=_MOST)


def _titled(titles: tuple[list[str], list[str]]) -> Iterator[str]:
    for shown, x, anchor in zip(titles, (0, WIDTH), ("start", "end"), strict=True):
        for at, line in enumerate(shown):
            yield text(x, 16 + at * _LINE, line, anchor=anchor, bold=True)


def _sample(kind: int, top: float) -> str:
    at = Box(1, top + 1, _SAMPLE - 2, 14)
    colour = (FIRST, FIRST, SECOND)[kind]
    drawn = box(at, fill=colour, see_through=_CLEAR)
    drawn += hatched(at, stroke=FIRST) if kind < 2 else ""
    drawn += hatched(at, stroke=SECOND, falling=True) if kind else ""
    return drawn + box(at, stroke=colour, dashed=kind == 2)


def _legend(names: tuple[str, str], sets: Sets, *, shorter: bool = False) -> Iterator[str]:
    a, b = told_apart(*names, _FULL * (WIDTH - _SAMPLE - 8)) if shorter else names
    more = [f"in {count} that of {name} covers more" for name, count in zip((a, b), sets[3:], strict=True) if count]
    yield f"Only {a}: {sets.only_a}"
    yield f"Both: {sets.both}" + (f" ({', '.join(more)})" if more else "")
    yield f"Only {b}: {sets.only_b}"


def _said(sets: Sets) -> str:
    if sets.both:
        return "The areas are in proportion."
    return "They have nothing in common." if sets.only_a or sets.only_b else "No capability is held of either."
