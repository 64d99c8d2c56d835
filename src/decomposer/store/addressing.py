"""Give canonical capabilities their addresses, names and definitions, and keep every address meaning what it meant."""

from collections.abc import Collection, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Row, bindparam, distinct, func, insert, select, update

from decomposer.records import Category
from decomposer.registry import Naming, address, renamed
from decomposer.store.prebuilt import Prebuilt
from decomposer.store.registry_tables import addresses, canonicals, members, texts
from decomposer.store.tables import insert_missing

_NAMED = 64  # members at most whose names are counted again with every change: that of a larger one is settled

_CANONICAL = Prebuilt(select(canonicals).where(canonicals.c.number == bindparam("at")))
_CHANGE = update(canonicals).where(canonicals.c.number == bindparam("at"))
_CREATE = insert(canonicals)
_LAST = Prebuilt(select(func.max(addresses.c.suffix)).where(addresses.c.base == bindparam("base")))
_OWN = select(addresses.c.uri).where(addresses.c.base == bindparam("base"), addresses.c.canonical == bindparam("at"))
_PEOPLED = select(members.c.number).where(members.c.canonical == bindparam("at")).limit(1)
_SIZES = select(func.count(), func.count(distinct(members.c.entry))).where(members.c.canonical == bindparam("at"))
_BEST = Prebuilt(
    select(*(texts.c[name] for name in ("number", "key", "called", "category", "entry", "id", "support", "definition")))
    .join(members, members.c.number == texts.c.number)
    .where(members.c.canonical == bindparam("at"))
    .order_by(members.c.standing, members.c.number)
    .limit(_NAMED + 1)
)
_LEAD = update(addresses).where(addresses.c.canonical == bindparam("gone")).values(canonical=bindparam("into"))
_HERE = update(addresses).where(addresses.c.uri == bindparam("wanted")).values(canonical=bindparam("to"))


class Addressing:
    """The canonical capabilities, as one transaction changes them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(self, name: str, key: str, category: Category, *, leaving: Collection[int] = ()) -> int:
        """Return a canonical capability without members, with an address of its own.

        That is one that lost its members, or was merged, where it had this very name: its address means it again.
        Records that are `leaving` one take its address along where nobody who stays has that name.
        """
        base = address(category, name)
        last = _LAST.run(self._connection, {"base": base}).scalar() or 0
        if last and (held := self._revived(base, key)):
            return held
        given_up = bool(last and leaving) and self._given_up(base, key, leaving)
        empty = {"name": name, "key": key, "category": category, "artifacts": 0, "members": 0}
        empty |= {"uri": base, "definition": "", "defined_in": "", "defined_by": ""}
        (number,) = self._connection.execute(_CREATE, empty).inserted_primary_key or (0,)
        if given_up:
            self._connection.execute(_HERE, {"wanted": base, "to": number})
            return int(number)
        uri = self._taken(int(number), name, category, last)
        if uri != base:
            self._connection.execute(_CHANGE, {"at": number, "uri": uri})
        return int(number)

    def merge(self, gone: int, into: int) -> None:
        """Make every address of one lead to another."""
        self._connection.execute(_LEAD, {"gone": gone, "into": into})
        self._connection.execute(_CHANGE, {"at": gone, "merged_into": into, "members": 0, "artifacts": 0})

    def refresh(self, touched: Collection[int]) -> None:
        """Bring counts, definitions and names of canonical capabilities in line with their members."""
        for number in sorted(touched):
            row = _CANONICAL.run(self._connection, {"at": number}).one()
            if row.merged_into is None:
                self._refresh(row)

    def _revived(self, base: str, key: str) -> int | None:
        """Return the canonical capability that had this address and name and has no members now, if there is one."""
        wanted = select(canonicals).where(canonicals.c.uri == base)
        row = self._connection.execute(wanted).first()
        if row is None or row.key != key or self._connection.execute(_PEOPLED, {"at": row.number}).first():
            return None
        if row.merged_into is not None:
            self._connection.execute(_CHANGE, {"at": row.number, "merged_into": None})
            self._connection.execute(_HERE, {"wanted": base, "to": row.number})
        return int(row.number)

    def _given_up(self, base: str, key: str, leaving: Collection[int]) -> bool:
        """Say whether nobody who stays has the name of this address; then what they are of is named after them."""
        row = self._connection.execute(select(canonicals).where(canonicals.c.uri == base)).first()
        if row is None or row.key != key or row.merged_into is not None:
            return False
        held = _BEST.run(self._connection, {"at": row.number}).all()
        staying = [one for one in held if one.number not in leaving]
        better = renamed(key, _names(staying))
        if len(staying) == len(held) or len(held) > _NAMED or better is None or any(one.key == key for one in staying):
            return False
        uri = self._address(row.number, better.name, better.category)
        named = {"name": better.name, "key": better.key, "category": better.category, "uri": uri}
        self._connection.execute(_CHANGE, {"at": row.number, **named})
        return True

    def _refresh(self, row: Row[Any]) -> None:
        at = {"at": row.number}
        standing = _BEST.run(self._connection, at).all()
        count, artifacts = len(standing), len({one.entry for one in standing})
        if count > _NAMED:
            count, artifacts = self._connection.execute(_SIZES, at).one()
        values: dict[str, object] = {"members": count, "artifacts": artifacts}
        if standing:  # what it meant stays said where nobody is left
            best = standing[0]
            values |= {"definition": best.definition, "support": best.support}
            values |= {"defined_in": best.entry, "defined_by": best.id}
        else:
            values["support"] = None
        if 0 < count <= _NAMED and (better := renamed(row.key, _names(standing))):
            values |= {"name": better.name, "key": better.key, "category": better.category}
            values["uri"] = self._address(row.number, better.name, better.category)
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if changed:
            self._connection.execute(_CHANGE, at | changed)

    def _address(self, number: int, name: str, category: Category) -> str:
        """Return an address of a name that leads to a canonical capability already, else one that was never given."""
        base = address(category, name)
        held = self._connection.scalars(_OWN.order_by(addresses.c.suffix), {"base": base, "at": number}).first()
        return held or self._taken(number, name, category, _LAST.run(self._connection, {"base": base}).scalar() or 0)

    def _taken(self, number: int, name: str, category: Category, last: int) -> str:
        base, suffix = address(category, name), last + 1
        taking = insert_missing(self._connection, addresses)
        while True:
            uri = address(category, name, suffix)
            row = {"uri": uri, "canonical": number, "base": base, "suffix": suffix}
            if self._connection.execute(taking, row).rowcount:
                return uri
            suffix += 1  # another name ends in this number


def _names(standing: Sequence[Row[Any]]) -> list[Naming]:
    groups: dict[str, list[Row[Any]]] = {}
    for row in standing:
        groups.setdefault(row.key, []).append(row)
    return [Naming(key, rows[0].called, len(rows), _commonest(rows)) for key, rows in groups.items()]


def _commonest(rows: Sequence[Row[Any]]) -> Category:
    listed = [row.category for row in rows]
    return cast(Category, min(set(listed), key=lambda one: (-listed.count(one), one)))
