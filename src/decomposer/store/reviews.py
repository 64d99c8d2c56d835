"""Decisions and the queue in SQL: what a person decides is stored with what it changes, in one transaction."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from threading import Lock

from sqlalchemy import Engine

from decomposer.errors import CatalogError
from decomposer.ports import Act, Acted, Held, Linked, Queued, Settled, Wanted
from decomposer.records import Decision
from decomposer.store import engine as database
from decomposer.store import events, links, marks, queue
from decomposer.store.entries import lock, store
from decomposer.store.tables import plain


class SqlReviews:
    """`Reviews` in a database opened by `open_database`. `now` gives the time that decisions are dated with.

    Leases are timed by the clock of the database: that of the server, or of this machine for a file.
    """

    def __init__(self, engine: Engine, *, now: Callable[[], str] = database.now) -> None:
        self._opened = engine
        self._now = now
        self._ready = False
        self._readying = Lock()

    @property
    def _engine(self) -> Engine:
        """The database, with a row in the queue for every record of it."""
        with self._readying:
            if not self._ready:
                queue.make_due(self._opened)
                self._ready = True
        return self._opened

    def waiting(self, wanted: Wanted) -> int:
        """Return how many records wait, leased or not."""
        with self._engine.connect() as connection:
            return queue.waiting(connection, wanted, self._now())

    def queue(
        self, wanted: Wanted, *, after: Queued | None = None, count: int = 50, backwards: bool = False
    ) -> list[Queued]:
        """Return the next records in order, behind a place; a place that is gone is still a place.

        With `backwards` they are those right before it, in the same order.
        """
        with self._engine.connect() as connection:
            return queue.page(connection, wanted, self._now(), after=after, count=count, backwards=backwards)

    def sample(self, wanted: Wanted, *, count: int, seed: int) -> list[Queued]:
        """Return `count` records chosen at random, evenly, and the same again for the same seed and queue."""
        with self._engine.connect() as connection:
            return queue.sample(connection, wanted, self._now(), count=count, seed=seed)

    def claim(
        self, wanted: Wanted, *, reviewer: str, count: int, seconds: float, after: Queued | None = None
    ) -> list[Queued]:
        """Lease the next records that nobody else holds to a reviewer, and return them; what is leased already too."""
        with database.writing(self._engine) as connection:
            now, who = self._now(), {"reviewer": reviewer, "count": count, "seconds": seconds}
            return queue.claim(connection, wanted, now, after=after, **who)  # type: ignore[arg-type]

    def renew(self, reviewer: str, *, seconds: float) -> int:
        """Lengthen the leases of a reviewer that have not run out, and return how many there are."""
        with database.writing(self._engine) as connection:
            return queue.renew(connection, reviewer, seconds=seconds)

    def release(self, reviewer: str, ids: Collection[str] | None = None) -> None:
        """Give leases back: those named, or all."""
        with database.writing(self._engine) as connection:
            queue.release(connection, reviewer, ids)

    def find(self, ids: Sequence[str]) -> list[Queued]:
        """Return the records of these ids, whether they wait or not, in this order; unknown ones are left out."""
        with self._engine.connect() as connection:
            return queue.found(connection, ids)

    def settle(self, decisions: Sequence[Decision]) -> Settled:
        """Store decisions on marks (`MARKS`) and what they change, in one transaction, however many.

        One whose record has another version than `base_version`, or is not there, is not stored; all about one record
        go together, and raise its version by one. One that is stored already changes nothing. Those that name a
        `target` make it live or not. Raises CatalogError for a decision on something else than a mark.
        """
        for decision in decisions:
            marks.check(decision)
        if not decisions:
            return Settled(0)
        with database.writing(self._engine) as connection:
            events.in_turn(connection)
            there = events.known(connection, decisions)
            fresh = [one for one in events.batched(decisions) if f"{plain(one.batch)}:{one.number}" not in there]
            slugs = marks.lock(connection, {one.entry for one in fresh})
            good, stale, rows = marks.sorted_out(connection, fresh, slugs)
            now = self._now()
            first = events.append(connection, good, now=now)
            marks.apply(connection, good, rows, now)
        return Settled(len(good), tuple(stale), first + len(good) - 1 if good else 0)

    def act(self, slug: str, about: Collection[str], act: Act) -> Acted:
        """Change an entry in one transaction: give `act` what is held, store and return what it makes of it.

        The decisions given are those about the capabilities named, oldest first; of `WORDS`, records of other entries
        are named too. What comes back has `seq` and `live`. Raises CatalogError for no such entry.
        """
        with database.writing(self._engine) as connection:
            events.in_turn(connection)
            kept = lock(connection, plain(slug))
            if kept is None:
                name = database.shown(self._opened.url)
                raise CatalogError(f"{name}: no entry is called {slug!r}", hint="`decomposer list` names them")
            before = events.about(connection, about, entry=slug, live=False)
            across = any(one.partition("/")[0] != slug for one in about)
            linked = links.reaching(connection, about) if across else Linked()
            acted = act(Held(kept.entry, kept.versions, tuple(before), kept.seconds, linked))
            if acted.entry.artifact.slug != slug:
                raise CatalogError(f"the entry {slug!r} can't be stored under another slug")
            now = self._now()
            decided = events.batched(acted.decisions)
            first = events.append(connection, decided, now=now)
            links.keep(connection, decided, first)
            seconds = dict(kept.seconds)
            for one in decided:
                if one.field == "second":
                    seconds[one.capability] = marks.wanted_by(one.after)
            if acted.entry != kept.entry or seconds != kept.seconds:
                store(connection, acted.entry, kept, now=now, known={}, seconds=seconds)
        return Acted(acted.entry, tuple(_stored(one, seq, now) for seq, one in enumerate(decided, first)))

    def history(
        self,
        *,
        entry: str | None = None,
        capability: str | None = None,
        batch: str | None = None,
        actor: str | None = None,
        since: str | None = None,
        backwards: bool = False,
        after: int = 0,
    ) -> Iterator[Decision]:
        """Yield decisions by seq, streaming: those that meet every condition given, behind the seq `after`."""
        meant = {"entry": entry, "capability": capability, "batch": batch, "actor": actor, "since": since}
        with self._opened.connect() as connection:
            found = events.history(connection, meant, backwards=backwards, after=after)
            with closing(found):  # whoever reads may stop early
                yield from map(events.decision, found)

    def named(self, uids: Collection[str]) -> list[Decision]:
        """Return the decisions of these uids, by seq."""
        with self._opened.connect() as connection:
            return events.named(connection, uids)

    def linked(self, ids: Collection[str]) -> Linked:
        """Return what was said of these records and others of different entries, and what follows from it."""
        with self._opened.connect() as connection:
            return links.reaching(connection, ids)

    def later(self, capabilities: Collection[str], *, since: int) -> list[Decision]:
        """Return the live decisions about these capabilities with a higher seq, by seq."""
        with self._opened.connect() as connection:
            return events.about(connection, capabilities, since=since, live=True)


def _stored(decision: Decision, seq: int, now: str) -> Decision:
    news = {"seq": seq, "live": events.holds(decision), "decided_at": decision.decided_at or now}
    return decision.model_copy(update=news)
