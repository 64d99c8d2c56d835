"""Lay out a document of any size in rows, only those that are looked at, with its evidence marked."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from rich.console import Console
from rich.style import Style
from rich.text import Text

from decomposer.tui.paragraphs import steady
from decomposer.tui.signs import BOLD, CURRENT, DIM, EVIDENCE

_LONGEST = 2_000  # characters laid out at once: a line of a megabyte costs no more than a screenful
_KEPT = 500  # blocks whose rows are remembered
GUTTER = 4


class Place(NamedTuple):
    """A row on paper: the block of text it belongs to, and which of its rows it is."""

    block: int
    row: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of the text to be marked, under the number that the record has for it."""

    start: int
    end: int
    number: int


class Blocks:
    """A text cut at its line ends, and inside of very long lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: list[int] = []
        self._lines: list[int] = []  # the block that each line begins with
        start = 0
        while start < len(text) or not self.starts:
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
            self._lines.append(len(self.starts))
            self.starts += range(start, max(end, start + 1), _LONGEST)
            start = end + 1

    def __len__(self) -> int:
        return len(self.starts)

    def span(self, block: int) -> tuple[int, int]:
        """Return where the block begins and ends in the text, without its line end."""
        start = self.starts[block]
        end = self.starts[block + 1] if block + 1 < len(self.starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return start, end

    def at(self, offset: int) -> int:
        """Return the block that holds the character at `offset`."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def line(self, block: int) -> int:
        """Return the number of the line that the block is in, from 1."""
        return bisect_right(self._lines, block)

    def paragraph(self, block: int, step: int) -> int:
        """Return the block where the next (`step` 1) or the last (-1) paragraph begins."""
        at = block + step
        while 0 < at < len(self) - 1 and not (self._blank(at - 1) and not self._blank(at)):
            at += step
        return min(max(at, 0), len(self) - 1)

    def _blank(self, block: int) -> bool:
        start, end = self.span(block)
        return not self.text[start:end].strip()

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return len(self._lines)


class Paper:
    """A document laid out for a width in cells, `GUTTER` of them for the numbers of the evidence.

    Rows are made when they are looked at. `current` is the number of the mark that is looked at.
    """

    def __init__(self, blocks: Blocks, marks: Sequence[Mark], *, width: int, current: int) -> None:
        self._blocks = blocks
        self._width = max(8, width - GUTTER)
        self._current = current
        self._styles = {mark.number: _style(current=mark.number == current) for mark in marks}
        self._numbers = {id(style): number for number, style in self._styles.items()}
        self._marks = marks
        self._made: dict[int, list[Text]] = {}
        self._console = Console(width=self._width, markup=False, emoji=False, highlight=False)

    def window(self, top: Place, height: int) -> tuple[Place, list[Text]]:
        """Return `height` rows from `top` on, and the place of the first: earlier where the text ends before."""
        end = self._last(top, height)
        top = top if len(end) == height else self.moved(top, len(end) - height)
        return top, [self._with_gutter(row) for row in self._last(top, height)]

    def moved(self, place: Place, rows: int) -> Place:
        """Return the place so many rows further down, or up; the first or last one at most."""
        block, row = place.block, place.row + rows
        while row < 0 and block > 0:
            block -= 1
            row += len(self._rows(block))
        while row >= len(self._rows(block)) and block < len(self._blocks) - 1:
            row -= len(self._rows(block))
            block += 1
        return Place(block, min(max(row, 0), len(self._rows(block)) - 1))

    def of(self, mark: Mark) -> Place:
        """Return the first row on which something of a mark is seen."""
        first = self._blocks.at(mark.start)
        for block in range(first, min(self._blocks.at(mark.end), first + _KEPT) + 1):
            for row, text in enumerate(self._rows(block)):
                if self._has(text, mark.number):
                    return Place(block, row)
        return Place(first, 0)

    def _has(self, row: Text, number: int) -> bool:
        return any(self._numbers.get(id(span.style)) == number for span in row.spans)

    def _last(self, top: Place, height: int) -> list[Text]:
        rows = self._rows(top.block)[top.row :]
        block = top.block + 1
        while len(rows) < height and block < len(self._blocks):
            rows = rows + self._rows(block)
            block += 1
        return rows[:height]

    def _rows(self, block: int) -> list[Text]:
        if block not in self._made:
            if len(self._made) > _KEPT:
                self._made.clear()
            wrapped = self._marked(block).wrap(self._console, self._width, overflow="fold", tab_size=4)
            self._made[block] = list(wrapped) or [Text()]
        return self._made[block]

    def _marked(self, block: int) -> Text:
        start, end = self._blocks.span(block)
        inside = [mark for mark in self._marks if mark.start < end and mark.end > start]
        edges = sorted(
            {start, end, *(edge for mark in inside for edge in (mark.start, mark.end) if start < edge < end)}
        )
        laid = Text()
        for left, right in pairwise(edges):
            over = [mark.number for mark in inside if mark.start <= left and mark.end >= right]
            # the mark that is looked at lies above the others
            number = self._current if self._current in over else min(over, default=None)
            laid.append(steady(self._blocks.text[left:right]), None if number is None else self._styles[number])
        return laid

    def _with_gutter(self, row: Text) -> Text:
        numbers = {self._numbers[id(span.style)] for span in row.spans if id(span.style) in self._numbers}
        if self._current in numbers:
            return Text().append(f"▶{self._current:<{GUTTER - 1}}", BOLD).append_text(row)
        return Text().append(f" {min(numbers, default=''):<{GUTTER - 1}}", DIM).append_text(row)


def _style(*, current: bool) -> Style:
    """Return a style of its own, so that what it is on can be told apart from any other."""
    return (CURRENT if current else EVIDENCE).copy()
