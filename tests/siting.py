"""Publish sites for tests: of a catalog in a file, with what its entries share."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from decomposer.ports import Exported, Site
from decomposer.records import Entry, Evidence, Sentence, Statement, Support
from decomposer.settings import read_settings
from decomposer.wiring import Workspace
from decomposer.wiring.exporting import export
from tests.publishing import capability, entry

SHARED = {
    "Hybrid search": "Searches documents by keywords and by vectors in one query.",
    "Speech recognition": "Turns recordings of speech into text with timestamps for every word.",
    "Invoice reading": "Reads invoices and writes the fields of each as one JSON object.",
}


def evidence(quote: str, start: int = 0) -> Evidence:
    return Evidence(document=0, start=start, end=start + len(quote), quote=quote, how="cited")


def said(*sentences: tuple[str, Support], quote: str = "It does so.", **fields: Any) -> Statement:
    """Return a statement of sentences, all with one quote but those without support."""
    text, found = " ".join(one for one, _ in sentences), []
    at = 0
    for one, support in sentences:
        spans = () if support == "unsupported" else (evidence(quote),)
        found.append(Sentence(start=at, end=at + len(one), support=support, reason="as judged", evidence=spans))
        at += len(one) + 1
    return Statement(text=text, support="supported", evidence=(evidence(quote),), sentences=tuple(found), **fields)


def alike(slug: str, *names: str, **fields: Any) -> Entry:
    """Return an entry with those of the shared capabilities, and one of its own."""
    own = capability(f"Only {slug}", id=f"{slug}/own", description=said((f"It has {slug} inside.", "supported")))
    records = [
        capability(name, id=f"{slug}/{number}", description=said((SHARED[name], "supported")), state="accepted")
        for number, name in enumerate(names)
    ]
    return apart(entry(*records, own, slug=slug, **{"name": slug.title(), "source": f"gh:acme/{slug}", **fields}))


def apart(one: Entry) -> Entry:
    """Return an entry whose document no other has."""
    document = one.documents[0].model_copy(update={"uri": f"{one.artifact.slug}/README.md"})
    return one.model_copy(update={"documents": (document,)})


class Published:
    """A catalog in a file, and the site that is made of it."""

    def __init__(self, folder: Path, *entries: Entry) -> None:
        self.file = folder / "catalog.db"
        self.site = folder / "site"
        self.put(*entries)

    def put(self, *entries: Entry) -> None:
        with self.workspace() as workspace:
            for one in entries:
                workspace.catalog.take(one, lambda previous, slug, one=one: one)  # type: ignore[misc]

    def workspace(self) -> Workspace:
        return Workspace(read_settings({"db": str(self.file)}, environ={}, folder=self.file.parent))

    def export(self, folder: Path | None = None, **options: Any) -> Exported:
        with self.workspace() as workspace:
            return export(workspace, "html", folder or self.site, **{"site": Site(), **options})

    def page(self, place: str) -> str:
        return (self.site / place).read_text(encoding="utf-8")


def written(done: Exported, folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in done.written}


def files(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder but what the exporter remembers."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".decomposer"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


class Looked(HTMLParser):
    """What a page holds: its elements with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def links(self) -> list[str]:
        return [known["href"] for tag, known in self.elements if tag == "a" and "href" in known]

    def ids(self) -> list[str]:
        return [known["id"] for _, known in self.elements if "id" in known]
