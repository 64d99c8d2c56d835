"""Write the shapes that pictures are made of as SVG: numbers rounded, texts escaped, no style and no reference."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from math import isfinite, sqrt
from typing import NamedTuple

from markupsafe import Markup

from decomposer.display import one_line
from decomposer.publish.pictures.lettering import SIZE

WIDTH = 360.0
"""How wide every picture is, in its own units."""
INK = "currentColor"
GROUND = "var(--picture-ground, Canvas)"
FIRST, SECOND = "var(--picture-a, currentColor)", "var(--picture-b, currentColor)"

_GAP = 6.0  # between the lines of a hatching
_ID = re.compile(r"[^A-Za-z0-9_-]+")


class Box(NamedTuple):
    """A rectangle: its left, its top, how wide and how high it is."""

    x: float
    y: float
    wide: float
    high: float


def picture(parts: Iterable[str], *, prefix: str, title: str, told: str, high: float) -> Markup:
    """Return a whole picture. `told` says in words what it shows; `prefix` makes its two ids unique on a page."""
    start = _ID.sub("-", prefix) or "picture"
    size = f"{number(WIDTH)} {number(high)}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" role="img" '
        f'aria-labelledby="{start}-title {start}-desc" viewBox="0 0 {size}" width="{number(WIDTH)}" '
        f'height="{number(high)}" font-family="system-ui, sans-serif" font-size="{SIZE}" fill="currentColor">\n'
        f'<title id="{start}-title">{escape(one_line(title))}</title>\n'
        f'<desc id="{start}-desc">{escape(one_line(told))}</desc>\n'
    )
    body = "\n".join(filter(None, parts))
    return Markup(f"{head}{body}\n</svg>\n")  # noqa: S704 - every text in it was escaped


@lru_cache(maxsize=4096)
def number(value: float) -> str:
    """Return a number with at most two decimals. Raises ValueError for one that is no length."""
    if not isfinite(value):
        raise ValueError(f"{value} can't be drawn")
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown in ("-0", "") else shown


def text(x: float, y: float, content: str, *, anchor: str = "start", size: float = SIZE, bold: bool = False) -> str:
    """Return a text whose base line begins, ends or has its middle at a point."""
    how = f' text-anchor="{anchor}"' if anchor != "start" else ""
    how += f' font-size="{number(size)}"' if size != SIZE else ""
    how += ' font-weight="bold"' if bold else ""
    return f'<text x="{number(x)}" y="{number(y)}"{how}>{escape(one_line(content))}</text>'


def box(at: Box, *, fill: str = "none", stroke: str = "none", dashed: bool = False, see_through: float = 0) -> str:
    """Return a rectangle; `see_through` is how much shows through its filling, 0-1."""
    x, y, wide, high = map(number, at)
    look = _look(fill, stroke, dashed, see_through)
    return f'<rect x="{x}" y="{y}" width="{wide}" height="{high}"{look}/>'


def line(points: Iterable[tuple[float, float]], *, stroke: str = INK, thick: float = 1, dash: str = "") -> str:
    """Return a line through points; nothing where there are fewer than two."""
    places = [f"{number(x)},{number(y)}" for x, y in points]
    if len(places) < 2:
        return ""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    drawn = f'<polyline points="{" ".join(places)}" fill="none" stroke="{stroke}"'
    return f'{drawn} stroke-width="{number(thick)}"{dashes}/>'


def circle(
    x: float, y: float, r: float, *, fill: str = "none", stroke: str = "none", dashed: bool = False,
    see_through: float = 0,
) -> str:  # fmt: skip
    """Return a circle."""
    look = _look(fill, stroke, dashed, see_through)
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(r)}"{look}/>'


def mark(shape: str, x: float, y: float) -> str:
    """Return a small mark at a point: a `disc`, a `square`, a `triangle` or a `ring`."""
    if shape in ("disc", "ring"):
        return circle(x, y, 3.5, fill=INK if shape == "disc" else GROUND, stroke=INK)
    if shape == "square":
        return box(Box(x - 3, y - 3, 6, 6), fill=INK)
    places = f"{number(x)},{number(y - 4)} {number(x + 4)},{number(y + 3)} {number(x - 4)},{number(y + 3)}"
    return f'<polygon points="{places}"/>'


def hatched(at: Box, *, stroke: str = INK, falling: bool = False) -> str:
    """Return lines that rise, or fall, across a rectangle."""
    return _moved(at.x, at.y, _across(round(at.wide, 2), at.high, falling), stroke)


def hatched_circle(x: float, y: float, r: float, *, stroke: str = INK, falling: bool = False) -> str:
    """Return lines that rise, or fall, across a circle."""
    return _moved(x, y, _chords(round(r, 2), falling), stroke)


@lru_cache(maxsize=1024)
def _across(wide: float, high: float, falling: bool) -> str:
    pieces = []
    for place in _places(_GAP, wide + high):
        start = max(0.0, place - high), min(place, high)
        end = min(place, wide), max(0.0, place - wide)
        pieces.append([(wide - x, y) if falling else (x, y) for x, y in (start, end)])
    return _path(pieces)


@lru_cache(maxsize=1024)
def _chords(r: float, falling: bool) -> str:
    turn, pieces = (-1 if falling else 1), []
    for place in _places(_GAP, 2 * r):
        away, half = (place - r) / sqrt(2), sqrt(max(0.0, r * r - (place - r) ** 2) / 2)
        pieces.append([(turn * (away - half), away + half), (turn * (away + half), away - half)])
    return _path(pieces)


def _places(gap: float, end: float) -> Iterator[float]:
    yield from (gap * at for at in range(1, int(end / gap) + 1) if gap * at < end)


def _path(pieces: list[list[tuple[float, float]]]) -> str:
    return "".join(f"M{number(a)} {number(b)}L{number(c)} {number(d)}" for (a, b), (c, d) in pieces)


def _moved(x: float, y: float, path: str, stroke: str) -> str:
    place = f'transform="translate({number(x)} {number(y)})"'
    return f'<path {place} d="{path}" stroke="{stroke}" stroke-width="1"/>' if path else ""


def _look(fill: str, stroke: str, dashed: bool, see_through: float) -> str:
    look = f' fill="{fill}"' + (f' fill-opacity="{number(1 - see_through)}"' if see_through else "")
    if stroke == "none":
        return look
    return f'{look} stroke="{stroke}" stroke-width="1.5"' + (' stroke-dasharray="4 3"' if dashed else "")
