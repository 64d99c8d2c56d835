"""The catalog in SQL: entries and their documents."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count, islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, and_, bindparam, case, literal, or_, select

from decomposer.errors import CatalogError
from decomposer.ports import Change, Listing, Standing
from decomposer.records import Artifact, Document, Entry, Source, SourceDocument
from decomposer.store import engine as database
from decomposer.store.entries import STATES, WHOLE, Kept, find, lock, read, store
from decomposer.store.tables import documents, entries, insert_missing, plain

_BLOCK = 200  # rows fetched at a time when streaming
_NAMELESS = ("", "-")  # sources that say nothing about where a text came from, such as stdin

_SAME_SOURCE = entries.c.source == bindparam("source")
_SAME_URI = entries.c.uri == bindparam("uri")
_SAME_TEXT = and_(entries.c.slug == bindparam("slug"), entries.c.sha256 == bindparam("sha256"))
_STANDING = select(
    entries.c.slug,
    entries.c.digests,
    entries.c.recipe,
    sum((entries.c[state] for state in STATES), literal(0)).label("capabilities"),
)
_BEST = case((_SAME_SOURCE, 0), (_SAME_URI, 1), (_SAME_TEXT, 2))
_BY_SOURCE = _STANDING.where(or_(_SAME_SOURCE, _SAME_URI, _SAME_TEXT)).order_by(_BEST, entries.c.slug).limit(1)
# Without a text either, nothing but the slug tells a nameless source apart.
_BY_TEXT = _STANDING.where(_SAME_TEXT, or_(entries.c.sha256 != "", _SAME_SOURCE))


class _Origin(NamedTuple):
    """What an entry is known by: the wanted slug, its source, and the address and digest of its first document."""

    slug: str
    source: str
    uri: str
    sha256: str


class SqlCatalog:
    """A `Catalog` in a database opened by `open_database`. `now` gives the time that changes are dated with."""

    def __init__(self, engine: Engine, *, now: Callable[[], str] = database.now) -> None:
        self._engine = engine
        self._now = now

    def find(self, slug: str) -> Entry | None:
        """Return the entry, or None."""
        with self._engine.connect() as connection:
            kept = find(connection, slug)
        return None if kept is None else kept.entry

    def listings(self, *, limit: int | None = None, after: str = "") -> Iterator[Listing]:
        """Yield the entries by slug, those behind `after`, streaming."""
        with self._engine.connect() as connection:
            query = select(entries).where(entries.c.slug > plain(after)).order_by(entries.c.slug).limit(limit)
            for row in connection.execution_options(yield_per=_BLOCK).execute(query):
                states = {state: getattr(row, state) for state in STATES}
                line = Listing(row.slug, row.name, row.type, row.kind, row.source, states, row.updated)
                yield replace(line, model=row.model, prompt=row.prompt, recipe=row.recipe)

    def entries(self) -> Iterator[Entry]:
        """Yield whole entries by slug, streaming."""
        with self._engine.connect() as connection:
            for kept in read(connection.execution_options(yield_per=_BLOCK).execute(WHOLE)):
                yield kept.entry

    def standing(self, source: Source) -> Standing | None:
        """Return what the catalog holds of a source, without reading the entry, or None.

        `capabilities` counts those in every state. The digests of an entry that was never drafted are empty.
        """
        with self._engine.connect() as connection:
            row = _same_origin(connection, _origin(source.artifact, source.documents))
        return None if row is None else Standing(row.slug, tuple(row.digests.split()), row.recipe, row.capabilities)

    def revise(self, source: Source, change: Change) -> Entry:
        """Store and return `change(previous entry or None, slug)` in one transaction, with the documents' texts.

        The previous entry is the one recorded with the same source, or the same first document: its address, or its
        slug and content. Raises CatalogError where `change` returns an entry of another slug.
        """
        origin = _origin(source.artifact, source.documents)
        texts = {document.sha256: document.text for document in source.documents}
        # Always in the same order, so that two processes never wait for each other.
        rows = [{"sha256": sha256, "text": texts[sha256]} for sha256 in sorted(texts)]
        with database.writing(self._engine) as connection:
            slug, kept = self._claim(connection, source.artifact, origin)
            entry = change(None if kept is None else kept.entry, slug)
            self._store(connection, slug, entry, _known(origin, source.documents), kept)
            if rows:
                connection.execute(insert_missing(connection, documents), rows)
        return entry

    def take(self, entry: Entry, change: Change) -> Entry:
        """Store and return `change(previous entry or None, slug)` for an entry that comes without its documents' texts.

        The previous entry is found as `revise` finds it, by the source and the first document that `entry` names.
        Raises CatalogError where `change` returns an entry of another slug.
        """
        with database.writing(self._engine) as connection:
            slug, kept = self._claim(connection, entry.artifact, _origin(entry.artifact, entry.documents))
            taken = change(None if kept is None else kept.entry, slug)
            known = _known(_origin(taken.artifact, taken.documents), taken.documents)
            self._store(connection, slug, taken, known, kept)
        return taken

    def text(self, sha256: str) -> str | None:
        """Return the text of a stored document."""
        with self._engine.connect() as connection:
            return connection.scalar(select(documents.c.text).where(documents.c.sha256 == sha256))

    def _claim(self, connection: Connection, artifact: Artifact, origin: _Origin) -> tuple[str, Kept | None]:
        blank: dict[str, Any] = {"name": artifact.name, "type": artifact.type, "kind": "", "data": ""}
        blank |= _known(origin, ()) | dict.fromkeys(STATES, 0) | {"updated": self._now()}
        slug = artifact.slug
        while True:
            same = _same_origin(connection, origin)
            if same is not None:
                return same.slug, lock(connection, same.slug)
            if connection.execute(insert_missing(connection, entries), blank | {"slug": slug}).rowcount:
                return slug, None
            # taken; if another process did so a moment ago it may even be for the same source: look again
            slug = _free_slug(connection, artifact.slug)

    def _store(
        self, connection: Connection, slug: str, entry: Entry, known: Mapping[str, str], kept: Kept | None
    ) -> None:
        if entry.artifact.slug != slug:
            raise CatalogError(f"the entry {slug!r} can't be stored under another slug ({entry.artifact.slug!r})")
        store(connection, entry, kept, now=self._now(), known=known)


# --- whose entry it is


def _origin(artifact: Artifact, read: Sequence[Document | SourceDocument]) -> _Origin:
    uri, sha256 = (read[0].uri, read[0].sha256) if read else ("", "")
    return _Origin(artifact.slug, artifact.source, uri, sha256)


def _known(origin: _Origin, drafted_from: Sequence[Document | SourceDocument]) -> dict[str, Any]:
    """Return where an entry comes from: of its documents those that it was drafted from, not what is older."""
    digests = "\n".join(document.sha256 for document in drafted_from)
    return {"source": origin.source, "uri": origin.uri, "sha256": origin.sha256, "digests": digests}


def _same_origin(connection: Connection, origin: _Origin) -> Row[str, str, str, int] | None:
    wanted: dict[str, str | None] = dict(origin._asdict())
    if origin.source in _NAMELESS:
        return connection.execute(_BY_TEXT, wanted).first()
    if not origin.uri:  # entries without documents have no address in common, and NULL equals nothing
        wanted |= {"uri": None, "sha256": None}
    return connection.execute(_BY_SOURCE, wanted).first()


def _free_slug(connection: Connection, wanted: str) -> str:
    numbered = (f"{wanted}-{number}" for number in count(2))
    candidates = [wanted]
    while True:
        taken = set(connection.scalars(select(entries.c.slug).where(entries.c.slug.in_(candidates))))
        for candidate in candidates:
            if candidate not in taken:
                return candidate
        candidates = list(islice(numbered, 100))
