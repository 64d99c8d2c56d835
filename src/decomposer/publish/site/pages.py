"""Draw and write pages, here or in another process: each kind of page in its three forms."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from decomposer.ports import Figures, Given
from decomposer.publish.files import published
from decomposer.publish.site import data, drawing, lines, links, mirror
from decomposer.publish.site.drawing import Chrome
from decomposer.publish.site.parting import entry_pages
from decomposer.publish.site.state import Made
from decomposer.publish.site.views import CompareView, EntryView, Named, Shared
from decomposer.publish.site.writing import Wrote, write


class EntryJob(NamedTuple):
    """An entry to draw, and the artifacts that it has a comparison with."""

    slug: str
    compared: tuple[Named, ...]
    stamp: str


class CompareJob(NamedTuple):
    """A comparison to draw, and other comparisons of the two."""

    a: str
    b: str
    others: tuple[tuple[Named, Named], ...]
    stamp: str


class ListJob(NamedTuple):
    """A page whose record is given: `kind` says how it is drawn."""

    kind: str
    view: Any
    place: str
    stamp: str


Job = EntryJob | CompareJob | ListJob


@dataclass(slots=True)
class Drawn:
    """The files of some jobs as they are now, each with what it was made from, and the lines of entries.

    `more` are files that are not written yet, as nobody knew of them: their place, their text, and what it is made of.
    """

    wrote: list[tuple[Wrote, str]] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    more: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws jobs into a folder. It can be sent to another process."""

    folder: Path
    chrome: Chrome

    def __call__(self, figures: Figures, block: Sequence[Job]) -> Drawn:
        """Return what was drawn of a block of jobs; what is not there any more is left out."""
        drawn = Drawn()
        self._entries(figures, {job.slug: job for job in block if isinstance(job, EntryJob)}, drawn)
        self._comparisons(figures, [job for job in block if isinstance(job, CompareJob)], drawn)
        for job in block:
            if isinstance(job, ListJob):
                self._write(job.kind, job.view, job.place, job.stamp, drawn)
        return drawn

    def _comparisons(self, figures: Figures, jobs: Sequence[CompareJob], drawn: Drawn) -> None:
        for job, found in zip(jobs, figures.compare([(job.a, job.b) for job in jobs]), strict=True):
            if found is not None:
                view = CompareView(found, job.others)
                self._write("compare", view, links.compared(job.a, job.b), job.stamp, drawn)

    def _entries(self, figures: Figures, jobs: dict[str, EntryJob], drawn: Drawn) -> None:
        for given in figures.read(list(jobs)):
            job = jobs[given.entry.artifact.slug]
            view = view_of(given, job.compared)
            if view is not None:
                place = links.entry(job.slug)
                parted = entry_pages(view, self.chrome.at(place))
                first, *more = parted.pages
                texts = (first, (links.mirror(place), mirror.entry(view, self.chrome.at(place).links)))
                wrote = write(self.folder, (*texts, (data.place(place), data.entry(view))))
                drawn.wrote += [(one, job.stamp) for one in wrote]
                drawn.more += [(page, text, job.stamp) for page, text in (*more, *parted.mirrors)]
                drawn.made.append(lines.made(view, job.stamp, parted.on))

    def _write(self, kind: str, view: Any, place: str, stamp: str, drawn: Drawn) -> None:
        drawn.wrote += [(wrote, stamp) for wrote in write(self.folder, texts(kind, view, self.chrome.at(place)))]


def view_of(given: Given, compared: Sequence[Named] = ()) -> EntryView | None:
    """Return what the page of an entry is drawn from; None where nothing of it may be published."""
    entry = published(given.entry)
    if entry is None:
        return None
    shared = {
        identity: Shared(one.uri, one.name, one.artifacts, tuple(Named(*other) for other in one.others))
        for identity, one in given.members.items()
    }
    return EntryView(
        entry=entry, facts=given.facts, rank=given.rank, measured=given.measured, shared=shared, times=given.times,
        compared=tuple(compared),
    )  # fmt: skip


def texts(kind: str, view: Any, chrome: Chrome) -> Iterator[tuple[str, str]]:
    """Yield the files of a page with their texts: for people, as Markdown, and as JSON where there is such a form."""
    page, markdown, json = _FORMS[kind]
    yield chrome.place, page(view, chrome)
    yield links.mirror(chrome.place), markdown(view, chrome.links)
    if json is not None:
        yield data.place(chrome.place), json(view)


def places(kind: str, place: str) -> list[str]:
    """Return the files of a page."""
    return [place, links.mirror(place), *([data.place(place)] if _FORMS[kind][2] else [])]


def _markdown_about(view: Any, seen: links.Links) -> str:
    return mirror.about(Chrome(links=seen, place=links.ABOUT))


def _search(view: Any, chrome: Chrome) -> str:
    return drawing.search_page(chrome)


def _markdown_search(view: Any, seen: links.Links) -> str:
    lists = ((links.START, "Catalog"), (links.names("all"), "All names"), (links.CATEGORIES, "Categories"))
    lines = "\n".join(f"* [{title}]({seen.file(links.mirror(place))})" for place, title in lists)
    return f"# Search\n\nSearching needs a browser. The lists:\n\n{lines}\n"


_Forms = tuple[Callable[[Any, Chrome], str], Callable[[Any, links.Links], str], Callable[[Any], str] | None]
_FORMS: dict[str, _Forms] = {
    "entry": (drawing.entry_page, mirror.entry, data.entry),
    "compare": (drawing.compare_page, mirror.compared, data.compared),
    "category": (drawing.category_page, mirror.category, data.category),
    "categories": (drawing.categories_page, mirror.start, None),
    "canonical": (drawing.canonical_page, mirror.canonical, data.canonical),
    "canonicals": (drawing.canonicals_page, mirror.canonicals, data.canonicals),
    "list": (drawing.list_page, mirror.listing, data.listing),
    "start": (drawing.start_page, mirror.start, data.start),
    "search": (_search, _markdown_search, None),
    "about": (drawing.about_page, _markdown_about, None),
}
