"""Show the days of a catalog to people, and as data."""

from typing import TYPE_CHECKING, Any

from decomposer.cli.output import Shown
from decomposer.cli.screen import Screen

if TYPE_CHECKING:
    from decomposer.records import Day

_WIDTHS = (10, 8, 13, 9, 7, 8, 9)
_HEADS = ("day", "entries", "capabilities", "supported", "covered", "reviewed", "accepted", "rejected")
_UNKNOWN = "-"


def shown(day: "Day", *, first: bool) -> Shown:
    """Return a day ready to be written; the first has the heads of the columns above it."""
    return Shown(
        value=lambda: _value(day),
        table=lambda screen: _table(day, screen, first=first),
        md=lambda: _md(day, first=first),
    )


def _table(day: "Day", screen: Screen, *, first: bool) -> None:
    if first:
        screen.cells(*_HEADS, widths=_WIDTHS, style="bold")
    screen.cells(*_cells(day), widths=_WIDTHS)


def _md(day: "Day", *, first: bool) -> str:
    head = f"| {' | '.join(_HEADS)} |\n|{' --- |' * len(_HEADS)}\n" if first else ""
    return f"{head}| {' | '.join(_cells(day))} |"


def _cells(day: "Day") -> tuple[str, ...]:
    counted = f"{day.counted.capabilities:,}" if day.counted else _UNKNOWN
    shares = (_share(share) for share in (day.supported, day.covered, day.reviewed))
    return (day.day, f"{day.entries:,}", counted, *shares, f"{day.accepted:,}", f"{day.rejected:,}")


def _share(share: float | None) -> str:
    return _UNKNOWN if share is None else f"{share:.1%}"


def _value(day: "Day") -> dict[str, Any]:
    shares = {"supported": day.supported, "covered": day.covered, "reviewed": day.reviewed}
    return {**day.model_dump(mode="json"), "shares": shares if day.counted else None}
