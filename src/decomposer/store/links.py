"""Keep what people said of records of different entries: which words hold, and what follows from them."""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from decomposer.decide import SAME, pair
from decomposer.errors import CatalogError
from decomposer.ports import Linked
from decomposer.records import Capability, Decision, Entry
from decomposer.store import entries, events
from decomposer.store.links_tables import links
from decomposer.store.review_tables import due
from decomposer.store.tables import insert_missing, plain

_TASK = "registry"
_LIVE = select(links.c.seq, links.c.field, links.c.one, links.c.other).where(
    links.c.live, or_(*(side.in_(bindparam("ids", expanding=True)) for side in (links.c.one, links.c.other)))
)
_PAIR = (links.c.field == bindparam("of")) & (links.c.one == bindparam("first")) & (links.c.other == bindparam("last"))
_TAKE_BACK = update(links).where(_PAIR, links.c.live).values(live=False)
_PUT_BACK = update(links).where(_PAIR, links.c.seq == bindparam("at")).values(live=True)


def keep(connection: Connection, decisions: Sequence[Decision], first: int) -> None:
    """Write down the decisions on words among those that were appended, the first of them as number `first`.

    Both entries of each are to be brought into the registry again. What can be no word is passed over.
    """
    for seq, decision in enumerate(decisions, first):
        ends = pair(decision)
        if ends is None:
            continue
        one, other = map(plain, ends)
        meant: dict[str, Any] = {"of": decision.field, "first": one, "last": other}
        live = decision.after is not None
        if not live:
            connection.execute(_TAKE_BACK, meant)
        elif decision.target is not None:
            held = events.named(connection, [decision.target])
            live = not (held and connection.execute(_PUT_BACK, meant | {"at": held[0].seq}).rowcount)
        slugs = [identity.partition("/")[0] for identity in (one, other)]
        row = {"seq": seq, "field": decision.field, "one": one, "other": other, "live": live}
        connection.execute(insert(links), row | {"one_entry": slugs[0], "other_entry": slugs[1]})
        connection.execute(insert_missing(connection, due), [{"task": _TASK, "entry": slug} for slug in slugs])


def reaching(connection: Connection, ids: Iterable[str]) -> Linked:
    """Return what was said of these records across entries, and of all that words make one with them."""
    return _Reach(connection).of(ids)


def holders(entry: Entry) -> dict[str, Capability]:
    """Return the records of an entry by every id that they are known by: their own, and those merged into them."""
    found = {part.id: one for one in entry.capabilities for part in one.parts() if part.id}
    return found | {one.id: one for one in entry.capabilities}


class _Reach:
    """What is read of entries and words while following words from record to record."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._holders: dict[str, dict[str, Capability]] = {}
        self._held_apart: list[tuple[str, str]] = []
        self._records: dict[str, Capability] = {}
        self._seqs: set[int] = set()

    def of(self, ids: Iterable[str]) -> Linked:
        waiting, seen = deque(map(plain, ids)), set[str]()
        while waiting:
            known = self._known(waiting.popleft())
            if not seen.isdisjoint(known):
                continue
            seen |= known
            for row in self._connection.execute(_LIVE, {"ids": sorted(known)}):
                self._seqs.add(row.seq)
                if row.field == SAME:
                    waiting += (row.one, row.other)
                else:
                    self._known(row.one)
                    self._known(row.other)
        words = events.numbered(self._connection, sorted(self._seqs))
        reached = {one.id for one in self._records.values()}
        apart = tuple(held for held in self._held_apart if reached.issuperset(held))
        return Linked(tuple(words), self._records, apart)

    def _known(self, identity: str) -> set[str]:
        """Return the ids that the record of an id is known by, and remember it."""
        held = self._of_entry(identity.partition("/")[0])
        record = held.get(identity)
        if record is None:
            return {identity}
        ids = {one for one, there in held.items() if there is record}
        self._records |= dict.fromkeys(ids, record)
        return ids

    def _of_entry(self, slug: str) -> dict[str, Capability]:
        if slug not in self._holders:
            try:
                kept = entries.find(self._connection, slug)
            except CatalogError:  # it is damaged: nothing follows from what can't be read
                kept = None
            self._holders[slug] = holders(kept.entry) if kept else {}
            self._held_apart += kept.entry.apart if kept else ()
        return self._holders[slug]
