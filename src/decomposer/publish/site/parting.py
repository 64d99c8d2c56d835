"""Spread an entry with many records over several pages, so that none is too long to be loaded and read at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from decomposer.publish.site import drawing, links, mirror
from decomposer.publish.site.article import Articles, contents_line
from decomposer.publish.site.drawing import Chrome
from decomposer.publish.site.views import EntryView, Paged, Part

MOST = 60_000
"""Bytes of a page of an entry. A record that alone takes more has a page of its own."""
_CONTENTS = 12_000
"""Bytes of the list of all records on the first page; where it would be longer, each page lists its own."""
_FAR = 999  # a page whose number takes as much room as that of any other


@dataclass(frozen=True, slots=True)
class Parted:
    """The pages of an entry for people, the first one first, and the mirrors of all but the first: places and texts.

    `on` says on which page a record is, by its id; those that are not named are on the first.
    """

    pages: Sequence[tuple[str, str]]
    mirrors: Sequence[tuple[str, str]] = ()
    on: Mapping[str, int] = field(default_factory=dict)


def entry_pages(view: EntryView, chrome: Chrome) -> Parted:
    """Return the pages of an entry: one, or as many as it takes for each to have at most `MOST` bytes."""
    page = drawing.entry_page(view, chrome)
    if _size(page) <= MOST:
        return Parted([(chrome.place, page)])
    slug, ids = view.entry.artifact.slug, [one.id for one in view.entry.capabilities]
    on, listed = _layout(view, chrome)
    of = max(on, default=1)
    pages, mirrors = [], []
    for number in range(1, of + 1):
        at = chrome.at(links.entry_page(slug, number))
        part = Part(Paged(number, of, len(ids)), on, listed=listed)
        pages.append((at.place, drawing.entry_page(view, at, part)))
        if number > 1:
            mirrors.append((links.mirror(at.place), mirror.entry_part(view, part, at.links)))
    return Parted(pages, mirrors, dict(zip(ids, on, strict=True)))


def _layout(view: EntryView, chrome: Chrome) -> tuple[list[int], bool]:
    """Return the page of each record, and whether the first page lists them all.

    Sizes are taken as if each record led to others on another page, so that the pages are no longer than this says.
    """
    slug, records = view.entry.artifact.slug, view.entry.capabilities
    far = chrome.at(links.entry_page(slug, _FAR))
    nowhere, paged = [_FAR] * len(records), Paged(_FAR - 1, _FAR, len(records))
    around = _size(drawing.entry_page(view, far, Part(paged, nowhere, listed=False)))
    front = Part(Paged(1, _FAR, len(records)), nowhere, listed=False)
    first = _size(drawing.entry_page(view, chrome.at(links.entry(slug)), front))
    where = partial(_elsewhere, slug, far)
    articles = map(_size, Articles(view, far.links, where=where).drawn())
    entered = [_size(contents_line(one, slug, where(one.id), named=True)) for one in records]
    listed = sum(entered) <= _CONTENTS
    taken = [article + own for article, own in zip(articles, entered, strict=True)]
    return list(_pages(taken, MOST - first - (sum(entered) if listed else 0), MOST - around)), listed


def _pages(sizes: Iterable[int], first: int, more: int) -> Iterator[int]:
    """Yield the page of each thing, in their order, where the first page has less room than those after it.

    Only the first may be without any.
    """
    page, left, empty = 1, first, False
    for size in sizes:
        if size > left and not empty:
            page, left, empty = page + 1, more, True
        yield page
        left, empty = left - size, False


def _elsewhere(slug: str, chrome: Chrome, identity: str) -> str:
    return chrome.links.file(links.entry_page(slug, _FAR))


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
