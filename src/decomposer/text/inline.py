"""Read a stretch of marked-up text piece by piece: what a reader sees, what is markup, what is hidden."""

import re
from collections.abc import Iterator
from enum import Enum
from html import unescape
from typing import NamedTuple

from decomposer.records import MediaType
from decomposer.text.elements import ELEMENTS, RAW, Open


class Mark(Enum):
    """What a piece of source text is to a reader."""

    TEXT = "text"  # seen as it stands
    ENTITY = "entity"  # seen as `value`
    MARKUP = "markup"  # not seen
    BREAK = "break"  # a line end inside a paragraph: seen as a space
    TAG = "tag"  # an HTML tag; `value` is its lower-case name, with "/" in front when it closes
    IMAGE = "image"  # an image; `value` is nothing, `alt` the span of its alternative text
    COMMENT = "comment"  # an HTML comment; `alt` is the span of its inside
    HIDDEN = "hidden"  # text inside an element that is styled away


class Piece(NamedTuple):
    """One piece, `text[start:end]`. `solid` pieces are never cut by a sentence end (links, code, addresses)."""

    mark: Mark
    start: int
    end: int
    value: str = ""
    alt: tuple[int, int] | None = None
    solid: bool = False


_TAG = r"</?[A-Za-z][A-Za-z0-9-]*(?=[\s/>])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+>|</?[A-Za-z][A-Za-z0-9-]*(?=[\s/>])[^<>]*>"
_ENTITY = r"&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});|&nbsp"
_MARKDOWN = re.compile(
    rf"""(?P<escape>\\[!-/:-@\[-`{{-~])
    |(?P<code>`+)
    |(?P<comment><!--)
    |(?P<auto><(?:https?|mailto|ftp):[^\s<>]*>)
    |(?P<tag>{_TAG})
    |(?P<image>!\[)
    |(?P<open>\[)
    |(?P<close>\])
    |(?P<emphasis>\*+|_+|~~+)
    |(?P<entity>{_ENTITY})
    |(?P<newline>\\?(?:\r\n?|\n)[ \t]*(?:>[ \t]?)*)""",
    re.VERBOSE,
)
_HTML = re.compile(
    rf"(?P<comment><!--)|(?P<doctype><[!?][^>]*>)|(?P<tag>{_TAG})|(?P<entity>{_ENTITY})|(?P<newline>[\r\n]\s*)"
)
_RST = re.compile(
    r"""(?P<escape>\\[!-/:-@\[-`{-~])
    |(?P<literal>``(?P<literal_text>(?:[^`]|`(?!`))+?)``)
    |(?P<role>(?::[\w.+:-]+:)?`(?P<role_text>[^`<>]+?)(?P<target>\s*<[^<>`]*>)?`_{0,2})
    |(?P<substitution>\|[^|\s](?:[^|\n]{0,80}[^|\s])?\|_{0,2})
    |(?P<emphasis>\*\*?)
    |(?P<reference>(?<=\w)__?(?!\w)|:(?=:\s*\Z))
    |(?P<newline>(?:\r\n?|\n)[ \t]*)""",
    re.VERBOSE,
)
_PLAIN = re.compile(r"(?P<newline>(?:\r\n?|\n)[ \t]*)")
# A pattern of many branches is slow to search with, so its first characters are searched for and it is matched there.
_GRAMMARS: dict[MediaType, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "text/markdown": (re.compile(r"[\\`<!\[\]*_~&\r\n]"), _MARKDOWN),
    "text/html": (re.compile(r"[<&\r\n]"), _HTML),
    "text/x-rst": (re.compile(r"[\\`:|*_\r\n]"), _RST),
    "text/plain": (re.compile(r"[\r\n]"), _PLAIN),
}

_TARGET = re.compile(
    r"\([ \t\r\n]{0,9}(?:<[^<>\n]{0,4000}>|(?:[^\s()<>\\]|\\.|\([^\s()<>]{0,1000}\))*+)"
    r"(?:[ \t\r\n]{1,9}(?:\"[^\"]{0,1000}\"|'[^']{0,1000}'|\([^()]{0,1000}\)))?[ \t\r\n]{0,9}\)"
    r"|\[[^\[\]]{0,300}\]"
)
_BRACKET = re.compile(r"\\.|(?P<ticks>`+)|[\[\]]", re.DOTALL)
_ALT = re.compile(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_LINE_START = re.compile(r"[\r\n][ >]*\Z")
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")


def scan(text: str, start: int, end: int, media_type: MediaType, opened: Open | None = None) -> Iterator[Piece]:
    """Yield the pieces of `text[start:end]` in order, without gaps; linear in its length.

    Follows CommonMark and GFM for Markdown as far as a reader's eye is concerned: what is shown and what is not.
    `opened` carries hidden and collapsed HTML elements from one stretch to the next and is updated.
    """
    opened = opened if opened is not None else Open()
    reader = _Reader(text, end, media_type, opened)
    first, grammar = _GRAMMARS[media_type]
    at = look = start
    while candidate := first.search(text, look, end):
        found = grammar.match(text, candidate.start(), end)
        if found is None:
            look = candidate.end()
            continue
        if found.start() > at:
            yield reader.text(at, found.start())
        for piece in reader.read(found):
            yield piece
            at = piece.end
        look = at
    if at < end:
        yield reader.text(at, end)


class _Reader:
    """Turns one match of the grammar into pieces; remembers which link brackets are open."""

    def __init__(self, text: str, end: int, media_type: MediaType, opened: Open) -> None:
        self.source = text
        self.limit = end
        self.opened = opened
        self.markdown = media_type == "text/markdown"
        self.closing: dict[int, int] | None = None  # "[" -> its "]", found on the first bracket
        self.link_ends: dict[int, int] = {}  # "]" of an open link -> where its target ends
        self.no_comment_end = False

    def text(self, start: int, end: int) -> Piece:
        mark = Mark.HIDDEN if self.opened.hiding else Mark.TEXT
        return Piece(mark, start, end, solid=bool(self.link_ends))

    def read(self, found: re.Match[str]) -> Iterator[Piece]:
        name = found.lastgroup or ""
        start, end = found.span()
        match name:
            case "newline":
                hard = self.markdown and (found.group()[0] == "\\" or self.source.endswith("  ", 0, start))
                yield Piece(Mark.BREAK, start, end, value="\n" if hard else " ", solid=bool(self.link_ends))
            case "emphasis":
                yield Piece(Mark.MARKUP if self._emphasises(found) else self._seen(), start, end)
            case "escape":
                yield Piece(Mark.MARKUP, start, start + 1)
                yield self.text(start + 1, end)
            case "entity":
                value = unescape(found.group())
                yield Piece(Mark.HIDDEN if self.opened.hiding else Mark.ENTITY, start, end, value=value)
            case "auto":
                yield Piece(Mark.MARKUP, start, start + 1)
                yield Piece(self._seen(), start + 1, end - 1, solid=True)
                yield Piece(Mark.MARKUP, end - 1, end)
            case "doctype" | "substitution" | "reference":
                yield Piece(Mark.MARKUP, start, end)
            case "literal" | "role":
                yield from self._rst(found, name)
            case "code":
                yield from self._code(start, end)
            case "comment":
                yield self._comment(start, end)
            case "tag":
                yield from self._tag(start, end)
            case _:
                yield from self._bracket(name, start, end)

    def _seen(self) -> Mark:
        return Mark.HIDDEN if self.opened.hiding else Mark.TEXT

    def _emphasises(self, found: re.Match[str]) -> bool:
        start, end = found.span()
        before = self.source[start - 1] if start else " "
        after = self.source[end] if end < self.limit else " "
        run = found.group()
        if before.isspace() and after.isspace():
            return False
        inside = before.isalnum() and after.isalnum()
        if run[0] == "_":
            return not inside
        if len(run) == 1 and inside:
            return not (before.isascii() and after.isascii())
        return True

    def _rst(self, found: re.Match[str], name: str) -> Iterator[Piece]:
        inner_start, inner_end = found.span(f"{name}_text")
        if inner_start > found.start():
            yield Piece(Mark.MARKUP, found.start(), inner_start)
        yield Piece(Mark.TEXT, inner_start, inner_end, solid=True)
        yield Piece(Mark.MARKUP, inner_end, found.end())

    def _code(self, start: int, end: int) -> Iterator[Piece]:
        close = self._closing_ticks(end, end - start)
        if close < 0:
            yield self.text(start, end)
            return
        yield Piece(Mark.MARKUP, start, end)
        if close > end:
            yield Piece(self._seen(), end, close, solid=True)
        yield Piece(Mark.MARKUP, close, close + end - start)

    def _closing_ticks(self, at: int, length: int) -> int:
        for found in re.compile(r"`+").finditer(self.source, at, min(self.limit, at + 20_000)):
            if found.end() - found.start() == length:
                return found.start()
        return -1

    def _comment(self, start: int, end: int) -> Piece:
        close = -1 if self.no_comment_end else self.source.find("-->", start + 2, self.limit)
        if close < 0:
            self.no_comment_end = True
            before = self.source[start - 40 : start] if start > 40 else "\n" + self.source[:start]
            if self.markdown and not _LINE_START.search(before):
                return self.text(start, end)  # in the midst of a line it opens nothing
            return Piece(Mark.COMMENT, start, self.limit, alt=(end, self.limit))
        return Piece(Mark.COMMENT, start, close + 3, alt=(end, max(end, close)))

    def _tag(self, start: int, end: int) -> Iterator[Piece]:
        tag = self.source[start:end]
        found = _NAME.match(tag)
        name = found.group(1).lower() if found else ""
        if name not in ELEMENTS:
            if self.markdown:
                yield self.text(start, end)
            else:
                yield Piece(Mark.MARKUP, start, end)
            return
        closes = tag.startswith("</")
        if name in RAW and not closes and not tag.endswith("/>"):
            close = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(self.source, end, self.limit)
            yield Piece(Mark.MARKUP, start, close.end() if close else self.limit)
            return
        if name == "img":
            alt = _ALT.search(tag)
            span = (start + alt.start(alt.lastindex or 0), start + alt.end(alt.lastindex or 0)) if alt else None
            yield Piece(Mark.IMAGE, start, end, alt=span)
            return
        value = "/" + name if closes else name
        self.opened.see(value, tag)
        yield Piece(Mark.TAG, start, end, value=value)

    def _bracket(self, name: str, start: int, end: int) -> Iterator[Piece]:
        if name == "close":
            if start in self.link_ends:
                yield Piece(Mark.MARKUP, start, self.link_ends.pop(start))
            else:
                yield self.text(start, end)
            return
        close = self._closing(end - 1, start)
        target = _TARGET.match(self.source, close + 1, self.limit) if close > 0 else None
        if target is None:
            yield self.text(start, end)
        elif name == "image":
            yield Piece(Mark.IMAGE, start, target.end(), alt=(end, close))
        else:
            yield Piece(Mark.MARKUP, start, end)
            self.link_ends[close] = target.end()

    def _closing(self, bracket: int, start: int) -> int:
        if self.closing is None:
            self.closing = self._pair_brackets(start)
        return self.closing.get(bracket, -1)

    def _pair_brackets(self, start: int) -> dict[int, int]:
        pairs: dict[int, int] = {}
        stack: list[int] = []
        at = start
        while found := _BRACKET.search(self.source, at, self.limit):
            at = found.end()
            if found.group("ticks"):
                close = self._closing_ticks(at, found.end() - found.start())
                at = close + found.end() - found.start() if close >= 0 else at
            elif found.group() == "[":
                stack.append(found.start())
            elif found.group() == "]" and stack:
                pairs[stack.pop()] = found.start()
        return pairs
