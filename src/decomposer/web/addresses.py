"""Say where the pages of the catalog are while a server shows them."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from urllib.parse import urlencode

from decomposer.publish.site import drawing, links

_FILES = {
    links.START: "/catalog", links.ABOUT: "/catalog/about", links.SEARCH: "/catalog/search",
    links.CATEGORIES: "/catalog/categories",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LiveLinks(links.Links):
    """Where the pages are while a server shows them."""

    def of(self, place: str) -> "LiveLinks":
        """Return the links of any page: they are the same from everywhere."""
        return self

    def file(self, place: str) -> str:
        """Return the link to one of the files that a server has pages for."""
        return _style() if place == links.STYLE else _FILES.get(place, f"/catalog?{urlencode({'file': place})}")

    def entry(self, slug: str, capability: str = "", page: int = 1) -> str:
        """Return the link to an entry, or to one of its records: a server shows them all on one page."""
        return _at("entry", slug=slug) + (f"#{links.anchor(capability, slug)}" if capability else "")

    def compared(self, a: str, b: str) -> str:
        """Return the link to a comparison."""
        return _at("compare", a=a, b=b)

    def category(self, name: str, page: int = 1) -> str:
        """Return the link to a page of a category."""
        return _at("category", page, name=name)

    def canonical(self, uri: str, page: int = 1) -> str:
        """Return the link to a canonical capability."""
        return _at("capability", page, uri=uri)

    def canonicals(self, page: int = 1) -> str:
        """Return the link to a page of the list of canonical capabilities."""
        return _at("capabilities", page)

    def kind(self, name: str, page: int = 1) -> str:
        """Return the link to a page of the entries of a type."""
        return _at("list", page, type=name)

    def names(self, letter: str, page: int = 1) -> str:
        """Return the link to a page of the entries of a letter."""
        return _at("list", page, letter=letter)

    def review(self, capability: str) -> str:
        """Return the link to the review of a record."""
        return f"/record?{urlencode({'id': capability}, errors='replace')}"


def _at(page: str, number: int = 1, **values: str) -> str:
    given: dict[str, str | int] = {**values, **({"page": number} if number > 1 else {})}
    return f"/catalog/{page}?{urlencode(given, errors='replace')}" if given else f"/catalog/{page}"


@cache
def _style() -> str:
    return f"/catalog/static/{sha256(drawing.style().encode()).hexdigest()[:16]}/site.css"
