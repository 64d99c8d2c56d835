"""The catalog in SQL: entries, their documents and the decisions about them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import count, groupby, islice
from json import loads
from typing import Any, get_args

from sqlalchemy import Connection, Engine, Row, and_, case, delete, insert, or_, select, update

from decomposer.errors import CatalogError
from decomposer.ports import Change, Listing
from decomposer.records import Decision, Entry, Source, State
from decomposer.store import engine as database
from decomposer.store.tables import capabilities, decisions, documents, entries, insert_missing, json_text

_STATES: tuple[State, ...] = get_args(State)
_BLOCK = 200  # rows fetched at a time when streaming
_NAMELESS = ("", "-")  # sources that say nothing about where a text came from, such as stdin

_WHOLE = (
    select(entries.c.slug, entries.c.data, capabilities.c.data.label("capability"))
    .outerjoin(capabilities, capabilities.c.entry == entries.c.slug)
    .order_by(entries.c.slug, capabilities.c.position)
)


class SqlCatalog:
    """A `Catalog` in a database opened by `open_database`. `now` gives the time that changes are dated with."""

    def __init__(self, engine: Engine, *, now: Callable[[], str] = database.now) -> None:
        self._engine = engine
        self._now = now

    def find(self, slug: str) -> Entry | None:
        """Return the entry, or None."""
        with self._engine.connect() as connection:
            return _find(connection, slug)

    def listings(self, *, limit: int | None = None) -> Iterator[Listing]:
        """Yield the entries by slug, streaming."""
        with self._engine.connect() as connection:
            query = select(entries).order_by(entries.c.slug).limit(limit)
            for row in connection.execution_options(yield_per=_BLOCK).execute(query):
                states = {state: getattr(row, state) for state in _STATES}
                yield Listing(row.slug, row.name, row.type, row.kind, row.source, states, row.updated)

    def entries(self) -> Iterator[Entry]:
        """Yield whole entries by slug, streaming."""
        with self._engine.connect() as connection:
            yield from _read(connection.execution_options(yield_per=_BLOCK).execute(_WHOLE))

    def revise(self, source: Source, change: Change) -> Entry:
        """Store and return `change(previous entry or None, slug)` in one transaction, with the documents' texts.

        The previous entry is the one recorded with the same source, or the same first document: its address, or its
        slug and content. Raises CatalogError where `change` returns an entry of another slug.
        """
        with database.writing(self._engine) as connection:
            slug, previous = self._claim(connection, source)
            entry = change(previous, slug)
            self._store(connection, slug, entry)
            connection.execute(update(entries).where(entries.c.slug == slug).values(_origin(source)))
            # Always in the same order, so that two processes never wait for each other.
            for sha256, text in sorted({document.sha256: document.text for document in source.documents}.items()):
                connection.execute(insert_missing(connection, documents, {"sha256": sha256, "text": text}))
        return entry

    def decide(self, decision: Decision, change: Callable[[Entry], Entry]) -> Entry:
        """Append the decision and store `change(entry)` in one transaction. Raises CatalogError for no such entry."""
        with database.writing(self._engine) as connection:
            previous = _lock(connection, decision.entry)
            if previous is None:
                raise CatalogError(
                    f"{database.shown(self._engine.url)}: no entry is called {decision.entry!r}",
                    hint="`decomposer list` names them",
                )
            row = decision.model_dump(exclude={"seq"}) | {"at": decision.at or self._now()}
            connection.execute(insert(decisions).values(row))
            entry = change(previous)
            self._store(connection, decision.entry, entry)
        return entry

    def decisions(self, slug: str) -> list[Decision]:
        """Return the decisions about an entry, oldest first."""
        query = select(decisions).where(decisions.c.entry == slug).order_by(decisions.c.seq)
        with self._engine.connect() as connection:
            return [Decision.model_validate(dict(row)) for row in connection.execute(query).mappings()]

    def text(self, sha256: str) -> str | None:
        """Return the text of a stored document."""
        with self._engine.connect() as connection:
            return connection.scalar(select(documents.c.text).where(documents.c.sha256 == sha256))

    def _claim(self, connection: Connection, source: Source) -> tuple[str, Entry | None]:
        while True:
            known = connection.scalar(_same_origin(source))
            if known is not None:
                return known, _lock(connection, known)
            slug = _free_slug(connection, source.artifact.slug)
            blank = _origin(source) | dict.fromkeys(_STATES, 0) | {"slug": slug, "data": "", "updated": self._now()}
            blank |= {"name": source.artifact.name, "type": source.artifact.type, "kind": ""}
            if connection.execute(insert_missing(connection, entries, blank)).rowcount:
                return slug, None
            # another process took the slug a moment ago; it may even be for the same source: look again

    def _store(self, connection: Connection, slug: str, entry: Entry) -> None:
        if entry.artifact.slug != slug:
            raise CatalogError(f"the entry {slug!r} can't be stored under another slug ({entry.artifact.slug!r})")
        states = Counter(capability.state for capability in entry.capabilities)
        row: dict[str, Any] = {
            "name": entry.artifact.name,
            "type": entry.artifact.type,
            "kind": entry.source_kind.kind,
            "updated": self._now(),
            "data": json_text(entry.model_dump(mode="json", exclude={"capabilities"})),
        }
        row |= {state: states[state] for state in _STATES}
        connection.execute(update(entries).where(entries.c.slug == slug).values(row))
        connection.execute(delete(capabilities).where(capabilities.c.entry == slug))
        if entry.capabilities:
            connection.execute(insert(capabilities), list(_capability_rows(entry)))


# --- whose entry it is


def _origin(source: Source) -> dict[str, Any]:
    first = source.documents[0] if source.documents else None
    return {
        "source": source.artifact.source,
        "uri": first.uri if first else "",
        "sha256": first.sha256 if first else "",
    }


def _same_origin(source: Source) -> Any:
    origin = _origin(source)
    same_text = and_(entries.c.slug == source.artifact.slug, entries.c.sha256 == origin["sha256"])
    if origin["source"] in _NAMELESS:
        return select(entries.c.slug).where(same_text)
    same_source = entries.c.source == origin["source"]
    same_address = entries.c.uri == origin["uri"]
    best = case((same_source, 0), (same_address, 1), else_=2)
    query = select(entries.c.slug).where(or_(same_source, same_address, same_text))
    return query.order_by(best, entries.c.slug).limit(1)


def _free_slug(connection: Connection, wanted: str) -> str:
    numbered = (f"{wanted}-{number}" for number in count(2))
    candidates = [wanted]
    while True:
        taken = set(connection.scalars(select(entries.c.slug).where(entries.c.slug.in_(candidates))))
        for candidate in candidates:
            if candidate not in taken:
                return candidate
        candidates = list(islice(numbered, 100))


# --- reading and writing entries


def _lock(connection: Connection, slug: str) -> Entry | None:
    # Locked before it is read: PostgreSQL would else give the capabilities as they were before the wait.
    connection.execute(select(entries.c.slug).where(entries.c.slug == slug).with_for_update())
    return _find(connection, slug)


def _find(connection: Connection, slug: str) -> Entry | None:
    return next(_read(connection.execute(_WHOLE.where(entries.c.slug == slug))), None)


def _read(rows: Iterable[Row[Any]]) -> Iterator[Entry]:
    for (slug, data), group in groupby(rows, key=lambda row: (row.slug, row.data)):
        try:
            found = [loads(row.capability) for row in group if row.capability is not None]
            entry = Entry.model_validate({**loads(data), "capabilities": found})
        except (ValueError, TypeError, RecursionError) as error:
            reason = str(error).partition("\n")[0]
            raise CatalogError(f"the entry {slug!r} is damaged: {reason}", hint="restore a backup") from error
        yield entry


def _capability_rows(entry: Entry) -> Iterator[dict[str, Any]]:
    for position, capability in enumerate(entry.capabilities):
        yield {
            "id": capability.id,
            "entry": entry.artifact.slug,
            "position": position,
            "name": capability.name,
            "category": capability.category,
            "state": capability.state,
            "data": json_text(capability.model_dump(mode="json")),
        }
