"""Run statements that are built once, straight on the driver: they cost little more than what the database takes."""

import json
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.sql.expression import ClauseElement

from decomposer.store.engine import plainly
from decomposer.store.tables import Plain, plain

_MARK = {"sqlite": "?", "postgresql": "%s"}
_AMONG = {"sqlite": "IN (SELECT value FROM json_each(?))", "postgresql": "= ANY(%s)"}
_NUMBERS = {"sqlite": "SELECT value FROM json_each(?)", "postgresql": "SELECT unnest(CAST(%s AS bigint[])) AS value"}


class Prebuilt:
    """A statement whose parameters are single plain values. All of it raises CatalogError as the engine does."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, dict[str, Any], list[str] | None]] = {}
        self._row: Callable[[Sequence[Any]], Any] | None = None

    def rows(self, connection: Connection, given: Mapping[str, Any]) -> list[Any]:
        """Return what it finds with the parameters given, as named tuples."""
        if self._row is None:
            statement: Any = self._statement
            names = [column.key for column in statement.selected_columns]
            made: Any = namedtuple("Row", names)  # type: ignore[misc]  # the names are known here alone
            self._row = made._make
        return list(map(self._row, _fetched(connection, self._sent(connection, given))))

    def value(self, connection: Connection, given: Mapping[str, Any]) -> Any:
        """Return the first value of the first row, or None."""
        rows = _fetched(connection, self._sent(connection, given))
        return rows[0][0] if rows else None

    def run(self, connection: Connection, given: Mapping[str, Any]) -> None:
        """Execute it, where it finds nothing."""
        self._sent(connection, given)

    def _sent(self, connection: Connection, given: Mapping[str, Any]) -> Any:
        if connection.dialect.name not in self._compiled:
            made: Any = self._statement.compile(dialect=connection.dialect)
            self._compiled[connection.dialect.name] = (str(made), dict(made.params), made.positiontup)
        text, known, order = self._compiled[connection.dialect.name]
        values = {**known, **given}
        return _executed(connection, text, values if order is None else [values[name] for name in order])


class Among:
    """A statement with `{among}` for numbers or words, however many they are: they travel as one parameter.

    `{numbers}` stands for a selection of numbers that are given, and `{given}` for a single value.
    """

    def __init__(self, statement: str) -> None:
        self._texts = {
            name: statement.format(among=_AMONG[name], numbers=_NUMBERS[name], given=mark)
            for name, mark in _MARK.items()
        }

    def rows(self, connection: Connection, *given: Any) -> list[Any]:
        """Return what it finds, as tuples; lists for `{among}` and `{numbers}`, in the order in which they stand."""
        return _fetched(connection, self._sent(connection, given))

    def run(self, connection: Connection, *given: Any) -> None:
        """Execute it, where it finds nothing."""
        self._sent(connection, given)

    def _sent(self, connection: Connection, given: Sequence[Any]) -> Any:
        name = connection.dialect.name
        if name == "sqlite":
            given = [json.dumps(one) if isinstance(one, list) else one for one in given]
        return _executed(connection, self._texts[name], given)


class Rows:
    """Adds rows to a table, in one statement however many they are; `beyond` says what becomes of one that is there."""

    def __init__(self, table: Table, beyond: str = "") -> None:
        self._table = table
        self._columns = [column.name for column in table.columns]
        self._plain = {column.name for column in table.columns if isinstance(column.type, Plain)}
        self._beyond = f" ON CONFLICT {beyond}" if beyond else ""
        self._texts: dict[str, str] = {}

    def put(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows, each with a value for every column."""
        if not rows:
            return
        values = [self._values(row, self._columns) for row in rows]
        if len(rows) == 1:
            _executed(connection, self._text("one", connection), values[0])
        elif connection.dialect.name == "sqlite":
            _executed(connection, self._text("one", connection), values, many=True)
        else:
            _executed(connection, self._text("many", connection), list(map(list, zip(*values, strict=True))))

    def add(self, connection: Connection, row: Mapping[str, Any]) -> int:
        """Add one row whose `number` the database gives, and return that."""
        values = self._values(row, [name for name in self._columns if name != "number"])
        cursor = _executed(connection, self._text("numbered", connection), values)
        if connection.dialect.name == "sqlite":
            return int(cursor.lastrowid)
        return int(_fetched(connection, cursor)[0][0])

    def missing(self, connection: Connection, row: Mapping[str, Any]) -> bool:
        """Add one row, and say whether it was missing; `beyond` leaves one that is there alone."""
        values = self._values(row, self._columns)
        return bool(_executed(connection, self._text("one", connection), values).rowcount)

    def _values(self, row: Mapping[str, Any], columns: Sequence[str]) -> list[Any]:
        if not self._plain:
            return [row[name] for name in columns]
        values = ((name, row[name]) for name in columns)
        return [plain(value) if name in self._plain and value is not None else value for name, value in values]

    def _text(self, how: str, connection: Connection) -> str:
        key = f"{connection.dialect.name} {how}"
        return self._texts.get(key) or self._texts.setdefault(key, self._made(how, connection.dialect))

    def _made(self, how: str, dialect: Dialect) -> str:
        columns = [name for name in self._columns if how != "numbered" or name != "number"]
        given = f"VALUES ({', '.join([_MARK[dialect.name]] * len(columns))})"
        if how == "many":
            kinds = [self._table.c[name].type.compile(dialect).partition(" COLLATE")[0] for name in columns]
            lists = ", ".join(f"CAST(%s AS {kind}[])" for kind in kinds)
            given = f"SELECT * FROM unnest({lists})"  # noqa: S608 (names of columns alone)
        returned = " RETURNING number" if how == "numbered" and dialect.name == "postgresql" else ""
        return f"INSERT INTO {self._table.name} ({', '.join(columns)}) {given}{self._beyond}{returned}"


def _executed(
    connection: Connection, text: str, values: Sequence[Any] | Mapping[str, Any], *, many: bool = False
) -> Any:
    driver: Any = connection.connection.driver_connection
    try:
        cursor = driver.cursor()
        (cursor.executemany if many else cursor.execute)(text, values)
    except connection.dialect.loaded_dbapi.Error as error:
        raise plainly(connection, error) from error
    return cursor


def _fetched(connection: Connection, cursor: Any) -> list[Any]:
    try:
        found: list[Any] = cursor.fetchall()
    except connection.dialect.loaded_dbapi.Error as error:
        raise plainly(connection, error) from error
    return found
