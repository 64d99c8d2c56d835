"""Say where the pages of a site are: the file of each, and how one is linked to from another."""

from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

from decomposer.publish.files import file_name

START, ABOUT, SEARCH, CATEGORIES, STYLE = "index.html", "about.html", "search.html", "categories/index.html", "site.css"

_REMEMBERED = 8192


@lru_cache(_REMEMBERED)
def entry(slug: str, suffix: str = "html") -> str:
    """Return the file of an entry's page, such as `entries/clip.html`."""
    return f"entries/{file_name(slug, suffix)}"


def entry_page(slug: str, page: int) -> str:
    """Return the file of a page of an entry: `entries/clip.html`, and `entries/more/clip-2.html` for its second."""
    if page == 1:
        return entry(slug)
    return f"entries/more/{_numbered(file_name(slug, 'html').removesuffix('.html'), page)}.html"


def compared(a: str, b: str, suffix: str = "html") -> str:
    """Return the file of a comparison, the same whichever is named first: `compare/a-vs-b.html`."""
    a, b = sorted((a, b))
    stem = f"{a}-vs-{b}"
    if "-vs-" in a or "-vs-" in b or len(stem) > 80:  # else another pair could read the same
        stem = f"{stem[:60]} {sha256(repr((a, b)).encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
    return f"compare/{file_name(stem, suffix)}"


def category(name: str, page: int = 1, suffix: str = "html") -> str:
    """Return the file of a page of a category, such as `categories/image.visual-2.html`."""
    return f"categories/{_numbered(name, page)}.{suffix}"


@lru_cache(_REMEMBERED)
def canonical(uri: str, page: int = 1, suffix: str = "html") -> str:
    """Return the file of a canonical capability, such as `capabilities/search.retrieval_hybrid-search.html`."""
    rest = uri.removeprefix("capability://")
    clear = "_" not in rest and "--" not in rest  # else another address could read the same: it gets a digest
    name = file_name(rest.replace("/", "_", 1) if clear else f"{rest} ", suffix)
    return f"capabilities/{_numbered(name.removesuffix(f'.{suffix}'), page, '--')}.{suffix}"


def canonicals(page: int = 1, suffix: str = "html") -> str:
    """Return the file of a page of the list of canonical capabilities."""
    return f"capabilities/{_numbered('index', page)}.{suffix}"


def kind(name: str, page: int = 1, suffix: str = "html") -> str:
    """Return the file of a page of the entries of a type, such as `types/model.html`."""
    return f"types/{_numbered(name, page)}.{suffix}"


def names(letter: str, page: int = 1, suffix: str = "html") -> str:
    """Return the file of a page of the entries of a letter, such as `names/a.html`."""
    return f"names/{_numbered(letter.lower(), page)}.{suffix}"


def mirror(place: str) -> str:
    """Return the file of the Markdown of a page: beside it, with another ending."""
    return f"{place.removesuffix('.html')}.md"


@lru_cache(_REMEMBERED)
def anchor(capability: str, entry: str) -> str:
    """Return the anchor of a record on the page of its entry: its id less the slug, made safe for an address."""
    own = capability.removeprefix(f"{entry}/")
    if own and own.isascii() and own.replace("-", "").replace("_", "").isalnum():
        return f"c-{own}"
    return f"c-{sha256(own.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Links:
    """How pages are linked to from one of them: relative, so that the folder can be put anywhere.

    Those who show the pages at other addresses make a class of their own with these methods.
    """

    root: str = ""

    def of(self, place: str) -> "Links":
        """Return the links of the page that is the file `place`."""
        return replace(self, root="../" * place.count("/"))

    def file(self, place: str) -> str:
        """Return the link to a file of the site."""
        return self.root + _quoted(place)

    def entry(self, slug: str, capability: str = "", page: int = 1) -> str:
        """Return the link to an entry, or to one of its records; `page` is that on which it is."""
        return self.file(entry_page(slug, page)) + (f"#{anchor(capability, slug)}" if capability else "")

    def compared(self, a: str, b: str) -> str:
        """Return the link to a comparison."""
        return self.file(compared(a, b))

    def category(self, name: str, page: int = 1) -> str:
        """Return the link to a page of a category."""
        return self.file(category(name, page))

    def canonical(self, uri: str, page: int = 1) -> str:
        """Return the link to a canonical capability."""
        return self.file(canonical(uri, page))

    def canonicals(self, page: int = 1) -> str:
        """Return the link to a page of the list of canonical capabilities."""
        return self.file(canonicals(page))

    def kind(self, name: str, page: int = 1) -> str:
        """Return the link to a page of the entries of a type."""
        return self.file(kind(name, page))

    def names(self, letter: str, page: int = 1) -> str:
        """Return the link to a page of the entries of a letter."""
        return self.file(names(letter, page))


@lru_cache(_REMEMBERED)
def _quoted(place: str) -> str:
    return quote(place)


def _numbered(name: str, page: int, between: str = "-") -> str:
    return name if page == 1 else f"{name}{between}{page}"
