"""Count what searches find and what came of it, in SQL: the words of a search are kept only where somebody asks."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, Insert, bindparam, delete, insert, select, update

from decomposer.errors import CatalogError, UsageError
from decomposer.records import Matched, Told
from decomposer.store import engine as database
from decomposer.store.search_tables import hits, match_counts, searches
from decomposer.store.tables import insert_missing, plain

KEPT_DAYS = 90
"""How long it is kept which search found what, and its words where they are; counts stay for good."""
LONGEST_COMMENT = 2_000
"""How many characters of a comment are kept."""

_PATIENCE = 0.25  # seconds that a search waits until it may be counted
_MOST_WAITING = 1_000
_PRUNED = 50  # searches that are forgotten with each that is counted, at most
_HIT = re.compile(r"(.{1,80})\.([1-9][0-9]{0,3})")

_NUMBER = select(searches.c.number).where(searches.c.id == bindparam("id"))
_OLD = select(searches.c.number).where(searches.c.at < bindparam("before")).order_by(searches.c.at).limit(_PRUNED)
_FORGET = (
    delete(hits).where(hits.c.search.in_(bindparam("numbers", expanding=True))),
    delete(searches).where(searches.c.number.in_(bindparam("numbers", expanding=True))),
)
_TIMES = select(match_counts.c.capability, match_counts.c.times).where(
    match_counts.c.capability.in_(bindparam("capabilities", expanding=True))
)
_HELD = (
    select(hits.c.search, hits.c.place, hits.c.entry, hits.c.capability, hits.c.outcome)
    .join(searches, searches.c.number == hits.c.search)
    .where(searches.c.id == bindparam("id"), hits.c.place == bindparam("place"))
    .with_for_update(of=hits)
)
_TELL = update(hits).where(hits.c.search == bindparam("its"), hits.c.place == bindparam("at"))
_COLUMNS = {"success": "successes", "failure": "failures"}


@dataclass(frozen=True, slots=True)
class _Search:
    id: str
    at: str
    found: tuple[tuple[str, str], ...]
    need: str | None


class SqlMatchLog:
    """A `MatchLog` in a database opened by `open_database`. `now` gives the time that searches are dated with.

    Capabilities keep their counts as they keep their ids: through rewording, renaming and redrafting. What was merged
    into another record keeps its own; those of the entry count both.
    """

    def __init__(self, engine: Engine, *, now: Callable[[], str] = database.now) -> None:
        self._engine = engine
        self._now = now
        self._waiting: list[_Search] = []
        self._lock = Lock()

    def found(self, search: str, hits: Sequence[tuple[str, str]], *, need: str | None = None) -> dict[str, int]:
        """Count a search and its hits (entry, capability), in order; return how often each capability was found.

        Counted again under its id, a search counts once. Nobody waits for a busy database, and a search is never lost
        for its count: what can't be counted within a quarter of a second waits in memory, at most 1,000 searches, until
        the next one or an outcome comes to this process.
        """
        kept = tuple((plain(entry), plain(capability)) for entry, capability in hits)
        with self._lock:
            self._waiting.append(_Search(plain(search), self._now(), kept, need))
        wanted = [capability for _, capability in kept]
        try:
            self._write_waiting(_PATIENCE)
        except CatalogError:
            return self._expected(wanted)
        with suppress(CatalogError):
            return self.times(wanted)
        return {}

    def tell(self, hit: str, outcome: Told, *, comment: str = "") -> None:
        """Keep what came of a hit, by its id (`SEARCH.N`, N from 1). Told again, the last one holds.

        Raises UsageError where no such hit is known, or for another outcome.
        """
        if outcome not in _COLUMNS:
            raise UsageError(f"an outcome is not {outcome!r}", hint="tell success or failure")
        self._write_waiting(None)
        meant = _HIT.fullmatch(hit)
        with database.writing(self._engine) as connection:
            given = {"id": plain(meant[1]), "place": int(meant[2])} if meant else None
            held = connection.execute(_HELD, given).first() if given else None
            if held is None:
                raise UsageError(
                    f"no search has a hit {hit!r}",
                    hint=f"`match` prints the ids of hits; they are kept for {KEPT_DAYS} days",
                )
            said = {"outcome": outcome, "comment": comment[:LONGEST_COMMENT], "told_at": self._now()}
            connection.execute(_TELL, {"its": held.search, "at": held.place, **said})
            change = Counter({_COLUMNS[outcome]: 1})
            if held.outcome is not None:
                change.subtract([_COLUMNS[held.outcome]])
            if any(change.values()):
                _add(connection, [(held.entry, ""), (held.entry, held.capability)], change)

    def times(self, capabilities: Sequence[str]) -> dict[str, int]:
        """Return how often capabilities were found, by id; those that never were are left out."""
        wanted = sorted({plain(one) for one in capabilities if one})
        with self._engine.connect() as connection:
            counts: Counter[str] = Counter()
            for start in range(0, len(wanted), 500):
                for row in connection.execute(_TIMES, {"capabilities": wanted[start : start + 500]}):
                    counts[row.capability] += row.times
        return {capability: times for capability, times in counts.items() if times}

    def matched(self, entry: str) -> Matched:
        """Return how often searches met an entry, and what came of it."""
        held = select(match_counts).where(match_counts.c.entry == plain(entry), match_counts.c.capability == "")
        with self._engine.connect() as connection:
            row = connection.execute(held).first()
        if row is None:
            return Matched(times=0)
        return Matched(times=row.times, successes=row.successes, failures=row.failures)

    def needs(self, *, limit: int) -> list[tuple[str, str, str]]:
        """Return the kept words of searches, the newest first: when, the id of the search, and the words."""
        kept = select(searches.c.at, searches.c.id, searches.c.need).where(searches.c.need.is_not(None))
        with self._engine.connect() as connection:
            rows = connection.execute(kept.order_by(searches.c.number.desc()).limit(limit)).all()
        return [(row.at, row.id, row.need) for row in rows]

    def _write_waiting(self, patience: float | None) -> None:
        """Count what waits to be. Raises CatalogError, and it goes on waiting, where the database can't be written."""
        with self._lock:
            taken, self._waiting = self._waiting, []
        if not taken:
            return
        try:
            with database.writing(self._engine, patience=patience) as connection:
                self._forget(connection)
                for search in taken:
                    _count(connection, search)
        except BaseException:
            with self._lock:
                self._waiting = [*taken, *self._waiting][-_MOST_WAITING:]
            raise

    def _forget(self, connection: Connection) -> None:
        before = datetime.fromisoformat(self._now()) - timedelta(days=KEPT_DAYS)
        numbers = list(connection.scalars(_OLD, {"before": before.isoformat(timespec="seconds")}))
        for statement in _FORGET if numbers else ():
            connection.execute(statement, {"numbers": numbers})

    def _expected(self, wanted: Iterable[str]) -> dict[str, int]:
        """Return how often capabilities will have been found when what waits is counted, as far as can be known."""
        with self._lock:
            waiting = Counter(one for search in self._waiting for one in {one for _, one in search.found})
        counts: dict[str, int] = {}
        with suppress(CatalogError):
            counts = self.times(list(wanted))
        return {one: counts.get(one, 0) + waiting[one] for one in dict.fromkeys(wanted)}


def _count(connection: Connection, search: _Search) -> None:
    missing: Any = insert_missing(connection, searches)
    if not connection.execute(missing, {"id": search.id, "at": search.at, "need": search.need}).rowcount:
        return
    number = connection.scalar(_NUMBER, {"id": search.id})
    rows = [
        {"search": number, "place": place, "entry": entry, "capability": capability, "comment": ""}
        for place, (entry, capability) in enumerate(search.found, 1)
    ]
    if rows:
        connection.execute(insert(hits), rows)
        met = {*search.found, *((entry, "") for entry, _ in search.found)}
        _add(connection, met, Counter(times=1))


def _add(connection: Connection, keys: Iterable[tuple[str, str]], change: Counter[str]) -> None:
    # In one order, so that no two processes wait for each other.
    counts = {name: change[name] for name in ("times", "successes", "failures")}
    rows = [{"entry": entry, "capability": capability, **counts} for entry, capability in sorted(keys)]
    connection.execute(_adding(connection.dialect.name), rows)


@cache
def _adding(dialect: str) -> Insert:
    upsert: Any
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as upsert
    else:
        from sqlalchemy.dialects.sqlite import insert as upsert
    adding = upsert(match_counts)
    more = {name: match_counts.c[name] + adding.excluded[name] for name in ("times", "successes", "failures")}
    statement: Insert = adding.on_conflict_do_update(index_elements=["entry", "capability"], set_=more)
    return statement
