"""Write the pages of a site as JSON, each file by a JSON Schema that lies beside them, so that programs can rely on it.

An entry's file holds what its rank follows from, and `norms.json` what is usual in the catalog: whoever has both can
work the points out again.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

from decomposer.publish.files import json_text
from decomposer.publish.site import links
from decomposer.publish.site.compared import compared as told
from decomposer.publish.site.compared import side
from decomposer.publish.site.shapes import (
    SHAPES,
    ArtifactLine,
    RecordLine,
    SiteArtifacts,
    SiteCapabilities,
    SiteCapability,
    SiteCategory,
    SiteComparison,
    SiteEntry,
    SiteFile,
    SiteIndex,
    SiteNorms,
    schema,
)
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
    Shared,
    StartView,
)
from decomposer.records import Norms

ROOT = "api/v1/"
INDEX, NORMS = f"{ROOT}index.json", f"{ROOT}norms.json"
_Held = dict[str, Any]
"""What a record of `shapes` is made from: all of a file are checked at once."""
_RECORD = [name for name in RecordLine.model_fields if name != "artifact"]
_ARTIFACT = [name for name in ArtifactLine.model_fields if name != "entry"]
_NAMES = {shape: name for name, shape in SHAPES.items()}


def place(page: str) -> str:
    """Return the JSON file of a page: `api/v1/entries/clip.json` of `entries/clip.html`."""
    return f"{ROOT}{page.removesuffix('.html')}.json"


@cache
def fixed() -> dict[str, str]:
    """Return the text of each JSON Schema by its file."""
    return {f"{ROOT}schemas/{name}.schema.json": schema(shape) for name, shape in SHAPES.items()}


def entry(view: EntryView) -> str:
    """Return the file of an entry."""
    at = _At(links.entry(view.entry.artifact.slug))
    own = view.entry.artifact.slug
    told = {
        "entry": view.entry,
        "facts": view.facts,
        "measured": view.measured,
        "rank": view.rank,
        "uris": {id_: one.uri for id_, one in view.shared.items()},
        "shared": {id_: at.artifacts(one.others) for id_, one in view.shared.items() if one.others},
        "times_matched": None if view.times is None else dict(view.times),
        "compared": {other.slug: at.file(links.compared(own, other.slug)) for other in view.compared},
    }
    return at.text(SiteEntry, told)


def compared(view: CompareView) -> str:
    """Return the file of a comparison."""
    a, b = view.comparison.a, view.comparison.b
    at = _At(links.compared(a.artifact.slug, b.artifact.slug))
    sides = {"a": side(a, at.entry(a.artifact.slug)), "b": side(b, at.entry(b.artifact.slug))}
    return at.text(SiteComparison, sides | told(view.comparison))


def canonical(view: CanonicalView) -> str:
    """Return the file of a page of a canonical capability."""
    at = _At(links.canonical(view.uri, view.paged.number))
    by = view.defined_by
    told = {
        **{name: getattr(view, name) for name in ("uri", "name", "category", "artifacts")},
        "definition": view.definition or None,
        "defined_by": at.artifact(by.slug, by.name) if by else None,
        "aliases": list(view.aliases),
        "members": [at.record(line) for line in view.members],
        "broader": at.canonicals(view.broader),
        "narrower": at.canonicals(view.narrower),
    }
    return at.text(SiteCapability, told | at.paged(view.paged, lambda number: links.canonical(view.uri, number)))


def canonicals(view: CanonicalsView) -> str:
    """Return the file of a page of the list of canonical capabilities."""
    at = _At(links.canonicals(view.paged.number))
    told = {"capabilities": at.canonicals(view.lines)}
    return at.text(SiteCapabilities, told | at.paged(view.paged, links.canonicals))


def category(view: CategoryView) -> str:
    """Return the file of a page of a category."""
    at = _At(links.category(view.category, view.paged.number))
    told = {"category": view.category, "records": [at.record(line) for line in view.lines]}
    return at.text(SiteCategory, told | at.paged(view.paged, lambda number: links.category(view.category, number)))


def listing(view: ListView) -> str:
    """Return the file of a page of the entries of a type or a letter."""

    def page(number: int) -> str:
        return links.kind(view.type, number) if view.type else links.names(view.letter or "", number)

    at = _At(page(view.paged.number))
    told = {"type": view.type, "letter": view.letter, "artifacts": [at.line(line) for line in view.lines]}
    return at.text(SiteArtifacts, told | at.paged(view.paged, page))


def start(view: StartView) -> str:
    """Return the file that says where everything is."""
    at, held = _At(links.START), view.coverage
    told = {
        "as_of": view.as_of,
        **{name: getattr(held, name) for name in ("entries", "capabilities", "accepted")},
        "sentences": dict(held.sentences),
        "types": _lists(view.types, links.kind, at),
        "categories": _lists(view.categories, links.category, at),
        "shared": at.file(links.canonicals()) if held.shared else None,
        "best": [at.line(line) for line in view.best],
        "norms": "norms.json",
    }
    return at.text(SiteIndex, told)


def norms(usual: Norms) -> str:
    """Return the file of what is usual, by which ranks can be worked out again."""
    return _At("norms.html", page=links.ABOUT).text(SiteNorms, {"norms": usual})


def _lists(counts: Mapping[str, int], page: Callable[[str], str], at: "_At") -> dict[str, _Held]:
    return {name: {"count": count, "first": at.file(page(name))} for name, count in counts.items()}


class _At:
    """The file of a page, and how it names other files: relative, so that the folder can be put anywhere."""

    def __init__(self, here: str, *, page: str = "") -> None:
        self._up = "../" * here.count("/")
        self._page = f"{self._up}../../{quote(page or here)}"

    def text(self, shape: type[SiteFile], told: dict[str, Any]) -> str:
        """Return the whole file."""
        known = {"$schema": f"{self._up}schemas/{_NAMES[shape]}.schema.json", "page": self._page}
        return json_text(shape.model_validate(known | told), indent=None)

    def file(self, page: str) -> str:
        """Return the link to the file of another page."""
        return self._up + quote(place(page).removeprefix(ROOT))

    def entry(self, slug: str) -> str:
        """Return the link to the file of an entry."""
        return self.file(links.entry(slug))

    def artifact(self, slug: str, name: str) -> _Held:
        """Return an artifact with the link to its entry."""
        return {"slug": slug, "name": name, "entry": self.entry(slug)}

    def artifacts(self, named: Iterable[Named]) -> list[_Held]:
        """Return artifacts with the links to their entries."""
        return [self.artifact(one.slug, one.name) for one in named]

    def canonicals(self, shared: Iterable[Shared]) -> list[_Held]:
        """Return canonical capabilities, with links to those that have a file."""
        return [
            {
                "uri": one.uri, "name": one.name, "artifacts": one.artifacts,
                "capability": self.file(links.canonical(one.uri)) if one.artifacts > 1 else None,
            }
            for one in shared
        ]  # fmt: skip

    def record(self, line: CapabilityLine) -> _Held:
        """Return a record of a list, with the link to its entry."""
        return {name: getattr(line, name) for name in _RECORD} | {"artifact": self.artifact(line.entry, line.artifact)}

    def line(self, line: EntryLine) -> _Held:
        """Return an entry of a list, with the link to it."""
        return {name: getattr(line, name) for name in _ARTIFACT} | {"entry": self.entry(line.slug)}

    def paged(self, paged: Paged, page: Callable[[int], str]) -> dict[str, Any]:
        """Return which page of a list it is, and the link to the next."""
        following = self.file(page(paged.number + 1)) if paged.number < paged.of else None
        return {"number": paged.number, "of": paged.of, "total": paged.total, "next": following}
