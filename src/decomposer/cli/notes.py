"""Tell people on stderr what goes on: notes, failures, and progress where stderr is a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from decomposer.display import display_safe, one_line

OnSegment = Callable[[int, int], None]


def note(text: str) -> None:
    """Print a note, one paragraph."""
    click.echo(display_safe(text), err=True)


def failed(ref: str, error: Exception) -> None:
    """Name a reference that failed, with the reason and the next step."""
    reason = str(error) or type(error).__name__
    note(f"failed: {reason}" if ref in reason else f"failed: {ref}: {reason}")


def counted(count: int, one: str, several: str = "") -> str:
    """Return a count with its noun, such as `1 entry` or `2 entries`."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


@contextmanager
def working(label: str) -> Iterator[OnSegment]:
    """Show `label` while something is under way; what it yields is told how many segments are done, of how many."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True, markup=False, highlight=False, emoji=False)
    plain = one_line(label, limit=max(20, console.width - 24))
    with console.status(Text(plain)) as status:
        yield lambda done, total: status.update(Text(f"{plain}, part {done} of {total}" if total > 1 else plain))
