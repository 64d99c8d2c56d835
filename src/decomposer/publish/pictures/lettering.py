"""Make texts fit: how wide they are about, cut and broken into lines, without knowing the font."""

from collections.abc import Iterator
from unicodedata import combining, east_asian_width

from decomposer.display import one_line

SIZE = 14
"""The usual size of letters, in units of the picture."""
SMALL = 12

BOLD = 1.12
"""How much wider bold letters are: as if they were so much larger."""

# In parts of the size of a letter, as wide as in DejaVu Sans: few fonts that pages are set in are wider.
_NARROW, _USUAL, _WIDE, _WIDEST, _FULL = 0.41, 0.64, 0.85, 1.03, 1.1
_WIDTHS = {
    **dict.fromkeys(" .,:;'|!/\\()[]-ijlftrIJ", _NARROW),
    **dict.fromkeys("#&+<=>^~ABCDGHKNOQRUVXZw", _WIDE),
    **dict.fromkeys("%@MWm—…", _WIDEST),
}
_BREAKS = "-/_.:"
_NAMELESS = "(no name)"


def named(text: str) -> str:
    """Return what somebody called something, on one line and safe to show."""
    return one_line(text) or _NAMELESS


def width(text: str, size: float = SIZE) -> float:
    """Return how wide a text is at most in a usual font, in units of the picture."""
    return size * sum(map(_ems, text))


def cut(text: str, room: float, size: float = SIZE) -> str:
    """Return a text that is no wider than `room`, the last letter `…` where something was cut."""
    if width(text, size) <= room:
        return text
    left, kept = room - width("…", size), ""
    for letter in text:
        left -= width(letter, size)
        if left < 0:
            break
        kept += letter
    return _whole(kept, text).rstrip() + "…"


def _whole(kept: str, text: str) -> str:
    """Return the beginning of a text without the half of a sign at its end, which would be shown as its code."""
    if one_line(text) == text:
        while kept and one_line(kept.rstrip()) != kept.rstrip():
            kept = kept[:-1]
    return kept


def told_apart(a: str, b: str, room: float, size: float = SIZE) -> tuple[str, str]:
    """Return two names that are no wider than `room`: by their ends, where they differ and their beginnings do not."""
    short = cut(a, room, size), cut(b, room, size)
    if a == b or short[0] != short[1]:
        return short
    return cut(a[::-1], room, size)[::-1], cut(b[::-1], room, size)[::-1]


def lines(text: str, room: float, size: float = SIZE, *, most: int) -> list[str]:
    """Return a text in at most so many lines that are no wider than `room`; the last is cut where more is left.

    A word that is wider goes on in the next line, where there is one, from a hyphen, a slash or the like.
    """
    found: list[str] = []
    words = [piece for word in text.split() for piece in _pieces(word, room, size)]
    while words and len(found) < most - 1:
        line = words.pop(0)
        while words and width(f"{line} {words[0]}", size) <= room:
            line = f"{line} {words.pop(0)}"
        found.append(cut(line, room, size))
    return [*found, cut(" ".join(words), room, size)] if words else found


def _pieces(word: str, room: float, size: float) -> Iterator[str]:
    """Yield a word in pieces that are no wider than `room`."""
    while width(word, size) > room:
        fits = len(cut(word, room + width("…", size), size)) - 1
        found = max((word.rfind(mark, 0, fits) + 1 for mark in _BREAKS), default=0)
        end = found if found > fits // 2 else max(1, fits)
        yield word[:end]
        word = word[end:]
    if word:
        yield word


def _ems(letter: str) -> float:
    if combining(letter):
        return 0.0
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if ord(letter) > 0x24F or east_asian_width(letter) in "WF":
        return _FULL
    return _USUAL if letter.isascii() or letter.islower() else _WIDEST
