"""Read and write whole entries inside a transaction: rows that did not change are left alone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from json import loads
from typing import Any, get_args

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from decomposer.errors import CatalogError
from decomposer.records import Capability, Entry, State
from decomposer.store import rows
from decomposer.store.facts import observe
from decomposer.store.review_tables import due, queue
from decomposer.store.tables import capabilities, entries, insert_missing, json_text

STATES: tuple[State, ...] = get_args(State)
UNSEEN = ("rejected", "retired")  # what is in such a state is no part of what the catalog says
MARKED = ("state", "flagged", "disputed", "dropped")  # columns of the queue say these, not the JSON

_DECIDED = ("version", "second", *MARKED)
WHOLE = (
    select(
        entries.c.slug, entries.c.data, entries.c.past, capabilities.c.data.label("capability"),
        capabilities.c.id, *(queue.c[name] for name in _DECIDED),
    )
    .outerjoin(capabilities, capabilities.c.entry == entries.c.slug)
    .outerjoin(queue, (queue.c.entry == capabilities.c.entry) & (queue.c.id == capabilities.c.id))
    .order_by(entries.c.slug, capabilities.c.position)
)  # fmt: skip

# Built once: these run with every document.
_ONE = WHOLE.where(entries.c.slug == bindparam("slug"))
_LOCK = select(entries.c.slug).where(entries.c.slug == bindparam("slug")).with_for_update()
_WRITE = update(entries).where(entries.c.slug == bindparam("at"))
_THIS = (capabilities.c.entry == bindparam("at")) & (capabilities.c.id == bindparam("its"))
_ADD, _REMOVE = insert(capabilities), delete(capabilities).where(_THIS)
_CHANGE = update(capabilities).where(_THIS)
_QUEUED = (queue.c.entry == bindparam("at")) & (queue.c.id == bindparam("its"))
_QUEUE, _UNQUEUE = insert(queue), delete(queue).where(_QUEUED)
_REQUEUE = update(queue).where(_QUEUED)


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as the database holds it: the version and mark `second` of each record, and what versions are past."""

    entry: Entry
    versions: Mapping[str, int]
    seconds: Mapping[str, str]
    past: int = 0


@dataclass(slots=True)
class _News:
    """What becomes of the records of an entry, as rows to write.

    `crossed` says that one is or was not to be seen, `shown` that other fields of one are.
    """

    added: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    moved: list[dict[str, Any]] = field(default_factory=list)
    removed: list[dict[str, Any]] = field(default_factory=list)
    queued: list[dict[str, Any]] = field(default_factory=list)
    requeued: list[dict[str, Any]] = field(default_factory=list)
    reworded: list[dict[str, Any]] = field(default_factory=list)
    shifted: list[dict[str, Any]] = field(default_factory=list)
    crossed: bool = False
    shown: bool = False


def lock(connection: Connection, slug: str) -> Kept | None:
    """Return an entry that nobody else changes before the end of the transaction, or None."""
    # Locked before it is read: PostgreSQL would else give the capabilities as they were before the wait.
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"slug": slug})
    return find(connection, slug)


def find(connection: Connection, slug: str) -> Kept | None:
    """Return an entry, or None. Raises CatalogError for a damaged one."""
    return next(read(connection.execute(_ONE, {"slug": slug})), None)


def read(found: Iterable[Row[Any]]) -> Iterator[Kept]:
    """Yield the entries of rows of `WHOLE`. Raises CatalogError for a damaged one."""
    for (slug, data, past), group in groupby(found, key=lambda row: (row.slug, row.data, row.past)):
        records = [row for row in group if row.capability is not None]
        try:
            entry = Entry.model_validate({**loads(data), "capabilities": [_record(row) for row in records]})
        except (ValueError, TypeError, RecursionError) as error:
            reason = str(error).partition("\n")[0]
            raise CatalogError(f"the entry {slug!r} is damaged: {reason}", hint="restore a backup") from error
        versions = {one.id: row.version for one, row in zip(entry.capabilities, records, strict=True)}
        seconds = {row.id: row.second for row in records if row.second}
        yield Kept(entry, versions, seconds, past)


def store(
    connection: Connection,
    entry: Entry,
    kept: Kept | None,
    *,
    now: str,
    known: Mapping[str, str],
    seconds: Mapping[str, str] | None = None,
) -> None:
    """Write an entry over what is `kept` under its slug, where there is a row for it.

    `known` says where it comes from, if that is new; `seconds` are the marks of that name, as they are if not given.
    """
    slug = entry.artifact.slug
    marks = (kept.seconds if kept else {}) if seconds is None else seconds
    news = _compared(entry, kept, marks, now)
    past = max([kept.past, *(kept.versions[row["its"]] for row in news.removed)]) if kept else 0
    states = Counter(capability.state for capability in entry.capabilities)
    row: dict[str, Any] = {
        "at": slug,
        "name": entry.artifact.name,
        "type": entry.artifact.type,
        "kind": entry.source_kind.kind,
        "updated": now,
        "model": entry.run.model,
        "prompt": entry.run.prompt,
        "recipe": entry.run.recipe,
        "data": json_text(entry.model_dump(mode="json", exclude={"capabilities"})),
        "past": past,
    }
    connection.execute(_WRITE, row | {state: states[state] for state in STATES} | dict(known))
    for statement, written in (
        (_REMOVE, news.removed), (_UNQUEUE, news.removed), (_CHANGE, news.changed), (_CHANGE, news.moved),
        (_ADD, news.added), (_REQUEUE, news.requeued), (_REQUEUE, news.reworded), (_REQUEUE, news.shifted),
        (_QUEUE, news.queued),
    ):  # fmt: skip
        if written:
            connection.execute(statement, written)
    anew = kept is None or (kept.entry.artifact, kept.entry.documents) != (entry.artifact, entry.documents)
    if anew:
        observe(connection, entry, kept.entry if kept else None, now=now)
    changed = bool(news.added or news.removed or news.reworded or news.crossed)
    found = changed or anew or news.shown
    tasks = [task for task, holds in (("registry", changed), ("identity", anew), ("search", found)) if holds]
    if tasks:
        connection.execute(insert_missing(connection, due), [{"task": task, "entry": slug} for task in tasks])


def _record(row: Row[Any]) -> dict[str, Any]:
    marks = {name: getattr(row, name) for name in MARKED} | {"dropped": (row.dropped or "").split()}
    return {**loads(row.capability), **marks}


def _compared(entry: Entry, kept: Kept | None, seconds: Mapping[str, str], now: str) -> _News:
    news, slug = _News(), entry.artifact.slug
    old = {one.id: (at, one) for at, one in enumerate(kept.entry.capabilities)} if kept else {}
    clusters, before = rows.clusters(entry), rows.clusters(kept.entry) if kept else {}
    for at, one in enumerate(entry.capabilities):
        second = seconds.get(one.id, "")
        if kept is None or one.id not in old:
            version = kept.past + 1 if kept else 1
            news.added.append({"entry": slug, "id": one.id} | _row(one, at))
            queued = rows.queued(one, at, version=version, second=second, cluster=clusters[one.id])
            news.queued.append({"entry": slug, "id": one.id, "since": now} | queued)
            continue
        place, was = old.pop(one.id)
        key = {"at": slug, "its": one.id}
        if one != was or second != kept.seconds.get(one.id, ""):
            version = kept.versions[one.id] + 1
            again = rows.queued(one, at, version=version, second=second, cluster=clusters[one.id])
            news.crossed |= (one.state in UNSEEN) != (was.state in UNSEEN)
            news.crossed |= ("description" in one.dropped) != ("description" in was.dropped)  # it may define
            news.shown |= one.dropped != was.dropped
            if _wording(one) != _wording(was):
                news.changed.append(key | _row(one, at))
                news.reworded.append(key | again | {"since": now})
                continue
            news.requeued.append(key | again)
            if at != place:
                news.moved.append(key | {"position": at})
        elif at != place or clusters[one.id] != before[one.id]:
            news.moved.append(key | {"position": at})
            news.shifted.append(key | {"position": at, "cluster": clusters[one.id]})
    news.removed = [{"at": slug, "its": identity} for identity in sorted(old)]
    return news


def _row(capability: Capability, position: int) -> dict[str, Any]:
    return {
        "position": position,
        "name": capability.name,
        "category": capability.category,
        "data": json_text(capability.model_dump(mode="json", exclude=set(MARKED))),
    }


def _wording(capability: Capability) -> Capability:
    """Return a record less what is decided about it beside its text."""
    return capability.model_copy(update={"state": "proposed", "flagged": False, "disputed": False, "dropped": ()})
