"""Days in SQL: what the catalog holds is counted streaming when somebody asks, and kept as a row a day."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, exists, func, insert, not_, select

from decomposer.errors import CatalogError
from decomposer.records import FIELDS, Counted, Day
from decomposer.records.facts import day as day_of
from decomposer.store import engine as database
from decomposer.store.days_tables import days
from decomposer.store.facts_tables import facts
from decomposer.store.review_tables import events, queue
from decomposer.store.tables import capabilities, entries

_BLOCK = 1000  # rows fetched at a time when streaming
_SUPPORTS = ("supported", "partial", "unsupported", "vendor_claim")
_SHOWN = ("accepted", "proposed")
_OTHERS = (entries.c.proposed, entries.c.accepted, entries.c.rejected)
_NONE_BUT_RETIRED = and_(entries.c.retired > 0, *(column == 0 for column in _OTHERS))
_NOTHING_HELD = and_(entries.c.retired == 0, *(column == 0 for column in _OTHERS))
_SAID_TO_BE = exists().where(
    events.c.entry == entries.c.slug, events.c.live, events.c.op == "retire", events.c.capability == ""
)
_THERE: ColumnElement[bool] = not_(_NONE_BUT_RETIRED | (_NOTHING_HELD & _SAID_TO_BE))
_RECORDS = (
    select(capabilities.c.data, queue.c.state, queue.c.disputed, queue.c.dropped)
    .join(queue, (queue.c.entry == capabilities.c.entry) & (queue.c.id == capabilities.c.id))
    .where(queue.c.state.in_(_SHOWN))
)


class SqlDays:
    """The `DayLog` of a database opened by `open_database`. `now` gives the time at which is counted."""

    def __init__(self, engine: Engine, *, now: Callable[[], str] = database.now) -> None:
        self._engine = engine
        self._now = now

    def count(self, today: str) -> Day:
        """Return what the catalog is now and keep it as that day; it is read again only where it has changed since.

        The records are read once, streaming; a damaged one is left out. A catalog that has not changed since an earlier
        day is what it was then. Where the database can't be written, the day is returned and not kept.
        """
        began = self._now()
        with self._engine.connect() as connection:
            last = connection.execute(select(days).order_by(days.c.counted_at.desc()).limit(1)).first()
            newest = connection.scalar(select(func.max(entries.c.updated))) or ""
            same = last._asdict() if last is not None and newest < last.counted_at else None
            if same and same["day"] == today:
                return _day(same)
            row = (same or _counted(connection)) | {"day": today, "counted_at": began}
        self._keep(row)
        return _day(row)

    def days(self, today: str) -> list[Day]:
        """Return the days up to today of which something is known, in order.

        On a day when nobody counted, the entries are those of today that were stored by then, and the rest is unknown.
        """
        with self._engine.connect() as connection:
            counted = {row.day: row._asdict() for row in connection.execute(select(days))}
            added = _added(connection)
            decided = _decided(connection)
        found, there = [], 0
        for day in sorted({*counted, *added, *decided}):
            there += added[day]
            if day <= today:
                one = _day(counted[day]) if day in counted else Day(day=day, entries=there)
                found.append(one.model_copy(update=decided.get(day, {})))
        return found

    def _keep(self, row: dict[str, Any]) -> None:
        try:
            with database.writing(self._engine) as connection:
                connection.execute(delete(days).where(days.c.day == row["day"]))
                connection.execute(insert(days), row)
        except CatalogError:
            return  # a database that can't be written can still be asked


def _day(row: dict[str, Any]) -> Day:
    held = {name: row[name] for name in Counted.model_fields}
    return Day(day=row["day"], entries=row["entries"], counted=Counted(**held))


def _counted(connection: Connection) -> dict[str, Any]:
    """Return the counts of a row: all of them are of one moment."""
    shown = entries.c.proposed + entries.c.accepted > 0
    there = select(func.count()).select_from(entries).where(_THERE)
    counts: Counter[str] = Counter(entries=connection.scalar(there) or 0)
    counts["covered"] = connection.scalar(there.where(shown)) or 0
    for row in connection.execution_options(yield_per=_BLOCK).execute(_RECORDS):
        counts["capabilities"] += 1
        counts["reviewed"] += row.state == "accepted" and not row.disputed
        counts.update(_supports(row.data, row.dropped.split()))
    return {name: counts[name] for name in ("entries", *Counted.model_fields)}


def _supports(data: str, dropped: list[str]) -> Iterator[str]:
    """Yield the support of every sentence of a record, less the fields that a person left out."""
    try:
        held = from_json(data)
        said = [held[field] for field in FIELDS if field not in dropped and held.get(field)]
        found = [one["support"] for statement in said for one in statement.get("sentences") or [statement]]
    except (ValueError, TypeError, AttributeError, KeyError):
        return  # damaged: reading it by name says so
    yield from (support for support in found if support in _SUPPORTS)


def _added(connection: Connection) -> Counter[str]:
    """Return how many of the entries that there are were first stored on each day."""
    first = (
        select(func.min(facts.c.said_at).label("at"))
        .join(entries, entries.c.slug == facts.c.entry)
        .where(facts.c.by == "metadata", _THERE)
        .group_by(facts.c.entry)
        .subquery()
    )
    day = func.substr(first.c.at, 1, 10)
    rows = connection.execute(select(day, func.count()).group_by(day)).all()
    return Counter({known: count for text, count in rows if (known := _known(text))})


def _decided(connection: Connection) -> dict[str, dict[str, int]]:
    """Return how many records were accepted and rejected on each day, by decisions that still hold."""
    day, ops = func.substr(events.c.decided_at, 1, 10), {"accept": "accepted", "reject": "rejected"}
    query = select(day, events.c.op, func.count()).where(events.c.live, events.c.field == "state")
    found: dict[str, dict[str, int]] = {}
    for text, op, count in connection.execute(query.where(events.c.op.in_(ops)).group_by(day, events.c.op)):
        if known := _known(text):
            found.setdefault(known, {})[ops[op]] = count
    return found


def _known(text: str) -> str:
    """Return a day, or nothing for what is none: decisions may come from elsewhere."""
    try:
        return day_of(text)
    except ValueError:
        return ""
