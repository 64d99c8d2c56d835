"""Cut a source into what a page shows of it: the lines around the evidence, with the evidence marked."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

MOST_LINE = 2_000
MOST_MARKED = 20_000
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of one text that supports something, `text[start:end]`; `number` is its place in reading order."""

    start: int
    end: int
    number: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a line. `mark` is the span that it belongs to, `first` says that the span begins with it."""

    text: str
    mark: Mark | None = None
    first: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source, numbered from 1; `cut` is how many of its characters are not shown."""

    number: int
    pieces: tuple[Piece, ...]
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines that follow each other; `skipped` is how many were left out before the first of them."""

    lines: tuple[Line, ...]
    skipped: int


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is shown of one text: its passages, how many lines follow the last, and how many there are."""

    passages: tuple[Passage, ...]
    after: int
    lines: int


class Lines:
    """A text by its lines, without their ends."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
        if len(self._starts) > 1 and self._starts[-1] == len(text):
            self._starts.pop()

    def __len__(self) -> int:
        return len(self._starts)

    def at(self, offset: int) -> int:
        """Return the line, counted from 0, that the character at `offset` stands in."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def span(self, line: int) -> tuple[int, int]:
        """Return where a line starts and ends."""
        start = self._starts[line]
        end = self._starts[line + 1] if line + 1 < len(self._starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return start, end


def excerpt(lines: Lines, marks: Sequence[Mark], *, context: int) -> Excerpt:
    """Return the lines that hold marks with `context` lines before and after each; the beginning where none does."""
    wanted: list[tuple[int, int]] = []
    for mark in sorted(marks, key=lambda mark: mark.start):
        low = max(0, lines.at(mark.start) - context)
        high = min(len(lines), lines.at(max(mark.start, mark.end - 1)) + context + 1)
        if wanted and low <= wanted[-1][1]:
            wanted[-1] = (wanted[-1][0], max(high, wanted[-1][1]))
        else:
            wanted.append((low, high))
    return _excerpt(lines, marks, wanted or [(0, min(len(lines), 2 * context + 1))])


def part(lines: Lines, marks: Sequence[Mark], *, first: int, count: int) -> Excerpt:
    """Return `count` lines from the line `first` on, which is counted from 1."""
    low = min(max(0, first - 1), max(0, len(lines) - 1))
    return _excerpt(lines, marks, [(low, min(len(lines), low + count))])


def _excerpt(lines: Lines, marks: Sequence[Mark], wanted: Sequence[tuple[int, int]]) -> Excerpt:
    passages = []
    begun: set[int] = set()
    done = 0
    for low, high in wanted:
        shown = tuple(_line(lines, number, marks, begun) for number in range(low, high))
        passages.append(Passage(shown, low - done))
        done = high
    return Excerpt(tuple(passages), len(lines) - done, len(lines))


def _line(lines: Lines, number: int, marks: Sequence[Mark], begun: set[int]) -> Line:
    start, end = lines.span(number)
    here = [mark for mark in marks if mark.start < end and mark.end > start]
    most = MOST_MARKED if here else MOST_LINE
    low = start if not here else max(start, min(mark.start for mark in here) - MOST_LINE)
    high = min(end, low + most)
    return Line(number + 1, tuple(_pieces(lines.text, low, high, here, begun)), (end - start) - (high - low))


def _pieces(text: str, low: int, high: int, marks: Sequence[Mark], begun: set[int]) -> Iterator[Piece]:
    edges = {low, high, *(edge for mark in marks for edge in (mark.start, mark.end) if low < edge < high)}
    cuts = sorted(edges)
    for start, end in pairwise(cuts):
        over = [mark for mark in marks if mark.start <= start and mark.end >= end]
        mark = min(over, key=lambda mark: (mark.end - mark.start, mark.number)) if over else None
        first = mark is not None and mark.number not in begun
        if mark is not None:
            begun.add(mark.number)
        yield Piece(text[start:end], mark, first)
