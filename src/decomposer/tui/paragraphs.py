"""Lay out styled text as rows of a width; whatever comes from data is made safe to show on the way."""

import re
from collections.abc import Iterable

from rich.console import Console
from rich.style import Style
from rich.text import Text

from decomposer.display import display_safe, one_line

Piece = str | tuple[str, Style]
# Terminals do not agree how wide a picture is that these make of others: each picture stands for itself.
_JOINED = re.compile("\ufe0f|(?<=[\u2190-\u2bff\U0001f000-\U0001faff])\u200d")
_CONSOLE = Console(width=80, markup=False, emoji=False, highlight=False)


def steady(text: str) -> str:
    """Return the text safe to show, and as wide on every terminal as we think."""
    return _JOINED.sub("", display_safe(text))


def styled(*pieces: Piece) -> Text:
    """Return the pieces as one text on one line, safe to show."""
    text = Text()
    for piece in pieces:
        words, style = (piece, None) if isinstance(piece, str) else piece
        text.append(steady(words).replace("\n", " ").replace("\t", " "), style)
    return text


def rows(text: Text, width: int, *, indent: int = 0, hang: int = 0) -> list[Text]:
    """Return the text wrapped to `width` cells, indented, and its rows behind the first by `hang` more."""
    if width - indent - hang < 8:
        indent = hang = 0
    first, *rest = text.wrap(_CONSOLE, width - indent, overflow="fold") or [Text()]
    if rest and hang:
        for row in rest:
            row.rstrip()
        left = Text(" ").join(rest)
        rest = list(left.wrap(_CONSOLE, width - indent - hang, overflow="fold"))
    return [Text(" " * indent).append_text(first), *(Text(" " * (indent + hang)).append_text(row) for row in rest)]


def fitted(text: Text, width: int) -> Text:
    """Return a copy of the text that is exactly `width` cells wide."""
    copy = text.copy()
    copy.truncate(width, overflow="ellipsis", pad=True)
    return copy


def filled(lines: Iterable[Text], height: int) -> list[Text]:
    """Return exactly `height` rows, empty ones below."""
    kept = list(lines)[:height]
    return kept + [Text() for _ in range(height - len(kept))]


def short(text: str, limit: int) -> str:
    """Return the text on one line, cut to `limit` characters, safe to show."""
    return one_line(_JOINED.sub("", text), limit=max(limit, 1))
