"""A marked-up text as the tokens that are compared: what a reader sees in one form, with its places in the source."""

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from decomposer.text.elements import PARTING
from decomposer.text.inline import Mark, Piece, scan

# What shows nothing, or only decorates letters: soft hyphens, zero-width and direction marks, Hebrew and Arabic vowel
# points, the Arabic stretch, variation selectors, trade marks.
_NOTHING = (
    "\u00ad\u034f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u061c\u0640\u064b-\u0652\u0670"
    "\u06d6-\u06ed\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\u2122\u2120\u20e3"
    "\U000e0000-\U000e01ef"
)
_SHOWN = re.compile(f"[^{_NOTHING}]+")
# A character and the marks that may compose with it, so that each cluster can be normalised by itself.
_CLUSTER = re.compile(
    "[\u1100-\u115f][\u1160-\u11a7]?[\u11a8-\u11ff]?"
    "|.[\u0300-\u036f\u0483-\u0487\u0653-\u0655\u093c\u09bc\u09be\u09d7\u0a3c\u0abc\u0b3c\u0b3e\u0b56\u0b57\u0bbe\u0bd7"
    "\u0c56\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dca\u0dcf\u0ddf\u102e\u11a8-\u11c2\u1b35\u3099\u309a\uff9e\uff9f]*",
    re.DOTALL,
)
_ALIKE = str.maketrans("‐‑‒–—―−﹣－‘’‚‛ʼ′´`“”„‟×⁄∕", "---------''''''''\"\"\"\"x//")

UNSPACED = (
    "\u0e00-\u0eff\u0f00-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_MARKS = "\u0300-\u036f\u0483-\u0489\u0653-\u065f\u0900-\u0963\u0966-\u0dff\u1ab0-\u1aff\u1dc0-\u1dff"
_PICTURES = "\u2190-\u22ff\u2300-\u23ff\u2600-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff"
_SYMBOL = (
    r"(?<![-=])[-=]{1,2}>|!=|(?<!=)={1,2}(?!=)|[<>]=?(?=\s?[\d$€£])|(?<=\s)[<>]=?(?=\s)|~(?=\s?\d)"
    r"|(?<=[\w+])\+|\+(?=\d)|(?<=\w )\+(?= \w)|(?<=\w)\#(?!\w)|\#(?=\d)|[%‰°^@&/±÷$€£¥₹₽©]"
)
_SAME_SYMBOL = {"->": "→", "-->": "→", "=>": "→", "==>": "→", "<=": "≤", ">=": "≥", "!=": "≠", " - ": "-"}
_CONTRACTED = r"(?:'(?i:t|s|re|ll|ve|d|m)\b)?"


def _token(letter: str, single: str, before: str) -> re.Pattern[str]:
    """Return the grammar of tokens: a word or number (`-5`, `1,000`, `v2.0`, `don't`) or a symbol that counts."""
    return re.compile(
        rf"{single}(?<=\d)(?:-|\ -\ )(?=\d)"  # a range
        rf"|(?:{before}-(?=\.?\d))?(?:(?<![\w.)])\.(?=\d))?{letter}+(?:(?<=\d)[.,:/'](?=\d){letter}+)*{_CONTRACTED}"
        rf"|{_SYMBOL}"
    )


_ASCII_TOKEN = _token(r"\w", "", r"(?<![\w)\]])")
_TOKEN = _token(
    rf"(?:(?![{UNSPACED}])[\w{_MARKS}])", rf"[{UNSPACED}{_PICTURES}]|", rf"(?:(?<![\w)\]])|(?<=[{UNSPACED}]))"
)

_LINE = r"(?:\A|(?<=[\r\n]))"
_PARTERS = PARTING - {"br", "html", "body", "head", "center", "td", "th"}
_BLOCK = re.compile(
    r"(?:\r\n|\n|\r(?!\n))[ \t>]*(?=[\r\n])"  # an empty line
    rf"|{_LINE}[ \t>]*(?:(?:[-*+]|\d{{1,9}}[.)])[ \t]|#{{1,6}}[ \t][^\r\n]*|(?:==|--|```|~~~)[^\r\n]*)"
    rf"|</?(?:{'|'.join(sorted(_PARTERS, key=len, reverse=True))})(?=[\s/>])",
    re.IGNORECASE,
)
_CELL = re.compile(r"\||</?t[dh](?=[\s/>])", re.IGNORECASE)
_ROW = re.compile(rf"{_LINE}[^\r\n|]*\|[^\r\n]*")
_UNTICKED = re.compile(rf"{_LINE}[ \t>]*(?:[-*+]|\d{{1,9}}[.)])[ \t]+\[[ \t]?\][ \t]")
_ONE_TILDE = re.compile(r"(?<![~\w\\])~(?=[^\s~])[^~\r\n]{0,400}(?<=[^\s~])~(?![~\w])")
_QUOTED = re.compile(r"[ \t]*(?:>[ \t]?)+(?!\s*\d)")
_REFERENCE = re.compile(r":[A-Za-z][\w:.+-]{0,40}:(?=`[^`])|(?<=\w)\s<[^<>`\r\n]{1,500}>(?=`_)")


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """Tokens in reading order. Token n reads `plain[lefts[n]:rights[n]]`, stands at `source[starts[n]:ends[n]]`.

    It is compared as `forms[n]`; `joined` is all forms together, where form n begins at `offsets[n]`. `doubtful` are
    the numbers of the tokens that are struck out or belong to an unticked box.
    """

    plain: str
    forms: list[str]
    lefts: list[int]
    rights: list[int]
    starts: list[int]
    ends: list[int]
    doubtful: list[int]
    joined: str
    offsets: list[int]

    def gap(self, number: int) -> str:
        """Return what a reader sees between a token and the next one; -1 is what stands before the first."""
        left = self.rights[number] if number >= 0 else 0
        return self.plain[left : self.lefts[number + 1]] if number + 1 < len(self.forms) else self.plain[left:]

    def chosen(self, keep: Sequence[int], forms: list[str]) -> "Stream":
        """Return the tokens `keep` under other `forms`."""
        places = (self.lefts, self.rights, self.starts, self.ends)
        lefts, rights, starts, ends = ([place[n] for n in keep] for place in places)
        struck = set(self.doubtful)
        doubtful = [new for new, old in enumerate(keep) if old in struck]
        return Stream(self.plain, forms, lefts, rights, starts, ends, doubtful, *_joined(forms))


@dataclass(frozen=True, slots=True)
class Tokenized:
    """What a reader sees of a text, what a reader does not (comments, alt texts, styled away), and where it is parted.

    `blocks` and `cells` are offsets in the source where a paragraph, list item, row or heading begins or ends, and
    where a cell does.
    """

    seen: Stream
    unseen: Stream
    blocks: list[int]
    cells: list[int]

    def parted(self, start: int, end: int) -> str:
        """Return whether a "block" or a "cell" ends between two offsets of the source; empty where neither does."""
        for kind, places in (("block", self.blocks), ("cell", self.cells)):
            at = bisect_left(places, start)
            if at < len(places) and places[at] <= end:
                return kind
        return ""


def read(source: str) -> Tokenized:
    """Return the tokens of a text, read as Markdown, HTML and the references of reStructuredText, in linear time."""
    source = _REFERENCE.sub(lambda found: " " * len(found.group()), source)
    blocks = sorted(edge for part in (_BLOCK, _ROW) for found in part.finditer(source) for edge in found.span())
    cells = [found.start() for found in _CELL.finditer(source)]
    seen, unseen = _Plain(source), _Plain(source)
    strikes: list[tuple[str, int]] = []
    quoted = _QUOTED.match(source)
    for piece in scan(source, quoted.end() if quoted else 0, len(source), "text/markdown"):
        _read_piece(source, piece, seen, unseen)
        if piece.mark is Mark.TAG or (piece.mark is Mark.MARKUP and source[piece.start : piece.end] == "~~"):
            strikes.append((piece.value, piece.start))
    doubts = [*_struck(source, strikes, blocks), *_unticked(source, blocks)]
    return Tokenized(seen.stream(doubts), unseen.stream([]), blocks, cells)


tokenized = lru_cache(maxsize=4)(read)


def _read_piece(source: str, piece: Piece, seen: "_Plain", unseen: "_Plain") -> None:
    if piece.mark is Mark.TEXT:
        seen.text(piece.start, piece.end)
    elif piece.mark is Mark.ENTITY:
        seen.shown(_clean(piece.value), piece.start, piece.end)
    elif piece.mark is Mark.BREAK or (piece.mark is Mark.TAG and piece.value.lstrip("/") in PARTING):
        seen.shown("\n", piece.start, piece.end)
    elif piece.mark is Mark.IMAGE:
        seen.shown(" ", piece.start, piece.end)
    raw = piece.mark is Mark.MARKUP and piece.end - piece.start > 1 and source[piece.start] == "<"
    if piece.alt or raw or piece.mark is Mark.HIDDEN:
        unseen.shown("\n", piece.start, piece.start + 1)
        unseen.text(*(piece.alt or (piece.start, piece.end)))


class _Plain:
    """Collects what is shown, character by character, with its place in the source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.parts: list[str] = []
        self.starts = array("q")
        self.ends = array("q")

    def text(self, start: int, end: int) -> None:
        for found in _SHOWN.finditer(self.source, start, end):
            part = found.group()
            if part.isascii() or unicodedata.is_normalized("NFKC", part):
                self.parts.append(part)
                self.starts.extend(range(found.start(), found.end()))
                self.ends.extend(range(found.start() + 1, found.end() + 1))
                continue
            raised = False
            for cluster in _CLUSTER.finditer(self.source, *found.span()):
                kind = unicodedata.decomposition(cluster.group()[0]).partition(" ")[0]
                self.shown(_cluster(cluster.group(), kind, raised), *cluster.span())
                raised = kind == "<super>"

    def shown(self, shown: str, start: int, end: int) -> None:
        self.parts.append(shown)
        self.starts.extend([start] * len(shown))
        self.ends.extend([end] * len(shown))

    def stream(self, doubts: list[tuple[int, int]]) -> Stream:
        plain = "".join(self.parts).translate(_ALIKE)
        pattern = _ASCII_TOKEN if plain.isascii() else _TOKEN
        spans = [found.span() for found in pattern.finditer(plain)]
        written = (plain[left:right] for left, right in spans)
        forms = [_SAME_SYMBOL.get(form) or form.strip("_") or form for form in written]
        starts = [self.starts[left] for left, _ in spans]
        doubtful = {n for start, end in doubts for n in range(bisect_left(starts, start), bisect_left(starts, end))}
        lefts, rights = [left for left, _ in spans], [right for _, right in spans]
        ends = [self.ends[right - 1] for right in rights]
        return Stream(plain, forms, lefts, rights, starts, ends, sorted(doubtful), *_joined(forms))


def _joined(forms: list[str]) -> tuple[str, list[int]]:
    return "".join(forms), [0, *accumulate(map(len, forms))]


def _clean(text: str) -> str:
    return unicodedata.normalize("NFKC", "".join(_SHOWN.findall(text)))


def _cluster(cluster: str, kind: str, raised: bool) -> str:
    """Return a cluster in NFKC; what is raised, circled or a fraction never melts into the digits before it."""
    shown = unicodedata.normalize("NFKC", cluster)
    if kind == "<super>":
        return shown if raised else "^" + shown
    return f" {shown} " if kind in ("<circle>", "<fraction>", "<square>") else shown


# --- what is struck out or not ticked, as spans of the source


def _struck(source: str, strikes: list[tuple[str, int]], blocks: list[int]) -> Iterator[tuple[int, int]]:
    """Yield what stands between two `~~` or `~` of one paragraph, and inside elements that strike out."""
    yield from (found.span() for found in _ONE_TILDE.finditer(source))
    tilde = -1
    opened: dict[str, int] = {}
    for name, at in strikes:
        if not name:
            if tilde >= 0 and _next(blocks, tilde, at) == at:
                yield tilde, at
                tilde = -1
            else:
                tilde = at
        elif name.startswith("/"):
            if name[1:] in opened:
                yield opened.pop(name[1:]), at
        elif name in ("del", "s", "strike") or "line-through" in source[at : source.find(">", at)]:
            opened.setdefault(name, at)
    yield from ((at, _next(blocks, at, len(source))) for at in opened.values())


def _unticked(source: str, blocks: list[int]) -> Iterator[tuple[int, int]]:
    for found in _UNTICKED.finditer(source):
        yield found.end(), _next(blocks, found.end(), len(source))


def _next(blocks: list[int], at: int, otherwise: int) -> int:
    place = bisect_right(blocks, at)
    return min(blocks[place], otherwise) if place < len(blocks) else otherwise
