"""Draw the pages of a catalog: each from one record, everything escaped, readable without a script."""

from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from markupsafe import Markup

from decomposer.display import display_safe, one_line
from decomposer.publish import compare_html, pictures
from decomposer.publish.site import article, jsonld, links, pairing, saying, searching
from decomposer.publish.site.article import Articles
from decomposer.publish.site.links import Links
from decomposer.publish.site.views import (
    CanonicalsView,
    CanonicalView,
    CategoryView,
    CompareView,
    EntryView,
    ListView,
    Part,
    StartView,
)
from decomposer.records import Capability, Side
from decomposer.records.kinds import called

_TEMPLATES = Path(__file__).parents[1] / "templates"
_SCRIPTED = "script-src 'self'; "
_LONGEST_TOLD = 200
LETTERS = (*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0-9", "other")


_RELATIVE, _WHOLE = Links(), Part()


@dataclass(frozen=True, slots=True)
class Chrome:
    """What is around every page: the title of the site, how its pages are linked to, and which file this one is.

    `base_url` is where the site will be, without a slash at its end, or empty. A `live` page is shown by a server: it
    has no other forms beside it, and its headers say what may be loaded.
    """

    title: str = "Capability catalog"
    links: Links = _RELATIVE
    place: str = ""
    base_url: str = ""
    live: bool = False
    nav: tuple[tuple[str, str], ...] = ()

    def at(self, place: str) -> "Chrome":
        """Return what is around the page that is the file `place`."""
        kept = self.links if self.live else self.links.of(place)
        return Chrome(self.title, kept, place, self.base_url, self.live, self.nav)


def entry_page(view: EntryView, chrome: Chrome, part: Part = _WHOLE) -> str:
    """Return a page of an entry: the first has its facts and rank, each the capabilities of its part with evidence."""
    entry, slug, number = view.entry, view.entry.artifact.slug, part.paged.number
    pages = {one.id: page for one, page in zip(entry.capabilities, part.on, strict=False)}

    def where(identity: str) -> str:
        page = pages.get(identity, number)
        return "" if page == number else chrome.links.file(links.entry_page(slug, page))

    shown = {
        "it": view, "entry": entry, "paged": part.paged, "pages": partial(_entry_page, chrome.links, slug),
        "articles": Articles(view, chrome.links, review=chrome.live, where=where).drawn(part.here),
        "contents": [
            article.contents_line(one, slug, where(one.id), named=not part.here(at))
            for at, one in enumerate(entry.capabilities) if part.here(at) or (part.listed and number == 1)
        ],
    }  # fmt: skip
    if number > 1:
        title = f"{entry.artifact.name}, page {number}"
        told = f"{entry.artifact.name}: more of what it can do."
        start = next((at for at, page in enumerate(part.on, 1) if page == number), 1)
        return draw("more.html", chrome, title, told, "", start=start, **shown)
    return draw(
        "entry.html", chrome, entry.artifact.name, _told(view), jsonld.entry(view, chrome), **shown,
        facts=list(saying.facts(view.facts)), source=saying.place_of(entry.artifact.source),
        waiting=sum(one.state != "accepted" for one in entry.capabilities),
        picture=pictures.rank_bars(view.rank, prefix="rank", name=entry.artifact.name) if view.rank else "",
    )  # fmt: skip


def _entry_page(seen: Links, slug: str, number: int) -> str:
    return seen.entry(slug, page=number)


def compare_page(view: CompareView, chrome: Chrome) -> str:
    """Return the page of two artifacts side by side."""
    a, b = view.comparison.a, view.comparison.b

    def link(side: Side, capability: Capability | None) -> str:
        return chrome.links.entry(side.artifact.slug, capability.id if capability else "")

    content = compare_html.content(view.comparison, name="compare", links=link)
    told = f"{a.name} and {b.name} side by side: what both can do, what only one says it can, and their figures."
    return draw("compare.html", chrome, f"{a.name} vs {b.name}", told, "", it=view, content=content, rule=pairing.RULE)


def category_page(view: CategoryView, chrome: Chrome) -> str:
    """Return a page of the records of a category."""
    title = saying.CATEGORIES[view.category]
    pages = partial(chrome.links.category, view.category)
    told = f"{view.paged.total:,} capabilities of AI artifacts: {title.lower()}."
    return draw("category.html", chrome, title, told, jsonld.listing(title, view.lines, chrome), it=view, pages=pages)


def categories_page(view: StartView, chrome: Chrome) -> str:
    """Return the list of categories."""
    return draw("categories.html", chrome, "Categories", "What AI artifacts can do, by category.", "", it=view)


def canonical_page(view: CanonicalView, chrome: Chrome) -> str:
    """Return the page of a capability that several artifacts have."""
    told = f"{view.artifacts:,} artifacts can do this: {view.name}."
    pages = partial(chrome.links.canonical, view.uri)
    return draw("canonical.html", chrome, view.name, told, jsonld.canonical(view, chrome), it=view, pages=pages)


def canonicals_page(view: CanonicalsView, chrome: Chrome) -> str:
    """Return a page of the list of capabilities that several artifacts have."""
    told = "What several artifacts can do."
    return draw("canonicals.html", chrome, "Shared capabilities", told, "", it=view, pages=chrome.links.canonicals)


def list_page(view: ListView, chrome: Chrome) -> str:
    """Return a page of entries: those of a letter, or those of a type."""
    title = (
        saying.TYPES.get(view.type, view.type)
        if view.type
        else "All names"
        if view.letter == "all"
        else f"Names: {_letter(view.letter)}"
    )
    told = f"{view.paged.total:,} AI artifacts with what they can do."
    head = jsonld.listing(title, view.lines, chrome)
    pages = partial(chrome.links.kind, view.type) if view.type else partial(chrome.links.names, view.letter or "")
    return draw(
        "list.html", chrome, title, told, head, it=view, title_of=title, all_letters=LETTERS, pages=pages
    )  # fmt: skip


def start_page(view: StartView, chrome: Chrome) -> str:
    """Return the front of the catalog."""
    told = "What AI artifacts can do, each sentence with the lines of the source that say so."
    head = jsonld.start(view, chrome)
    return draw("start.html", chrome, "", told, head, it=view, searching=searching, all_letters=LETTERS)


def about_page(view: StartView, chrome: Chrome) -> str:
    """Return the page that says how to read the others."""
    told = "What the verdicts, ranks and comparisons of this catalog mean."
    return draw("about.html", chrome, "How to read this catalog", told, "", it=view, rule=pairing.RULE)


def sentence_page(title: str, sentence: str, chrome: Chrome) -> str:
    """Return a page that says in a sentence why there is no other, and leads to the catalog and its search."""
    return draw("sentence.html", chrome, title, sentence, "", sentence=sentence, searching=searching)


def search_page(chrome: Chrome) -> str:
    """Return the page that searches the files of the site; it alone has a script."""
    return draw("search.html", chrome, "Search", "Search this catalog.", "", searching=searching, scripts=_SCRIPTED)


@cache
def style() -> str:
    """Return the one stylesheet."""
    return (_TEMPLATES / "site" / "site.css").read_text(encoding="utf-8")


def letter_of(name: str) -> str:
    """Return the letter under which a name is listed: `A` to `Z`, `0-9`, or `other`."""
    from unicodedata import normalize

    first = normalize("NFKD", name.strip()[:1])[:1].upper()
    return first if "A" <= first <= "Z" else "0-9" if first.isdecimal() and first.isascii() else "other"


def draw(template: str, chrome: Chrome, title: str, told: str, head: str, **values: Any) -> str:
    """Return a page by a template of this package; `told` says in a sentence what it holds, `head` is for its head."""
    shown = {"title": title, "told": one_line(told, limit=_LONGEST_TOLD), "head": "" if chrome.live else head}
    drawn: str = (
        _environment().get_template(f"site/{template}").render(chrome=chrome, link=chrome.links, **shown, **values)
    )
    return drawn


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.filters |= {
        "seen": display_safe,
        "line": one_line,
        "count": _count,
        "letter": _letter,
        "name": _named,
        "called": called,
    }
    made.globals |= {"links": links, "saying": saying, "scripts": ""}
    return made


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _letter(letter: str | None) -> str:
    return {"other": "#", "all": "all", None: ""}.get(letter, letter or "")


def _named(text: str) -> Markup:
    """Return a name on one line, safe; one without anything to see is said so."""
    return Markup(article.name(text))  # noqa: S704 (it is escaped)


def _told(view: EntryView) -> str:
    artifact, count = view.entry.artifact, len(view.entry.capabilities)
    said = next(filter(None, map(saying.first_said, view.entry.capabilities)), "")
    return f"{artifact.name}: {_count(count, 'capability', 'capabilities')} with evidence. {said}"
