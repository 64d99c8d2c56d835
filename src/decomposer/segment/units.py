"""Cut blocks into numbered units: sentences, list items, table rows, headings, code, and what is hidden."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from decomposer.records import Document, Hidden, Unit, UnitKind
from decomposer.segment.blocks import Block
from decomposer.segment.runs import LONGEST, Run
from decomposer.text import PARTING, Mark, Open, Piece, scan

LONGEST_ITEM = 400
LONGEST_ROW = 1500
_SEEN = (Mark.TEXT, Mark.ENTITY, Mark.HIDDEN)


def cut(document: Document, blocks: Iterable[Block]) -> list[Unit]:
    """Return the units of `blocks`, numbered from 1 in the order of the text.

    They never overlap, and every character that a reader sees is in exactly one of them.
    """
    cutter = _Cutter(document)
    for block in blocks:
        cutter.add(block)
    return cutter.units


@dataclass(slots=True)
class _Html:
    """The HTML elements that are open and decide what kind of unit a text is."""

    heading: int = 0
    lists: int = 0
    item: bool = False
    row: bool = False
    pre: bool = False
    header_cells: int = 0
    data_cells: int = 0


class _Cutter:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.units: list[Unit] = []
        self.open = Open()
        self.html = _Html()
        self.block = Block("text", 0, 0)
        self.run: list[Piece] = []
        self.run_hidden: Hidden | None = None
        self.fresh_item = False
        self.headings: list[tuple[int, int]] = []  # (level, unit number)
        self.items: dict[int, int] = {}  # depth -> unit number
        self.lead: int | None = None  # a sentence that introduces a list
        self.header: int | None = None  # the header row of the table we are in

    # --- blocks and tags

    def add(self, block: Block) -> None:
        if block.kind == "table":
            self.header = None
        elif block.kind == "list_end":
            self._leave_lists(block.level)
        elif block.kind in ("code", "front_matter"):
            self._emit("code" if block.kind == "code" else "front_matter", block.start, block.end, self._state())
        elif block.kind in ("comment", "alt"):
            self._emit(block.kind, block.start, block.end, block.kind)
        else:
            self._scan(block)

    def _scan(self, block: Block) -> None:
        self.block = block
        self.fresh_item = block.kind == "item"
        for piece in scan(self.document.text, block.start, block.end, self.document.media_type, self.open):
            if piece.mark is Mark.TAG and piece.value.lstrip("/") in PARTING:
                self._tag(piece)
            else:
                self._take(piece)
        self._flush()

    def _take(self, piece: Piece) -> None:
        if piece.mark in _SEEN:
            state: Hidden | None = "style" if piece.mark is Mark.HIDDEN else self._state()
            if state != self.run_hidden and self._run_is_seen():
                self._flush()
            self.run_hidden = state
        self.run.append(piece)

    def _run_is_seen(self) -> bool:
        return any(piece.mark in _SEEN for piece in self.run)

    def _state(self) -> Hidden | None:
        if self.open.hiding:
            return "style"
        return "collapsed" if self.open.collapsed and not self.open.summary else None

    def _tag(self, piece: Piece) -> None:
        name = piece.value
        html = self.html
        if html.row and name not in ("tr", "/tr", "/table", "table"):
            html.header_cells += name == "th"
            html.data_cells += name == "td"
            self.run.append(piece)
            return
        if name == "br":
            self.run.append(Piece(Mark.BREAK, piece.start, piece.end, value="\n"))
            return
        self._flush()
        match name:
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                html.heading = int(name[1])
            case "/h1" | "/h2" | "/h3" | "/h4" | "/h5" | "/h6":
                html.heading = 0
            case "ul" | "ol":
                html.lists += 1
            case "/ul" | "/ol":
                html.lists = max(0, html.lists - 1)
                self._leave_lists(self.block.level + html.lists)
            case "li" | "/li":
                html.item = name == "li"
            case "pre" | "/pre":
                html.pre = name == "pre"
            case "tr" | "/tr":
                html.row = name == "tr"
                html.header_cells = html.data_cells = 0
            case "table" | "/table":
                html.row = False
                self.header = None

    def _leave_lists(self, depth: int) -> None:
        self.items = {level: number for level, number in self.items.items() if level <= depth}
        if depth == 0:
            self.lead = None

    # --- a run of pieces becomes units

    def _flush(self) -> None:
        run, self.run = self.run, []
        hidden, self.run_hidden = self.run_hidden, None
        if not run:
            return
        text = Run(self.document.text, run)
        kind = self._kind()
        taken: list[tuple[int, int]] = []
        if text.plain.strip(" \t\r\n|") or (kind != "row" and text.plain.strip()):
            spans = text.sentences(whole=self._longest(kind))
            if kind == "row" and len(spans) > 1:
                kind = "sentence"
            taken = text.slices(spans)
        extras = [piece for piece in run if piece.alt and not _inside(piece, taken)]
        first = True
        for start, end, extra in sorted([(*span, None) for span in taken] + [(*e.alt, e) for e in extras if e.alt]):
            if extra is not None:
                self._extra(extra, start, end)
            else:
                self._emit(kind if first else "sentence" if kind == "item" else kind, start, end, hidden)
                first = False
        if taken:
            self.fresh_item = self.html.item = False
            if kind != "item" and not self.items:
                self.lead = self.units[-1].number if text.plain.rstrip()[-1] in ":：" else None

    def _kind(self) -> UnitKind:
        html = self.html
        if html.heading or self.block.kind == "heading":
            return "heading"
        if html.row or self.block.kind == "row":
            return "row"
        if html.pre:
            return "code"
        return "item" if html.item or self.fresh_item else "sentence"

    @staticmethod
    def _longest(kind: UnitKind) -> int:
        return {"sentence": 0, "item": LONGEST_ITEM, "row": LONGEST_ROW}.get(kind, LONGEST)

    def _extra(self, piece: Piece, start: int, end: int) -> None:
        inside = self.document.text[start:end]
        start += len(inside) - len(inside.lstrip())
        end = start + len(inside.strip())
        if start < end:
            kind: UnitKind = "alt" if piece.mark is Mark.IMAGE else "comment"
            self._emit(kind, start, end, "alt" if kind == "alt" else "comment")

    # --- units

    def _emit(self, kind: UnitKind, start: int, end: int, hidden: Hidden | None) -> None:
        number = len(self.units) + 1
        level, parent, header = 0, None, None
        if kind == "heading":
            level = self.html.heading or self.block.level
            while self.headings and self.headings[-1][0] >= level:
                self.headings.pop()
        elif kind in ("item", "sentence"):
            level, parent = self._place(kind, number)
        elif kind == "row":
            header = self.header
            if self.header is None and self._is_header():
                self.header = number
        path = tuple(heading for _, heading in self.headings)
        self.units.append(Unit(number, start, end, kind, level, path, parent, header, hidden))
        if kind == "heading" and hidden in (None, "collapsed"):
            self.headings.append((level, number))

    def _place(self, kind: UnitKind, number: int) -> tuple[int, int | None]:
        depth = self.block.level + self.html.lists
        if kind == "sentence":
            return depth, self.items.get(depth)
        depth = max(1, depth)
        parent = next((self.items[level] for level in range(depth - 1, 0, -1) if level in self.items), self.lead)
        self._leave_lists(depth - 1) if depth > 1 else self.items.clear()
        self.items[depth] = number
        return depth, parent

    def _is_header(self) -> bool:
        return self.block.header or (self.html.row and self.html.header_cells > self.html.data_cells)


def _inside(piece: Piece, taken: list[tuple[int, int]]) -> bool:
    found = bisect_right(taken, (piece.start, piece.end + 1)) - 1
    return found >= 0 and taken[found][0] <= piece.start and piece.end <= taken[found][1]
