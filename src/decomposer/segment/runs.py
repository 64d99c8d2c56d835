"""A run of pieces of source text: where its sentences are, in plain text and in the source."""

from bisect import bisect_right
from collections.abc import Iterator

from decomposer.text import Mark, Piece, ends

LONGEST = 2000  # characters of a unit; what no sentence end divides is cut here


class Run:
    """Pieces of one sentence or more as `plain` text, with the way back to the source."""

    def __init__(self, source: str, run: list[Piece]) -> None:
        self.source = source
        self.run = run
        self.offsets: list[int] = []  # where in `plain` each seen piece begins
        self.seen: list[int] = []  # and its place in `run`
        self.solid: list[tuple[int, int]] = []
        parts: list[str] = []
        length = 0
        for place, piece in enumerate(run):
            part = self._part(piece)
            if part:
                self.offsets.append(length)
                self.seen.append(place)
                if piece.solid:
                    self._solid(length, length + len(part))
                parts.append(part)
                length += len(part)
        self.plain = "".join(parts)

    def _part(self, piece: Piece) -> str:
        match piece.mark:
            case Mark.TEXT | Mark.HIDDEN:
                return self.source[piece.start : piece.end]
            case Mark.ENTITY | Mark.BREAK:
                return piece.value
            case Mark.TAG if piece.value in ("/td", "/th", "br", "/p", "/li", "/div"):
                return " "
            case _:
                return ""

    def _solid(self, start: int, end: int) -> None:
        if self.solid and self.solid[-1][1] == start:
            self.solid[-1] = (self.solid[-1][0], end)
        else:
            self.solid.append((start, end))

    def sentences(self, *, whole: int) -> list[tuple[int, int]]:
        """Return the spans of the sentences in `plain`; one span where the text is at most `whole` characters."""
        cuts = [] if len(self.plain) <= whole else [at for at in ends(self.plain) if not self._is_solid(at)]
        spans: list[tuple[int, int]] = []
        for start, end in zip([0, *cuts], [*cuts, len(self.plain)], strict=True):
            spans.extend(_chopped(self.plain, start, end))
        return spans

    def _is_solid(self, at: int) -> bool:
        found = bisect_right(self.solid, (at, -1)) - 1
        return found >= 0 and self.solid[found][0] < at < self.solid[found][1]

    def slices(self, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the spans as offsets of the source, with the markup that directly encloses them."""
        found: list[tuple[int, int]] = []
        for start, end in spans:
            first, last = self._piece_at(start), self._piece_at(end - 1)
            left = self._to_source(start, first)
            right = self._to_source(end - 1, last)
            opening, closing = self.run[self.seen[first]], self.run[self.seen[last]]
            right = closing.end if closing.mark in (Mark.ENTITY, Mark.BREAK) else right + 1
            floor = found[-1][1] if found else 0
            if left == opening.start:
                left = self._extend_left(self.seen[first], left, floor)
            if right == closing.end:
                right = self._extend_right(self.seen[last], right)
            found.append((left, right))
        return found

    def _piece_at(self, at: int) -> int:
        return bisect_right(self.offsets, at) - 1

    def _to_source(self, at: int, index: int) -> int:
        piece = self.run[self.seen[index]]
        return piece.start + (at - self.offsets[index] if piece.mark in (Mark.TEXT, Mark.HIDDEN) else 0)

    def _extend_left(self, place: int, left: int, floor: int) -> int:
        while place > 0:
            piece = self.run[place - 1]
            opens = piece.mark is Mark.MARKUP and self.source[piece.start] not in "])"
            opens = opens or (piece.mark is Mark.TAG and not piece.value.startswith("/"))
            if not opens or piece.end != left or piece.start < floor:
                break
            place, left = place - 1, piece.start
        return left

    def _extend_right(self, place: int, right: int) -> int:
        for piece in self.run[place + 1 :]:
            closes = piece.mark is Mark.MARKUP and self.source[piece.start] not in "[\\"
            closes = closes or (piece.mark is Mark.TAG and piece.value.startswith("/"))
            if not closes or piece.start != right:
                break
            right = piece.end
        return right


def _chopped(plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the span without white space at its ends; what no sentence end divides is cut at white space."""
    while True:
        piece = plain[start:end]
        start, end = start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
        if start >= end:
            return
        if end - start <= LONGEST:
            yield start, end
            return
        at = plain.rfind(" ", start + LONGEST // 2, start + LONGEST)
        at = at if at > 0 else start + LONGEST
        yield start, start + len(plain[start:at].rstrip())
        start = at
