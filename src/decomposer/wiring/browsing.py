"""Fill the pages of a catalog that a server shows: the same records as those of a site, a page at a time."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, cast, get_args

from markupsafe import Markup

from decomposer.publish.pictures import over_time
from decomposer.publish.site import lines, saying
from decomposer.publish.site.drawing import LETTERS, letter_of
from decomposer.publish.site.pages import view_of
from decomposer.publish.site.views import (
    CanonicalsView,
    CanonicalView,
    CapabilityLine,
    CategoryView,
    CompareView,
    Coverage,
    EntryLine,
    EntryView,
    ListView,
    Named,
    Paged,
    Shared,
    StartView,
)
from decomposer.records import Category, Day
from decomposer.store.browsing import Held, SqlBrowse
from decomposer.wiring.answering import Answering
from decomposer.wiring.over_time import days
from decomposer.wiring.publishing import SiteFigures
from decomposer.wiring.ranking import today
from decomposer.wiring.registering import meant

if TYPE_CHECKING:
    from decomposer import ports
    from decomposer.wiring.workspace import Workspace

ROWS = 50
"""How many entries, records or capabilities a page lists."""
MOST_PAGES = 2_000
_FRESH = 30.0  # seconds for which the counts of the whole catalog are shown
_MOST_SHARED, _RELATED, _COMPARED = 15, 30, 10
_UNTOLD = (None, "unsupported")


class Browsing:
    """Fills pages from one catalog. Safe for several threads. None is what there is no page of."""

    def __init__(self, workspace: "Workspace", answering: Answering) -> None:
        self._workspace = workspace
        self._answering = answering
        self._browse = SqlBrowse(workspace.engine)
        self._turn = Lock()
        self._counted: tuple[float, Held] | None = None

    def entry(self, slug: str) -> EntryView | None:
        """Return the page of an entry, with the artifacts that share most of its capabilities to be put beside it."""
        given = next(SiteFigures(self._workspace).read([slug]), None)
        if given is None:
            return None
        beside: Counter[Named] = Counter()
        for member in given.members.values():
            beside.update(Named(*other) for other in member.others)
        nearest = sorted(beside, key=lambda one: (-beside[one], one.slug))[:_COMPARED]
        return view_of(given, nearest)

    def compare(self, a: str, b: str, *, need: str | None = None) -> CompareView | None:
        """Return two entries side by side, whichever they are. Raises UsageError for one with itself, or a bad need."""
        if self._answering.published(a) is None or self._answering.published(b) is None:
            return None
        return CompareView(self._answering.beside(a, b, need=need))

    def start(self) -> StartView:
        """Return the front of the catalog. Its counts are at most half a minute old."""
        held, told = self._held(), days(self._workspace, count=False)
        coverage = Coverage(
            entries=held.entries,
            capabilities=held.records,
            accepted=held.accepted,
            shared=held.shared,
            sentences=_sentences(told),
        )
        return StartView(
            as_of=today(),
            coverage=coverage,
            categories={name: held.categories[name] for name in saying.CATEGORIES if name in held.categories},
            types={name: held.types[name] for name in saying.TYPES if name in held.types},
            shared=tuple(self._shared(0, _MOST_SHARED)),
            picture=over_time(told, prefix="days") if len(told) > 1 else Markup(),
            letters=_letters(held),
        )

    def types(self) -> Mapping[str, int]:
        """Return how many entries each type has, by its counts of the last half minute."""
        return self._held().types

    def of_type(self, kind: str, page: int) -> ListView | None:
        """Return a page of the entries of a type, by name."""
        held = self._held()
        paged = _paged(page, held.types.get(kind, 0))
        if paged is None or kind not in saying.TYPES:
            return None
        slugs = self._browse.of_type(kind, start=_start(paged), most=ROWS)
        return ListView(self._entries(slugs), None, kind, _letters(held), held.types, paged)

    def of_letter(self, letter: str, page: int) -> ListView | None:
        """Return a page of the entries of a letter (`A` to `Z`, `0-9`, `other`), or of `all`, by name."""
        held = self._held()
        firsts = [first for first in held.firsts if letter in ("all", letter_of(first))]
        paged = _paged(page, sum(held.firsts[first] for first in firsts))
        if paged is None or letter not in (*LETTERS, "all"):
            return None
        slugs = self._browse.of_firsts(firsts, start=_start(paged), most=ROWS)
        return ListView(self._entries(slugs), letter, None, _letters(held), held.types, paged)

    def category(self, name: str, page: int) -> CategoryView | None:
        """Return a page of the records of a category, by their entries."""
        paged = _paged(page, self._held().categories.get(name, 0))
        if paged is None or name not in get_args(Category):
            return None
        found = self._browse.in_category(name, start=_start(paged), most=ROWS)
        return CategoryView(cast(Category, name), tuple(self._records(found)), paged)

    def canonicals(self, page: int) -> CanonicalsView | None:
        """Return a page of the capabilities that several artifacts have, the most shared first."""
        paged = _paged(page, self._held().shared)
        return None if paged is None else CanonicalsView(tuple(self._shared(_start(paged), ROWS)), paged)

    def canonical(self, uri: str, page: int) -> CanonicalView | None:
        """Return the page of a canonical capability, also of one that one artifact alone has."""
        registry = self._answering.registry
        found = meant(registry, uri)
        paged = None if found is None else _paged(page, found.members)
        if found is None or paged is None:
            return None
        members = list(islice(registry.members(found.number), _start(paged), _start(paged) + ROWS))
        named = {one.entry: Named(one.entry, one.artifact) for one in members}
        definition = found.definition if found.definition and found.definition.support not in _UNTOLD else None
        return CanonicalView(
            uri=found.uri,
            name=found.name,
            category=found.category,
            artifacts=found.artifacts,
            definition=definition.text if definition else "",
            defined_by=named.get(definition.entry) if definition else None,
            aliases=tuple(registry.aliases(found.number))[:_RELATED],
            members=tuple(self._records([(one.entry, one.capability) for one in members])),
            broader=_related(registry.broader(found.number)),
            narrower=_related(registry.narrower(found.number)),
            paged=paged,
        )

    def _held(self) -> Held:
        with self._turn:  # the first to ask counts, and the others wait for that
            if self._counted is None or monotonic() - self._counted[0] > _FRESH:
                self._counted = monotonic(), self._browse.held()
            return self._counted[1]

    def _shared(self, start: int, most: int) -> Iterator[Shared]:
        found = self._answering.registry.shared(limit=start + most)
        for one in list(islice(found, start, None)):
            yield Shared(one.uri, one.name, one.artifacts)

    def _views(self, slugs: Sequence[str]) -> dict[str, EntryView]:
        views = filter(None, map(view_of, SiteFigures(self._workspace).read(slugs)))
        return {view.entry.artifact.slug: view for view in views}

    def _entries(self, slugs: Sequence[str]) -> tuple[EntryLine, ...]:
        views = self._views(slugs)
        return tuple(lines.kept(lines.made(views[slug], "").line).line for slug in slugs if slug in views)

    def _records(self, wanted: Sequence[tuple[str, str]]) -> Iterator[CapabilityLine]:
        views = self._views(list(dict.fromkeys(slug for slug, _ in wanted)))
        made = {slug: lines.made(view, "").records for slug, view in views.items()}
        found = {(slug, id): text for slug, records in made.items() for id, _, text in records}
        yield from (lines.record(found[one]) for one in wanted if one in found)


def _paged(page: int, total: int) -> Paged | None:
    """Return which page of how many that is, or None where there is no such page; the first there always is."""
    of = min(MOST_PAGES, max(1, -(-total // ROWS)))
    return Paged(page, of, total) if 1 <= page <= of else None


def _start(paged: Paged) -> int:
    return (paged.number - 1) * ROWS


def _letters(held: Held) -> Mapping[str, int]:
    counted: Counter[str] = Counter()
    for first, count in held.firsts.items():
        counted[letter_of(first)] += count
    return {**counted, "all": held.entries}


def _sentences(told: Sequence[Day]) -> dict[str, int]:
    """Return how many sentences have each verdict, where that was counted today."""
    counted = told[-1].counted if told and told[-1].day == today() else None
    return {name: getattr(counted, name) for name in saying.VERDICTS} if counted else {}


def _related(relations: "Sequence[ports.Relation]") -> tuple[Shared, ...]:
    return tuple(Shared(one.uri, one.name) for one in relations[:_RELATED])
