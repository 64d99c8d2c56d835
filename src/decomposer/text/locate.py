"""Find a quote in a text: as it stands, in one form, or where a person must look; never where another thing is said."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from decomposer.text.beside import DENYING, Worth, after, before, surroundings
from decomposer.text.tokenized import Stream, Tokenized, read, tokenized

HARMLESS = frozenset(
    "a an the of to in on at by for from with and is are was were be been that which this these its it as so &".split()
)
_BITS = re.compile(r"\d*[kKMGTP]b(?:ps)?")  # of Gb and GB the case tells which
_ENDS_SENTENCE = re.compile(r"[.!?;。！？；](?:[\s\"')\]]|$)|[。！？；]")
_MARKS = "✅✔✓☑" + "".join(one for one in sorted(DENYING) if not one.isalnum())
_DECORATION = re.compile(f"(?![{_MARKS}])[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
_MOST_PLACES = 5_000  # places of a quote that are looked at, fewer of a very long one
_MOST_COMPARED = 1_000_000

Way = Literal["exact", "normalized", "fuzzy"]


class Located(NamedTuple):
    """Where a quote stands, `text[start:end]`, and how sure that is: a fuzzy match is for a person to look at."""

    start: int
    end: int
    how: Way
    score: float


class _Match(NamedTuple):
    """The tokens `first` to `last` of `stream`, one form of `whole`, that read like `wanted`, a form of `asked`."""

    asked: Tokenized
    wanted: Stream
    whole: Tokenized
    stream: Stream
    first: int
    last: int

    @property
    def span(self) -> tuple[int, int]:
        return self.stream.starts[self.first], self.stream.ends[self.last]


def locate(quote: str, text: str, *, start: int = 0) -> Located | None:
    """Return where `quote` stands in `text` from `start` on, or None where it does not. Never raises on two strings.

    exact: character by character. normalized: the same words, numbers and symbols in the same order, whatever the case,
    markup, white space, punctuation, ligatures and widths. fuzzy, for a person to look at: words that differ in
    articles and prepositions alone, a number in another format, text that a reader does not see or that is struck out,
    cells, sections or sentences joined, a denial or a unit left out beside it. `score` is 1, .95, or .6 to .9.
    """
    if not any(map(str.isalnum, quote)):
        return None
    best: Located | None = None
    for found in _all(quote.strip(), text, max(0, start)):
        if found.how != "fuzzy":
            return found
        best = best or found
    return best


def _all(quote: str, text: str, start: int) -> Iterator[Located]:
    asked, whole = read(quote), tokenized(text)
    yield from _exactly(quote, text, start)
    yield from _in_order(asked, whole, start)
    for match in _matches(asked, _lowered(asked.seen), whole, _lowered(whole.unseen), start):
        yield Located(*match.span, "fuzzy", 0.7)
    yield from _loosely(asked, whole, start)


# --- ways to look, each yields what it finds in order


def _exactly(quote: str, text: str, start: int) -> Iterator[Located]:
    whole = tokenized(text)
    at = text.find(quote, start)
    for _ in range(_places(quote)):
        if at < 0:
            return
        end = at + len(quote)
        first, behind = (bisect_left(whole.seen.starts, edge) for edge in (at, end))
        if not any(_inside_a_token(whole, text, edge, first < behind) for edge in (at, end)):
            worth = surroundings(whole, first, behind - 1, quote) if first < behind else Worth.DOUBTFUL
            if worth is Worth.SAME:
                yield Located(at, end, "exact", 1.0)
            elif worth is Worth.DOUBTFUL:
                yield Located(at, end, "fuzzy", 0.9)
        at = text.find(quote, at + 1)


def _in_order(asked: Tokenized, whole: Tokenized, start: int) -> Iterator[Located]:
    for form in (_as_is, _lowered):
        for match in _matches(asked, form(asked.seen), whole, form(whole.seen), start):
            worth = max(_inside(match), surroundings(whole, match.first, match.last, asked.seen.plain))
            if worth is Worth.SAME:
                yield Located(*match.span, "normalized", 0.95)
            elif worth is Worth.DOUBTFUL:
                yield Located(*match.span, "fuzzy", 0.8)


def _loosely(asked: Tokenized, whole: Tokenized, start: int) -> Iterator[Located]:
    quote, wanted = asked.seen, _loose(asked.seen)
    if len(wanted.forms) < 2 and not (wanted.forms and wanted.forms[0][0].isdigit()):
        return
    dropped = wanted.lefts[0] > quote.lefts[0], wanted.lefts[-1] < quote.lefts[-1]
    for match in _matches(asked, wanted, whole, _loose(whole.seen), start):
        found, end = match.span
        first, behind = (bisect_left(whole.seen.starts, edge) for edge in (found, end))
        beside = before(whole, first).split()[-1:], after(whole, behind - 1).split()[:1]
        added = any(one and set(word) - HARMLESS for one, word in zip(dropped, beside, strict=True))
        extra = abs(behind - first - len(quote.forms))
        worth = surroundings(whole, first, behind - 1, quote.plain)
        if worth <= (not any(dropped)) and not added and extra <= max(2, len(quote.forms) // 3):
            yield Located(found, end, "fuzzy", max(0.6, 0.9 - 0.05 * extra))


def _matches(asked: Tokenized, wanted: Stream, whole: Tokenized, stream: Stream, start: int) -> Iterator[_Match]:
    """Yield the places where the same letters stand, from the start of a token to the end of one, parted alike."""
    needle = wanted.joined
    first = bisect_left(stream.starts, start)
    at = stream.joined.find(needle, stream.offsets[first]) if needle else -1
    for _ in range(_places(needle)):
        if at < 0:
            return
        first = bisect_left(stream.offsets, at)
        behind = bisect_left(stream.offsets, at + len(needle))
        if stream.offsets[first] == at and stream.offsets[behind] == at + len(needle):
            match = _Match(asked, wanted, whole, stream, first, behind - 1)
            if _inside(match) is not Worth.OTHER:
                yield match
        at = stream.joined.find(needle, at + 1)


def _places(needle: str) -> int:
    return max(1, min(_MOST_PLACES, _MOST_COMPARED // max(1, len(needle))))


# --- forms of a stream, made once


def _as_is(stream: Stream) -> Stream:
    return stream


@lru_cache(maxsize=8)
def _lowered(stream: Stream) -> Stream:
    forms = [form if _BITS.fullmatch(form) else form.casefold() for form in stream.forms]
    return stream.chosen(range(len(forms)), forms)


@lru_cache(maxsize=8)
def _loose(stream: Stream) -> Stream:
    forms = _lowered(stream).forms
    left_out = set(stream.doubtful)
    left_out |= {n for n, form in enumerate(forms) if form in HARMLESS or _DECORATION.fullmatch(form)}
    keep = [n for n in range(len(forms)) if n not in left_out]
    return stream.chosen(keep, [_bare_number(forms[n]) for n in keep])


def _bare_number(form: str) -> str:
    """Return a number without what groups its digits: 1,000 and 1000 are then alike. Other tokens stay."""
    if not any(map(str.isdecimal, form)):
        return "%" if form == "percent" else form
    digits = "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in form)
    return re.sub(r"(?<=\d)[,.'_](?=\d{3}(?!\d))", "", digits).replace(",", ".")


# --- what a match is worth


def _inside(match: _Match) -> Worth:
    """Return whether text and quote part their letters alike: words, cells, sections and sentences."""
    asked, wanted, whole, stream, first, last = match
    base = stream.offsets[first]
    ours = {stream.offsets[n + 1] - base: n for n in range(first, last)}
    theirs = {offset: n for n, offset in enumerate(wanted.offsets[1:-1])}
    worth = Worth.SAME
    for at in ours.keys() | theirs.keys():
        n, m = ours.get(at), theirs.get(at)
        if n is None or m is None:
            one, number = (stream, n) if n is not None else (wanted, m or 0)
            worth = max(worth, _broken(one.forms[number], one.gap(number), one.forms[number + 1]))
        else:
            kind = whole.parted(stream.ends[n], stream.starts[n + 1])
            joins = kind and kind != asked.parted(wanted.ends[m], wanted.starts[m + 1])
            sentence = bool(_ENDS_SENTENCE.search(stream.gap(n))) != bool(_ENDS_SENTENCE.search(wanted.gap(m)))
            worth = max(worth, Worth(bool(joins or sentence)))
        if worth is Worth.OTHER:
            break
    return worth


def _broken(left: str, gap: str, right: str) -> Worth:
    """Return what it is worth that one side has `left` and `right` where the other has them as one word."""
    before, after = left[-1], right[0]
    blank = not gap.strip()
    if before.isalpha() and after.isalpha():
        if ("\n" in gap or "\r" in gap) and gap.strip() in ("", "-"):
            denies = "-" not in gap and (left.casefold() in ("no", "not") or (left + right).casefold() in DENYING)
            return Worth(denies)
        return Worth.DOUBTFUL if gap == "-" else Worth.OTHER
    if before.isdecimal() and after.isdecimal():
        grouped = blank and re.fullmatch(r"-?\d{1,3}", left) and re.match(r"\d{3}(?!\d)", right)
        return Worth.DOUBTFUL if grouped else Worth.OTHER
    mixed = before.isalnum() and after.isalnum() and (blank or gap == "-")
    return Worth.DOUBTFUL if mixed else Worth.OTHER


def _inside_a_token(whole: Tokenized, text: str, edge: int, seen: bool) -> bool:
    """Return whether an offset falls inside a word, number or version; where nothing is seen, between two letters."""
    for one in (whole.seen, whole.unseen):
        place = bisect_right(one.starts, edge) - 1
        if place >= 0 and one.starts[place] < edge < one.ends[place]:
            return True
    return not seen and text[edge - 1 : edge].isalnum() and text[edge : edge + 1].isalnum()
