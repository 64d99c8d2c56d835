"""Bring a folder in line with the catalog: find out which pages are due, have them drawn, and remove what is over."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from hashlib import blake2b
from itertools import count, islice
from pathlib import Path

from markupsafe import Markup

from decomposer.ports import Exported, Figures, Spread, Stamp
from decomposer.publish import pictures
from decomposer.publish.site import data, drawing, links, lists, llms, pairing, searching, sitemap
from decomposer.publish.site.drawing import Chrome
from decomposer.publish.site.pages import CompareJob, Drawing, Drawn, EntryJob, Job, ListJob, places
from decomposer.publish.site.state import Page, SiteState
from decomposer.publish.site.version import version
from decomposer.publish.site.views import Named, Shared, StartView
from decomposer.publish.site.writing import Files, Wrote, folders, remove, there, write

_BLOCK, _LISTS = 12, 10
"""How many entries and how many lists are drawn at a time."""
_SEARCH = "search/"
_STYLE = links.STYLE


class Building:
    """One export of a site into a folder."""

    def __init__(self, folder: Path, state: SiteState, figures: Figures, spread: Spread, chrome: Chrome) -> None:
        self._folder = folder
        self._state = state
        self._figures = figures
        self._spread = spread
        self._chrome = chrome
        self._drawing = Drawing(folder, chrome)
        self._look = digest((version(), chrome.title, chrome.base_url))
        self._day = figures.norms.as_of if figures.norms else datetime.now(UTC).date().isoformat()
        self._base = digest((self._look, figures.norms))
        self._before = state.pages()
        self._sound = self._unharmed()
        self._wanted: dict[str, None] = {}
        self._fresh: list[str] = []
        self._planned: list[str] = []
        self._drawn: set[str] = set()

    def run(self) -> Exported:
        """Write what is due and remove what is over; return the files of the site and those of them that are new."""
        stamps = {one.slug: one for one in self._figures.stamps()}
        whole = digest((self._base, [(one.slug, one.digest, one.beside) for one in stamps.values()]))
        if self._state.known("whole") == whole and len(self._sound) == len(self._before):
            return Exported(Files(self._folder, list(self._before)), [])
        self._state.know("whole", "")
        shared, chosen = self._shared(len(stamps))
        for drawn in self._spread(self._drawing, self._batches(stamps, chosen)):
            self._take(drawn)
        self._state.drop(self._state.stamps().keys() - self._drawn)
        self._bring_together(stamps, shared, len(chosen))
        self._remove()
        self._state.know("whole", whole)
        self._state.commit()
        return Exported(Files(self._folder, list(self._wanted)), Files(self._folder, self._fresh))

    # --- what is due

    def _shared(self, artifacts: int) -> tuple[dict[int, Shared], list[tuple[str, str]]]:
        """Return what several entries share, by number, and the pairs of entries that are compared."""
        shared: dict[int, Shared] = {}
        sharing: list[list[str]] = []
        for group in self._figures.groups():
            sharing.append(sorted({slug for slug, _ in group.members}))
            shared[group.number] = Shared(group.uri, group.name, len(sharing[-1]))
        return shared, pairing.pairs(sharing, artifacts=artifacts)

    def _batches(self, stamps: Mapping[str, Stamp], chosen: Sequence[tuple[str, str]]) -> Iterator[list[Job]]:
        """Yield entries that are due in blocks, each with the comparisons of which it has the second of the two."""
        known, around = self._state.stamps(), pairing.neighbours(chosen)
        met: set[str] = set()
        order = iter(pairing.in_walks(stamps, around))
        while slugs := list(islice(order, _BLOCK)):
            block: list[Job] = [job for slug in slugs if (job := self._entry(stamps[slug], stamps, around, known))]
            for slug in slugs:
                met.add(slug)
                pairs = [sorted((slug, other)) for other in around.get(slug, ()) if other in met]
                block += [job for a, b in pairs if (job := self._comparison(stamps[a], stamps[b], stamps, around))]
            if block:
                self._plan()
                yield block

    def _entry(
        self, stamp: Stamp, stamps: Mapping[str, Stamp], around: pairing.Around, known: Mapping[str, str]
    ) -> Job | None:
        slug = stamp.slug
        compared = tuple(Named(other, stamps[other].name) for other in around.get(slug, ()))
        made_of = digest((self._base, stamp.digest, compared))
        if self._due([*places("entry", links.entry(slug)), *self._more(slug)], made_of) or known.get(slug) != made_of:
            return EntryJob(slug, compared, made_of)
        self._drawn.add(slug)
        return None

    def _more(self, slug: str) -> Iterator[str]:
        """Yield the files of the further pages that an entry had."""
        for number in count(2):
            place = links.entry_page(slug, number)
            if place not in self._before:
                return
            yield from (place, links.mirror(place))

    def _comparison(self, a: Stamp, b: Stamp, stamps: Mapping[str, Stamp], around: pairing.Around) -> Job | None:
        others = tuple(
            (Named(one.slug, one.name), Named(other, stamps[other].name))
            for one in (a, b)
            for other in around[one.slug]
            if other not in (a.slug, b.slug)
        )
        made_of = digest((self._base, a.beside, b.beside, others))
        if self._due(places("compare", links.compared(a.slug, b.slug)), made_of):
            return CompareJob(a.slug, b.slug, others, made_of)
        return None

    def _bring_together(self, stamps: Mapping[str, Stamp], shared: dict[int, Shared], comparisons: int) -> None:
        """Write the pages and files that are about more than one entry."""
        marked = partial(_marked, self._look)
        whole = lists.Whole.of(self._state, shared=len(shared), comparisons=comparisons)
        related = lists.Related(self._figures, shared)

        def named(slug: str) -> Named | None:
            return Named(slug, stamps[slug].name) if slug in self._drawn else None

        order = sorted(shared.values(), key=lambda one: (-one.artifacts, one.uri))
        picture = self._picture()
        self._draw(self._due_lists(lists.entry_lists(self._state, whole, marked)), _LISTS)
        self._draw(self._due_lists(lists.category_lists(self._state, whole, marked)), _LISTS)
        pages = lists.canonical_pages(self._state, self._figures.groups(), related, named, marked)
        self._draw(self._due_lists(pages), _BLOCK)
        self._draw(self._due_lists(lists.canonical_lists(order, marked)), _LISTS)
        self._draw(self._due_lists(lists.fronts(whole, order, self._day, picture, marked)), _LISTS)
        self._spread.rest()
        self._search()
        self._files(lists.start_view(whole, order, self._day, picture))

    def _due_lists(self, jobs: Iterator[ListJob]) -> Iterator[Job]:
        return (job for job in jobs if self._due(places(job.kind, job.place), job.stamp))

    def _due(self, files: Sequence[str], made_of: str) -> bool:
        """Say whether files are to be made; those that are as they would be are kept."""
        if all(file in self._sound and self._before[file].stamp == made_of for file in files):
            self._wanted.update(dict.fromkeys(files))
            return False
        self._planned += files
        return True

    # --- making it

    def _draw(self, jobs: Iterator[Job], most: int) -> None:
        for drawn in self._spread(self._drawing, self._blocks(jobs, most)):
            self._take(drawn)

    def _blocks(self, jobs: Iterator[Job], most: int) -> Iterator[list[Job]]:
        """Yield jobs in blocks. What they will write is remembered before, so that a run that is killed leaves no trace
        that the next one does not find."""
        while block := list(islice(jobs, most)):
            self._plan()
            yield block

    def _plan(self) -> None:
        folders(self._folder, self._planned)
        self._state.plan(self._planned)
        self._state.commit()
        self._planned = []

    def _take(self, drawn: Drawn) -> None:
        self._state.make(drawn.made)
        self._drawn.update(one.slug for one in drawn.made)
        for place, text, made_of in drawn.more:
            self._write(place, text, made_of)
        self._put(drawn.wrote)

    def _put(self, wrote: Iterable[tuple[Wrote, str]]) -> None:
        pages: dict[str, Page] = {}
        for one, made_of in wrote:
            before = self._before.get(one.place)
            day = self._day if one.fresh or before is None or not before.day else before.day
            pages[one.place] = Page(made_of, one.size, one.mtime, day)
            self._wanted[one.place] = None
            if one.fresh:
                self._fresh.append(one.place)
        self._state.put(pages)

    def _search(self) -> None:
        """Write the files that searches read, anew as a whole where any entry says something else."""
        held = _marked(self._look, list(self._state.stamps().items()))
        before = [place for place in self._before if place.startswith(_SEARCH)]
        kept = before and all(place in self._sound and self._before[place].stamp == held for place in before)
        if kept:
            self._wanted.update(dict.fromkeys(before))
            return
        for place, text in searching.files(self._state.found()):
            self._write(place, text, held)
        for place, text in searching.fixed().items():
            self._write(place, text, held)

    def _files(self, view: StartView) -> None:
        """Write the files that are no pages."""
        self._write(_STYLE, drawing.style(), self._look)
        for place, text in data.fixed().items():
            self._write(place, text, self._look)
        if self._figures.norms is not None:
            self._write(data.NORMS, data.norms(self._figures.norms), self._look)
        self._write(llms.PLACE, llms.text(view, self._chrome), self._look)
        if self._chrome.base_url:
            dated = ((place, day) for place, day in self._state.dated() if place in self._wanted)
            for place, text in list(sitemap.files(dated, self._chrome.base_url)):
                self._write(place, text, self._look)

    def _write(self, place: str, text: str, made_of: str) -> None:
        if place not in self._before:
            self._planned.append(place)
            self._plan()
        self._put((one, made_of) for one in write(self._folder, [(place, text)]))

    def _remove(self) -> None:
        over = [place for place in self._state.places() if place not in self._wanted]
        remove(self._folder, over)
        self._state.forget(over)

    def _picture(self) -> Markup:
        days = self._figures.progress()
        return pictures.over_time(days, prefix="time") if len(days) > 1 else Markup()

    def _unharmed(self) -> set[str]:
        """Return the files that are in the folder as they were written."""
        now = there(self._folder, self._before)
        return {
            place for place, page in self._before.items() if page.stamp and now.get(place) == (page.size, page.mtime)
        }


def digest(value: object) -> str:
    """Return a digest of a value by how it is written."""
    return blake2b(repr(value).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _marked(look: str, value: object) -> str:
    return digest((look, value))
