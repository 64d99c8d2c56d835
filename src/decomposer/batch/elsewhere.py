"""Do pure work on the other cores: half of the work on a document is reading it and weighing what was said of it."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from threading import Thread
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Elsewhere:
    """Calls pure functions in processes of its own: one for each core but this one's, or as many as are wanted.

    Without any, or when they are gone, it calls them here. They end when it is closed, and when this process is killed.
    """

    def __init__(self, processes: int | None = None) -> None:
        wanted = (os.cpu_count() or 1) - 1 if processes is None else processes
        self._pool: ProcessPoolExecutor | None = None
        if wanted > 0 and not multiprocessing.current_process().daemon:  # a daemon may have no children
            context = multiprocessing.get_context("spawn")  # a fork would copy locks that other threads hold
            self._pool = ProcessPoolExecutor(wanted, mp_context=context, initializer=_settle_in)

    def __call__(self, function: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
        """Return what the function returns; it and its arguments must be fit to be sent. Raises what it raises."""
        if self._pool is None:
            return function(*args, **named)
        try:
            task = self._pool.submit(function, *args, **named)
        except RuntimeError:  # closed, or broken
            return function(*args, **named)
        try:
            return task.result()
        except BrokenProcessPool:  # a process was killed
            return function(*args, **named)

    def children(self) -> tuple[int, ...]:
        """Return the numbers of the processes that have begun."""
        return tuple(self._pool._processes or ()) if self._pool is not None else ()

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)


def _settle_in() -> None:
    """Leave Ctrl-C to the process that began this one, and end with it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()


def _follow(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
