"""Join tables with values that a statement is given, however many: they travel as one parameter."""

from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, Text, cast, func, literal, type_coerce
from sqlalchemy.dialects.postgresql import JSONB

from decomposer.store.tables import json_text

_BLOCK = 1000  # rows in memory at a time


class Given(NamedTuple):
    """A table of values: what to select from, and its columns, all of them text."""

    table: FromClause
    columns: tuple[ColumnElement[str], ...]


def given(connection: Connection, rows: Collection[Sequence[str | int]], width: int) -> Given:
    """Return rows of `width` values as a table, of which an index of another one is looked up row by row.

    The texts are plain: a database takes them.
    """
    data = json_text(list(rows))
    if connection.dialect.name == "postgresql":
        each = func.jsonb_array_elements(cast(literal(data, Text), JSONB)).table_valued("value", name="given")
        values: list[ColumnElement[Any]] = [each.c.value.op("->>")(place) for place in range(width)]
    else:
        each = func.json_each(data).table_valued("value", name="given")
        values = [func.json_extract(each.c.value, f"$[{place}]") for place in range(width)]
    return Given(each, tuple(type_coerce(value, Text) for value in values))


def many(connection: Connection, statement: str, rows: Iterable[Sequence[object]]) -> None:
    """Execute a statement with `?` for its values once a row, straight by the driver: it is thrice as fast."""
    written = statement.replace("?", "%s") if connection.dialect.name == "postgresql" else statement
    rest = iter(rows)
    while block := list(map(tuple, islice(rest, _BLOCK))):
        connection.exec_driver_sql(written, block)
