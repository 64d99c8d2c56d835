"""The queue in SQL: what waits, in which order, and who holds what by lease."""

import random
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Result,
    Select,
    and_,
    bindparam,
    delete,
    func,
    not_,
    or_,
    select,
    text,
    tuple_,
    update,
)

from decomposer.errors import CatalogError
from decomposer.ports import Order, Queued, Wanted
from decomposer.risk import HIGHEST
from decomposer.store import engine as database
from decomposer.store import entries as whole
from decomposer.store.conditions import restriction
from decomposer.store.given import given
from decomposer.store.review_tables import due, queue
from decomposer.store.rows import QUEUED, as_queued, clusters, queued
from decomposer.store.tables import plain

_BLOCK = 1000  # rows fetched at a time when streaming
_DUE = 200  # entries whose rows are made in one transaction
_KEY = ("entry", "position", "id")  # every order ends with it
_ORDERS: dict[Order, tuple[str, ...]] = {"risk": ("calm",), "entry": (), "oldest": ("since",), "cluster": ("cluster",)}
# Written out, not as parameters: only so do both databases see that their partial indexes hold these rows.
_WAITING = text("queue.waits IS NOT NULL")
_LEASED = text("queue.holder IS NOT NULL")
_SECOND = text("queue.second <> ''")
_THIS = (queue.c.entry == bindparam("at")) & (queue.c.id == bindparam("its"))


def waiting(connection: Connection, wanted: Wanted, now: str) -> int:
    """Return how many records wait."""
    count = select(func.count()).select_from(queue)
    if wanted.conditions or wanted.entry is not None:
        return connection.scalar(_meant(connection, count, wanted, now)) or 0
    mine = count.where(_WAITING, _SECOND, queue.c.second == plain(wanted.reviewer)) if wanted.reviewer else None
    all_of_them = connection.scalar(count.where(_WAITING)) or 0
    return all_of_them - (0 if mine is None else connection.scalar(mine) or 0)


def page(
    connection: Connection, wanted: Wanted, now: str, *, after: Queued | None, count: int, backwards: bool
) -> list[Queued]:
    """Return the next records in order, behind a place, or those right before it."""
    query = _placed(_meant(connection, select(*QUEUED), wanted, now), wanted.order, after, backwards).limit(count)
    found = [as_queued(row) for row in connection.execute(query)]
    return found[::-1] if backwards else found


def sample(connection: Connection, wanted: Wanted, now: str, *, count: int, seed: int) -> list[Queued]:
    """Return records chosen at random, in the order in which they were drawn."""
    keys = _meant(connection, select(queue.c.entry, queue.c.id), wanted, now).order_by(
        *(queue.c[name] for name in _KEY)
    )
    total = connection.scalar(select(func.count()).select_from(keys.order_by(None).subquery())) or 0
    drawn = random.Random(seed).sample(range(total), min(count, total))  # noqa: S311 - nothing secret is drawn
    wished = set(drawn)
    rows = connection.execution_options(yield_per=_BLOCK).execute(keys)
    ids = {place: (row.entry, row.id) for place, row in enumerate(rows) if place in wished}
    found = {(one.entry, one.id): one for one in _of(connection, ids.values())}
    return [found[ids[place]] for place in drawn if ids.get(place) in found]


def claim(
    connection: Connection,
    wanted: Wanted,
    now: str,
    *,
    reviewer: str,
    count: int,
    seconds: float,
    after: Queued | None,
) -> list[Queued]:
    """Lease the next records that nobody else holds to a reviewer."""
    clock, holder = database.clock(connection), plain(reviewer)
    free = or_(queue.c.holder.is_(None), queue.c.until <= clock, queue.c.holder == holder)
    query = _meant(connection, select(*QUEUED), wanted, now).where(free, _not_first(reviewer))
    query = _placed(query, wanted.order, after, backwards=False).limit(count).with_for_update(skip_locked=True)
    found = [as_queued(row) for row in connection.execute(query)]
    if found:
        lease = update(queue).where(_THIS).values(holder=holder, until=clock + seconds)
        connection.execute(lease, [{"at": one.entry, "its": one.id} for one in found])
    return found


def renew(connection: Connection, reviewer: str, *, seconds: float) -> int:
    """Lengthen the leases of a reviewer that have not run out, and return how many there are."""
    clock = database.clock(connection)
    held = _held(connection, select(queue.c.entry, queue.c.id).where(queue.c.until > clock), reviewer)
    if held:
        lease = update(queue).where(_THIS).values(until=clock + seconds)
        connection.execute(lease, [{"at": entry, "its": identity} for entry, identity in held])
    return len(held)


def release(connection: Connection, reviewer: str, ids: Collection[str] | None) -> None:
    """Give leases back: those named, or all."""
    held = _held(connection, select(queue.c.entry, queue.c.id), reviewer)
    given = [(entry, identity) for entry, identity in held if ids is None or identity in ids]
    if given:
        free = update(queue).where(_THIS).values(holder=None, until=None)
        connection.execute(free, [{"at": entry, "its": identity} for entry, identity in given])


def found(connection: Connection, ids: Sequence[str]) -> list[Queued]:
    """Return the records of these ids in this order, whether they wait or not; unknown ones are left out."""
    known = {one.id: one for one in _of(connection, (key for one in ids for key in keys_of(plain(one))))}
    return [known[one] for one in ids if one in known]


def keys_of(identity: str) -> Iterator[tuple[str, str]]:
    """Yield the keys that an id may have: it begins with the slug of its entry and a slash."""
    parts = identity.split("/")
    yield from (("/".join(parts[:at]), identity) for at in range(1, min(len(parts), 4)))


def looked_up(connection: Connection, query: Select[Any], keys: Collection[tuple[str, str]]) -> Result[Any]:
    """Return what a query of the queue gives of the records of (entry, id) pairs."""
    wanted = given(connection, sorted(keys), 2)
    entry, identity = wanted.columns
    return connection.execute(query.join_from(wanted.table, queue, (queue.c.entry == entry) & (queue.c.id == identity)))


def make_due(engine: Engine) -> None:
    """Fill the rows of entries that were stored before there was a queue, a block at a time."""
    block = select(due.c.entry).where(due.c.task == "queue").order_by(due.c.entry).limit(_DUE)
    with engine.connect() as connection:
        if connection.execute(block.limit(1)).first() is None:
            return
    slugs = [""]
    while slugs:
        with database.writing(engine) as connection:
            slugs = list(connection.scalars(block.with_for_update(skip_locked=True)))
            for slug in slugs:
                _fill(connection, slug)
            connection.execute(delete(due).where(due.c.task == "queue", due.c.entry.in_(slugs)))


def _fill(connection: Connection, slug: str) -> None:
    try:
        kept = whole.lock(connection, slug)
    except CatalogError:
        return  # damaged: whoever reads it is told so
    if kept is None or not kept.entry.capabilities:
        return
    near = clusters(kept.entry)
    rows = []
    for at, one in enumerate(kept.entry.capabilities):
        second = kept.seconds.get(one.id, "")
        made = queued(one, at, version=kept.versions[one.id], second=second, cluster=near[one.id])
        rows.append({"at": slug, "its": one.id} | made)
    connection.execute(update(queue).where(_THIS), rows)


def _of(connection: Connection, keys: Iterable[tuple[str, str]]) -> Iterator[Queued]:
    yield from map(as_queued, looked_up(connection, select(*QUEUED), set(keys)))


def _meant(connection: Connection, query: Select[Any], wanted: Wanted, now: str) -> Select[Any]:
    query = query.where(_WAITING)
    if wanted.entry is not None:
        query = query.where(queue.c.entry == plain(wanted.entry))
    if wanted.reviewer:
        query = query.where(_not_first(wanted.reviewer))
    held = [restriction(one, dialect=connection.dialect.name, now=now) for one in wanted.conditions]
    return query.where(*held)


def _not_first(reviewer: str) -> ColumnElement[bool]:
    return not_(and_(queue.c.second != "", queue.c.second == plain(reviewer)))


def _placed(query: Select[Any], order: Order, after: Queued | None, backwards: bool) -> Select[Any]:
    names = (*_ORDERS[order], *_KEY)
    columns = [queue.c[name] for name in names]
    if after is not None:
        place = [HIGHEST - after.risk if name == "calm" else getattr(after, name) for name in names]
        here = tuple_(*(bindparam(None, at, column.type) for column, at in zip(columns, place, strict=True)))
        query = query.where(tuple_(*columns) < here if backwards else tuple_(*columns) > here)
    return query.order_by(*(column.desc() if backwards else column for column in columns))


def _held(connection: Connection, query: Select[Any], reviewer: str) -> list[tuple[str, str]]:
    query = query.where(_LEASED, queue.c.holder == plain(reviewer)).order_by(queue.c.entry, queue.c.id)
    # What somebody else is writing is being decided on, and loses its lease by that.
    return [(row.entry, row.id) for row in connection.execute(query.with_for_update(skip_locked=True))]
