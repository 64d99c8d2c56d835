"""Keep what searches and pages rest on up to date while a server runs, beside whoever uses it."""

import logging
from collections.abc import Callable
from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import Self

from decomposer.errors import DecomposerError
from decomposer.wiring.answering import Answering

EVERY = 5.0
"""Seconds between two looks at what has changed."""
BLOCK = 2
"""How many entries one transaction brings into the registry: who decides meanwhile waits no longer than for that."""
_LOG = logging.getLogger("decomposer.upkeep")


class Upkeep:
    """A thread that brings the index of search and the registry up to date; it rests as long as it works.

    What goes wrong is logged once and tried again: a server goes on with what it has.
    """

    def __init__(self, answering: Callable[[], Answering], *, every: float = EVERY) -> None:
        self._answering = answering
        self._every = every
        self._stop = Event()
        self._thread = Thread(target=self._run, name="upkeep", daemon=True)
        self._told: set[str] = set()
        self._warm = False

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let it end what it is at, for a moment: nothing is lost where it does not."""
        self.stop()
        self._thread.join(1.0)

    def stop(self) -> None:
        """Begin nothing new."""
        self._stop.set()

    def wait(self) -> None:
        """Wait until it has been stopped and is done."""
        self._thread.join()

    def once(self) -> None:
        """Bring everything up to date that has changed until now. Raises CatalogError."""
        answering, last = self._answering(), ""
        answering.searching.catch_up()
        if not self._warm:  # the first search opens what reads meanings: nobody has to wait for that
            answering.searching.find("anything", limit=1, count=False)
            self._warm = True
        while answering.registry.due() and not self._stop.is_set():
            began = monotonic()
            step = answering.registry.catch_up(most=BLOCK, after=last)
            for reason in step.damaged:
                self._tell(reason)
            last = step.last
            if not step.left or self._stop.wait(monotonic() - began):
                break

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.once()
            except DecomposerError as error:
                self._tell(str(error))
            self._stop.wait(self._every)

    def _tell(self, reason: str) -> None:
        if reason not in self._told:
            self._told.add(reason)
            _LOG.warning("%s", reason)
