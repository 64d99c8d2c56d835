"""Decisions in SQL: appended, found again, and held live or not."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from json import loads
from typing import Any
from uuid import uuid4

from pydantic import JsonValue
from sqlalchemy import Connection, Integer, Result, Row, cast, func, or_, select

from decomposer.errors import CatalogError
from decomposer.records import Decision
from decomposer.store.engine import take_turns
from decomposer.store.given import given, many
from decomposer.store.links_tables import links
from decomposer.store.review_tables import events
from decomposer.store.tables import json_text, plain

_BLOCK = 500  # rows fetched at a time when streaming
_COLUMNS = [column.name for column in events.columns]
_PLACES = ", ".join("?" * len(_COLUMNS))
_APPEND = f"INSERT INTO events ({', '.join(_COLUMNS)}) VALUES ({_PLACES})"  # noqa: S608 - names of columns, no values
_HOLD = "UPDATE events SET live = ? WHERE batch = ? AND number = ?"
_SEQ = events.c.seq
_LAST = select(func.coalesce(func.max(events.c.seq), 0))


def in_turn(connection: Connection) -> None:
    """Wait for who else appends decisions: they are numbered in the order in which they are committed."""
    take_turns(connection, "events")


def append(connection: Connection, decisions: Sequence[Decision], *, now: str) -> int:
    """Append decisions and return the seq of the first; those that name a target make it live or not.

    The transaction has waited for its turn.
    """
    first = (connection.scalar(_LAST) or 0) + 1
    many(connection, _APPEND, _rows(decisions, first, now))
    targets = [
        (decision.op == "redo", *parted(decision.target)) for decision in decisions if decision.target is not None
    ]
    many(connection, _HOLD, targets)
    return first


def holds(decision: Decision) -> bool:
    """Say whether a decision that is appended is live: it is, unless it is about another one."""
    return decision.target is None and decision.op not in ("undo", "redo", "revert")


def batched(decisions: Sequence[Decision]) -> Sequence[Decision]:
    """Return the decisions with those that name no batch in a new one together, numbered."""
    if all(decision.batch for decision in decisions):
        return decisions
    batch, numbers = uuid4().hex, iter(range(len(decisions)))
    return [
        decision if decision.batch else decision.model_copy(update={"batch": batch, "number": next(numbers)})
        for decision in decisions
    ]


def known(connection: Connection, decisions: Sequence[Decision]) -> set[str]:
    """Return which uids of the decisions are there already."""
    batches = given(connection, [(batch,) for batch in sorted({plain(one.batch) for one in decisions})], 1)
    query = select(events.c.batch, events.c.number).join_from(
        batches.table, events, events.c.batch == batches.columns[0]
    )
    return {f"{batch}:{number}" for batch, number in connection.execute(query)}


def history(
    connection: Connection, conditions: Mapping[str, str | None], *, backwards: bool, after: int
) -> Result[Any]:
    """Return the rows of the decisions that meet every condition given, by seq, behind the seq `after`."""
    query = select(events).order_by(events.c.seq.desc() if backwards else events.c.seq)
    for name, value in conditions.items():
        if value is not None:
            here = events.c.decided_at >= value if name == "since" else events.c[name] == value
            said = _words_about(connection, name, plain(value))
            query = query.where(or_(here, _SEQ.in_(said)) if said else here)
    if after:
        query = query.where(events.c.seq < after if backwards else events.c.seq > after)
    return connection.execution_options(yield_per=_BLOCK).execute(query)


def numbered(connection: Connection, seqs: Collection[int]) -> list[Decision]:
    """Return the decisions of these seqs, by seq."""
    found = connection.execute(select(events).where(_SEQ.in_(seqs)).order_by(_SEQ)) if seqs else ()
    return list(map(decision, found))


def named(connection: Connection, uids: Collection[str]) -> list[Decision]:
    """Return the decisions of these uids, by seq."""
    wanted = given(connection, sorted({parted(uid) for uid in uids}), 2)
    batch, number = wanted.columns
    this = (events.c.batch == batch) & (events.c.number == cast(number, Integer))
    return list(map(decision, connection.execute(select(events).join_from(wanted.table, events, this).order_by(_SEQ))))


def about(
    connection: Connection, capabilities: Collection[str], *, entry: str | None = None, since: int = 0, live: bool
) -> list[Decision]:
    """Return the decisions about capabilities with a higher seq, by seq; with `live` only those that hold."""
    wanted = given(connection, [(one,) for one in sorted(set(map(plain, capabilities)))], 1)
    query = select(events).join_from(wanted.table, events, events.c.capability == wanted.columns[0])
    query = query.where(events.c.seq > since).order_by(_SEQ)
    query = query.where(events.c.entry == entry) if entry is not None else query
    return list(map(decision, connection.execute(query.where(events.c.live) if live else query)))


def _words_about(connection: Connection, name: str, value: str) -> list[int]:
    """Return the seqs of words on a record, or an entry, that are kept with the other record that they are about."""
    column = {"capability": links.c.other, "entry": links.c.other_entry}.get(name)
    return [] if column is None else list(connection.scalars(select(links.c.seq).where(column == value)))


def decision(row: Row[Any]) -> Decision:
    """Return a row as a decision. Raises CatalogError for one that is damaged."""
    told: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    try:
        told["before"], told["after"] = loads(told["before"]), loads(told["after"])
        return Decision.model_validate(told)
    except (ValueError, RecursionError) as error:
        reason = str(error).partition("\n")[0]
        raise CatalogError(f"the decision {row.seq} is damaged: {reason}", hint="restore a backup") from error


def parted(uid: str) -> tuple[str, int]:
    """Return the batch and the number of a uid; one that is no uid names nothing."""
    batch, _, number = plain(uid).rpartition(":")
    return (batch, int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else ("", -1)


def _rows(decisions: Iterable[Decision], first: int, now: str) -> Iterator[tuple[object, ...]]:
    # In a batch the same texts come again and again, as do the same small values.
    written: dict[str | None, str | None] = {None: None}
    values: dict[str, str] = {}

    def safe(value: str | None) -> str | None:
        return written[value] if value in written else written.setdefault(value, plain(value or ""))

    def told(value: JsonValue) -> str:
        if not isinstance(value, str):
            return json_text(value)
        return values[value] if value in values else values.setdefault(value, json_text(value))

    for seq, one in enumerate(decisions, first):
        yield (
            seq, one.op, safe(one.entry), safe(one.capability), one.field, told(one.before), told(one.after),
            one.base_version, safe(one.batch), one.number, safe(one.actor), safe(one.reason), safe(one.target),
            safe(one.shown_at), safe(one.decided_at or now), safe(one.model), safe(one.prompt), safe(one.guard),
            holds(one),
        )  # fmt: skip
