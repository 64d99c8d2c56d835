"""Work a run off: lease references, work on them, write how they ended, and keep the leases alive meanwhile."""

import os
import socket
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from threading import Event, Lock, Thread
from uuid import uuid4

from decomposer.batch.lease import LEASE, LEASE_SECONDS
from decomposer.batch.window import Work, run
from decomposer.errors import CatalogError
from decomposer.ports import Item, Outcome, Runs

_AHEAD = 2  # times what is under way: who holds little leaves more to the others
_TICK = 1.0  # seconds between two writings of outcomes
_RENEWAL = 4  # ticks
_LOOK_AGAIN = 1.0  # seconds until references that others hold are looked for again
_SOON = 0.1  # seconds until references that are still being fed are looked for again


@dataclass(frozen=True, slots=True)
class Shift:
    """One worker's share of a run: `owner` names it, `threads` references are under way at once.

    It takes `most` references and goes, or stays until nothing is left that anybody works on.
    """

    run: int
    owner: str
    threads: int
    most: int | None = None


class Hooks:
    """What a shift asks and tells whoever set it up; `holding` counts the references that it has leased."""

    holding = 0

    def stopping(self) -> bool:
        """Say whether the work is to end early."""
        return False

    def more(self) -> bool:
        """Say whether references may still come."""
        return False

    def close(self) -> None:
        """Let nothing new be sent."""

    def tick(self) -> None:
        """Do what has to be done about once a second, in a thread of its own. A CatalogError ends the work."""


def work_off(runs: Runs, shift: Shift, work: Work, hooks: Hooks) -> Generator[Outcome]:
    """Yield how each reference that this worker took ended; each is in the catalog about a second later.

    At the end, however it comes, everything is written and what was leased and not ended is given back. Raises what
    `window.run` raises.
    """
    desk = _Desk(runs, shift, hooks)
    try:
        window = run(desk.items(), work, threads=shift.threads, stopping=desk.stopping, close=hooks.close)
        with desk, closing(window) as outcomes:
            for outcome in outcomes:
                desk.add(outcome)
                yield outcome
    finally:
        runs.release(shift.run, shift.owner)
    desk.check()


class _Desk:
    """The leases and the outcomes of one shift, with a thread that looks after both."""

    def __init__(self, runs: Runs, shift: Shift, hooks: Hooks) -> None:
        self._runs = runs
        self._shift = shift
        self._hooks = hooks
        self._ended: list[Outcome] = []
        self._lock = Lock()
        self._over = Event()
        self._error: CatalogError | None = None
        self._thread = Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> "_Desk":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._settle()

    def stopping(self) -> bool:
        """Say whether the work is to end: because it was asked to, or because the catalog can't be written."""
        return self._error is not None or self._hooks.stopping()

    def check(self) -> None:
        """Raise what went wrong in the heartbeat."""
        if self._error is not None:
            raise self._error

    def add(self, outcome: Outcome) -> None:
        """Take an outcome to be written."""
        with self._lock:
            self._ended.append(outcome)
        self._hooks.holding -= 1

    def items(self) -> Iterator[Item | None]:
        """Yield references as they are leased, None while others hold the rest or more are still to come."""
        taken, most = 0, self._shift.most
        look_at, busy = 0.0, False
        while most is None or taken < most:
            if time.monotonic() < look_at and (self._hooks.holding or not busy):
                yield None
                continue
            more = self._hooks.more()
            count = min(LEASE, _AHEAD * self._shift.threads, LEASE if most is None else most - taken)
            found = self._runs.claim(self._shift.run, self._shift.owner, count=count, seconds=LEASE_SECONDS)
            taken += len(found)
            self._hooks.holding += len(found)
            yield from found
            if not found:
                busy = self._hooks.holding > 0
                if most is not None or not (busy or more or self._others_hold()):
                    return
                look_at = time.monotonic() + (_SOON if more else _LOOK_AGAIN)
                yield None

    def _others_hold(self) -> bool:
        """Say whether somebody else is at work on the rest; if that one is lost, its leases come free here."""
        before = len(self._ended)
        held = self._runs.tally(self._shift.run).held
        return held > min(before, len(self._ended))  # what is being written just now may count as held, or not

    def _beat(self) -> None:
        ticks = 0
        while not self._over.wait(_TICK):
            ticks += 1
            try:
                self._settle()
                self._hooks.tick()
                if ticks % _RENEWAL == 0:
                    self._runs.renew(self._shift.run, self._shift.owner, seconds=LEASE_SECONDS)
            except CatalogError as error:
                self._error = error
                self._hooks.close()
                return

    def _settle(self) -> None:
        with self._lock:
            ended, self._ended = self._ended, []
        try:
            self._runs.settle(self._shift.run, ended)
        except CatalogError:
            with self._lock:
                self._ended = ended + self._ended
            raise


def owner() -> str:
    """Return a name for a worker that nobody else has."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:12]}"
