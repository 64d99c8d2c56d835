"""Keep the blocks in which records stand, so that those which share rare words are found however many there are."""

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from sys import byteorder
from typing import Any

from sqlalchemy import Connection, Row, func, select

from decomposer.same.blocks import Blocks
from decomposer.store.registry_tables import texts

NEAREST = 14
"""How many records that share the rarest words are judged beside one."""
_SAME_NAME = 8  # besides, of the same name
_AT_ONCE = 500  # records, after which changes are written, so that few are held

_AMONG = {"sqlite": "IN (SELECT value FROM json_each(?))", "postgresql": "= ANY(%s)"}
_LOOK = "SELECT key, numbers FROM blocks WHERE key {among}"
_TERMS = "SELECT number, terms FROM leads WHERE number {among}"
_DROP = "DELETE FROM blocks WHERE key {among}"
_CHANGED = " ON CONFLICT ({by}) DO UPDATE SET {column} = excluded.{column}"
_KEEP = {
    "sqlite": "INSERT INTO {table} ({by}, {column}) VALUES (?, ?)" + _CHANGED,  # noqa: S608 (names from here alone)
    "postgresql": (
        "INSERT INTO {table} ({by}, {column}) "  # noqa: S608 (names from here alone)
        "SELECT * FROM unnest(CAST(%s AS bigint[]), CAST(%s AS bytea[]))" + _CHANGED
    ),
}
_FORGET = "DELETE FROM leads WHERE number {among}"
_FOUND = (
    "SELECT t.number, t.entry, t.data, m.canonical FROM texts t LEFT JOIN members m ON m.number = t.number "
    "WHERE t.number {among}"
)
_NAMED = "SELECT number FROM texts WHERE key = {given} AND key <> '' AND number <> {given} ORDER BY number LIMIT {most}"


class SqlBlocks:
    """The blocks in a database, as one transaction reads and changes them: `keep` writes what has changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name
        self._blocks = Blocks(self._looked, self.terms_of)
        self._entered: dict[int, Sequence[int]] = {}
        self._gone: set[int] = set()
        self._records: int | None = None

    def enter(self, number: int, terms: Sequence[int], *, new: bool) -> dict[int, float]:
        """Let a record stand in its blocks; return whom it meets, by how rare it is what they share.

        One that is `new` has the highest number of all.
        """
        if self._records is None and not new:
            self._records = self._connection.scalar(select(func.max(texts.c.number)))
        self._records = max(self._records or 0, number)
        if len(self._entered) >= _AT_ONCE:
            self.keep()
        self._gone.discard(number)
        self._entered[number] = terms
        return self._blocks.enter(number, terms, records=self._records)

    def leave(self, number: int) -> None:
        """Take a record out of its blocks."""
        terms = self.terms_of([number]).get(number, ())
        self._blocks.leave(number, terms)
        self._entered.pop(number, None)
        self._gone.add(number)

    def keep(self) -> None:
        """Write what has changed since it was read."""
        changed = {at: self._blocks.block(at) for at in sorted(self._blocks.changed)}
        if emptied := [at for at, members in changed.items() if members is None]:
            self._run(_DROP, emptied)
        if self._gone:
            self._run(_FORGET, sorted(self._gone))
        held = ((at, members) for at, members in changed.items() if members is not None)
        self._write("blocks", "key", "numbers", held)
        self._write("leads", "number", "terms", ((one, array("q", terms)) for one, terms in self._entered.items()))
        self._blocks = Blocks(self._looked, self.terms_of)
        self._entered.clear()
        self._gone.clear()

    def _looked(self, keys: Collection[int]) -> dict[int, "array[int]"]:
        return {at: _numbers("i", held) for at, held in self._run(_LOOK, keys).all()}

    def terms_of(self, numbers: Collection[int]) -> Mapping[int, Sequence[int]]:
        """Return the rarest terms of records; one that nothing is known of is left out."""
        found: dict[int, Sequence[int]] = {one: self._entered[one] for one in numbers if one in self._entered}
        if missing := [one for one in numbers if one not in found and one not in self._gone]:
            found.update((number, _numbers("q", held)) for number, held in self._run(_TERMS, missing).all())
        return found

    def _run(self, statement: str, numbers: Collection[int]) -> Any:
        return run_among(self._connection, statement, numbers)

    def _write(self, table: str, by: str, column: str, rows: Iterable[tuple[int, "array[int]"]]) -> None:
        packed = [(at, _packed(values)) for at, values in rows]
        if not packed:
            return
        statement = _KEEP[self._dialect].format(table=table, by=by, column=column)
        if self._dialect == "postgresql":
            self._connection.exec_driver_sql(statement, tuple(map(list, zip(*packed, strict=True))))
        else:
            self._connection.exec_driver_sql(statement, packed)


def found(
    connection: Connection, met: Mapping[int, float], *, at: int, key: str, also: Iterable[int] = ()
) -> Sequence[Row[Any]]:
    """Return the records that are worth judging beside the one `at` a number, the likeliest first.

    These are a few of the same `key`, of those it met the nearest, and others. A row has `number`, `entry`, `data` and
    `canonical`.
    """
    given = "%s" if connection.dialect.name == "postgresql" else "?"
    named = _NAMED.format(given=given, most=_SAME_NAME)
    first = [number for (number,) in connection.exec_driver_sql(named, (key, at))] if key else []
    nearest = sorted(met, key=lambda number: (-met[number], number))[:NEAREST]
    order = {number: place for place, number in enumerate(dict.fromkeys([*first, *nearest, *also]))}
    rows = run_among(connection, _FOUND, list(order)).all() if order else []
    return sorted(rows, key=lambda row: order[row.number])


def run_among(connection: Connection, statement: str, numbers: Collection[int]) -> Any:
    """Execute a statement with `{among}` for numbers, however many: they travel as one parameter."""
    dialect = connection.dialect.name
    given: Any = list(numbers) if dialect == "postgresql" else f"[{','.join(map(str, numbers))}]"
    return connection.exec_driver_sql(statement.format(among=_AMONG[dialect]), (given,))


def _packed(values: "array[int] | Sequence[int]") -> bytes:
    made = values if isinstance(values, array) else array("q", values)
    if byteorder == "big":
        made = array(made.typecode, made)
        made.byteswap()
    return made.tobytes()


def _numbers(kind: str, held: bytes) -> "array[int]":
    made: array[int] = array(kind, bytes(held))
    if byteorder == "big":
        made.byteswap()
    return made
