"""Render a document and keep what a reader sees: the yardstick for tokens, independent of how we cut documents."""

import io
import re
from html.parser import HTMLParser

from docutils.core import publish_parts
from markdown_it import MarkdownIt

from decomposer.records import Document

_UNSEEN = frozenset(["script", "style", "head", "title", "template", "noscript", "svg"])
_INLINE = frozenset(
    "a abbr b bdi cite code del em font i img ins kbd mark q s samp small span strong sub sup tt u var".split()
)


def visible_text(document: Document) -> str:
    """Return the text of the rendered document: no markup, addresses, comments or front matter; code is kept."""
    body = document.text[document.body :]
    match document.media_type:
        case "text/markdown":
            return _text(MarkdownIt("commonmark").enable("table").render(body))
        case "text/x-rst":
            return _text(_from_rst(body))
        case "text/html":
            return _text(body)
        case _:
            return body.strip()


def _from_rst(source: str) -> str:
    settings = {
        "file_insertion_enabled": False,
        "raw_enabled": False,
        "report_level": 5,
        "halt_level": 6,
        "syntax_highlight": "none",
        "warning_stream": io.StringIO(),
    }
    return str(publish_parts(source, writer="html5", settings_overrides=settings)["html_body"])


def _text(page: str) -> str:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    lines = (line.strip() for line in "".join(reader.parts).splitlines())
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    """Collects the text of a page; white space is folded outside <pre>."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0
        self.pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what hides or parts text."""
        self.unseen += tag in _UNSEEN
        self.pre += tag == "pre"
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note what hides or parts text."""
        self.unseen = max(0, self.unseen - (tag in _UNSEEN))
        self.pre = max(0, self.pre - (tag == "pre"))
        self._part(tag)

    def handle_data(self, data: str) -> None:
        """Keep text."""
        if not self.unseen:
            self.parts.append(data if self.pre else re.sub(r"\s+", " ", data))

    def _part(self, tag: str) -> None:
        if tag not in _INLINE | _UNSEEN:
            self.parts.append(" " if tag in ("td", "th") else "\n")
