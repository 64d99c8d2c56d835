"""Make a catalog for the benchmark of the site: whole entries through the store, and the registry's tables filled.

Entries come in families of three. Of twelve capabilities an artifact shares three with its family, two with about a
hundred others, and has seven for itself. Bringing so many records into the registry takes many minutes, so its tables
are filled with what is planted: which records are one capability. What is published reads these tables alone.
"""

import random
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Connection, Engine, Float, Integer, Table, delete, insert, text

from benchmarks.catalogs import Planted, catalog
from decomposer.records import (
    Artifact,
    ArtifactType,
    Capability,
    Document,
    Entry,
    Evidence,
    Note,
    Provenance,
    Run,
    Sentence,
    Source,
    SourceDocument,
    SourceKind,
    Statement,
)
from decomposer.registry import Views
from decomposer.store.catalog import SqlCatalog
from decomposer.store.engine import open_database, writing
from decomposer.store.registry_tables import canonicals, likenesses, members, texts
from decomposer.store.review_tables import due

FAMILY, OWN, SHARED, COMMON = 3, 7, 3, 2
RECORDS = OWN + SHARED + COMMON
_TYPES: tuple[ArtifactType, ...] = ("model", "repo", "mcp", "framework", "agent", "dataset", "cli", "finetune")
_CATEGORIES = (
    "tool.use.integration", "search.retrieval", "data.processing.analysis", "automation.workflow", "image.visual",
    "code.generation.editing", "memory.knowledge", "text.generation.language", "audio.speech", "model.training",
)  # fmt: skip
_BLOCK = 500

Meant = tuple[int, Planted]
"""A record that is planted, by the number of its capability."""


def site_catalog(file: Path, *, entries: int) -> Engine:
    """Return a new catalog of so many entries, with what they share."""
    engine = open_database(file)
    store = SqlCatalog(engine)
    shared: dict[int, list[tuple[str, str]]] = {}
    wording: dict[int, Planted] = {}
    for slug, meant in _meant(entries):
        made, document = entry(slug, meant)
        store.revise(Source(made.artifact, (document,)), lambda previous, taken, made=made: made)  # type: ignore[misc]
        for one, (number, planted) in zip(made.capabilities, meant, strict=True):
            shared.setdefault(number, []).append((slug, one.id))
            wording.setdefault(number, planted)
    with writing(engine) as connection:
        _register(connection, shared, wording)
        connection.execute(delete(due))
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    return engine


def entry(slug: str, meant: list[Meant]) -> tuple[Entry, Document]:
    """Return an entry with planted capabilities, and the document that says so."""
    chance = random.Random(slug)
    name = meant[0][1].artifact
    lines = [f"# {name}", ""]
    for _, planted in meant:
        lines += [f"## {planted.name}", "", planted.description, "", f"Needs {chance.randint(1, 64)} GB of memory.", ""]
        lines += [f"It is the fastest way to {planted.name.lower()}.", "", f"For {planted.name.lower()} at scale.", ""]
    body = "\n".join(lines)
    read = Document(
        uri=f"https://example.org/{slug}/README.md", text=body, media_type="text/markdown",
        sha256=sha256(body.encode()).hexdigest(),
    )  # fmt: skip
    artifact = Artifact(
        slug=slug, name=name, type=chance.choice(_TYPES), source=f"gh:acme/{slug}", license="apache-2.0",
        stars=chance.randint(1, 90_000), updated=f"2026-{chance.randint(1, 11):02}-{chance.randint(1, 28):02}",
        repository=f"https://example.org/{slug}", maintainer="acme",
    )  # fmt: skip
    return Entry(
        artifact=artifact,
        documents=(SourceDocument.of(read),),
        source_kind=SourceKind(kind="software", reason="It has headings for what it does and what it needs."),
        capabilities=tuple(_record(slug, at, number, planted, body) for at, (number, planted) in enumerate(meant)),
        run=Run(model="planted", prompt="planted"),
    ), read


def _record(slug: str, at: int, number: int, planted: Planted, body: str) -> Capability:
    start = body.index(f"## {planted.name}\n")
    praise = f"It is the fastest way to {planted.name.lower()}."
    scale = f"For {planted.name.lower()} at scale."
    needs = next(line for line in body[start:].splitlines() if line.startswith("Needs"))
    return Capability(
        id=f"{slug}/{at}-{'-'.join(planted.name.lower().split()[:4])}",
        name=planted.name,
        category=_CATEGORIES[number % len(_CATEGORIES)],  # type: ignore[arg-type]
        description=_said(planted.description, body, start),
        unique=_said(praise, body, start, "vendor_claim"),
        intents=(Note(text=f"I need to {planted.name.lower()}", evidence=(_span(scale, body, start),)),),
        best_for=(Note(text=scale[4:-1], evidence=(_span(scale, body, start),)),),
        requires=(Note(text=needs[6:-1], evidence=(_span(needs, body, start),)),),
        state="accepted" if number % 3 else "proposed",
        provenance=Provenance(model="planted", prompt="planted"),
    )


def _said(claim: str, body: str, start: int, support: Any = "supported") -> Statement:
    sentences, place = [], 0
    for part in claim.split(". "):
        end = min(place + len(part) + 1, len(claim))
        span = _span(claim[place:end].strip(), body, start)
        reason = "" if support == "supported" else "praise that the source makes of itself: fastest"
        sentences.append(Sentence(start=place, end=end, support=support, reason=reason, evidence=(span,)))
        place = end + 1
    spans = tuple(span for one in sentences for span in one.evidence)
    return Statement(text=claim, support=support, evidence=spans, sentences=tuple(sentences))


def _span(claim: str, body: str, start: int) -> Evidence:
    found = body.index(claim, start)
    return Evidence(document=0, start=found, end=found + len(claim), quote=claim, how="cited")


# --- what is shared


def _meant(entries: int) -> Iterator[tuple[str, list[Meant]]]:
    """Yield the slug of each entry with its capabilities by number."""
    chance = random.Random(7)
    common = max(2, entries * COMMON // 100)
    families = -(-entries // FAMILY)
    wanted = common + families * SHARED + entries * OWN
    planted = iter(catalog(wanted, seed=3).records())
    numbers = iter(range(1, wanted + 1))

    def taken(count: int) -> list[Meant]:
        return [(next(numbers), one) for one in islice(planted, count)]

    popular = taken(common)
    for at in range(entries):
        if at % FAMILY == 0:
            family = taken(SHARED)
        own = taken(OWN)
        yield f"{'-'.join(own[0][1].artifact.lower().split())[:40]}-{at:05}", [
            *own, *family, *chance.sample(popular, COMMON)
        ]  # fmt: skip


def _register(connection: Connection, shared: dict[int, list[tuple[str, str]]], wording: dict[int, Planted]) -> None:
    recipe, record = Views().recipe, 0
    rows: dict[Table, list[dict[str, Any]]] = {texts: [], canonicals: [], members: [], likenesses: []}
    for number, having in sorted(shared.items()):
        planted, first = wording[number], record + 1
        category = _CATEGORIES[number % len(_CATEGORIES)]
        uri = f"capability://{category}.{'.'.join(planted.name.lower().split())}.{number}"
        known = {"number": number, "uri": uri, "name": planted.name, "category": category, "support": "supported"}
        counts = {"artifacts": len(having), "members": len(having)}
        told = {"definition": planted.description, "defined_in": having[0][0], "defined_by": having[0][1]}
        rows[canonicals].append(_row(canonicals, **known, **counts, **told))
        for slug, identity in having:
            record += 1
            same = {"number": record, "entry": slug}
            named = {"id": identity, "name": planted.name, "called": planted.name, "category": category}
            rows[texts].append(_row(texts, **same, **named, recipe=recipe, support="supported"))
            rows[members].append(_row(members, **same, canonical=number, sample=record, standing=record % 4))
        for other in range(first, min(record, first + 8)):  # each is compared with the core of its capability
            judged: dict[str, Any] = {"verdict": "same", "score": 0.9, "decided_by": "rule"}
            rows[likenesses] += [
                _row(likenesses, a=other, b=one, reasons="the names share all words", **judged)
                for one in range(other + 1, record + 1)
            ]
    for table, listed in rows.items():
        for start in range(0, len(listed), _BLOCK):
            connection.execute(insert(table), listed[start : start + _BLOCK])


def _row(table: Table, **values: Any) -> dict[str, Any]:
    """Return a row of a table; what is not given and has to be there is nothing."""
    for column in table.columns:
        if column.name not in values and not column.nullable:
            kind = column.type
            empty: Any = False if isinstance(kind, Boolean) else 0 if isinstance(kind, Integer | Float) else ""
            values[column.name] = empty
    return {name: value for name, value in values.items() if name in table.columns}
