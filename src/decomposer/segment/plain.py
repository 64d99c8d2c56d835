"""Read plain text as blocks: paragraphs between blank lines, and list items by their bullets."""

import re
from collections.abc import Iterator

from decomposer.segment.blocks import Block

_PARAGRAPH = re.compile(r"\S(?:[^\r\n]|(?:\r\n?|\n)(?![ \t]*(?:[\r\n]|\Z)))*")
_BULLET = re.compile(r"(?:[-*+•‣◦·]|\d{1,3}[.)])[ \t]+(?=\S)")
_LINE = re.compile(r"[^\r\n]+")


def blocks(text: str, start: int) -> Iterator[Block]:
    """Yield the paragraphs of `text` from `start` on; a paragraph whose lines are bullets gives one item a line."""
    in_list = False
    for paragraph in _PARAGRAPH.finditer(text, start):
        for block in _paragraph(text, *paragraph.span()):
            if in_list and block.kind != "item":
                yield Block("list_end", 0, 0)
            in_list = block.kind == "item"
            yield block


def _paragraph(text: str, start: int, end: int) -> Iterator[Block]:
    opened: Block | None = None
    for line in _LINE.finditer(text, start, end):
        content = text[line.start() : line.end()]
        at = line.start() + len(content) - len(content.lstrip())
        if at == line.end():
            continue
        last = line.start() + len(content.rstrip())
        bullet = _BULLET.match(text, at, last)
        if bullet or opened is None:
            if opened is not None:
                yield opened
            opened = Block("item", bullet.end(), last, level=1) if bullet else Block("text", at, last)
        else:
            opened = opened._replace(end=last)
    if opened is not None:
        yield opened
