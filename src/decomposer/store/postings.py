"""Keep for each term which records have it, so that those that share rare ones are found however many there are."""

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from sys import byteorder

from sqlalchemy import Connection

from decomposer.same.blocks import BITS, NEAREST
from decomposer.store.prebuilt import Among, Rows
from decomposer.store.registry_tables import leads, postings

_SAME_NAME = 8  # besides, of the same name
_AT_ONCE = 500  # records, after which changes are written, so that few are held
_PART = 63 - BITS  # of a key; a term comes before it
_ROW = 480
"""Records of a row: what changes with one more is one row of each of its terms."""

_LOOK = Among(
    "SELECT p.key, p.numbers FROM ({numbers}) AS wanted CROSS JOIN postings p "  # noqa: S608 (a constant)
    f"WHERE p.key BETWEEN wanted.value AND wanted.value + {(1 << _PART) - 1}"
)
_TERMS = Among("SELECT number, terms FROM leads WHERE number {among}")
_DROP = Among("DELETE FROM postings WHERE key {among}")
_FORGET = Among("DELETE FROM leads WHERE number {among}")
_KEEP_POSTINGS = Rows(postings, "(key) DO UPDATE SET numbers = excluded.numbers")
_KEEP_LEADS = Rows(leads, "(number) DO UPDATE SET terms = excluded.terms")
_FIELDS = "SELECT t.number, t.entry, t.data, m.canonical, t.key FROM texts t LEFT JOIN members m ON m.number = t.number"
_FOUND = Among(f"{_FIELDS} WHERE t.number {{among}}")
_FOUND_OR_NAMED = Among(
    f"{_FIELDS} WHERE t.number IN ({{numbers}} UNION SELECT number FROM (SELECT number FROM texts "  # noqa: S608 (constants)
    f"WHERE key = {{given}} AND number <> {{given}} ORDER BY number LIMIT {_SAME_NAME}) AS named)"
)


class Postings:
    """The records that have each term, as one transaction reads and changes them: `keep` writes what has changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._having: dict[int, array[int]] = {}
        self._changed: set[int] = set()
        self._entered: dict[int, Sequence[int]] = {}
        self._gone: set[int] = set()

    def enter(self, number: int, terms: Sequence[int], *, new: bool) -> list[int]:
        """Take in a record with its terms; return those it meets (see `same.meeting`), the nearest first.

        One that is `new` was never entered. It is met itself from now on.
        """
        import numpy as np

        from decomposer.same.meeting import met

        if len(self._entered) >= _AT_ONCE:
            self.keep()
        self._gone.discard(number)
        self._entered[number] = terms
        self._bring(terms)
        lists = [np.frombuffer(having, np.int32) for one in terms if (having := self._having[one])]
        nearest, _ = met(lists, besides=number)
        del lists  # what is looked at can't grow
        for one in terms:
            having = self._having[one]
            if new or number not in having:
                self._changed.add(_key(one, len(having)))
                having.append(number)
        return [int(one) for one in nearest[:NEAREST]]

    def leave(self, number: int) -> None:
        """Take out a record."""
        terms = self.terms_of([number]).get(number, ())
        self._bring(terms)
        for one in terms:
            having = self._having[one]
            if number in having:
                place = having.index(number)
                self._changed |= {_key(one, place), _key(one, len(having) - 1)}
                having[place] = having[-1]
                having.pop()
        self._entered.pop(number, None)
        self._gone.add(number)

    def keep(self) -> None:
        """Write what has changed since it was read."""
        changed = {key: self._row(key) for key in sorted(self._changed)}
        if emptied := [key for key, row in changed.items() if not row]:
            _DROP.run(self._connection, emptied)
        if self._gone:
            _FORGET.run(self._connection, sorted(self._gone))
        held = ((key, row) for key, row in changed.items() if row)
        _KEEP_POSTINGS.put(self._connection, [{"key": key, "numbers": packed(row)} for key, row in held])
        entered = self._entered.items()
        _KEEP_LEADS.put(self._connection, [{"number": at, "terms": packed(array("q", of))} for at, of in entered])
        for held_now in (self._having, self._changed, self._entered, self._gone):
            held_now.clear()

    def terms_of(self, numbers: Collection[int]) -> Mapping[int, Sequence[int]]:
        """Return the rarest terms of records; one that nothing is known of is left out."""
        found: dict[int, Sequence[int]] = {one: self._entered[one] for one in numbers if one in self._entered}
        if missing := [one for one in numbers if one not in found and one not in self._gone]:
            found.update((number, unpacked("q", held)) for number, held in _TERMS.rows(self._connection, missing))
        return found

    def _bring(self, terms: Iterable[int]) -> None:
        """Read which records have terms."""
        missing = [one for one in terms if one not in self._having]
        if missing:
            parts: dict[int, list[bytes]] = {one: [] for one in missing}
            for key, held in sorted(_LOOK.rows(self._connection, [one << _PART for one in parts])):
                parts[key >> _PART].append(held)
            self._having.update((one, unpacked("i", b"".join(held))) for one, held in parts.items())

    def _row(self, key: int) -> "array[int]":
        """Return the records of a row, as they are now."""
        start = (key & ((1 << _PART) - 1)) * _ROW
        return self._having[key >> _PART][start : start + _ROW]


def found(
    connection: Connection, nearest: Sequence[int], *, at: int, key: str, also: Iterable[int] = ()
) -> list[tuple[int, str, str, int | None]]:
    """Return the records that are worth judging beside the one `at` a number, the likeliest first.

    These are a few of the same `key`, the `nearest` of those it met, and others. Of each it is told what its number is,
    its entry, what it is judged by, and its canonical capability.
    """
    wanted = list(dict.fromkeys([*nearest, *also]))
    if key:
        rows = _FOUND_OR_NAMED.rows(connection, wanted, key, at)
    else:
        rows = _FOUND.rows(connection, wanted) if wanted else []
    named = sorted(row[0] for row in rows if row[4] == key) if key else []
    order = {number: place for place, number in enumerate(dict.fromkeys([*named[:_SAME_NAME], *wanted]))}
    return sorted((row[:4] for row in rows), key=lambda row: order[row[0]])


def _key(term: int, place: int) -> int:
    """Return the key of the row in which a record stands that has a place among those with a term."""
    return (term << _PART) | (place // _ROW)


def packed(values: "array[int]") -> bytes:
    """Return numbers as bytes, the lowest of each first."""
    if byteorder == "big":
        values = array(values.typecode, values)
        values.byteswap()
    return values.tobytes()


def unpacked(kind: str, held: bytes) -> "array[int]":
    """Return the numbers that were packed as a kind of array: "i" for those of 4 bytes, "q" of 8."""
    made: array[int] = array(kind, bytes(held))
    if byteorder == "big":
        made.byteswap()
    return made
