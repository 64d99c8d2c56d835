"""Settle marks in SQL: narrow updates of many records at once, which leave what the records say unread."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pydantic import JsonValue
from sqlalchemy import Connection, Row, select

from decomposer.errors import CatalogError
from decomposer.records import FIELDS, LISTS, MARKS, Decision
from decomposer.store.entries import STATES, UNSEEN
from decomposer.store.given import given, many
from decomposer.store.queue import looked_up
from decomposer.store.review_tables import due, queue
from decomposer.store.rows import derived, words
from decomposer.store.tables import entries, insert_missing, plain

Key = tuple[str, str]
_MARK = "UPDATE queue SET version = version + 1, holder = NULL, until = NULL, {} WHERE entry = ? AND id = ?"
_COUNT = "UPDATE entries SET updated = ?, {} WHERE slug = ?"
_DERIVED = ("waits", "calm")


def check(decision: Decision) -> None:
    """Raise CatalogError for a decision that is not about a mark, or gives it what it can't have."""
    value, sound = decision.after, False
    match decision.field:
        case "state":
            sound = value in STATES
        case "dropped":
            sound = isinstance(value, list) and all(one in (*FIELDS, *LISTS) for one in value)
        case "flagged" | "disputed":
            sound = isinstance(value, bool)
        case "second":
            sound = isinstance(value, str | dict)
    if not sound:
        about = f"decision {decision.uid} on {decision.capability or decision.entry}"
        wrong = f"{decision.field} can't be {value!r}" if decision.field in MARKS else f"{decision.field} is no mark"
        raise CatalogError(f"{about}: {wrong}", hint="nothing of it was stored; correct it and run again")


def wanted_by(second: JsonValue) -> str:
    """Return who decided first, where a decision on `second` wants another opinion: given one, it is an object."""
    return second if isinstance(second, str) else ""


def lock(connection: Connection, slugs: Collection[str]) -> set[str]:
    """Return which of these entries there are; nobody else changes them before the end of the transaction."""
    # Always in the same order, so that no two processes wait for each other.
    wanted = given(connection, [(slug,) for slug in sorted(set(map(plain, slugs)))], 1)
    query = select(entries.c.slug).join_from(wanted.table, entries, entries.c.slug == wanted.columns[0])
    return set(connection.scalars(query.order_by(entries.c.slug).with_for_update(of=entries)))


def sorted_out(
    connection: Connection, decisions: Sequence[Decision], slugs: Collection[str]
) -> tuple[list[Decision], list[Decision], dict[Key, Row[Any]]]:
    """Return the decisions that can be stored, those that met another version or no record, and the rows."""
    keys = {(one.entry, one.capability) for one in decisions if one.entry in slugs and one.capability}
    found = looked_up(connection, select(*_NEEDED), {key for key in keys if plain(key[1]) == key[1]})
    rows = {(row.entry, row.id): row for row in found}
    good: list[Decision] = []
    stale: list[Decision] = []
    for one in decisions:
        row = rows.get((one.entry, one.capability))
        holds = one.entry in slugs if not one.capability else row is not None and row.version == one.base_version
        (good if holds else stale).append(one)
    return good, stale, rows


def apply(connection: Connection, decisions: Sequence[Decision], rows: Mapping[Key, Row[Any]], now: str) -> None:
    """Put what decisions give their records in place: marks, why they wait, versions, and the counts of the entries."""
    after: defaultdict[Key, dict[str, Any]] = defaultdict(dict)
    more: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in decisions:
        _ = more[one.entry]
        if one.capability:
            after[one.entry, one.capability][one.field] = one.after
    marked: list[list[object]] = []
    again: set[tuple[str, str]] = set()
    for key, given_marks in sorted(after.items()):
        row, mark = rows[key], _marks(rows[key], given_marks)
        follows = derived(
            state=mark["state"], flagged=mark["flagged"], disputed=mark["disputed"], second=mark["second"],
            revised=row.revised, hazard=row.hazard,
        )  # fmt: skip
        marked.append([*(mark[name] for name in MARKS), *(follows[name] for name in _DERIVED), *key])
        more[key[0]][row.state] -= 1
        more[key[0]][mark["state"]] += 1
        crossed = (row.state in UNSEEN) != (mark["state"] in UNSEEN)
        if crossed or ("description" in row.dropped) != ("description" in mark["dropped"]):
            again.add(("registry", key[0]))
        if crossed or row.dropped != mark["dropped"]:
            again.add(("search", key[0]))
    many(connection, _MARK.format(_set((*MARKS, *_DERIVED))), marked)
    counted = ", ".join(f"{state} = {state} + ?" for state in STATES)
    counts = [[now, *(of[state] for state in STATES), slug] for slug, of in sorted(more.items())]
    many(connection, _COUNT.format(counted), counts)
    if again:
        tasks = [{"task": task, "entry": slug} for task, slug in sorted(again)]
        connection.execute(insert_missing(connection, due), tasks)


_NEEDED = [queue.c[name] for name in ("entry", "id", "version", "revised", "hazard", *MARKS)]


def _marks(row: Row[Any], given_marks: Mapping[str, Any]) -> dict[str, Any]:
    """Return the marks of a record after decisions, as columns of the queue."""
    mark = {name: getattr(row, name) for name in MARKS} | dict(given_marks)
    if "dropped" in given_marks:
        mark["dropped"] = words(mark["dropped"])
    if "second" in given_marks:
        mark["second"] = plain(wanted_by(mark["second"]))
    return mark


def _set(names: Sequence[str]) -> str:
    return ", ".join(f"{name} = ?" for name in names)
