"""Make the pages that bring entries together from the lines that are kept of them: lists, categories, the front."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from markupsafe import Markup

from decomposer.ports import Figures, Group
from decomposer.publish.site import drawing, lines, links, saying
from decomposer.publish.site.drawing import LETTERS
from decomposer.publish.site.pages import ListJob
from decomposer.publish.site.state import SiteState
from decomposer.publish.site.views import (
    CanonicalsView,
    CanonicalView,
    CapabilityLine,
    CategoryView,
    Coverage,
    EntryLine,
    ListView,
    Named,
    Paged,
    Shared,
    StartView,
)
from decomposer.records import Category

RECORDS, ENTRIES, SHARED = 60, 100, 200
"""How many records, entries and shared capabilities a page lists."""
_BEST, _MOST_SHARED, _RELATED = 10, 15, 30
T = TypeVar("T")
Digest = Callable[[object], str]


@dataclass(frozen=True, slots=True)
class Whole:
    """What was counted over all entries that are published."""

    coverage: Coverage
    letters: dict[str, int]
    types: dict[str, int]
    categories: dict[str, int]
    best: tuple[EntryLine, ...]

    @classmethod
    def of(cls, state: SiteState, *, shared: int, comparisons: int) -> "Whole":
        """Return the counts over the lines that are kept."""
        letters: Counter[str] = Counter()
        types: Counter[str] = Counter()
        categories: Counter[str] = Counter()
        sentences: Counter[str] = Counter()
        entries = records = accepted = 0
        best: list[EntryLine] = []
        for text in state.lines():
            line, said, within = lines.kept(text)
            letters[drawing.letter_of(line.name)] += 1
            types[line.type] += 1
            categories.update(within)
            sentences.update(said)
            entries, records, accepted = entries + 1, records + line.capabilities, accepted + line.accepted
            if line.points is not None and line.capabilities:
                best = sorted([*best, line], key=lambda one: (-(one.points or 0), one.slug))[:_BEST]
        return cls(
            Coverage(entries, records, accepted, shared, comparisons, dict(sorted(sentences.items()))),
            {letter: letters[letter] for letter in LETTERS},
            {name: types[name] for name in saying.TYPES if types[name]},
            {name: categories[name] for name in saying.CATEGORIES if categories[name]},
            tuple(best),
        )


def entry_lists(state: SiteState, whole: Whole, digest: Digest) -> Iterator[ListJob]:
    """Yield the pages of all entries, and of those of each letter and type."""
    by_type: defaultdict[str, list[EntryLine]] = defaultdict(list)
    by_letter: defaultdict[str, list[EntryLine]] = defaultdict(list, all=[])
    for text in state.lines():
        line = lines.kept(text).line
        by_type[line.type].append(line)
        by_letter["all"].append(line)
        by_letter[drawing.letter_of(line.name)].append(line)
    found = [(letter, None, listed) for letter, listed in by_letter.items()]
    for letter, kind, listed in [*found, *((None, kind, listed) for kind, listed in by_type.items())]:
        for paged, part in _paged(listed, ENTRIES, len(listed)):
            picture = lines.prices(listed) if kind and paged.number == 1 else Markup()
            view = ListView(tuple(part), letter, kind, whole.letters, whole.types, paged, picture)
            place = links.names(letter, paged.number) if letter else links.kind(kind or "", paged.number)
            yield ListJob("list", view, place, digest(view))


def category_lists(state: SiteState, whole: Whole, digest: Digest) -> Iterator[ListJob]:
    """Yield the pages of the records of each category."""
    categories: list[Category] = [name for name in saying.CATEGORIES if whole.categories.get(name)]
    for name in categories:
        for paged, part in _paged(state.category(name), RECORDS, whole.categories[name]):
            view = CategoryView(name, tuple(map(lines.record, part)), paged)
            yield ListJob("category", view, links.category(name, paged.number), digest((part, paged)))


def canonical_pages(
    state: SiteState, groups: Iterable[Group], related: "Related", named: Callable[[str], Named | None], digest: Digest
) -> Iterator[ListJob]:
    """Yield the pages of canonical capabilities, with the records of each."""
    for group in groups:
        texts = [text for one in group.members if (text := state.record(*one)) is not None]
        members = [lines.record(text) for text in texts]
        broader, narrower = related.of(group.number)
        for paged, part in _paged(members, RECORDS, len(members)):
            view = CanonicalView(
                uri=group.uri,
                name=group.name,
                category=group.category,
                artifacts=len({one.entry for one in members}),
                definition=_definition(members, group),
                defined_by=named(group.defined_in),
                aliases=_aliases(members, group.name),
                members=tuple(part),
                broader=broader,
                narrower=narrower,
                paged=paged,
                picture=lines.prices(members) if paged.number == 1 else Markup(),
            )
            place = links.canonical(group.uri, paged.number)
            yield ListJob("canonical", view, place, digest(view))


def canonical_lists(shared: Sequence[Shared], digest: Digest) -> Iterator[ListJob]:
    """Yield the pages of the list of canonical capabilities."""
    for paged, part in _paged(shared, SHARED, len(shared)):
        view = CanonicalsView(tuple(part), paged)
        yield ListJob("canonicals", view, links.canonicals(paged.number), digest(view))


def fronts(whole: Whole, shared: Sequence[Shared], as_of: str, picture: Markup, digest: Digest) -> Iterator[ListJob]:
    """Yield the start page, the list of categories, and how to read the catalog."""
    view = start_view(whole, shared, as_of, picture)
    yield ListJob("start", view, links.START, digest(view))
    yield ListJob("categories", view, links.CATEGORIES, digest(view))
    yield ListJob("about", view, links.ABOUT, digest("about"))
    yield ListJob("search", view, links.SEARCH, digest("search"))


def start_view(whole: Whole, shared: Sequence[Shared], as_of: str, picture: Markup) -> StartView:
    """Return what the start page is drawn from."""
    return StartView(
        as_of, whole.coverage, whole.categories, whole.types, whole.best, tuple(shared[:_MOST_SHARED]), picture,
        whole.letters,
    )  # fmt: skip


class Related:
    """Which of the canonical capabilities that have a page are broader and narrower than another."""

    def __init__(self, figures: Figures, shared: dict[int, Shared]) -> None:
        self._shared = shared
        self._broader: defaultdict[int, list[int]] = defaultdict(list)
        self._narrower: defaultdict[int, list[int]] = defaultdict(list)
        for general, special in figures.relations():
            if general in shared and special in shared:
                self._broader[special].append(general)
                self._narrower[general].append(special)

    def of(self, number: int) -> tuple[tuple[Shared, ...], tuple[Shared, ...]]:
        """Return those that are broader, and those that are narrower, the most shared first."""
        return self._listed(self._broader[number]), self._listed(self._narrower[number])

    def _listed(self, numbers: Iterable[int]) -> tuple[Shared, ...]:
        found = sorted((self._shared[one] for one in numbers), key=lambda one: (-one.artifacts, one.uri))
        return tuple(found[:_RELATED])


def _definition(members: Sequence[CapabilityLine], group: Group) -> str:
    found = next((one for one in members if (one.entry, one.id) == (group.defined_in, group.defined_by)), None)
    return found.said if found and found.support != "unsupported" else ""


def _aliases(members: Iterable[CapabilityLine], own: str) -> tuple[str, ...]:
    counted: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for one in members:
        counted[one.name.casefold()] += 1
        spelt.setdefault(one.name.casefold(), one.name)
    order = sorted(counted, key=lambda name: (-counted[name], name))
    return tuple(spelt[name] for name in order if name != own.casefold())[:_RELATED]


def _paged(found: Iterable[T], most: int, total: int) -> Iterator[tuple[Paged, list[T]]]:
    """Yield things page by page; where there are none, an empty page."""
    of = max(1, -(-total // most))
    left = iter(found)
    for number in range(1, of + 1):
        part: list[Any] = list(islice(left, most))
        yield Paged(number, of, total), part
