"""What a reader sees of a stretch of marked-up text, as one line."""

import re
from functools import lru_cache

from decomposer.records import Document, MediaType, Unit
from decomposer.text.elements import PARTING
from decomposer.text.inline import Mark, scan

_MARKED = re.compile(r"[\\`<\[\]*_~&\r\n|]")
_EDGES = " |"


def visible(text: str, start: int, end: int, media_type: MediaType) -> str:
    """Return `text[start:end]` as a reader sees it, on one line: no markup, cells parted by ` | `."""
    return _shown(text[start:end], media_type)


@lru_cache(maxsize=4096)  # a unit is looked at by several stages, one soon after the other
def _shown(text: str, media_type: MediaType) -> str:
    if media_type != "text/x-rst" and not _MARKED.search(text):
        return " ".join(text.split())
    parts: list[str] = []
    for piece in scan(text, 0, len(text), media_type):
        if piece.mark is Mark.TEXT:
            parts.append(text[piece.start : piece.end])
        elif piece.mark is Mark.ENTITY:
            parts.append(piece.value)
        elif piece.mark is Mark.BREAK:
            parts.append(" ")
        elif piece.mark is Mark.TAG and piece.value in ("/td", "/th"):
            parts.append(" | ")
        elif piece.mark is Mark.TAG and piece.value.lstrip("/") in PARTING:
            parts.append(" ")
    return " ".join("".join(parts).split())


def forget() -> None:
    """Forget what was remembered of texts, so that a measurement begins anew."""
    _shown.cache_clear()


def seen(unit: Unit, document: Document) -> str:
    """Return what a reader sees of a unit. Code keeps its lines; a table row loses its outer bars."""
    raw = document.text[unit.start : unit.end]
    if unit.kind == "code" and document.media_type == "text/html":
        lines = (visible(line, 0, len(line), document.media_type) for line in raw.splitlines())
        return "\n".join(line for line in lines if line)
    if unit.kind in ("code", "front_matter"):
        return raw
    if unit.hidden in ("alt", "comment"):
        return " ".join(raw.split())
    shown = visible(document.text, unit.start, unit.end, document.media_type)
    return shown.strip(_EDGES) if unit.kind == "row" else shown


def excerpt(unit: Unit, document: Document) -> str:
    """Return what a prompt shows of a unit: what a reader sees, code and overlong rows cut short."""
    text = seen(unit, document)
    if unit.kind == "code":
        return _first_lines(text)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN].rstrip() + " …"


def _first_lines(code: str) -> str:
    lines = code.splitlines()
    shown: list[str] = []
    for line in lines[:CODE_LINES]:
        if sum(map(len, shown)) + len(line) > CODE_CHARS:
            break
        shown.append(line)
    shown = shown or [lines[0][:CODE_CHARS]] if lines else []
    left = len(lines) - len(shown)
    return "\n".join(shown) + (f"\n… {left} more lines" if left else "")


CODE_LINES = 12
CODE_CHARS = 600
LONGEST_SHOWN = 2400
