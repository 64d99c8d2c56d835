"""Run a statement that is compiled once: what runs with every record costs little more than the database takes."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, CursorResult
from sqlalchemy.sql.expression import ClauseElement


class Prebuilt:
    """A statement whose parameters are single plain values; `columns` names those that an insert or update is given."""

    def __init__(self, statement: ClauseElement, columns: Collection[str] = ()) -> None:
        self._statement = statement
        self._columns = list(columns) or None
        self._compiled: dict[str, tuple[str, dict[str, Any], list[str] | None]] = {}

    def run(self, connection: Connection, given: Mapping[str, Any]) -> CursorResult[Any]:
        """Execute it with the parameters given."""
        if connection.dialect.name not in self._compiled:
            made: Any = self._statement.compile(dialect=connection.dialect, column_keys=self._columns)
            self._compiled[connection.dialect.name] = (str(made), dict(made.params), made.positiontup)
        text, known, order = self._compiled[connection.dialect.name]
        values = {**known, **given}
        return connection.exec_driver_sql(text, values if order is None else tuple([values[name] for name in order]))
