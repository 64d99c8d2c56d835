"""Draw how a catalog grew and what bears it out, by day: a gap where nobody counted, a mark where somebody did."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup

from decomposer.publish.pictures.drawn import line, mark, picture, text
from decomposer.publish.pictures.lettering import SMALL
from decomposer.publish.pictures.scales import brief, rounded_up
from decomposer.records import Day

MOST = 366
"""How many days are drawn at most, the newest."""
_LEFT, _RIGHT, _LABEL = 44.0, 230.0, 241.0
_HEAD, _PLOT, _FOOT = 28.0, 72.0, 14.0
_FAINT = "1 3"
_MARKED = 31  # days up to which each has a mark
_APART = 15.0  # from one label to the next

Figure = Callable[[Day], float | None]


class Row(NamedTuple):
    """What is drawn as one line: its figure by day, how its dashes and marks look, and whether it lasts.

    What lasts is the same until the next day that is given; what does not is unknown on a day that is not given.
    """

    name: str
    of: Figure
    dash: str = ""
    mark: str = "disc"
    lasts: bool = False


class Panel(NamedTuple):
    """Lines on one scale from zero to `top`; where that is 1 they are shares."""

    heading: str
    rows: tuple[Row, ...]
    top: float


def over_time(days: Sequence[Day], *, prefix: str) -> Markup:
    """Return entries, capabilities and shares of the newest days, in three drawings above each other."""
    drawn = sorted(days, key=lambda day: day.day)[-MOST:]
    title = "The catalog over time"
    if not drawn:
        nothing = "No day was counted yet."
        return picture([text(0, 16, nothing)], prefix=prefix, title=title, told=nothing, high=24)
    parts: list[str] = []
    panels = _panels(drawn)
    for at, panel in enumerate(panels):
        parts += _panel(panel, drawn, at * (_HEAD + _PLOT + _FOOT))
    bottom = len(panels) * (_HEAD + _PLOT + _FOOT)
    first, last = drawn[0].day, drawn[-1].day
    ends = ((_LEFT, "start", first), (_RIGHT, "end", last)) if first != last else ((_middle(), "middle", first),)
    parts += [text(x, bottom + 6, day, anchor=anchor, size=SMALL) for x, anchor, day in ends]
    return picture(parts, prefix=prefix, title=title, told=_told(drawn, panels), high=bottom + 14)


def _panels(days: Sequence[Day]) -> tuple[Panel, ...]:
    entries = Row("entries", lambda day: day.entries, lasts=True)
    held = Row("capabilities", lambda day: None if day.counted is None else day.counted.capabilities)
    shares = (
        Row("supported", lambda day: day.supported),
        Row("covered", lambda day: day.covered, "7 3", "square"),
        Row("reviewed", lambda day: day.reviewed, "2 3", "triangle"),
    )
    return (
        Panel("Entries", (entries,), _top(entries, days)),
        Panel("Capabilities held", (held,), _top(held, days)),
        Panel("Supported, covered and reviewed shares", shares, 1.0),
    )


def _top(row: Row, days: Sequence[Day]) -> float:
    return rounded_up(max((value for day in days if (value := row.of(day)) is not None), default=0))


def _panel(panel: Panel, days: Sequence[Day], top: float) -> Iterator[str]:
    """Yield the heading, the ends of the scale, each line, and what each is at its end."""
    base, ceiling = top + _HEAD + _PLOT, top + _HEAD
    yield text(0, top + 16, panel.heading, bold=True, size=SMALL)
    yield line([(_LEFT, base), (_RIGHT, base)])
    yield line([(_LEFT, ceiling), (_RIGHT, ceiling)], dash=_FAINT)
    labels: list[tuple[float, Row, float]] = []
    for row in panel.rows:
        known = [(day, value) for day in days if (value := row.of(day)) is not None]
        if known:
            places = [(_x(day, days), base - value / panel.top * _PLOT) for day, value in known]
            yield from _line(row, [day for day, _ in known], places)
            labels.append((places[-1][1], row, known[-1][1]))
    if not labels:
        yield text(_middle(), base - _PLOT / 2, "not counted yet", anchor="middle", size=SMALL)
        return
    for y, value in ((ceiling, panel.top), (base, 0.0)):
        yield text(_LEFT - 6, y + 4, brief(value) if _single(panel) else f"{value:.0%}", anchor="end", size=SMALL)
    for y, (_, row, value) in zip(_spread([y for y, *_ in labels], base), sorted(labels, key=_height), strict=True):
        if not _single(panel):
            yield mark(row.mark, _LABEL, y - 4)
        said = _figure(value, panel) if _single(panel) else f"{row.name} {_figure(value, panel)}"
        yield text(_LABEL + 8, y, said, size=SMALL, bold=_single(panel))


def _height(label: tuple[float, Row, float]) -> float:
    return label[0]


def _line(row: Row, days: Sequence[Day], places: Sequence[tuple[float, float]]) -> Iterator[str]:
    """Yield the pieces of a line between its gaps, and marks where they are needed to be seen or told apart."""
    pieces: list[list[int]] = []
    for at, day in enumerate(days):
        if at and (row.lasts or _ordinal(day) - _ordinal(days[at - 1]) == 1):
            pieces[-1].append(at)
        else:
            pieces.append([at])
    for piece in pieces:
        path = [places[at] for at in piece]
        yield line(_stepped(path) if row.lasts else path, thick=1.5, dash=row.dash)
    shown = range(len(days)) if len(days) <= _MARKED else {at for one in pieces for at in (one[0], one[-1])}
    for at in sorted(shown):
        yield mark(row.mark, *places[at])


def _stepped(path: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return a line that stays as it is until the day on which it changes."""
    found = list(path[:1])
    for (_, before), (x, y) in pairwise(path):
        found += [(x, before), (x, y)] if y != before else [(x, y)]
    return found


def _spread(wanted: Sequence[float], base: float) -> list[float]:
    """Return where labels stand, from above: as near to `wanted` as they can without touching, and above the base."""
    placed: list[float] = []
    for y in sorted(wanted):
        placed.append(max(y + 4, placed[-1] + _APART) if placed else y + 4)
    lowest = base + 4
    for at in range(len(placed) - 1, -1, -1):
        placed[at] = min(placed[at], lowest)
        lowest = placed[at] - _APART
    return placed


def _x(day: Day, days: Sequence[Day]) -> float:
    first, last = _ordinal(days[0]), _ordinal(days[-1])
    return _LEFT + (_ordinal(day) - first) / (last - first) * (_RIGHT - _LEFT) if last > first else _middle()


def _middle() -> float:
    return (_LEFT + _RIGHT) / 2


def _ordinal(day: Day) -> int:
    return date.fromisoformat(day.day).toordinal()


def _single(panel: Panel) -> bool:
    return len(panel.rows) == 1


def _figure(value: float, panel: Panel) -> str:
    return f"{value:,.0f}" if _single(panel) else _percent(value)


def _percent(share: float) -> str:
    """Return a share for people: nothing but all is 100%, and nothing but none is 0%."""
    if 0.005 <= share < 0.995 or share in (0.0, 1.0):
        return f"{share:.0%}"
    return f"{min(max(share, 0.001), 0.999):.1%}"


def _told(days: Sequence[Day], panels: Sequence[Panel]) -> str:
    """Return the first and the last value of each line, and how many days were counted."""
    said = []
    for panel in panels:
        for row in panel.rows:
            known = [(day.day, value) for day in days if (value := row.of(day)) is not None]
            if not known:
                said.append(f"{row.name}: not counted")
                continue
            (first, one), (last, other) = known[0], known[-1]
            before = f"{_figure(one, panel)} on {first}, " if first != last else ""
            said.append(f"{row.name}: {before}{_figure(other, panel)} on {last}")
    count = sum(day.counted is not None for day in days)
    return (
        f"{'; '.join(said)}. Counted on {count} {'day' if count == 1 else 'days'}; a gap is a day on which nobody did."
    )
