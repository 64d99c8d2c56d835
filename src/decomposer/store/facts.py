"""Facts in SQL: metadata is written down when an entry is stored, the figures that hold are kept ready to be summed."""

from collections.abc import Callable, Iterable, Sequence
from json import loads
from math import log1p
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select

from decomposer.errors import CatalogError
from decomposer.records import Artifact, Entry
from decomposer.records.facts import COUNTS, Fact, Facts, of_artifact
from decomposer.records.ranks import Norm, Norms
from decomposer.store import engine as database
from decomposer.store.facts_tables import bases, facts, figures
from decomposer.store.facts_tables import norms as kept_norms
from decomposer.store.review_tables import due
from decomposer.store.tables import entries, insert_missing, json_text, plain

SOUGHT = ("type", "pricing", "license")
"""The facts that searches are filtered by."""

_PATIENCE = 0.25  # seconds that whoever asks what is usual waits until it can be kept
_NEWS = 100  # one new fact in so many makes the norms of a day out of date


class SqlFacts:
    """The `FactLog` of a database opened by `open_database`. `now` gives the time that facts are dated with."""

    def __init__(self, engine: Engine, *, now: Callable[[], str] = database.now) -> None:
        self._engine = engine
        self._now = now

    def said(self, entry: str) -> list[Fact]:
        """Return what was said of an entry, in the order in which it was said."""
        with self._engine.connect() as connection:
            return _said(connection, entry)

    def say(self, facts: Sequence[Fact]) -> list[Fact]:
        """Append facts in one transaction, and return them as stored. Raises CatalogError for no such entry."""
        now = self._now()
        with database.writing(self._engine) as connection:
            artifacts = {slug: _locked(connection, slug) for slug in sorted({one.entry for one in facts})}
            dated = [one.model_copy(update={"said_at": one.said_at or now}) for one in facts]
            stored = [one.model_copy(update={"seq": _append(connection, one)}) for one in dated]
            for artifact in artifacts.values():
                _refresh(connection, artifact)
            sought = sorted({one.entry for one in stored if one.key in SOUGHT})
            if sought:
                tasks = [{"task": "search", "entry": slug} for slug in sought]
                connection.execute(insert_missing(connection, due), tasks)
        return stored

    def derived(self, entry: str, names: Sequence[str]) -> int:
        """Return how many other entries say that they are made from an artifact that is called one of `names`."""
        wanted = sorted({called for name in names if (called := named(name))})
        query = select(func.count(bases.c.entry.distinct())).where(bases.c.base.in_(wanted), bases.c.entry != entry)
        with self._engine.connect() as connection:
            return connection.scalar(query) or 0 if wanted else 0

    def norms(self, today: str, *, anew: bool = False) -> Norms:
        """Return what is usual in the catalog, as it was kept on that day where hardly anything is newer."""
        with self._engine.connect() as connection:
            newest = connection.scalar(select(func.max(facts.c.seq))) or 0
            kept = None if anew else _kept(connection, today, newest)
            if kept is not None:
                return kept
            found = _computed(connection, today)
        self._keep(found, newest)
        return found

    def _keep(self, found: Norms, newest: int) -> None:
        row = {"as_of": found.as_of, "seq": newest, "data": json_text(found.model_dump(mode="json"))}
        try:
            with database.writing(self._engine, patience=_PATIENCE) as connection:
                connection.execute(delete(kept_norms).where(kept_norms.c.as_of == found.as_of))
                connection.execute(insert(kept_norms), row)
        except CatalogError:
            return  # a database that can't be written, or not now, can still be asked; it only takes longer


def observe(connection: Connection, entry: Entry, previous: Entry | None, *, now: str) -> None:
    """Write down what the metadata of an entry says now and did not say before, and that its source was read."""
    artifact, before = entry.artifact, dict(of_artifact(previous.artifact)) if previous else {}
    said = dict(of_artifact(artifact))
    fresh: dict[Any, str] = {key: value for key, value in said.items() if before.get(key) != value}
    if entry.documents and (previous is None or previous.documents != entry.documents):
        fresh["read"] = now[:10]
    rows = [
        Fact(entry=artifact.slug, key=key, value=value, source=artifact.source, as_of=now[:10], by="metadata",
             said_at=now)
        for key, value in fresh.items()
    ]  # fmt: skip
    if rows:
        connection.execute(insert(facts), [_row(one) for one in rows])
    if artifact.base_model != (previous.artifact.base_model if previous else ()):
        _link(connection, artifact)
    if {*COUNTS, "type"} & fresh.keys() and (previous is not None or set(COUNTS) & fresh.keys()):
        _refresh(connection, artifact)


def named(name: str) -> str:
    """Return how a model that others are made from is looked up: in lower case, without the hub's scheme."""
    return plain(name).strip().casefold().removeprefix("hf:").removeprefix("gh:")


def _said(connection: Connection, entry: str) -> list[Fact]:
    query = select(facts).where(facts.c.entry == plain(entry)).order_by(facts.c.seq)
    return [Fact.model_validate(row._asdict()) for row in connection.execute(query)]


def _locked(connection: Connection, slug: str) -> Artifact:
    data = connection.scalar(select(entries.c.data).where(entries.c.slug == plain(slug)).with_for_update())
    if data is None:
        raise CatalogError(f"no entry is called {slug!r}", hint="`decomposer list` shows the entries")
    return Artifact.model_validate(loads(data)["artifact"])


def _row(fact: Fact) -> dict[str, Any]:
    return fact.model_dump(mode="json", exclude={"seq"}) | {"actor": fact.actor}


def _append(connection: Connection, fact: Fact) -> int:
    (seq,) = connection.execute(insert(facts).returning(facts.c.seq), _row(fact)).one()
    return int(seq)


def _refresh(connection: Connection, artifact: Artifact) -> None:
    """Bring the figures of an entry in line with what is said of it."""
    held = Facts.of(artifact, _said(connection, artifact.slug))
    kind = held.text("type") or artifact.type
    rows = [
        {"entry": artifact.slug, "key": key, "type": kind, "value": value, "log": log1p(value)}
        for key in COUNTS
        if (value := held.count(key)) is not None
    ]
    connection.execute(delete(figures).where(figures.c.entry == artifact.slug))
    if rows:
        connection.execute(insert(figures), rows)


def _link(connection: Connection, artifact: Artifact) -> None:
    connection.execute(delete(bases).where(bases.c.entry == artifact.slug))
    names: Iterable[str] = sorted({called for name in artifact.base_model if (called := named(name))})
    rows = [{"base": name, "entry": artifact.slug} for name in names]
    if rows:
        connection.execute(insert(bases), rows)


def _kept(connection: Connection, today: str, newest: int) -> Norms | None:
    row = connection.execute(select(kept_norms).where(kept_norms.c.as_of == today)).first()
    if row is None or (newest - row.seq) * _NEWS > newest:
        return None
    return Norms.model_validate_json(row.data)


def _computed(connection: Connection, today: str) -> Norms:
    """Sum up the figures in the database: what comes back is as long as there are types."""
    query = (
        select(
            figures.c.type, figures.c.key, func.count().label("entries"), func.max(figures.c.value).label("most"),
            func.avg(figures.c.log).label("mean"),
        )
        .group_by(figures.c.type, figures.c.key)
        .order_by(figures.c.type, figures.c.key)
    )  # fmt: skip
    each = tuple(
        Norm(type=row.type, key=row.key, entries=row.entries, most=row.most, mean_log=round(float(row.mean), 9))
        for row in connection.execute(query)
    )
    counted = select(func.count().label("entries")).select_from(bases).group_by(bases.c.base).subquery()
    return Norms(as_of=today, each=each, derived_most=connection.scalar(select(func.max(counted.c.entries))) or 0)
