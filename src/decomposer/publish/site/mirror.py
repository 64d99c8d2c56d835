"""Write every page of a site as Markdown, with the same texts, evidence and labels, for those who read no HTML."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from decomposer.publish import compare_markdown, markdown
from decomposer.publish.compare_words import UNKNOWN
from decomposer.publish.markdown import escape
from decomposer.publish.site import links as places
from decomposer.publish.site import saying
from decomposer.publish.site.links import Links
from decomposer.publish.site.views import (
    CanonicalsView,
    CanonicalView,
    CapabilityLine,
    CategoryView,
    CompareView,
    EntryLine,
    EntryView,
    ListView,
    Named,
    Paged,
    Part,
    Shared,
    StartView,
)
from decomposer.records import Facts, Rank
from decomposer.records.facts import FactKey
from decomposer.records.kinds import called

if TYPE_CHECKING:
    from decomposer.publish.site.drawing import Chrome

_FACTS: dict[FactKey, str] = {
    "type": "Type", "maintainer": "Maintainer", "license": "License", "homepage": "Homepage",
    "repository": "Repository", "pricing": "Pricing", "input_price": "Input price", "output_price": "Output price",
    "starting_price": "Starting price", "downloads": "Downloads", "stars": "Stars", "likes": "Likes",
    "dependents": "Dependents", "updated": "Updated", "read": "Source read",
}  # fmt: skip
_SUPPORT = {
    "supported": "supported by its source", "vendor_claim": "a claim of its source", "partial": "partly supported",
    "unsupported": "not supported by its source",
}  # fmt: skip
_UNREVIEWED = "not reviewed by a person yet"


def entry(view: EntryView, links: Links) -> str:
    """Return the page of an entry: its records with their evidence, its facts with source and day, and its rank."""
    blocks = [markdown.page(view.entry).rstrip("\n"), "## Facts", "\n".join(_facts(view.facts))]
    if view.rank:
        blocks += ["## Rank", *_rank(view.rank)]
    ids = {one.id for one in view.entry.capabilities}
    shared = [one for id_, one in view.shared.items() if id_ in ids and one.others]
    if shared:
        blocks += ["## What other artifacts can do as well", "\n".join(_shared(shared, links))]
    if view.compared:
        blocks += ["## Compared with", "\n".join(_beside(view.entry.artifact.slug, view.compared, links))]
    return _whole(blocks, links)


def entry_part(view: EntryView, part: Part, links: Links) -> str:
    """Return a further page of an entry: the records that are on it, with their evidence."""
    records = tuple(one for at, one in enumerate(view.entry.capabilities) if part.here(at))
    page = markdown.page(view.entry.model_copy(update={"capabilities": records})).rstrip("\n")
    first = f"[All of this entry on one page]({_md(links, places.entry(view.entry.artifact.slug))})"
    return _whole([page, *_paged(part.paged, "capabilities"), first], links)


def compared(view: CompareView, links: Links) -> str:
    """Return the page of a comparison."""
    found = view.comparison
    sides = (f"* [{escape(side.name)}]({_md(links, places.entry(side.artifact.slug))})" for side in (found.a, found.b))
    blocks = [compare_markdown.page(found, public=True).rstrip("\n"), "## Entries", "\n".join(sides)]
    if view.others:
        lines = (
            f"* [{escape(a.name)} vs {escape(b.name)}]({_md(links, places.compared(a.slug, b.slug))})"
            for a, b in view.others
        )
        blocks += ["## More comparisons", "\n".join(lines)]
    return _whole(blocks, links)


def category(view: CategoryView, links: Links) -> str:
    """Return a page of the records of a category."""
    steps = _steps(view.paged, lambda number: places.category(view.category, number), links)
    blocks = [f"# {saying.CATEGORIES[view.category]}", *_paged(view.paged, "capabilities")]
    return _whole([*blocks, "\n".join(_records(view.lines, links)), *steps], links)


def listing(view: ListView, links: Links) -> str:
    """Return a page of entries, of a type or of a letter."""
    title = saying.TYPES.get(view.type, view.type) if view.type else f"Artifacts: {view.letter}"

    def page(number: int) -> str:
        return places.kind(view.type, number) if view.type else places.names(view.letter or "", number)

    lines = "\n".join(_entries(view.lines, links))
    blocks = [f"# {escape(title)}", *_paged(view.paged, "artifacts"), lines, *_steps(view.paged, page, links)]
    return _whole(blocks, links)


def canonical(view: CanonicalView, links: Links) -> str:
    """Return a page of a canonical capability: what it is, and the artifacts that have it."""
    told = f"`{view.uri}`, {escape(view.category)}, in {_count(view.artifacts, 'artifact')}"
    blocks = [f"# {escape(view.name)}", told]
    if view.definition:
        by = f" *(as {escape(view.defined_by.name)} has it)*" if view.defined_by else ""
        blocks.append(f"{escape(view.definition)}{by}")
    if view.aliases:
        blocks.append(f"Also called: {', '.join(map(escape, view.aliases))}")
    blocks += ["## Artifacts", "\n".join(_records(view.members, links))]
    for title, related in (("Broader", view.broader), ("Narrower", view.narrower)):
        if related:
            blocks += [f"## {title}", "\n".join(_canonicals(related, links))]
    return _whole([*blocks, *_steps(view.paged, lambda n: places.canonical(view.uri, n), links)], links)


def canonicals(view: CanonicalsView, links: Links) -> str:
    """Return a page of the list of canonical capabilities."""
    blocks = ["# Capabilities that artifacts share", *_paged(view.paged, "capabilities")]
    steps = _steps(view.paged, places.canonicals, links)
    return _whole([*blocks, "\n".join(_canonicals(view.lines, links)), *steps], links)


def start(view: StartView, links: Links) -> str:
    """Return the first page of the catalog."""
    held = view.coverage
    told = (
        f"{_count(held.capabilities, 'capability', 'capabilities')} of {_count(held.entries, 'artifact')}, as of "
        f"{escape(view.as_of)}; {held.accepted:,} accepted by a person, the others {_UNREVIEWED}."
    )
    blocks = ["# Catalog", told]
    if view.best:
        blocks += ["## Highest ranked", "\n".join(_entries(view.best, links))]
    lists = (
        ("Capabilities by category", view.categories, places.category, saying.CATEGORIES),
        ("Artifacts by type", view.types, places.kind, saying.TYPES),
    )
    for title, counts, place, labels in lists:
        if counts:
            named: Mapping[str, str] = {str(name): label for name, label in labels.items()}
            lines = (
                f"* [{escape(named.get(name, name))}]({_md(links, place(name))}): {count:,}"
                for name, count in counts.items()
            )
            blocks += [f"## {title}", "\n".join(lines)]
    if view.shared:
        blocks += ["## Capabilities that artifacts share", "\n".join(_canonicals(view.shared, links))]
    return "\n\n".join(blocks) + "\n"


def about(chrome: "Chrome") -> str:
    """Return what the labels of the pages mean."""
    lines = "\n".join(f"* **{label}**" for label in _SUPPORT.values())
    return _whole(
        [
            f"# About {escape(chrome.title)}",
            "Texts are drafted from the sources of the artifacts and checked by rules. Each sentence carries a label, "
            "and the lines of the source that it rests on:",
            lines,
            f"A record that a person has read and taken is *accepted*; any other is a *proposal*, {_UNREVIEWED}. What "
            "the source does not say is left out; what nobody knows is said to be unknown, neither zero nor no.",
            "Ranks are 0 to 100 points for adoption, quality, ecosystem, match and freshness. Figures that are not "
            "known widen the range that is given with the points; they do not count as zero.",
        ],
        chrome.links,
    )


def _whole(blocks: Iterable[str], links: Links) -> str:
    up = f"[Catalog]({_md(links, places.START)})"
    return "\n\n".join([*filter(None, blocks), up]) + "\n"


def _md(links: Links, place: str) -> str:
    return links.file(places.mirror(place))


def _facts(facts: Facts) -> Iterator[str]:
    yield "| Fact | Value | Source | As of |"
    yield "|---|---|---|---|"
    for key, title in _FACTS.items():
        held = facts.known.get(key)
        if held is None:
            yield f"| {title} | {UNKNOWN} |  |  |"
        else:
            shown = called(held.value) if key == "type" else facts.shown(key) or UNKNOWN
            yield f"| {title} | {escape(shown)} | {escape(held.source)} | {escape(held.as_of)} |"


def _rank(rank: Rank) -> Iterator[str]:
    yield f"{_points(rank.points, rank.low, rank.high)} of 100 points, as of {escape(rank.as_of)}."
    rows = [
        f"| {part.name} | {_points(part.points, part.low, part.high)} of {part.most} | {escape(part.reason)} |"
        for part in rank.parts
    ]
    yield "\n".join(["| Part | Points | Why |", "|---|---|---|", *rows])


def _points(points: int, low: int | None, high: int | None) -> str:
    return f"{points} ({low} to {high})" if (low, high) != (points, points) and low is not None else str(points)


def _beside(slug: str, others: Iterable[Named], links: Links) -> Iterator[str]:
    yield from (f"* [{escape(one.name)}]({_md(links, places.compared(slug, one.slug))})" for one in others)


def _shared(shared: Iterable[Shared], links: Links) -> Iterator[str]:
    for one in shared:
        others = ", ".join(f"[{escape(other.name)}]({_md(links, places.entry(other.slug))})" for other in one.others)
        yield f"* [{escape(one.name)}]({_md(links, places.canonical(one.uri))}): {others}"


def _canonicals(shared: Iterable[Shared], links: Links) -> Iterator[str]:
    for one in shared:
        yield f"* [{escape(one.name)}]({_md(links, places.canonical(one.uri))}): {_count(one.artifacts, 'artifact')}"


def _entries(lines: Iterable[EntryLine], links: Links) -> Iterator[str]:
    for one in lines:
        unreviewed = one.capabilities - one.accepted
        told = [called(one.type), _count(one.capabilities, "capability", "capabilities")]
        told += [f"{unreviewed:,} {_UNREVIEWED}"] if unreviewed else []
        told += [f"rank {_points(one.points, one.low, one.high)}"] if one.points is not None else []
        said = f": {escape(one.summary)}" if one.summary else ""
        yield f"* [{escape(one.name)}]({_md(links, places.entry(one.slug))}) ({', '.join(told)}){said}"


def _records(lines: Iterable[CapabilityLine], links: Links) -> Iterator[str]:
    for one in lines:
        labels = [_SUPPORT[one.support]] if one.support else []
        labels += [_UNREVIEWED] if one.state != "accepted" else []
        link = f"[{escape(one.artifact)}: {escape(one.name)}]({_md(links, places.entry(one.entry))})"
        said = f": {escape(one.said)}" if one.said else ""
        yield f"* {link}{said}" + (f" *({', '.join(labels)})*" if labels else "")


def _paged(paged: Paged, what: str) -> list[str]:
    return [f"{paged.total:,} {what}, page {paged.number} of {paged.of}."] if paged.of > 1 else []


def _steps(paged: Paged, place: Callable[[int], str], links: Links) -> list[str]:
    steps = [("Previous page", paged.number - 1), ("Next page", paged.number + 1)]
    shown = [f"[{title}]({_md(links, place(number))})" for title, number in steps if 1 <= number <= paged.of]
    return [" · ".join(shown)] if shown else []


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
