"""Print to people: every piece of text is made safe here, wrapped to the width, and coloured where that is wanted."""

import errno
from typing import IO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from decomposer.display import display_safe, one_line

WIDEST = 100

Piece = str | tuple[str, str]


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Let the error through: rich would end the program with 1, as if a document had failed."""
        raise BrokenPipeError(errno.EPIPE, "the reader is gone")


class Screen:
    """A stream for people. A piece of a line is a text, or a text and its style; texts are data, never markup."""

    def __init__(self, file: IO[str]) -> None:
        self.console = _Console(file=file, markup=False, highlight=False, emoji=False)
        self.width = max(40, min(self.console.width, WIDEST))

    def line(self, *pieces: Piece, indent: str = "", hang: int = 0) -> None:
        """Print one paragraph: every wrapped line starts with `indent`, all but the first with `hang` more spaces."""
        text = Text()
        for piece in pieces:
            content, style = piece if isinstance(piece, tuple) else (piece, "")
            text.append(_joined(content), style)
        room = self.width - cell_len(indent) - hang
        for number, wrapped in enumerate(text.wrap(self.console, room) or [Text()]):
            full = Text().append(indent, "dim").append(" " * hang if number else "").append_text(wrapped)
            full.rstrip()
            self.console.print(full, soft_wrap=True)

    def text(self, content: str) -> None:
        """Print a text with the lines it has, however long they are."""
        self.console.print(Text(display_safe(content)), soft_wrap=True)

    def rule(self) -> None:
        """Print a line across."""
        self.console.print(Text("─" * self.width, "dim"), soft_wrap=True)

    def cells(self, *cells: str, widths: tuple[int, ...], style: str = "") -> None:
        """Print cells in columns of `widths`, cut where they are too long; the last one may be as long as it is."""
        shown = [set_cell_size(_cut(_joined(cell), width), width) for cell, width in zip(cells, widths, strict=False)]
        shown += [_joined(cell) for cell in cells[len(widths) :]]
        self.console.print(Text("  ".join(shown).rstrip(), style), soft_wrap=True)


def _joined(content: str) -> str:
    """Return the text on one safe line, with the spaces at its ends: pieces of a line are set side by side."""
    inner = one_line(content)
    if not inner:
        return " " * len(content) if content.isspace() else ""
    lead = " " * (len(content) - len(content.lstrip(" ")))
    return lead + inner + " " * (len(content) - len(content.rstrip(" ")))


def _cut(content: str, width: int) -> str:
    return content if cell_len(content) <= width else set_cell_size(content, width - 1) + "…"
