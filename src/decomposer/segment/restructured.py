"""Read reStructuredText as blocks: docutils knows the structure, the raw text of each node tells where it stands."""

import io
from collections.abc import Iterator
from functools import cache
from typing import Any

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Parser
from docutils.parsers.rst.states import Inliner
from docutils.utils import new_document, unescape

from decomposer.segment.blocks import Block

WINDOW = 50_000  # how far ahead of the last block the next one is looked for, in characters


def blocks(text: str, start: int) -> Iterator[Block]:
    """Yield the blocks of `text` from `start` on, in order."""
    document = new_document("", _settings())
    _reader().parse(text[start:], document)
    yield from _Walk(text, start).blocks(document, 0)


def _reader() -> Parser:
    """Return a parser that leaves inline markup alone: we read it ourselves, and hostile text costs docutils dear."""
    inliner = Inliner()

    def as_it_is(text: str, *_: Any) -> tuple[list[nodes.Node], list[nodes.Node]]:
        return [nodes.Text(unescape(text, restore_backslashes=True))], []

    # A subclass would not do: docutils looks its patterns up in the class of the inliner alone.
    vars(inliner)["parse"] = as_it_is
    return Parser(inliner=inliner)


@cache
def _settings() -> Any:
    settings = get_default_settings(Parser)
    vars(settings).update(
        file_insertion_enabled=False,  # a document must not read files
        raw_enabled=False,
        syntax_highlight="none",
        report_level=5,
        halt_level=6,
        line_length_limit=1_000_000,
        warning_stream=io.StringIO(),
    )
    return settings


class _Walk:
    """One pass over the tree; `at` is where the last block ended."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.at = start
        self.depth = 0  # open list items
        self.first = False

    def blocks(self, node: nodes.Node, section: int) -> Iterator[Block]:
        """Yield the blocks under `node`; `section` is how many sections are open."""
        for child in node.children:
            match child:
                case nodes.section():
                    yield from self.blocks(child, section + 1)
                case nodes.title():
                    yield from self._leaf(child, "heading", level=min(section or 1, 6))
                case nodes.list_item():
                    yield from self._item(child, section)
                case nodes.bullet_list() | nodes.enumerated_list():
                    yield from self.blocks(child, section)
                    yield Block("list_end", 0, 0, level=self.depth)
                case nodes.table():
                    yield Block("table", 0, 0)
                    yield from self.blocks(child, section)
                case nodes.row():
                    yield from self._row(child)
                case nodes.paragraph() | nodes.term() | nodes.field_name() | nodes.rubric() | nodes.line():
                    yield from self._paragraph(child)
                case nodes.literal_block() | nodes.doctest_block() | nodes.math_block():
                    yield from self._leaf(child, "code", level=self.depth)
                case nodes.comment():
                    yield from self._leaf(child, "comment")
                case nodes.image():
                    yield from self._located(str(child.get("alt", "")), "alt")
                case nodes.Element():
                    yield from self.blocks(child, section)

    def _item(self, node: nodes.list_item, section: int) -> Iterator[Block]:
        self.depth += 1
        self.first = True
        yield from self.blocks(node, section)
        self.first = False
        self.depth -= 1

    def _row(self, node: nodes.row) -> Iterator[Block]:
        spans = [self._locate(leaf.rawsource) for leaf in node.findall(nodes.paragraph)]
        found = [span for span in spans if span]
        if found:
            header = isinstance(node.parent, nodes.thead)
            start, end = min(found)[0], max(span[1] for span in found)
            self.at = end
            yield Block("row", start, end, level=self.depth, header=header)

    def _paragraph(self, node: nodes.Element) -> Iterator[Block]:
        kind, self.first = ("item" if self.first else "text"), False
        yield from self._leaf(node, kind, level=self.depth)

    def _leaf(self, node: nodes.Element, kind: Any, *, level: int = 0) -> Iterator[Block]:
        yield from self._located(node.rawsource or node.astext(), kind, level=level)

    def _located(self, raw: str, kind: Any, *, level: int = 0) -> Iterator[Block]:
        span = self._locate(raw)
        if span:
            self.at = span[1]
            yield Block(kind, *span, level=level)

    def _locate(self, raw: str) -> tuple[int, int] | None:
        """Return where the lines of `raw` stand, looking on from the last block. Indentation may differ."""
        lines = [line.strip() for line in raw.splitlines() if line.strip()]
        at, start = self.at, -1
        for line in lines:
            found = self.text.find(line, at, at + WINDOW)
            if found < 0:
                found, line = self._without_tabs(line, at)
            if found < 0:
                return None
            start = found if start < 0 else start
            at = found + len(line)
        return (start, at) if start >= 0 else None

    def _without_tabs(self, line: str, at: int) -> tuple[int, str]:
        """Look for a line whose tabs docutils has expanded: by its words, one after another."""
        words = line.split()
        start = self.text.find(words[0], at, at + WINDOW)
        end = start
        for word in words:
            end = self.text.find(word, end, end + WINDOW) + len(word) if end >= 0 else -1
        return (start, self.text[start:end]) if 0 <= start < end else (-1, line)
