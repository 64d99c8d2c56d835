"""A terminal for tests and benchmarks: a program on a real pty, its output read by a terminal emulator."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

import pyte

# What programs ask and set that is no text; the emulator takes some of it for text.
_PRIVATE = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p")


class Terminal:
    """A program on a pty of `columns` x `rows`. `raw` is all it has written, `started` when it began, in seconds."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        cwd: str | os.PathLike[str] | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._main, child = pty.openpty()
        self._size(columns, rows)
        self.raw = bytearray()
        self.read_at = 0.0
        inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        environment = {**inherited, "TERM": "xterm-256color", "COLORTERM": "", **(environ or {})}
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdin=child, stdout=child, stderr=child, cwd=cwd, env=environment, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # so that it hears of another size, and of Ctrl-C
        )  # fmt: skip
        os.close(child)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._main)

    @property
    def text(self) -> str:
        """What is on the screen, its rows joined by line ends."""
        return "\n".join(row.rstrip() for row in self._screen.display)

    @property
    def settings(self) -> object:
        """How the terminal treats what is typed: echoed, by lines, and so on."""
        return termios.tcgetattr(self._main)

    def send(self, keys: str) -> float:
        """Type keys, and return when."""
        at = time.perf_counter()
        os.write(self._main, keys.encode())
        return at

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size, as a person does with the window."""
        self._screen.resize(rows, columns)
        self._size(columns, rows)

    def until(self, holds: "Callable[[str], bool] | str", *, seconds: float = 20.0) -> float:
        """Read until something holds of the screen, or is on it; return when it was read. Raises TimeoutError."""
        true = holds if callable(holds) else lambda text: holds in text
        limit = time.perf_counter() + seconds
        while not true(self.text):
            if not self.read(limit - time.perf_counter()):
                raise TimeoutError(f"not shown in {seconds} s; the screen is:\n{self.text}")
        return self.read_at

    def ended(self, *, seconds: float = 20.0) -> int:
        """Read to the end, and return the exit code. Raises TimeoutError."""
        limit = time.perf_counter() + seconds
        while self.process.poll() is None:
            if time.perf_counter() > limit:
                raise TimeoutError(f"still running after {seconds} s; the screen is:\n{self.text}")
            self.read(0.05)
        while self.read(0.05):
            pass
        return self.process.returncode

    def read(self, seconds: float) -> bool:
        """Read what the program writes next, if it does in that time."""
        if not select.select([self._main], [], [], max(0.0, seconds))[0]:
            return False
        try:
            data = os.read(self._main, 65536)
        except OSError:  # the program is gone
            return False
        self.read_at = time.perf_counter()
        self.raw += data
        self._stream.feed(_PRIVATE.sub(b"", data))
        return bool(data)

    def _size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._main, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
