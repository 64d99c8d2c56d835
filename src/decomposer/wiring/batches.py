"""Open, work and end batch runs: the same command goes on where the last one stopped."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Thread
from types import TracebackType
from typing import Self

from decomposer.batch.feeding import Feed
from decomposer.batch.figures import Figures, Flow, Meter, progress
from decomposer.batch.references import Blocks
from decomposer.batch.reports import Report, report
from decomposer.batch.shift import Hooks, Shift, owner, work_off
from decomposer.errors import CatalogError, DecomposerError
from decomposer.llm.recorded import CEILING
from decomposer.ports import Item, Outcome, RunState
from decomposer.settings import Settings
from decomposer.wiring.drafting import Session, Share
from decomposer.wiring.examples import pinned
from decomposer.wiring.leases import Fleet, ship
from decomposer.wiring.orders import Order, at_work, check_price, found, limit, release_lost, restored, run_plan
from decomposer.wiring.references import named, opened
from decomposer.wiring.workspace import Workspace

LEAD = 20_000  # references that a stream may be ahead of the work
_PATIENCE = 0.05  # seconds between two looks at whether the work has caught up


class Batch(Hooks):
    """One run and what this process does for it. Entering opens the run, or finds it again.

    `resume` is the run to go on with, 0 for the newest that is not done. `joined` says that somebody else is at work
    on it already, `again` how many references that had failed are done again. `on_tick` is told about once a second
    how it goes, in another thread. A `fleet` does the work, where there is one, else this process.
    """

    def __init__(
        self, settings: Settings, order: Order, *, resume: int | None = None, fleet: Fleet | None = None
    ) -> None:
        self.settings = settings
        self.order = order
        self._resume = resume
        self._fleet = fleet
        self._elsewhere = Flow()
        self._owner = owner()
        self._stopped = False
        self._reached = 0
        self.again = 0
        self.on_tick: Callable[[Figures], None] = lambda figures: None

    def __enter__(self) -> Self:
        """Open the run. Raises UsageError, ConfigurationError and CatalogError."""
        with Workspace(self.settings, verify=self.order.verify) as workspace:
            blocks = self._opened(workspace)
        self.session = Session(self.share)
        try:
            self._start(blocks)
        except BaseException:
            self.session.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped = True
        self.session.close()

    @property
    def share(self) -> Share:
        """What a worker of this run needs to know, with all of the limits."""
        order, held = self.order, self.settings
        ceiling = CEILING if order.max_cost is not None and held.max_output_tokens is None else None
        return Share(held, self.record.id, order.verify, order.in_doubt, ceiling)

    def outcomes(self) -> Iterator[Outcome]:
        """Yield how each reference that this process works on ended.

        Raises what ends a run: BudgetReached, EndpointRefused, CatalogError, Stopped.
        """
        try:
            for outcome in self._worked_off() if self._fleet is None else self._shipped(self._fleet):
                self._meter.add(outcome, now=time.monotonic())
                yield outcome
        finally:
            self._note_end()
        if self._feeder.error is not None:
            raise self._feeder.error

    def figures(self) -> Figures:
        """Return how the run stands, as far as this process knows."""
        feed, flow = self._feeder.feed, self.session.flow().after(self._elsewhere)
        return self._meter.figures(feed.fed, complete=feed.over, holding=self.holding, flow=flow, now=time.monotonic())

    def report(self) -> Report:
        """Return how the run stands, as the catalog has it."""
        workspace = self.session.workspace
        record = workspace.runs.find(self.record.id) or self.record
        return report(record, workspace.runs, workspace.ledger, active=at_work(record))

    def stop(self) -> None:
        """Ask the run to end after what is in flight. Safe in a signal handler."""
        self._stopped = True

    def _worked_off(self) -> Iterator[Outcome]:
        shift = Shift(self.record.id, self._owner, self.share.threads)
        return work_off(self.session.workspace.runs, shift, self._draft, self)

    def _shipped(self, fleet: Fleet) -> Iterator[Outcome]:
        for done in ship(fleet, self.share, self.session.workspace.runs, self):
            self._elsewhere = self._elsewhere.after(done.flow)
            self._reached = max([self._reached, *(outcome.position for outcome in done.outcomes)])
            yield from done.outcomes

    # --- what the shift asks

    def stopping(self) -> bool:
        """Say whether the work is to end early."""
        return self._stopped or self._feeder.error is not None

    def more(self) -> bool:
        """Say whether references are still being fed, here or by whoever else is at work."""
        return self._feeder.is_alive() or (self.joined and not self._feeder.feed.over)

    def close(self) -> None:
        """Let nothing new be sent, here or by workers elsewhere."""
        self.session.gate.close()
        if self._fleet is not None:
            self._beat("stopped")

    def tick(self) -> None:
        """Write into the run's row who is at work, and how it goes."""
        self._beat()
        self.on_tick(self.figures())
        if self.joined and not self._feeder.feed.over:
            self._feeder.feed.look()

    # --- how it begins and ends

    def _opened(self, workspace: Workspace) -> Blocks | None:
        """Find the run and return the references that are to be in it; None where they can't be read again."""
        if self._resume is not None:
            self.record = found(workspace.runs, self._resume or None)
            self.joined = at_work(self.record)
            self.settings, self.order = restored(self.record, self.settings, self.order)
            check_price(self.order, self.settings)
            limit(workspace.runs, self.record, self.order.max_cost)
            naming = self.order.naming
            readable = not (self.joined or self.record.complete or naming.streams)
            return named(naming, workspace) if readable else None
        check_price(self.order, self.settings)
        workspace.prepare(save=True)
        first, blocks = opened(self.order.naming, workspace)
        plan = run_plan(self.order, workspace, first=first)
        runs = workspace.runs
        before = (one for one in runs.all() if one.plan.fingerprint == plan.fingerprint and one.state != "done")
        self.joined = not self.order.fresh and any(map(at_work, before))
        self.record = runs.open(plan, fresh=self.order.fresh)
        self.settings = pinned(self.settings, workspace)
        return blocks

    def _start(self, blocks: Blocks | None) -> None:
        workspace = self.session.workspace
        workspace.prepare(save=True)
        runs = workspace.runs
        self.record = runs.find(self.record.id) or self.record
        feed = Feed(runs, self.record)
        if not self.joined and self.record.fed:
            release_lost(runs, self.record)
            self.again = runs.reopen(self.record.id)
        self._meter = Meter(self.record, runs.tally(self.record.id), now=time.monotonic())
        self._feeder = _Feeder(feed, self._caught_up)
        same = self.record.complete and self.order.naming.entries  # what a query means changes with the work
        if blocks is not None and not self.joined and not same:
            self._feeder.blocks = feed.rest(blocks)
            self._feeder.start()
        self._beat()

    def _draft(self, item: Item) -> Outcome:
        self._reached = max(self._reached, item.position)
        return self.session.draft(item)

    def _caught_up(self, fed: int) -> bool:
        """Wait until the work is not far behind a stream; say whether more references are wanted."""
        while self.order.naming.streams and fed - self._reached > LEAD and not self._stopped:
            time.sleep(_PATIENCE)
        return not self._stopped

    def _beat(self, state: RunState | None = None) -> None:
        said = progress(self.figures(), host=socket.gethostname(), pid=os.getpid(), owner=self._owner)
        self.session.workspace.runs.beat(self.record.id, progress=said, state=state)

    def _note_end(self) -> None:
        """Write into the run's row how it stands: done, stopped, or still open because others are at work."""
        self._stopped = True
        with suppress(CatalogError):  # what ended the run may be that nothing can be written
            tally = self.session.workspace.runs.tally(self.record.id)
            over = self._feeder.feed.over and not tally.waiting
            if not tally.held:  # else others are at work, and say so themselves
                self._beat("done" if over else "stopped")


class _Feeder(Thread):
    """Feeds references while others are worked on. `error` is what went wrong with it."""

    def __init__(self, feed: Feed, wanted: Callable[[int], bool]) -> None:
        super().__init__(name="feeder", daemon=True)
        self.feed = feed
        self.blocks: Blocks = ()
        self.error: DecomposerError | None = None
        self._wanted = wanted

    def run(self) -> None:
        """Feed all there is."""
        try:
            self.feed.all(self.blocks, wait=self._wanted)
        except DecomposerError as error:
            self.error = error
