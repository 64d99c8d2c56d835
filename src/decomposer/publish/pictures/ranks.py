"""Draw the parts of a rank as bars to their maximum, each with the range that what is unknown leaves open."""

from collections.abc import Iterator

from markupsafe import Markup

from decomposer.publish.pictures.drawn import FIRST, INK, SECOND, WIDTH, Box, box, hatched, line, picture, text
from decomposer.publish.pictures.lettering import SIZE, SMALL, cut, named
from decomposer.records import Part, Rank

_HEAD, _ROW = 28.0, 46.0
_BAR, _BAND = 12.0, 7.0  # how high the bar is, and the range below it
_EDGE = 1.0
_NOTE = 24.0


def rank_bars(rank: Rank, *, prefix: str, name: str = "", second: bool = False) -> Markup:
    """Return the five parts as bars on one scale; `name` is what the artifact is called, else it is its entry.

    A `second` one beside another has the colour of the second set.
    """
    called = named(name or rank.entry)
    most = max((part.most for part in rank.parts), default=0) or 1
    unit = (WIDTH - 2 * _EDGE) / most
    parts = [text(0, 16, _head(rank), bold=True)]
    for at, part in enumerate(rank.parts):
        parts += _part(part, _HEAD + at * _ROW, unit, SECOND if second else FIRST)
    high = _HEAD + len(rank.parts) * _ROW
    parts += _note(high)
    told = f"{_head(rank)}. {'; '.join(map(_label, rank.parts))}. {_SAID}"
    return picture(parts, prefix=prefix, title=f"Rank of {called}: {rank.points} of 100", told=told, high=high + _NOTE)


_SAID = "The hatched range is what the points could be with what is unknown."


def _head(rank: Rank) -> str:
    return f"Rank {rank.points} of 100{_range(rank.low, rank.high)}"


def _label(part: Part) -> str:
    points = f"{part.name.capitalize()} {part.points} of {part.most}{_range(part.low, part.high)}"
    return points if part.known else f"{points}, nothing known"


def _range(low: int, high: int) -> str:
    return f" ({low} to {high})" if low != high else ""


def _part(part: Part, top: float, unit: float, colour: str) -> Iterator[str]:
    """Yield a label, the frame to the maximum, the points in it, and the range below."""
    bar = top + 18
    yield text(0, top + 13, cut(_label(part), WIDTH), size=SIZE)
    if part.points:
        inner = Box(_EDGE, bar, part.points * unit, _BAR)
        # A prior is no measurement: it is only drawn in outline.
        yield box(inner, fill=colour) if part.known else box(inner, stroke=INK, dashed=True)
    yield box(Box(_EDGE, bar, part.most * unit, _BAR), stroke=INK)
    if part.low != part.high:
        band = Box(_EDGE + part.low * unit, bar + _BAR + 2, (part.high - part.low) * unit, _BAND)
        yield hatched(band)
        for x in (band.x, band.x + band.wide):
            yield line([(x, band.y), (x, band.y + band.high)], thick=1.5)


def _note(top: float) -> Iterator[str]:
    sample = Box(_EDGE, top + 7, 24, _BAND)
    yield hatched(sample)
    for x in (sample.x, sample.x + sample.wide):
        yield line([(x, sample.y), (x, sample.y + sample.high)], thick=1.5)
    yield text(32, top + 15, "what it could be with what is unknown", size=SMALL)
