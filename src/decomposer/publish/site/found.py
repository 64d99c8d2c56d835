"""Draw what a search on a server finds: a form that needs no script, and each hit with why it matches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from decomposer.publish.site import drawing, saying
from decomposer.publish.site.drawing import Chrome
from decomposer.publish.wording import plain, said, support_of
from decomposer.records import FIELDS, Capability, Filters, Highlight, Match, Matches, Statement, Support
from decomposer.records.facts import PRICING

_ABOUT = {
    "name": "Name", "description": "", "unique": "Unique", "vs_alternatives": "Compared with alternatives",
    "artifact": "Artifact", **saying.LIST_TITLES,
}  # fmt: skip
_MOST_SHOWN, _AROUND = 400, 120


@dataclass(frozen=True, slots=True)
class FoundView:
    """A search: what was asked for, and what it found, None where nothing was asked. `problem` says what was wrong.

    `types` says how many entries each type has.
    """

    need: str = ""
    filters: Filters = field(default_factory=Filters)
    found: Matches | None = None
    problem: str = ""
    types: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and whether it is what matches."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A text that matches, with its title; `support` is None where there is no verdict, as on a name."""

    title: str
    pieces: tuple[Piece, ...]
    support: Support | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A match as it is shown: `places` are the texts that match and that may be published."""

    match: Match
    places: tuple[Place, ...]


def found_page(view: FoundView, chrome: Chrome) -> str:
    """Return the page of a search."""
    hits = [_hit(one) for one in view.found.matches] if view.found else []
    told = "Search this catalog by what is needed, in plain words."
    return drawing.draw("found.html", chrome, "Search", told, "", it=view, hits=hits, prices=PRICING)


def pieces(highlight: Highlight) -> Iterator[Piece]:
    """Yield a text in order, cut around what matches where it is long; the marks are in order and do not overlap."""
    text, at = highlight.text, 0
    start, end = _window(highlight)
    if start:
        yield Piece("…", marked=False)
    at = start
    for first, last in highlight.marks:
        first, last = max(first, at), min(last, end)
        if first >= last:
            continue
        if first > at:
            yield Piece(text[at:first], marked=False)
        yield Piece(text[first:last], marked=True)
        at = last
    if at < end:
        yield Piece(text[at:end], marked=False)
    if end < len(text):
        yield Piece("…", marked=False)


def _window(highlight: Highlight) -> tuple[int, int]:
    length = len(highlight.text)
    if length <= _MOST_SHOWN:
        return 0, length
    first = min((start for start, _ in highlight.marks), default=0)
    start = max(0, min(first - _AROUND, length - _MOST_SHOWN))
    return start, start + _MOST_SHOWN


def _hit(match: Match) -> Hit:
    """Return a hit with what matches; one that is only near in meaning shows what it is."""
    about = match.capability
    places = tuple(filter(None, (_place(one, about) for one in match.highlights)))
    if not any(place.support for place in places) and (text := said(about.description, about)):
        described = Place(
            "", tuple(pieces(Highlight(field="description", text=text))), support_of(about.description, about)
        )
        places = (described, *places)
    return Hit(match, places)


def _place(highlight: Highlight, capability: Capability) -> Place | None:
    """Return a text that matches, or None for the name, which is there anyway, and for what is not published."""
    field, title = highlight.field, _ABOUT.get(highlight.field, highlight.field)
    if field == "name":
        return None
    if field not in FIELDS:
        return Place(title, tuple(pieces(highlight)))
    statement: Statement | None = getattr(capability, field)
    if plain(highlight.text) not in (said(statement, capability) or ""):
        return None
    return Place(title, tuple(pieces(highlight)), support_of(statement, capability))
