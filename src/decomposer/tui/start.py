"""Start a review in the terminal: the first record at once, then Textual over it, and the leases back at the end."""

import gc
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from decomposer.errors import CatalogError, Stopped, UsageError
from decomposer.review import Desk
from decomposer.tui.frame import Frame
from decomposer.tui.sitting import Sitting

if TYPE_CHECKING:
    from textual.driver import Driver

    from decomposer.tui.curtain import Curtain


def review(open_desk: Callable[[str], Desk], *, query: str = "") -> int:
    """Let a person review what waits, until they leave; `open_desk` opens the desk for a query.

    Returns how many records were decided. Raises UsageError where there is no terminal, and whatever ended the review.
    """
    if not (_a_terminal(sys.__stdin__) and _a_terminal(sys.__stderr__)):
        raise UsageError("the review needs a terminal", hint="use --plain for lines, or --json for a program")
    sitting = Sitting(open_desk(query), open_desk, query=query)
    with _giving_back(sitting):
        sitting.begin()
        _show(Frame(sitting))
    return sitting.decided


@contextmanager
def _giving_back(sitting: Sitting) -> Iterator[None]:
    """Give the leases back at the end, also when the terminal is closed or the process is asked to end."""
    before = {number: signal.signal(number, _end) for number in _ENDINGS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        with suppress(CatalogError):  # they run out by themselves
            sitting.desk.leave()


_ENDINGS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


def _end(_number: int, _frame: object) -> None:
    raise Stopped("the review was ended: what was decided is saved")


def _show(frame: Frame) -> None:
    if sys.platform == "win32":
        from decomposer.tui.app import ReviewApp

        _run(ReviewApp(frame))
        return
    from decomposer.tui.curtain import Curtain

    with Curtain() as curtain:
        width, height = curtain.size()
        curtain.show(frame.rows(width, height), width)
        from decomposer.tui.app import ReviewApp

        _run(ReviewApp(frame, behind(curtain)))


def _run(app: Any) -> None:
    # what has been imported stays: the collector need not look through it at every key
    gc.freeze()
    gc.enable()
    app.endings = _ENDINGS
    app.run()
    if app.failure is not None:
        raise app.failure


def behind(curtain: "Curtain") -> "type[Driver]":
    """Return a driver that takes over the screen from the curtain, without a blank in between."""
    from textual.drivers.linux_driver import LinuxDriver

    class Behind(LinuxDriver):
        def write(self, data: str) -> None:
            """Write to the terminal; the other screen is entered once only."""
            if data == "\x1b[?1049h" and not curtain.handed_over:
                curtain.handed_over = True
                return
            super().write(data)

        def start_application_mode(self) -> None:
            """Take over; what is given back later, to an editor too, is the terminal as it was before the curtain."""
            super().start_application_mode()  # type: ignore[no-untyped-call]
            self.attrs_before = curtain.before

    return Behind


def _a_terminal(stream: Any) -> bool:
    return stream is not None and stream.isatty()
