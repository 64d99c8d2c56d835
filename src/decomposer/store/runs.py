"""Batch runs in SQL: their references, who holds which by lease, and how each ended."""

from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Integer,
    Row,
    bindparam,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    type_coerce,
    update,
)

from decomposer.errors import CatalogError
from decomposer.ports import ENDINGS, Ending, Item, Outcome, RunPlan, RunRecord, RunState, Tally
from decomposer.store import engine as database
from decomposer.store import spending
from decomposer.store.tables import runs, work

FAILED: tuple[Ending, ...] = ("failed",)
_BLOCK = 1000  # rows fetched at a time when streaming
_PLAN = ("fingerprint", "source", "model", "prompt", "settings", "max_cost_usd")
_STANDING = ("state", "fed", "digest", "complete", "started", "beat", "progress", "spent_usd", "reserved_usd")
_COUNTS = ("requests", "cached", "prompt_tokens", "completion_tokens")
_RESULTS = ("slug", "reason", "raw", "capabilities", *_COUNTS, "cost_usd", "seconds")

# Written out, not as parameters: only so do both databases see that their partial indexes hold these rows.
_OPEN = text("work.state IN ('waiting', 'held')")
_HELD = text("work.state = 'held'")
_FAILED = text("work.state = 'failed'")


class SqlRuns:
    """`Runs` in a database opened by `open_database`. `now` gives the time that runs are dated with.

    Leases are timed by the clock of the database: that of the server, or of this machine for a file.
    """

    def __init__(self, engine: Engine, *, now: Callable[[], str] = database.now) -> None:
        self._engine = engine
        self._now = now
        self._fed: dict[int, int] = {}  # how many references each run had when it was last opened or fed here

    def open(self, plan: RunPlan, *, fresh: bool = False) -> RunRecord:
        """Return the unfinished run with the plan's fingerprint, its limit set to the plan's, or else a new one.

        `fresh` always begins a new one.
        """
        with database.writing(self._engine) as connection:
            database.take_turns(connection, f"run {plan.fingerprint}")
            unfinished = select(runs).where(runs.c.fingerprint == plan.fingerprint, runs.c.state != "done")
            newest = unfinished.order_by(runs.c.id.desc()).limit(1).with_for_update()
            found = None if fresh else connection.execute(newest).first()
            run = self._begin(connection, plan) if found is None else found.id
            if found is not None:
                spending.limit(connection, run, plan.max_cost_usd)
                connection.execute(update(runs).where(runs.c.id == run).values(state="open", beat=self._now()))
            record = _record(connection.execute(select(runs).where(runs.c.id == run)).one())
        self._fed[run] = record.fed
        return record

    def find(self, run: int) -> RunRecord | None:
        """Return a run, or None."""
        with self._engine.connect() as connection:
            row = connection.execute(select(runs).where(runs.c.id == run)).first()
        if row is not None:
            self._fed.setdefault(run, row.fed)
        return None if row is None else _record(row)

    def all(self) -> list[RunRecord]:
        """Return the runs, newest first."""
        with self._engine.connect() as connection:
            return [_record(row) for row in connection.execute(select(runs).order_by(runs.c.id.desc()))]

    def feed(self, run: int, refs: Sequence[str], *, digest: str, complete: bool = False) -> None:
        """Append references in one transaction; `digest` chains over all so far, `complete` says these are the last.

        Raises CatalogError where somebody else has fed the run since it was opened, found or fed here.
        """
        with database.writing(self._engine) as connection:
            this = runs.c.id == run
            row = connection.execute(select(runs.c.fed, runs.c.complete).where(this).with_for_update()).first()
            if row is None:
                raise _no_run(run)
            if (row.complete and refs) or row.fed != self._fed.get(run, row.fed):
                raise CatalogError(
                    f"run {run}: somebody else has fed it in the meantime ({row.fed:,} references)",
                    hint="run the same command again: it goes on from there",
                )
            _append(connection, run, row.fed, refs)
            fed = row.fed + len(refs)
            news = {"fed": fed, "digest": digest, "complete": complete or row.complete, "beat": self._now()}
            connection.execute(update(runs).where(this).values(news))
        self._fed[run] = fed

    def claim(self, run: int, owner: str, *, count: int, seconds: float) -> list[Item]:
        """Lease up to `count` references for so long: the first that wait, or whose lease has run out."""
        with database.writing(self._engine) as connection:
            clock = database.clock(connection)
            free = or_(work.c.state == "waiting", work.c.until <= clock)
            first = select(work.c.position, work.c.ref).where(work.c.run == run, _OPEN, free)
            first = first.order_by(work.c.position).limit(count).with_for_update(skip_locked=True)
            items = [Item(*row) for row in connection.execute(first)]
            if items:
                lease = update(work).where(work.c.run == run, work.c.position == bindparam("at"))
                lease = lease.values(state="held", owner=owner, until=clock + seconds)
                connection.execute(lease, [{"at": item.position} for item in items])
        return items

    def renew(self, run: int, owner: str, *, seconds: float) -> None:
        """Lengthen the leases of an owner: it is at work."""
        with database.writing(self._engine) as connection:
            until = database.clock(connection) + seconds
            connection.execute(update(work).where(*_held_by(run, owner)).values(until=until))

    def release(self, run: int, owner: str) -> None:
        """Give back what an owner holds: it waits again."""
        with database.writing(self._engine) as connection:
            free = update(work).where(*_held_by(run, owner))
            connection.execute(free.values(state="waiting", owner=None, until=None))

    def settle(self, run: int, outcomes: Sequence[Outcome]) -> None:
        """Write how references ended, in one transaction. Writing the same again changes nothing.

        What has ended otherwise than failed stays: a worker that lost its lease may write late. Raises CatalogError
        for a reference that is not in the run.
        """
        if not outcomes:
            return
        rows = [
            {"at": one.position, "ending": one.state} | {name: getattr(one, name) for name in _RESULTS}
            for one in sorted(outcomes, key=lambda outcome: outcome.position)
        ]
        this = (work.c.run == run) & (work.c.position == bindparam("at"))
        unsettled = or_(_OPEN, _FAILED)
        ended = update(work).where(this, unsettled).values(state=bindparam("ending"), owner=None, until=None)
        with database.writing(self._engine) as connection:
            fed = connection.scalar(select(runs.c.fed).where(runs.c.id == run)) or 0
            strange = [one.position for one in outcomes if not 0 <= one.position < fed]
            if strange:
                raise CatalogError(f"run {run}: has no reference {strange[0]}", hint="`batch status` shows the runs")
            connection.execute(ended.values({name: bindparam(name) for name in _RESULTS}), rows)

    def reopen(self, run: int, endings: Collection[Ending] = FAILED) -> int:
        """Let references that ended so wait again, set the run open, and return how many they are."""
        blank = dict.fromkeys((*_RESULTS, "owner", "until"))
        with database.writing(self._engine) as connection:
            again = update(work).where(work.c.run == run, _ended(endings)).values(state="waiting", **blank)
            count = connection.execute(again.execution_options(preserve_rowcount=True)).rowcount
            found = connection.execute(update(runs).where(runs.c.id == run).values(state="open", beat=self._now()))
            if not found.rowcount:
                raise _no_run(run)
        return count

    def tally(self, run: int) -> Tally:
        """Return the sums of a run."""
        states = [_number_of(work.c.state == state) for state in (*ENDINGS, "waiting", "held")]
        unpriced = _number_of(work.c.state.in_(ENDINGS) & work.c.cost_usd.is_(None))
        sums = [_sum(work.c[name]) for name in (*_COUNTS, "cost_usd")]
        query = select(*states, *sums, unpriced, _sum(work.c.capabilities)).where(work.c.run == run)
        with self._engine.connect() as connection:
            figures = connection.execute(query).one()
        ended = {state: int(figures[place]) for place, state in enumerate(ENDINGS)}
        return Tally(ended, *tuple[Any, ...](figures)[len(ENDINGS) :])

    def outcomes(self, run: int, *, endings: Collection[Ending] = ENDINGS) -> Iterator[Outcome]:
        """Yield how references ended, by position, streaming."""
        columns = [work.c[name] for name in ("position", "ref", "state", *_RESULTS)]
        query = select(*columns).where(work.c.run == run, _ended(endings)).order_by(work.c.position)
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=_BLOCK).execute(query):
                yield Outcome(*row)

    def beat(self, run: int, *, progress: str, state: RunState | None = None) -> None:
        """Note that somebody is at work, how far it is, and with `state` what the run is now."""
        news: dict[str, Any] = {"beat": self._now(), "progress": progress} | ({"state": state} if state else {})
        with database.writing(self._engine) as connection:
            if not connection.execute(update(runs).where(runs.c.id == run).values(news)).rowcount:
                raise _no_run(run)

    def _begin(self, connection: Connection, plan: RunPlan) -> int:
        row = {name: getattr(plan, name) for name in _PLAN} | {"started": self._now(), "beat": self._now()}
        row |= {"spent_usd": Decimal(0), "reserved_usd": Decimal(0), "progress": "{}"}
        row |= {"state": "open", "fed": 0, "digest": "", "complete": False}
        return int(connection.execute(insert(runs).values(row).returning(runs.c.id)).scalar_one())


def _record(row: Row[Any]) -> RunRecord:
    plan = RunPlan(*(getattr(row, name) for name in _PLAN))
    return RunRecord(row.id, plan, *(getattr(row, name) for name in _STANDING))


def _no_run(run: int) -> CatalogError:
    return CatalogError(f"there is no run {run}", hint="`decomposer batch status` lists the runs")


def _append(connection: Connection, run: int, fed: int, refs: Sequence[str]) -> None:
    # Straight to the driver: a million references take a third of the time.
    insert_waiting = "INSERT INTO work (run, position, ref, state) VALUES (?, ?, ?, 'waiting')"
    if connection.dialect.name == "postgresql":
        insert_waiting = insert_waiting.replace("?", "%s")
    rows = [(run, fed + place, ref.encode("utf-8", "surrogatepass")) for place, ref in enumerate(refs)]
    if rows:
        connection.exec_driver_sql(insert_waiting, rows)


def _held_by(run: int, owner: str) -> tuple[Any, ...]:
    return (work.c.run == run, _OPEN, _HELD, work.c.owner == owner)


def _ended(endings: Collection[Ending]) -> Any:
    return _FAILED if set(endings) == set(FAILED) else work.c.state.in_(sorted(set(endings) & set(ENDINGS)))


def _number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def _sum(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return type_coerce(func.coalesce(func.sum(column), literal(0, Integer)), column.type)
