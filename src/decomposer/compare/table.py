"""Lay two artifacts out in rows: real numbers with their range and date, and unknown where nothing is known."""

from collections.abc import Iterator

from decomposer.records import FactKey, Part, Row, Side
from decomposer.records.kinds import called

_ALWAYS: tuple[tuple[str, FactKey], ...] = (
    ("Pricing", "pricing"), ("Downloads", "downloads"), ("Stars", "stars"), ("Likes", "likes"),
    ("Dependents", "dependents"), ("License", "license"), ("Maintainer", "maintainer"),
    ("Source last changed", "updated"),
)  # fmt: skip
_PRICES: tuple[tuple[str, FactKey], ...] = (
    ("Starting price", "starting_price"), ("Input price", "input_price"), ("Output price", "output_price"),
)  # fmt: skip
_LINKS: tuple[tuple[str, FactKey], ...] = (("Homepage", "homepage"), ("Repository", "repository"))


def rows(a: Side, b: Side) -> tuple[Row, ...]:
    """Return the table: rank and parts, prices where one side has one, figures, what was drafted and reviewed."""
    return tuple(_rows(a, b))


def _rows(a: Side, b: Side) -> Iterator[Row]:
    yield _row("Type", *(called(kind) if (kind := side.facts.text("type")) else None for side in (a, b)))
    yield _row("Rank", *(_out_of(side.rank.points, side.rank.low, side.rank.high, 100) for side in (a, b)))
    for one, other in zip(a.rank.parts, b.rank.parts, strict=True):
        yield _row(one.name.capitalize(), _part(one), _part(other))
    yield _fact("Pricing", "pricing", a, b)
    for label, key in _PRICES:
        if a.facts.text(key) or b.facts.text(key):
            yield _fact(label, key, a, b)
    for label, key in _ALWAYS[1:]:
        yield _fact(label, key, a, b)
    for label, key in _LINKS:
        if a.facts.text(key) or b.facts.text(key):
            yield _fact(label, key, a, b)
    yield _row("Capabilities", f"{a.capabilities:,}", f"{b.capabilities:,}")
    yield _row("Reviewed by a person", *(f"{side.accepted:,} of {side.capabilities:,}" for side in (a, b)))
    yield _row("Times matched", *(_times(side) for side in (a, b)))


def _fact(label: str, key: FactKey, a: Side, b: Side) -> Row:
    row = _row(label, a.facts.shown(key), b.facts.shown(key))
    return row.model_copy(update={"a": _dated(row.a, key, a), "b": _dated(row.b, key, b)})


def _row(label: str, a: str | None, b: str | None) -> Row:
    return Row(label=label, a=a, b=b, differs=None if a is None or b is None else a != b)


def _dated(value: str | None, key: FactKey, side: Side) -> str | None:
    """Return a value that changes with the day of it, where that is known."""
    known = side.facts.known.get(key)
    changes = key not in ("license", "maintainer", "homepage", "repository", "updated", "pricing")
    return f"{value} (as of {known.as_of})" if value and changes and known and known.as_of else value


def _part(part: Part) -> str | None:
    return _out_of(part.points, part.low, part.high, part.most) if part.known else None


def _out_of(points: int, low: int, high: int, most: int) -> str:
    return f"{points}/{most}" + (f" ({low} to {high})" if (low, high) != (points, points) else "")


def _times(side: Side) -> str | None:
    times = next((one for one in side.rank.part("match").inputs if one.name == "times"), None)
    return times.value if times else None
