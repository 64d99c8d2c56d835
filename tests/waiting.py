"""Records that wait for a decision, in a catalog on disk, and a reviewer's desk over them."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine

from decomposer.ports import Change
from decomposer.records import (
    Artifact,
    Capability,
    Entry,
    Evidence,
    Flag,
    Note,
    Provenance,
    Run,
    Sentence,
    Source,
    SourceDocument,
    SourceKind,
    Statement,
    Support,
    Twin,
)
from decomposer.review import Desk
from decomposer.settings import Settings
from decomposer.store.catalog import SqlCatalog
from decomposer.store.engine import open_database
from decomposer.wiring import Workspace
from decomposer.wiring.reviewing import desk as open_desk
from tests.making import document

TEXT = """# Clip

Finds images that match a text.
It is small.
It is faster than Brindle.

## More

Finds pictures by words.
Draws maps.
"""
FINDS, SMALL, FASTER, TWIN, MAPS = (
    "Finds images that match a text.", "It is small.", "It is faster than Brindle.", "Finds pictures by words.",
    "Draws maps.",
)  # fmt: skip


def said(claim: str, support: Support = "supported", *, text: str = TEXT, flags: Sequence[Flag] = ()) -> Statement:
    """Return a statement of one sentence; whatever is not unsupported stands in the text word for word."""
    evidence: tuple[Evidence, ...] = ()
    if support != "unsupported":
        start = text.index(claim)
        evidence = (Evidence(document=0, start=start, end=start + len(claim), quote=claim, how="cited"),)
    reason = "" if support == "supported" else "no line says so"
    sentence = Sentence(start=0, end=len(claim), support=support, reason=reason, evidence=evidence)
    return Statement(text=claim, support=support, evidence=evidence, flags=tuple(flags), sentences=(sentence,))


def record(slug: str, name: str, **fields: object) -> Capability:
    """Return a record of the entry `slug`, its id ending in its name."""
    base = {"id": f"{slug}/{name.replace(' ', '-')}", "name": name, "category": "search.retrieval"}
    return Capability.model_validate(base | {"provenance": Provenance(model="m", prompt="v2")} | fields)


def clip(slug: str = "clip") -> Entry:
    """Return an entry of three records: one with a comparison that is not borne out, its twin, and one that passes."""
    image = record(
        slug, "image search", description=said(FINDS), unique=said(SMALL, "vendor_claim"),
        vs_alternatives=said("It beats everybody.", "unsupported"), intents=(Note(text="find images"),),
    )  # fmt: skip
    pictures = record(slug, "picture search", description=said(TWIN))
    maps = record(slug, "maps", description=said(MAPS))
    twin = Twin(a=image.id, b=pictures.id, score=0.8, reasons=("both find pictures",))
    return entry(slug, image, pictures, maps, twins=(twin,))


def entry(slug: str, *records: Capability, text: str = TEXT, twins: Sequence[Twin] = ()) -> Entry:
    """Return an entry with these records, drafted from one document."""
    read = document(text, uri=f"{slug}/README.md")
    return Entry(
        artifact=Artifact(slug=slug, name=slug.title(), type="repo", source=slug),
        documents=(SourceDocument.of(read),), source_kind=SourceKind(kind="software", reason="it installs"),
        capabilities=records, run=Run(model="m", prompt="v2"), twins=tuple(twins),
    )  # fmt: skip


def stored(file: Path, *entries: Entry, text: str = TEXT) -> Engine:
    """Return a catalog that holds the entries and the text that they were drafted from."""
    engine = open_database(file)
    for one in entries:
        read = document(text, uri=f"{one.artifact.slug}/README.md")
        SqlCatalog(engine).revise(Source(one.artifact, (read,)), _always(one))
    return engine


def _always(held: Entry) -> Change:
    return lambda previous, slug: held


def desk(file: Path, *, reviewer: str = "ann", query: str = "", order: str = "entry") -> Desk:
    """Return a reviewer's desk over the catalog."""
    workspace = Workspace(Settings(db=str(file), actor=reviewer))
    return open_desk(workspace, query=query, order=order)  # type: ignore[arg-type]


def states(file: Path) -> dict[str, str]:
    """Return the state of every record, by the end of its id."""
    with Workspace(Settings(db=str(file))) as workspace:
        found = [one for held in workspace.catalog.entries() for one in held.capabilities]
    return {one.id.partition("/")[2]: one.state for one in found}
