"""Set up reviews for tests: a catalog in a SQLite file with entries in it, and desks over it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from decomposer.ports import Catalog, Queued, Reviews, Wanted
from decomposer.records import (
    Artifact,
    Capability,
    Document,
    Entry,
    Evidence,
    Provenance,
    Run,
    Source,
    SourceDocument,
    SourceKind,
    Statement,
)
from decomposer.review import Desk
from decomposer.review.desk import Means
from decomposer.segment import units_of
from decomposer.settings import Settings
from decomposer.store.catalog import SqlCatalog
from decomposer.store.engine import open_database
from decomposer.store.reviews import SqlReviews
from decomposer.support import check
from decomposer.wiring import Workspace
from tests.making import document

BATCHES = count(1)
SAMPLES = Path(__file__).parents[1] / "samples"
TEXT = """# Lynx

Lynx finds pictures by what they show. It reads text in images. It sorts folders by date.

Every move is written to a journal. A dry run prints what would be moved. Plugins add formats with one class.
"""
FINDS = "Lynx finds pictures by what they show."
READS = "It reads text in images."
SORTS = "It sorts folders by date."
JOURNAL = "Every move is written to a journal."
DRY_RUN = "A dry run prints what would be moved."
PLUGINS = "Plugins add formats with one class."
INVENTED = "It beats all 17 rivals of Pumatron at chess."


@dataclass(frozen=True)
class Bench:
    """A catalog, its decisions, and what a desk over them needs."""

    catalog: Catalog
    reviews: Reviews
    path: Path

    def desk(self, reviewer: str = "ann", *, overlap: float = 0.0, **wanted: Any) -> Desk:
        """Return the desk of a reviewer; times go up by a second with every question."""
        means = Means(
            clock=ticking(reviewer),
            new_batch=lambda: f"{reviewer}-{next(BATCHES)}",
            read=self.read,
            overlap=overlap,
        )
        return Desk(self.reviews, self.catalog, reviewer=reviewer, means=means, wanted=Wanted(**wanted))

    def read(self, source: SourceDocument) -> Document | None:
        text = self.catalog.text(source.sha256)
        return None if text is None else Document(source.uri, text, source.media_type, source.sha256)

    def add(self, *records: Capability, slug: str = "lynx", text: str = TEXT) -> Entry:
        """Store an entry of these records as it was drafted, with its document."""
        source = source_of(slug, text)
        return self.catalog.revise(source, lambda previous, _: entry_of(source, *records))

    def entry(self, slug: str = "lynx") -> Entry:
        found = self.catalog.find(slug)
        assert found is not None
        return found

    def one(self, identity: str) -> Capability:
        return next(one for one in self.entry(identity.partition("/")[0]).capabilities if one.id == identity)

    def queued(self, identity: str) -> Queued:
        (found,) = self.reviews.find([identity])
        return found


def ticking(_who: str) -> Any:
    seconds = count(0)

    def clock() -> str:
        at = next(seconds)
        return f"2026-11-21T{10 + at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}+00:00"

    return clock


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """Give an empty catalog in a file of a folder, and close it."""
    engine = open_database(str(folder / "catalog.db"))
    yield Bench(SqlCatalog(engine), SqlReviews(engine), folder / "catalog.db")
    engine.dispose()


@contextmanager
def drafted(folder: Path, *samples: str) -> Iterator[tuple[Workspace, Bench]]:
    """Give a workspace with entries drafted from samples without a model, and what is needed to review them."""
    with Workspace(Settings(db=str(folder / "catalog.db"), model="extractive", actor="ann")) as workspace:
        for name in samples:
            workspace.draft(workspace.load(str(SAMPLES / name)), save=True)
        yield workspace, Bench(workspace.catalog, workspace.reviews, folder / "catalog.db")


def source_of(slug: str = "lynx", text: str = TEXT) -> Source:
    artifact = Artifact(slug=slug, name="Lynx", type="repo", source=f"gh:acme/{slug}")
    return Source(artifact, (document(text, uri=f"{slug}/README.md"),))


def entry_of(source: Source, *records: Capability) -> Entry:
    slug = source.artifact.slug
    return Entry(
        artifact=source.artifact,
        documents=tuple(map(SourceDocument.of, source.documents)),
        source_kind=SourceKind(kind="software", reason="it says so"),
        capabilities=tuple(under(slug, one) for one in records),
        run=Run(model="m", prompt="v1"),
    )


def under(slug: str, one: Capability) -> Capability:
    parts = tuple(under(slug, part) for part in one.merged)
    return one.model_copy(update={"id": f"{slug}/{one.id.rpartition('/')[2]}", "merged": parts})


def a_record(name: str, text: str | None = FINDS, *, of: str = TEXT, **fields: str) -> Capability:
    """Return a record that says `text` of its description, checked against the lines of a document that say it."""
    said = {"description": text, **fields}
    bare = Capability(
        id=f"lynx/{'-'.join(name.lower().split())}",
        name=name,
        category="other",
        provenance=Provenance(model="m", prompt="v1"),
        **{field: statement(one, of) for field, one in said.items() if one is not None},  # type: ignore[arg-type]
    )
    made = document(of)
    return check(bare, made, units_of(made))


def statement(text: str, of: str = TEXT) -> Statement:
    made = document(of)
    found = [unit for unit in units_of(made) if unit.kind == "sentence" and of[unit.start : unit.end] in text]
    spans = (Evidence(document=0, start=u.start, end=u.end, quote=of[u.start : u.end], how="cited") for u in found)
    return Statement(text=text, evidence=tuple(spans))


def joined(first: Capability, *others: Capability) -> Capability:
    """Return a record that a draft made of several, each of which keeps its id."""
    names = tuple(sorted(one.name for one in (first, *others)))
    provenance = first.provenance.model_copy(update={"merged_from": names})
    return first.model_copy(update={"merged": (first, *others), "provenance": provenance})


def ids(entry: Entry) -> list[str]:
    return [one.id.rpartition("/")[2] for one in entry.capabilities]


def texts(records: Sequence[Capability]) -> list[str | None]:
    return [one.description.text if one.description else None for one in records]
