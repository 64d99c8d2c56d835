"""Tell language models what the catalog holds and where to read it: `llms.txt`, as llmstxt.org proposes it."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from decomposer.publish.markdown import escape
from decomposer.publish.site import links, saying
from decomposer.publish.site.views import StartView

if TYPE_CHECKING:
    from decomposer.publish.site.drawing import Chrome

PLACE = "llms.txt"
_MOST = 50
_SHORT = 200


def text(view: StartView, chrome: "Chrome") -> str:
    """Return `llms.txt`: what the catalog is, how far its texts can be believed, and its lists; each section bounded.

    Pages are linked to as Markdown, by absolute addresses where the address of the site is known.
    """
    return "\n\n".join(_blocks(view, chrome)) + "\n"


def _blocks(view: StartView, chrome: "Chrome") -> Iterator[str]:
    held = view.coverage
    yield f"# {escape(chrome.title)}"
    yield (
        f"> A catalog of what AI artifacts can do: {_count(held.capabilities, 'capability', 'capabilities')} of "
        f"{_count(held.entries, 'artifact')}, "
        f"as of {escape(view.as_of)}. Every sentence says whether the source of the artifact supports it, and cites it."
    )
    yield (
        f"{held.accepted:,} of the capabilities were accepted by a person; the others were drafted by a program and "
        "are labelled as proposals. What a source says of itself is quoted as its claim. What nobody knows is said to "
        "be unknown; it is neither zero nor no. Every page is there as HTML and, with `.md` for `.html`, as Markdown."
    )
    at = _Addresses(chrome)
    best = ((line.name, links.entry(line.slug), line.summary) for line in view.best)
    yield from _section("Highest ranked", best, at)
    categories = (
        (label, links.category(name), _count(count, "capability", "capabilities"))
        for name, label in saying.CATEGORIES.items() if (count := view.categories.get(name))
    )  # fmt: skip
    yield from _section("Capabilities by category", categories, at)
    types = (
        (saying.TYPES.get(name, name), links.kind(name), _count(count, "artifact"))
        for name, count in view.types.items()
    )
    yield from _section("Artifacts by type", types, at)
    shared = ((one.name, links.canonical(one.uri), _count(one.artifacts, "artifact")) for one in view.shared)
    yield from _section("Capabilities that artifacts share", shared, at)
    yield "## For programs"
    yield (
        f"- [JSON]({at.file('api/v1/index.json')}): every list and entry as JSON, with a JSON Schema each\n"
        f"- [About]({at.page(links.ABOUT)}): what the labels and points mean"
    )


def _section(title: str, lines: Iterable[tuple[str, str, str]], at: "_Addresses") -> Iterator[str]:
    drawn = []
    for number, (name, page, told) in enumerate(lines):
        if number == _MOST:
            drawn.append("- and more, which the pages list")
            break
        note = f": {escape(told[:_SHORT])}" if told else ""
        drawn.append(f"- [{escape(name)}]({at.page(page)}){note}")
    if drawn:
        yield f"## {title}"
        yield "\n".join(drawn)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


class _Addresses:
    """Where a file of the site is for somebody who reads `llms.txt` in its root."""

    def __init__(self, chrome: "Chrome") -> None:
        self._base = f"{chrome.base_url}/" if chrome.base_url else ""

    def file(self, place: str) -> str:
        """Return the address of a file."""
        return self._base + links.Links().file(place)

    def page(self, place: str) -> str:
        """Return the address of the Markdown of a page."""
        return self.file(links.mirror(place))
