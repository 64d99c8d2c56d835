"""Keep the blocks in which records stand, so that those which share rare words are found however many there are."""

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from sys import byteorder

from sqlalchemy import Connection, func, select

from decomposer.same.blocks import Blocks
from decomposer.store.prebuilt import Among, Rows
from decomposer.store.registry_tables import blocks, leads, texts

NEAREST = 14
"""How many records that share the rarest words are judged beside one."""
_SAME_NAME = 8  # besides, of the same name
_AT_ONCE = 500  # records, after which changes are written, so that few are held

_LOOK = Among("SELECT key, numbers FROM blocks WHERE key {among}")
_TERMS = Among("SELECT number, terms FROM leads WHERE number {among}")
_DROP = Among("DELETE FROM blocks WHERE key {among}")
_FORGET = Among("DELETE FROM leads WHERE number {among}")
_KEEP_BLOCKS = Rows(blocks, "(key) DO UPDATE SET numbers = excluded.numbers")
_KEEP_LEADS = Rows(leads, "(number) DO UPDATE SET terms = excluded.terms")
_ROW = "SELECT t.number, t.entry, t.data, m.canonical, t.key FROM texts t LEFT JOIN members m ON m.number = t.number"
_FOUND = Among(f"{_ROW} WHERE t.number {{among}}")
_FOUND_OR_NAMED = Among(
    f"{_ROW} WHERE t.number IN ({{numbers}} UNION SELECT number FROM (SELECT number FROM texts "  # noqa: S608 (constants)
    f"WHERE key = {{given}} AND number <> {{given}} ORDER BY number LIMIT {_SAME_NAME}) AS named)"
)


class SqlBlocks:
    """The blocks in a database, as one transaction reads and changes them: `keep` writes what has changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name
        self._blocks = Blocks(self._looked, self.terms_of)
        self._entered: dict[int, Sequence[int]] = {}
        self._gone: set[int] = set()
        self._records: int | None = None

    def enter(self, number: int, terms: Sequence[int], *, often: Collection[int] = (), new: bool) -> dict[int, float]:
        """Let a record stand in its blocks; return whom it meets, by how rare it is what they share.

        One that is `new` has the highest number of all. Of the terms, `often` are those that many others have.
        """
        if self._records is None and not new:
            self._records = self._connection.scalar(select(func.max(texts.c.number)))
        self._records = max(self._records or 0, number)
        if len(self._entered) >= _AT_ONCE:
            self.keep()
        self._gone.discard(number)
        self._entered[number] = terms
        return self._blocks.enter(number, terms, often=often, records=self._records)

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
            _DROP.run(self._connection, emptied)
        if self._gone:
            _FORGET.run(self._connection, sorted(self._gone))
        held = ((at, members) for at, members in changed.items() if members is not None)
        _KEEP_BLOCKS.put(self._connection, [{"key": at, "numbers": _packed(members)} for at, members in held])
        entered = self._entered.items()
        _KEEP_LEADS.put(self._connection, [{"number": at, "terms": _packed(array("q", of))} for at, of in entered])
        self._blocks = Blocks(self._looked, self.terms_of)
        self._entered.clear()
        self._gone.clear()

    def _looked(self, keys: Collection[int]) -> dict[int, "array[int]"]:
        return {at: _numbers("i", held) for at, held in _LOOK.rows(self._connection, list(keys))}

    def terms_of(self, numbers: Collection[int]) -> Mapping[int, Sequence[int]]:
        """Return the rarest terms of records; one that nothing is known of is left out."""
        found: dict[int, Sequence[int]] = {one: self._entered[one] for one in numbers if one in self._entered}
        if missing := [one for one in numbers if one not in found and one not in self._gone]:
            found.update((number, _numbers("q", held)) for number, held in _TERMS.rows(self._connection, missing))
        return found


def found(
    connection: Connection, met: Mapping[int, float], *, at: int, key: str, also: Iterable[int] = ()
) -> list[tuple[int, str, str, int | None]]:
    """Return the records that are worth judging beside the one `at` a number, the likeliest first.

    These are a few of the same `key`, of those it met the nearest, and others. Of each it is told what its number is,
    its entry, what it is judged by, and its canonical capability.
    """
    nearest = sorted(met, key=lambda number: (-met[number], number))[:NEAREST]
    wanted = list(dict.fromkeys([*nearest, *also]))
    if key:
        rows = _FOUND_OR_NAMED.rows(connection, wanted, key, at)
    else:
        rows = _FOUND.rows(connection, wanted) if wanted else []
    named = sorted(row[0] for row in rows if row[4] == key) if key else []
    order = {number: place for place, number in enumerate(dict.fromkeys([*named[:_SAME_NAME], *wanted]))}
    return sorted((row[:4] for row in rows), key=lambda row: order[row[0]])


def _packed(values: "array[int]") -> bytes:
    if byteorder == "big":
        values = array(values.typecode, values)
        values.byteswap()
    return values.tobytes()


def _numbers(kind: str, held: bytes) -> "array[int]":
    made: array[int] = array(kind, bytes(held))
    if byteorder == "big":
        made.byteswap()
    return made
