"""Read Markdown (CommonMark and GFM) as blocks: markdown-it-py finds the blocks, our lines find their offsets."""

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.token import Token

from decomposer.segment.blocks import Block
from decomposer.segment.lines import Lines

_ALERT = re.compile(r"\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(?:(?:\r\n?|\n)[ \t]*(?:>[ \t]?)*)?", re.I)
_QUOTE = re.compile(r"(?:>[ \t]*)+")
_QUOTE_OR_BULLET = re.compile(r"(?:>[ \t]*|(?:[-*+]|\d{1,9}[.)])[ \t]+)+")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark")
    parser.enable("table").block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    return parser


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Find a table as one token, by markdown-it's own rule for its head: tokens for every cell would cost a lot."""
    if not table(state, start, end, True):
        return False
    if silent:
        return True
    above, state.parentType = state.parentType, "table"
    ends = state.md.block.ruler.getRules("blockquote")
    line = start + 2
    while line < end and not (
        state.sCount[line] < state.blkIndent
        or state.isEmpty(line)
        or state.is_code_block(line)
        or any(rule(state, line, end, True) for rule in ends)
    ):
        line += 1
    state.parentType = above
    state.push("table", "table", 0).map = [start, line]
    state.line = line
    return True


def blocks(text: str, start: int) -> Iterator[Block]:
    """Yield the blocks of `text` from `start` on, in order, one top-level block in memory at a time."""
    lines = Lines(text, start)
    for tokens in _top_level(text[start:]):
        yield from _Walk(lines).blocks(tokens)


def _top_level(source: str) -> Iterator[list[Token]]:
    """Yield the tokens of each top-level block. Inline content is not parsed: offsets need our own scanner anyway."""
    parser = _parser()
    normal = re.sub(r"\r\n?", "\n", source) if "\r" in source else source
    normal = normal.replace("\0", "\ufffd")
    if not normal:
        return
    state = StateBlock(normal, parser, {}, [])
    rules = parser.block.ruler.getRules("")
    line = 0
    while line < state.lineMax:
        state.line = line = state.skipEmptyLines(line)
        if line >= state.lineMax:
            return
        for rule in rules:
            if rule(state, line, state.lineMax, False):
                break
        line = max(state.line, line + 1)
        if state.tokens:
            yield state.tokens
            state.tokens = []


class _Walk:
    """One pass over the tokens of a top-level block."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.items: list[bool] = []  # open list items: whether each still waits for its first block

    def blocks(self, tokens: list[Token]) -> Iterator[Block]:
        """Yield the blocks that `tokens` describe."""
        for at, token in enumerate(tokens):
            match token.type:
                case "list_item_open":
                    self.items.append(True)
                case "list_item_close":
                    self.items.pop()
                case "bullet_list_close" | "ordered_list_close":
                    yield Block("list_end", 0, 0, level=len(self.items))
                case "table":
                    yield from self._table(*(token.map or [0, 0]))
                case "inline" if tokens[at - 1].type in ("paragraph_open", "heading_open"):
                    yield from self._text(token, tokens[at - 1])
                case "fence" | "code_block":
                    yield from self._code(token)
                case "html_block":
                    yield from self._html(token)

    def _table(self, head: int, behind: int) -> Iterator[Block]:
        yield Block("table", 0, 0)
        for line in (head, *range(head + 2, behind)):
            start, end = self.lines.span(line, line)
            start = self._past_prefix(start, end)
            if start < end:
                yield Block("row", start, end, level=len(self.items), header=line == head)

    def _text(self, token: Token, opening: Token) -> Iterator[Block]:
        first = (token.map or [0])[0]
        content = token.content.split("\n")
        start = self._find(first, content[0])
        end = self._find(first + len(content) - 1, content[-1]) + len(content[-1].strip())
        if opening.type == "heading_open":
            yield Block("heading", start, end, level=int(opening.tag[1]))
            return
        if alert := _ALERT.match(self.lines.text, start, end):
            start = alert.end()
        if start < end:
            yield self._block(start, end)

    def _find(self, number: int, content: str) -> int:
        """Return where the content of a line begins: it stands at the line's end, before closing marks of a heading."""
        content = content.strip()
        line = self.lines.line(number).replace("\0", "\ufffd")
        if line.rstrip().endswith(content):
            return self.lines.starts[number] + len(line.rstrip()) - len(content)
        return self.lines.starts[number] + max(0, line.find(content))

    def _block(self, start: int, end: int) -> Block:
        first = bool(self.items) and self.items[-1]
        if self.items:
            self.items[-1] = False
        return Block("item" if first else "text", start, end, level=len(self.items))

    def _code(self, token: Token) -> Iterator[Block]:
        first, last = token.map or [0, 1]
        if token.type == "fence":
            first += 1
            closed = last - 1 >= first and self.lines.line(last - 1).strip(" \t>").startswith(token.markup)
            last -= 1 if closed else 0
        if first < last:
            start, end = self.lines.span(first, last - 1)
            if start < end:
                yield Block("code", start, end, level=len(self.items))

    def _html(self, token: Token) -> Iterator[Block]:
        first, last = token.map or [0, 1]
        start, end = self.lines.span(first, min(last, len(self.lines)) - 1)
        start = self._past_prefix(start, end)
        if start < end:
            yield self._block(start, end)

    def _past_prefix(self, start: int, end: int) -> int:
        prefix = _QUOTE_OR_BULLET if self.items else _QUOTE
        found = prefix.match(self.lines.text, start, end)
        return found.end() if found else start
