"""Find the records whose leads mean nearly the same, by vectors beside the database; what is being added counts too."""

from collections.abc import Iterable, Mapping
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, bindparam, func, select

from decomposer.ports import Embedder
from decomposer.registry import Comparing
from decomposer.store.registry_tables import texts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from decomposer.store.nearest import Nearest

NEAREST = 10
"""How many records that are nearest by their vectors are judged beside one."""
_AT_ONCE = 500  # texts that are made vectors of in one call

_NEWEST = select(func.max(texts.c.number))
_BEHIND = (
    select(texts.c.number, texts.c.data)
    .where(texts.c.number > bindparam("at"))
    .order_by(texts.c.number)
    .limit(_AT_ONCE)
)


class NearLeads:
    """The vectors of the leads of all records, kept under their numbers; safe for several threads and processes.

    They only bring records together: what is lost or out of date costs neighbours, and never a wrong word on a pair.
    """

    def __init__(self, engine: Engine, embedder: Embedder, comparing: Comparing) -> None:
        self._engine = engine
        self._embedder = embedder
        self._comparing = comparing
        self._lock = Lock()
        self._kept: Nearest | None = None

    def catch_up(self, connection: Connection) -> None:
        """Make vectors of the records that have none. Raises CatalogError where they can't be kept."""
        kept = self._vectors()
        at, newest = kept.newest(), connection.scalar(_NEWEST) or 0
        if at > newest:  # they are of another database, or of one that was put back
            kept.clear()
            at = 0
        while at < newest and (rows := connection.execute(_BEHIND, {"at": at}).all()):
            kept.put(self.made({row.number: row.data for row in rows}).items())
            at = rows[-1].number
        kept.tidy()

    def adding(self) -> "Adding":
        """Return what one transaction adds."""
        return Adding(self, self._vectors())

    def made(self, data: Mapping[int, str]) -> "dict[int, NDArray[np.float32]]":
        """Return the vectors of records by number, of what they are judged by. Shape of each: (1, size)."""
        rows = self._embedder.embed([self._comparing.lead(one) for one in data.values()])
        return {number: rows[at : at + 1] for at, number in enumerate(data)}

    def _vectors(self) -> "Nearest":
        from decomposer.store.nearest import Nearest, vectors_folder

        with self._lock:
            if self._kept is None:
                size = int(self._embedder.embed(["size"]).shape[1])
                self._kept = Nearest(vectors_folder(self._engine), name=f"{self._embedder.name} leads", size=size)
            return self._kept


class Adding:
    """The vectors that one transaction adds: they are found at once, and kept when it is committed."""

    def __init__(self, leads: NearLeads, kept: "Nearest") -> None:
        self._leads = leads
        self._kept = kept
        self._new: dict[int, NDArray[np.float32]] = {}
        self._gone: set[int] = set()

    def enter(self, data: Mapping[int, str], gone: Iterable[int] = ()) -> dict[int, list[int]]:
        """Take in records by number and what they are judged by; return the numbers nearest to each, the nearest first.

        Those that come with it are among them; what is `gone` is not.
        """
        import numpy as np

        self._gone.update(gone)
        if not data:
            return {}
        made = self._leads.made(data)
        asked = np.concatenate(list(made.values()))
        self._new.update(made)
        self._gone.difference_update(made)
        # Of those that are kept some may have changed in here, or be gone.
        passed_over = len(made) + min(len(self._new) + len(self._gone), NEAREST)
        held = self._kept.search_many(asked, NEAREST + passed_over)
        numbers = np.fromiter(self._new, np.int64)
        nearness = asked @ np.concatenate(list(self._new.values())).T
        found = {}
        for at, number in enumerate(made):
            best = {one: near for one, near in held[at] if one not in self._new and one not in self._gone}
            best |= dict(zip(numbers.tolist(), nearness[at].tolist(), strict=True))
            best.pop(number)
            found[number] = sorted(best, key=lambda one: (-best[one], one))[:NEAREST]
        return found

    def keep(self) -> None:
        """Keep what was added, after the transaction was committed."""
        if self._new:
            self._kept.put(self._new.items())
        if self._gone:
            self._kept.remove(sorted(self._gone))
