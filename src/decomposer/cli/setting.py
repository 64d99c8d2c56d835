"""Show facts: what holds of each key, or everything that was ever said."""

from typing import Any

from decomposer.cli.output import Shown
from decomposer.publish.markdown import escape
from decomposer.records import Fact, FactKey, Facts

_WIDTHS = (15, 30)
_BY = {"metadata": "metadata", "prices": "a price file", "person": "by hand"}


def fact(key: FactKey, facts: Facts) -> Shown:
    """Return what holds of a key, ready to be written."""
    value, known = facts.shown(key), facts.known.get(key)
    origin = ", ".join(filter(None, (_BY[known.by], known.source, known.as_of))) if known else ""
    plain: dict[str, Any] = {"key": key, "value": None}
    if known:
        plain |= {**known.model_dump(mode="json"), "shown": value}
    return Shown(
        value=lambda: plain,
        table=lambda screen: screen.cells(key, value or "unknown", origin, widths=_WIDTHS),
        md=lambda: f"* {key}: {escape(value or 'unknown')}" + (f" ({escape(origin)})" if origin else ""),
    )


def event(one: Fact) -> Shown:
    """Return one thing that was said, ready to be written."""
    value = one.value or "taken back"
    who = ", ".join(filter(None, (one.actor or _BY[one.by], one.said_at)))
    source = f" ({one.source}, as of {one.as_of})" if one.source else f" (as of {one.as_of})" if one.as_of else ""
    line = f"{one.seq}  {one.key} = {value}{source}, {who}"
    return Shown(
        value=lambda: one.model_dump(mode="json"),
        table=lambda screen: screen.line(line, hang=3),
        md=lambda: f"* {escape(line)}",
    )
