"""Give canonical capabilities their addresses, names and definitions, and keep every address meaning what it meant."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, distinct, func, select, update

from decomposer.records import Category
from decomposer.registry import Naming, address, renamed
from decomposer.store.full_text import Written
from decomposer.store.prebuilt import Prebuilt, Rows
from decomposer.store.registry_tables import addresses, canonicals, members, texts

_NAMED = 64  # members at most whose names are counted again with every change: that of a larger one is settled


class _Member(NamedTuple):
    """A member as it says what its canonical capability is."""

    number: int
    key: str
    called: str
    category: Category
    entry: str
    id: str
    support: str | None
    definition: str


_CHANGE = update(canonicals).where(canonicals.c.number == bindparam("at"))
_CREATE = Rows(canonicals)
_TAKE = Rows(addresses, "DO NOTHING")
_LAST = Prebuilt(select(func.max(addresses.c.suffix)).where(addresses.c.base == bindparam("base")))
_OWN = select(addresses.c.uri).where(addresses.c.base == bindparam("base"), addresses.c.canonical == bindparam("at"))
_PEOPLED = select(members.c.number).where(members.c.canonical == bindparam("at")).limit(1)
_SIZES = select(func.count(), func.count(distinct(members.c.entry))).where(members.c.canonical == bindparam("at"))
_EMPTY = dict.fromkeys([column.name for column in canonicals.columns]) | {"members": 0, "artifacts": 0}
_EMPTY |= {"definition": "", "defined_in": "", "defined_by": ""}
_MEMBER = tuple(texts.c[name] for name in _Member._fields)
_BEST = Prebuilt(
    select(*_MEMBER)
    .join(members, members.c.number == texts.c.number)
    .where(members.c.canonical == bindparam("at"))
    .order_by(members.c.standing, members.c.number)
    .limit(_NAMED + 1)
)
# A canonical capability, beside each of its members.
_HELD = Prebuilt(
    select(*canonicals.columns, *(column.label(f"of_{column.name}") for column in _MEMBER))
    .outerjoin(members, members.c.canonical == canonicals.c.number)
    .outerjoin(texts, texts.c.number == members.c.number)
    .where(canonicals.c.number == bindparam("at"))
    .order_by(members.c.standing, members.c.number)
    .limit(_NAMED + 1)
)
_SAID = ("members", "artifacts", "definition", "defined_in", "defined_by", "support")
_SAY = Prebuilt(
    update(canonicals)
    .where(canonicals.c.number == bindparam("at"))
    .values({name: bindparam(f"now_{name}") for name in _SAID})
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
        return self._created(name, key, category, leaving=leaving)[0]

    def create_for(self, record: Written) -> tuple[int, bool]:
        """Return what `create` does for a record that is its only member, and whether all is said of it already."""
        said = {"members": 1, "artifacts": 1, "definition": record.definition, "support": record.support}
        said |= {"defined_in": record.entry, "defined_by": record.id}
        return self._created(record.called, record.key, record.category, said=said)

    def _created(
        self,
        name: str,
        key: str,
        category: Category,
        *,
        leaving: Collection[int] = (),
        said: Mapping[str, Any] = _EMPTY,
    ) -> tuple[int, bool]:
        """Return its number, and whether it is new."""
        base = address(category, name)
        last = _LAST.value(self._connection, {"base": base}) or 0
        if last and (held := self._revived(base, key)):
            return held, False
        given_up = bool(last and leaving) and self._given_up(base, key, leaving)
        row = {**_EMPTY, **said, "uri": base, "name": name, "key": key, "category": category}
        number = _CREATE.add(self._connection, row)
        if given_up:
            self._connection.execute(_HERE, {"wanted": base, "to": number})
            return number, True
        uri = self._taken(number, name, category, last)
        if uri != base:
            self._connection.execute(_CHANGE, {"at": number, "uri": uri})
        return number, True

    def merge(self, gone: int, into: int) -> None:
        """Make every address of one lead to another."""
        self._connection.execute(_LEAD, {"gone": gone, "into": into})
        self._connection.execute(_CHANGE, {"at": gone, "merged_into": into, "members": 0, "artifacts": 0})

    def refresh(self, touched: Collection[int]) -> None:
        """Bring counts, definitions and names of canonical capabilities in line with their members."""
        for number in sorted(touched):
            rows = _HELD.rows(self._connection, {"at": number})
            if rows[0].merged_into is None:
                self._refresh(
                    rows[0], [_Member._make(row[-len(_Member._fields) :]) for row in rows if row.of_number is not None]
                )

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
        held = [_Member._make(one) for one in _BEST.rows(self._connection, {"at": row.number})]
        staying = [one for one in held if one.number not in leaving]
        better = renamed(key, _names(staying))
        if len(staying) == len(held) or len(held) > _NAMED or better is None or any(one.key == key for one in staying):
            return False
        uri = self._address(row.number, better.name, better.category)
        named = {"name": better.name, "key": better.key, "category": better.category, "uri": uri}
        self._connection.execute(_CHANGE, {"at": row.number, **named})
        return True

    def _refresh(self, row: Any, standing: Sequence[_Member]) -> None:
        at = {"at": row.number}
        count, artifacts = len(standing), len({one.entry for one in standing})
        if count > _NAMED:
            count, artifacts = self._connection.execute(_SIZES, at).one()
        values = {name: getattr(row, name) for name in _SAID} | {"members": count, "artifacts": artifacts}
        values["support"] = standing[0].support if standing else None
        if standing:  # what it meant stays said where nobody is left
            best = standing[0]
            values |= {"definition": best.definition, "defined_in": best.entry, "defined_by": best.id}
        if any(getattr(row, name) != value for name, value in values.items()):
            _SAY.run(self._connection, at | {f"now_{name}": value for name, value in values.items()})
        if 0 < count <= _NAMED and (better := renamed(row.key, _names(standing))):
            uri = self._address(row.number, better.name, better.category)
            named = {"name": better.name, "key": better.key, "category": better.category, "uri": uri}
            self._connection.execute(_CHANGE, at | named)

    def _address(self, number: int, name: str, category: Category) -> str:
        """Return an address of a name that leads to a canonical capability already, else one that was never given."""
        base = address(category, name)
        held = self._connection.scalars(_OWN.order_by(addresses.c.suffix), {"base": base, "at": number}).first()
        return held or self._taken(number, name, category, _LAST.value(self._connection, {"base": base}) or 0)

    def _taken(self, number: int, name: str, category: Category, last: int) -> str:
        base, suffix = address(category, name), last + 1
        while True:
            uri = address(category, name, suffix)
            row = {"uri": uri, "canonical": number, "base": base, "suffix": suffix}
            if _TAKE.missing(self._connection, row):
                return uri
            suffix += 1  # another name ends in this number


def _names(standing: Sequence[_Member]) -> list[Naming]:
    groups: dict[str, list[_Member]] = {}
    for row in standing:
        groups.setdefault(row.key, []).append(row)
    return [Naming(key, rows[0].called, len(rows), _commonest(rows)) for key, rows in groups.items()]


def _commonest(rows: Sequence[_Member]) -> Category:
    listed = [row.category for row in rows]
    return min(set(listed), key=lambda one: (-listed.count(one), one))
