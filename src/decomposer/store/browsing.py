"""Leaf through a catalog in SQL: how much there is of what, and a page of it, of what may be published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, exists, func, not_, or_, select

from decomposer.store.registry_tables import canonicals
from decomposer.store.review_tables import events, queue
from decomposer.store.tables import entries, plain

_SHOWN = ("accepted", "proposed")
_RETIRED = exists().where(
    events.c.entry == entries.c.slug, events.c.live, events.c.op == "retire", events.c.capability == ""
)
_STATES = [entries.c[state] for state in ("proposed", "accepted", "rejected", "retired")]
_THERE: ColumnElement[bool] = or_(
    entries.c.proposed + entries.c.accepted > 0, and_(*(count == 0 for count in _STATES), not_(_RETIRED))
)
_FIRST = func.substr(func.ltrim(entries.c.name), 1, 1)
_BY_NAME = (func.lower(entries.c.name), entries.c.slug)
_RECORD_SHOWN = queue.c.state.in_(_SHOWN)


@dataclass(frozen=True, slots=True)
class Held:
    """How much is published: entries by type and by the first character of their names, records by category.

    `shared` counts the canonical capabilities that several artifacts have.
    """

    types: Mapping[str, int]
    firsts: Mapping[str, int]
    categories: Mapping[str, int]
    entries: int
    records: int
    accepted: int
    shared: int


class SqlBrowse:
    """What a database opened by `open_database` holds, page by page."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def held(self) -> Held:
        """Return how much there is; the time goes with the size of the catalog, at about a second a million records."""
        with self._engine.connect() as connection:

            def counted(column: Any, there: ColumnElement[bool]) -> dict[str, int]:
                rows = connection.execute(select(column, func.count()).where(there).group_by(column))
                return {str(name): int(count) for name, count in rows}

            types = counted(entries.c.type, _THERE)
            states = counted(queue.c.state, _RECORD_SHOWN)
            return Held(
                types=types,
                firsts=counted(_FIRST, _THERE),
                categories=counted(queue.c.category, _RECORD_SHOWN),
                entries=sum(types.values()),
                records=sum(states.values()),
                accepted=states.get("accepted", 0),
                shared=connection.scalar(select(func.count()).where(canonicals.c.artifacts > 1)) or 0,
            )

    def of_type(self, kind: str, *, start: int, most: int) -> list[str]:
        """Return the entries of a type, by name."""
        return self._slugs(entries.c.type == plain(kind), start, most)

    def of_firsts(self, firsts: Sequence[str], *, start: int, most: int) -> list[str]:
        """Return the entries whose names begin with one of some characters, by name."""
        return self._slugs(_FIRST.in_(list(firsts)), start, most)

    def in_category(self, category: str, *, start: int, most: int) -> list[tuple[str, str]]:
        """Return the records of a category as entry and id, by entry."""
        query = select(queue.c.entry, queue.c.id).where(queue.c.category == plain(category), _RECORD_SHOWN)
        query = query.order_by(queue.c.entry, queue.c.id).offset(start).limit(most)
        with self._engine.connect() as connection:
            return [(row.entry, row.id) for row in connection.execute(query)]

    def _slugs(self, meant: ColumnElement[bool], start: int, most: int) -> list[str]:
        query = select(entries.c.slug).where(meant, _THERE).order_by(*_BY_NAME).offset(start).limit(most)
        with self._engine.connect() as connection:
            return list(connection.scalars(query))
