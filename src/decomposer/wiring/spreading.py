"""Spread work over this process and others: each has the figures of the catalog, and takes a block when it is free."""

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from queue import SimpleQueue
from secrets import token_hex
from threading import Thread
from typing import Any

from decomposer.batch.elsewhere import Elsewhere
from decomposer.ports import Figures
from decomposer.records import State
from decomposer.settings import Settings
from decomposer.wiring.publishing import SiteFigures
from decomposer.wiring.workspace import Workspace

Work = Callable[[Figures, Any], Any]
_FEW = 4
"""So many blocks are done here: a process takes longer to begin."""
_AHEAD = 2
"""How many blocks wait for each process, so that it is never idle."""


@dataclass(frozen=True, slots=True)
class _Opening:
    """How the figures are opened in another process; those of one `token` are opened there once."""

    token: str
    settings: Settings = field(compare=False)
    state: State | None = field(compare=False)


class Spreading:
    """Calls work with the figures of a catalog and each block, here and in processes of its own until it is closed."""

    def __init__(
        self, settings: Settings, figures: Figures, *, state: State | None = None, processes: int | None = None
    ) -> None:
        self._opening = _Opening(token_hex(8), settings, state)
        self._figures = figures
        self._processes = (os.cpu_count() or 1) - 1 if processes is None else processes
        self._elsewhere = Elsewhere(self._processes)  # begins no process before it is asked for something

    def close(self) -> None:
        """End the processes."""
        self._elsewhere.close()

    def rest(self) -> None:
        """End the processes until something is asked for again: each holds as much memory as this one."""
        self._elsewhere.close()
        self._elsewhere = Elsewhere(self._processes)

    def __call__(self, work: Work, blocks: Iterable[Any]) -> Iterator[Any]:
        """Yield what `work` returns for each block, in the order in which they are done. Raises what it raises.

        `blocks` is asked for more in this thread only, a few ahead of what is done.
        """
        todo: SimpleQueue[Any] = SimpleQueue()
        done: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()
        threads: list[Thread] = []
        away = 0
        gc.freeze()  # what the program itself is made of need not be looked through again and again
        try:
            for count, block in enumerate(blocks):
                if count == _FEW:
                    for _ in range(self._processes):
                        threads.append(Thread(target=self._follow, args=(work, todo, done), daemon=True))
                        threads[-1].start()
                if threads and todo.qsize() < _AHEAD * len(threads):
                    todo.put(block)
                    away += 1
                else:
                    yield work(self._figures, block)
                while not done.empty():
                    yield _result(done)
                    away -= 1
            for _ in range(away):
                yield _result(done)
        finally:
            while not todo.empty():
                todo.get()
            for _ in threads:
                todo.put(_END)
            for thread in threads:
                thread.join()
            gc.unfreeze()

    def _follow(
        self, work: Work, todo: "SimpleQueue[Any]", done: "SimpleQueue[tuple[Any, BaseException | None]]"
    ) -> None:
        while (block := todo.get()) is not _END:
            try:
                done.put((self._elsewhere(_there, self._opening, work, block), None))
            except BaseException as error:  # noqa: BLE001 (it is raised in the thread that asked)
                done.put((None, error))


_END = object()


def _result(done: "SimpleQueue[tuple[Any, BaseException | None]]") -> Any:
    found, error = done.get()
    if error is not None:
        raise error
    return found


@cache
def _opened(opening: _Opening) -> Figures:
    gc.freeze()
    return SiteFigures(Workspace(opening.settings), state=opening.state)


def _there(opening: _Opening, work: Work, block: Any) -> Any:
    return work(_opened(opening), block)
