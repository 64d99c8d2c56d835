"""Who artifacts are, in SQL: what is compared is found under few keys, however many entries there are."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from json import loads
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, delete, exists, func, insert, or_, select, update

from decomposer.errors import CatalogError
from decomposer.ports.identities import Comparing
from decomposer.records.likeness import Likeness, Relation, Ruling, Traits
from decomposer.store import engine as database
from decomposer.store.identity_tables import identities, identity_keys
from decomposer.store.identity_tables import identity_pairs as pairs
from decomposer.store.identity_tables import identity_rulings as rulings
from decomposer.store.review_tables import due
from decomposer.store.tables import json_text

TASK = "identity"
MOST_OF_A_KEY = 32
"""Entries under one key above which it is not followed: a licence, a common first line, a name that many have."""
MOST_NEAR = 64
"""Entries that one is compared with: those it has the most keys in common with."""
_STRONG = {"doc": 4, "at": 4, "name": 3}  # what a key counts, where others count 1
_BLOCK = 200

_RULED = exists().where(
    rulings.c.live, rulings.c.op != "undo", rulings.c.low == pairs.c.low, rulings.c.high == pairs.c.high
)


class SqlIdentities:
    """The `Identities` of a database opened by `open_database`. `now` gives the time that rulings are dated with."""

    def __init__(self, engine: Engine, *, now: Callable[[], str] = database.now) -> None:
        self._engine = engine
        self._now = now

    def due(self, *, count: int = 100) -> list[str]:
        """Return the slugs of entries whose traits have to be read again, at most `count`."""
        query = select(due.c.entry).where(due.c.task == TASK).order_by(due.c.entry).limit(count)
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def renew(self, traits: Traits, keys: Sequence[str], compare: Comparing) -> list[Likeness]:
        """Keep the traits and keys of an entry, and what `compare` makes of those that share a key; return that."""
        slug = traits.slug
        with database.writing(self._engine) as connection:
            database.take_turns(connection, TASK)  # or two new entries would not see each other
            connection.execute(delete(due).where(due.c.task == TASK, due.c.entry == slug))
            connection.execute(delete(identity_keys).where(identity_keys.c.entry == slug))
            connection.execute(delete(identities).where(identities.c.entry == slug))
            connection.execute(insert(identities), {"entry": slug, "traits": json_text(traits.model_dump(mode="json"))})
            if keys:
                connection.execute(insert(identity_keys), [{"key": key, "entry": slug} for key in sorted(set(keys))])
            found = list(compare(_read(connection, _near(connection, slug, sorted(set(keys))))))
            connection.execute(delete(pairs).where(or_(pairs.c.low == slug, pairs.c.high == slug)))
            if found:
                connection.execute(insert(pairs), [_pair_row(one) | _told(one) for one in found])
        return found

    def forget(self, slug: str) -> None:
        """Take an entry that can't be read off the list of what is due."""
        with database.writing(self._engine) as connection:
            connection.execute(delete(due).where(due.c.task == TASK, due.c.entry == slug))

    def traits(self, slug: str) -> Traits | None:
        """Return the traits of an entry, or None where they were not read yet."""
        with self._engine.connect() as connection:
            return next(iter(_read(connection, [slug])), None)

    def proposals(self, *, entry: str | None = None, relation: Relation | None = None) -> Iterator[Likeness]:
        """Yield what is proposed and was not ruled upon, the likeliest first; of one entry or one relation if named."""
        query = select(pairs).where(~_RULED)
        query = query.order_by(pairs.c.score.desc(), pairs.c.low, pairs.c.high)
        if entry is not None:
            query = query.where(or_(pairs.c.low == entry, pairs.c.high == entry))
        if relation is not None:
            query = query.where(pairs.c.relation == relation)
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=_BLOCK).execute(query):
                yield _likeness(row)

    def proposed(self, one: str, other: str) -> Likeness | None:
        """Return the proposal about two entries, ruled upon or not, or None."""
        low, high = sorted((one, other))
        query = select(pairs).where(pairs.c.low == low, pairs.c.high == high)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return None if row is None else _likeness(row)

    def rule(self, ruling: Ruling) -> Ruling:
        """Append what a person decided, and return it with its `seq`. An earlier ruling on the pair holds no more."""
        with database.writing(self._engine) as connection:
            database.take_turns(connection, "rulings")
            return self._append(connection, ruling)

    def take_back(self, ruling: Ruling) -> Ruling | None:
        """Append an undo of the newest live ruling: on the pair named, or of the actor; None where there is none."""
        low, high = sorted((ruling.one, ruling.other))
        about = and_(rulings.c.low == low, rulings.c.high == high) if ruling.one else rulings.c.actor == ruling.actor
        query = select(rulings).where(rulings.c.live, rulings.c.op != "undo", about)
        with database.writing(self._engine) as connection:
            database.take_turns(connection, "rulings")
            row = connection.execute(query.order_by(rulings.c.seq.desc()).limit(1)).first()
            if row is None:
                return None
            held = _ruling(row)
            undone = {"op": "undo", "one": held.one, "other": held.other, "relation": held.relation, "target": held.seq}
            return self._append(connection, ruling.model_copy(update=undone))

    def rulings(self, *, entry: str | None = None, live: bool = False) -> Iterator[Ruling]:
        """Yield rulings, oldest first: of one entry if named, with `live` only those that hold."""
        query = select(rulings).order_by(rulings.c.seq)
        if entry is not None:
            query = query.where(or_(rulings.c.low == entry, rulings.c.high == entry))
        if live:
            query = query.where(rulings.c.live, rulings.c.op != "undo")
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=_BLOCK).execute(query):
                yield _ruling(row)

    def _append(self, connection: Connection, ruling: Ruling) -> Ruling:
        pair = _pair_row(ruling)
        over = and_(rulings.c.live, rulings.c.low == pair["low"], rulings.c.high == pair["high"])
        connection.execute(update(rulings).where(over).values(live=False))
        seq = (connection.scalar(select(func.max(rulings.c.seq))) or 0) + 1
        stored = ruling.model_copy(
            update={"seq": seq, "decided_at": ruling.decided_at or self._now(), "live": ruling.op != "undo"}
        )
        said = stored.model_dump(mode="json", exclude={"one", "other", "target"})
        connection.execute(insert(rulings), pair | said | {"reason": stored.reason, "target": stored.target})
        return stored


def _near(connection: Connection, slug: str, keys: Sequence[str]) -> list[str]:
    """Return the entries with the most keys in common, less those keys that too many have."""
    shared: Counter[str] = Counter()
    for key in keys:
        query = select(identity_keys.c.entry).where(identity_keys.c.key == key, identity_keys.c.entry != slug)
        found = connection.scalars(query.limit(MOST_OF_A_KEY)).all()
        if len(found) < MOST_OF_A_KEY:
            shared.update(dict.fromkeys(found, _STRONG.get(key.partition(":")[0], 1)))
    order = sorted(shared, key=lambda one: (-shared[one], one))
    return order[:MOST_NEAR]


def _read(connection: Connection, slugs: Sequence[str]) -> list[Traits]:
    query = select(identities).where(identities.c.entry.in_(slugs)).order_by(identities.c.entry)
    found = []
    for row in connection.execute(query):
        try:
            found.append(Traits.model_validate_json(row.traits))
        except ValueError as error:
            reason = str(error).partition("\n")[0]
            raise CatalogError(f"the traits of {row.entry!r} are damaged: {reason}", hint="restore a backup") from error
    return found


def _pair_row(of: Likeness | Ruling) -> dict[str, Any]:
    low, high = sorted((of.one, of.other))
    return {"low": low, "high": high, "turned": of.one != low}


def _told(one: Likeness) -> dict[str, Any]:
    return {"relation": one.relation, "score": one.score, "reasons": json_text(list(one.reasons))}


def _sides(row: Row[Any]) -> dict[str, str]:
    return {"one": row.high, "other": row.low} if row.turned else {"one": row.low, "other": row.high}


def _likeness(row: Row[Any]) -> Likeness:
    return Likeness(**_sides(row), relation=row.relation, score=row.score, reasons=tuple(loads(row.reasons)))


def _ruling(row: Row[Any]) -> Ruling:
    names = ("op", "relation", "actor", "reason", "decided_at", "seq", "target", "live")
    return Ruling.model_validate({**_sides(row), **{name: getattr(row, name) for name in names}})
