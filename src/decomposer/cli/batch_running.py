"""Conduct a batch run in front of a person: signals, failures, progress, the report, and how to go on."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from decomposer.batch.reports import Report
from decomposer.batch.window import ENDS_THE_RUN
from decomposer.cli.batch_report import shown
from decomposer.cli.notes import counted
from decomposer.cli.options import Form
from decomposer.cli.output import Output
from decomposer.cli.progress import Quiet, money, span
from decomposer.errors import BudgetReached, DecomposerError, Stopped
from decomposer.wiring.batches import Batch

Note = Callable[[str], None]
NAMED = 20  # failures
_INTERRUPTED = 130


def conduct(batch: Batch, progress: Quiet, *, form: Form) -> int:
    """Run a batch to its end, tell how it went, and return the exit code."""
    error: DecomposerError | None = None
    with batch, interruptible(batch.stop):
        _announce(batch, progress.note)
        progress.began(batch.record)
        batch.on_tick = progress.look
        with progress:
            try:
                _tell(batch, progress)
            except ENDS_THE_RUN as found:
                error = found
        report = batch.report()
        progress.over({**report.data(), "error": None if error is None else str(error)})
        with Output(form) as output:
            output.write(shown(report))
    _conclude(report, batch, error, progress.note)
    if error is not None:
        return error.exit_code
    return 1 if report.figures.tally.ended["failed"] else 0


@contextmanager
def interruptible(stop: Callable[[], None]) -> Iterator[None]:
    """Turn the first Ctrl-C (or SIGTERM) into `stop()`, and the second into an end at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = 0

    def hear(number: int, frame: FrameType | None) -> None:
        nonlocal heard
        heard += 1
        if heard > 1:
            # What is in flight may never end; it is in the ledger as in doubt, and everything else is written.
            os._exit(_INTERRUPTED)
        stop()
        os.write(2, b"\nstopping: what is in flight is finished first; Ctrl-C again ends at once\n")

    before = {number: signal.signal(number, hear) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _announce(batch: Batch, note: Note) -> None:
    unchosen = batch.settings.chosen_model()[1]
    if unchosen:
        note(unchosen)
    record = batch.record
    others = ", others are at work on it" if batch.joined else ""
    goes_on = f", going on after {counted(record.fed, 'reference')}{others}" if record.fed or batch.joined else ""
    again = f"; {counted(batch.again, 'document')} that failed will be tried again" if batch.again else ""
    note(f"run {record.id}: {record.plan.source}, {record.plan.model}, prompt {record.plan.prompt}{goes_on}{again}")


def _tell(batch: Batch, progress: Quiet) -> None:
    """Tell each outcome as it comes; name the first failures."""
    failed = 0
    for outcome in batch.outcomes():
        progress.ended(outcome)
        if outcome.state == "failed":
            failed += 1
            if failed <= NAMED:
                progress.failed(outcome)
            elif failed == NAMED + 1:
                listed = f"`decomposer batch status {batch.record.id} --failed{_where(batch)}`"
                progress.note(f"more failed; {listed} lists them all")


def _conclude(report: Report, batch: Batch, error: DecomposerError | None, note: Note) -> None:
    figures = report.figures
    ended = figures.tally.ended
    states = ", ".join(f"{count:,} {state}" for state, count in ended.items() if count) or "none"
    spent = f"{counted(figures.tally.requests, 'request')}, {counted(figures.tally.cached, 'answer')} from the ledger"
    cost = f", {money(figures.cost_usd)}" if figures.tally.requests else ""
    note(f"run {report.record.id}: {states}; {spent}{cost}; {span(figures.seconds)}")
    if error is not None and not isinstance(error, Stopped):
        note(str(error))
    left = figures.documents - figures.ended
    if left or error is not None or report.state not in ("done", "running"):
        note(_how_to_go_on(report, batch, error, left))
    elif ended["failed"]:
        note(f"`decomposer batch run --resume {report.record.id}{_where(batch)}` tries those that failed again")


def _how_to_go_on(report: Report, batch: Batch, error: DecomposerError | None, left: int) -> str:
    more = " --max-cost MORE" if isinstance(error, BudgetReached) else ""
    known = f"{counted(left, 'document')} left" if report.figures.complete else "not all references were read"
    go_on = f"`decomposer batch run --resume {report.record.id}{more}{_where(batch)}`"
    again = " (or the same command, to read the rest of them)" if not report.figures.complete else ""
    return f"{known}; to go on: {go_on}{again}; no finished answer is asked twice"


def _where(batch: Batch) -> str:
    """Return the option that names the catalog, where it has to be named again."""
    return f" --db {batch.settings.shown('db')}" if batch.settings.origin("db") == "--db" else ""
