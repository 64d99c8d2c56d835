"""Put conditions on records into SQL: every value is a parameter, never text of the statement."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, func, literal, or_, select, type_coerce

from decomposer.errors import UsageError
from decomposer.ports import CONDITIONS, Condition
from decomposer.risk import HIGHEST
from decomposer.store.review_tables import events, queue
from decomposer.store.tables import entries, plain

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_WILD = frozenset("*?")


def restriction(condition: Condition, *, dialect: str, now: str) -> ColumnElement[bool]:
    """Return what holds of the rows of the queue that meet a condition; `now` is in UTC, ISO 8601.

    Raises UsageError for a condition that there is not.
    """
    if condition.operator not in CONDITIONS.get(condition.key, ()):
        written = ", ".join(f"{key}{one}..." for key, operators in CONDITIONS.items() for one in operators)
        raise UsageError(f"{condition.key}{condition.operator}: no condition on records", hint=f"write {written}")
    # What UTF-8 can't hold would else become a question mark, which stands for any character.
    whole = condition.value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    value, operator = plain(whole), condition.operator
    match condition.key:
        case "name":
            return func.lower(queue.c.name).contains(value.lower(), autoescape=True)
        case "age":
            changed = _ago(value, now)
            return queue.c.since < changed if operator == ">" else queue.c.since > changed
        case "risk":
            calm = HIGHEST - int(value)
            return queue.c.calm < calm if operator == ">" else queue.c.calm > calm
        case "prompt" if operator == "<":
            return _older(value)
    holds = _FITS[condition.key](value, dialect)
    return holds if operator == "=" else ~holds


def _globbed(column: ColumnElement[Any], value: str, dialect: str) -> ColumnElement[bool]:
    if not _WILD & set(value):
        return column == value
    if dialect == "sqlite":  # its LIKE does not tell upper from lower case
        return column.op("GLOB", is_comparison=True)(value.replace("[", "[[]"))
    for one in "/%_":
        value = value.replace(one, f"/{one}")
    return column.like(value.replace("*", "%").replace("?", "_"), escape="/")


def _glob(name: str) -> Callable[[str, str], ColumnElement[bool]]:
    return lambda value, dialect: _globbed(queue.c[name], value, dialect)


def _model(value: str, dialect: str) -> ColumnElement[bool]:
    return or_(*(_globbed(queue.c.model, name, dialect) for name in (value, f"openai/{value}")))


def _of_entry(name: str) -> Callable[[str, str], ColumnElement[bool]]:
    def fits(value: str, _dialect: str) -> ColumnElement[bool]:
        this = select(literal(1)).where(entries.c.slug == queue.c.entry, entries.c[name] == value)
        return this.correlate(queue).exists()

    return fits


def _decided_by(reviewer: str) -> ColumnElement[bool]:
    this = events.c.capability == queue.c.id, events.c.entry == queue.c.entry
    holds = select(literal(1)).where(*this, events.c.actor == reviewer, events.c.live)
    return holds.correlate(queue).exists()


def _whether(name: str) -> Callable[[str, str], ColumnElement[bool]]:
    return lambda value, _: queue.c[name] == (value == "yes")


_FITS: dict[str, Callable[[str, str], ColumnElement[bool]]] = {
    **{name: _glob(name) for name in ("id", "entry", "category", "waits", "prompt", "run")},
    "support": lambda value, dialect: func.coalesce(queue.c.support, "") == value,
    "flag": lambda value, dialect: queue.c.flags.contains(f" {value} ", autoescape=True),
    "model": _model,
    "passing": _whether("passing"),
    "flagged": _whether("flagged"),
    "type": _of_entry("type"),
    "kind": _of_entry("kind"),
    "reviewer": lambda value, dialect: _decided_by(value),
}


def _older(release: str) -> ColumnElement[bool]:
    """Return what holds of the released prompts before `release`: those that are v and a lower number."""
    number = release.removeprefix("v").lstrip("0")
    written = func.substr(queue.c.prompt, 2)
    digits = type_coerce(func.ltrim(written, "0"), String)
    shorter = func.length(digits) < len(number)
    lower = and_(func.length(digits) == len(number), digits < number)
    released = and_(queue.c.prompt.startswith("v"), written != "", func.ltrim(written, "0123456789") == "")
    return and_(released, or_(shorter, lower))


def _ago(span: str, now: str) -> str:
    before = datetime.fromisoformat(now) - timedelta(**{_UNITS[span[-1]]: int(span[:-1])})
    return before.isoformat(timespec="seconds")
