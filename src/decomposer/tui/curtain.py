"""Show the first record before Textual is there, which takes a quarter of a second to import."""

import os
import shutil
import sys
import termios
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.text import Text

_ENTER, _LEAVE = "\x1b[?1049h", "\x1b[?1049l"
_HIDE, _SHOW, _HOME = "\x1b[?25l", "\x1b[?25h", "\x1b[H"


class Curtain:
    """The other screen of the terminal, as Textual uses it, with keys neither shown nor lost until it reads them.

    `before` is what the terminal was set to, for whoever gives it back.
    """

    def __init__(self) -> None:
        self._out = sys.__stderr__ or sys.stderr  # where Textual draws
        self._fd = 0 if sys.__stdin__ is None else sys.__stdin__.fileno()
        self.before = termios.tcgetattr(self._fd)
        self.handed_over = False

    def __enter__(self) -> Self:
        quiet = termios.tcgetattr(self._fd)
        quiet[3] &= ~(termios.ECHO | termios.ICANON)
        termios.tcsetattr(self._fd, termios.TCSANOW, quiet)
        self._write(_ENTER + _HIDE + _HOME)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.handed_over:
            self._write(_LEAVE + _SHOW)
        termios.tcsetattr(self._fd, termios.TCSANOW, self.before)

    def show(self, rows: Sequence[Text], width: int) -> None:
        """Draw rows that fill the screen."""
        console = Console(
            file=self._out, width=width, force_terminal=True, markup=False, emoji=False, highlight=False,
            no_color=bool(os.environ.get("NO_COLOR")),
        )  # fmt: skip
        for number, row in enumerate(rows):
            console.print(row, end="" if number == len(rows) - 1 else "\n", no_wrap=True, crop=True, soft_wrap=False)
        self._out.flush()

    def size(self) -> tuple[int, int]:
        """Return how many cells are in a row, and how many rows there are."""
        return shutil.get_terminal_size()

    def _write(self, codes: str) -> None:
        self._out.write(codes)
        self._out.flush()
