"""Make a big catalog for benchmarks: some entries through the store, and the rest as copies of their rows.

    python benchmarks/big_catalog.py big.db --records 1000000 --waiting 100000

A tenth of what waits was drafted by the model `bench/bulk` and passes whole: for decisions about many at once. The
copies share the texts of their documents, so the file is smaller than that of a real catalog with as many records.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

if __package__ in (None, ""):  # started as a file
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import Connection, Engine, Table, func, insert, select, text

from decomposer.records import (
    Artifact,
    Capability,
    Category,
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
    State,
    Statement,
    Support,
    Twin,
)
from decomposer.store.catalog import SqlCatalog
from decomposer.store.engine import open_database, writing
from decomposer.store.tables import metadata

RECORDS_EACH = 10
BULK = "bench/bulk"
MODEL = "bench/model"
_TEMPLATES = 8  # entries of each sort that are stored through the store and then copied
_BLOCK = 500  # copies written at a time
_CATEGORIES: tuple[Category, ...] = ("search.retrieval", "image.visual", "automation.workflow", "audio.speech")
_VERBS = "searches ranks converts trains reads draws plans audits indexes translates".split()
_THINGS = "photographs tables recordings contracts maps tickets proteins drawings letters sensors".split()
_FILLER = "The setup takes a minute, and the defaults suit most projects; the reference lists every option. " * 4


def big_catalog(file: Path | str, *, records: int, waiting: int) -> Engine:
    """Return a new catalog of so many records, of which so many wait, both in whole entries of `RECORDS_EACH`."""
    engine = open_database(file)
    entries, open_ones = records // RECORDS_EACH, waiting // RECORDS_EACH
    bulk = open_ones // 10
    for sort, count in (("bulk", bulk), ("open", open_ones - bulk), ("done", entries - open_ones)):
        made = [_stored(engine, f"{sort}-{number:06d}", sort, seed=number) for number in range(min(_TEMPLATES, count))]
        _copy(engine, made, sort, range(len(made), count))
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    return engine


# --- what is stored


def _stored(engine: Engine, slug: str, sort: str, *, seed: int) -> str:
    chance = random.Random(f"{sort}{seed}")
    lines = [f"# {slug.title()}", "", "A tool for people who work with many files.", ""]
    said = []
    for number in range(RECORDS_EACH):
        verb, thing = _VERBS[number], chance.choice(_THINGS)
        claims = [
            f"It {verb} {thing} in seconds.",
            f"It {verb} {thing} without a network.",
            f"It {verb} more {thing} than others.",
        ]
        lines += [f"## {verb.title()} {thing}", "", *claims, "", _FILLER, ""]
        said.append((f"{verb} {thing}", claims))
    document = "\n".join(lines)
    read = Document(
        uri=f"{slug}/README.md", text=document, media_type="text/markdown", sha256=sha256(document.encode()).hexdigest()
    )
    artifact = Artifact(slug=slug, name=slug, type="repo", source=f"bench/{slug}")
    records = tuple(_record(slug, number, name, claims, document, sort) for number, (name, claims) in enumerate(said))
    twins = [Twin(a=records[0].id, b=records[1].id, score=0.7, reasons=("the names share a word",))]
    entry = Entry(
        artifact=artifact,
        documents=(SourceDocument.of(read),),
        source_kind=SourceKind(kind="software", reason="it installs"),
        capabilities=records,
        run=Run(model=_model(sort), prompt="v2"),
        twins=tuple(twins if sort == "open" else ()),
    )
    SqlCatalog(engine).revise(Source(artifact, (read,)), lambda previous, taken: entry)
    return slug


def _record(slug: str, number: int, name: str, claims: Sequence[str], document: str, sort: str) -> Capability:
    state: State = "accepted" if sort == "done" else "proposed"
    doubtful = sort == "open" and number % 2 == 1
    return Capability(
        id=f"{slug}/{name.replace(' ', '-')}-{number}", name=name, category=_CATEGORIES[number % len(_CATEGORIES)],
        description=_said(claims[0], document, "supported"),
        unique=_said(claims[1], document, "vendor_claim"),
        vs_alternatives=_said(claims[2], document, "unsupported" if doubtful else "supported"),
        intents=(Note(text=f"{name} in bulk", evidence=_evidence(claims[0], document)),),
        state=state, provenance=Provenance(model=_model(sort), prompt="v2"),
    )  # fmt: skip


def _model(sort: str) -> str:
    return BULK if sort == "bulk" else MODEL


def _said(claim: str, document: str, support: Support) -> Statement:
    evidence = () if support == "unsupported" else _evidence(claim, document)
    reason = "" if support == "supported" else "no line of the source says so" if not evidence else "the vendor says so"
    sentence = Sentence(start=0, end=len(claim), support=support, reason=reason, evidence=evidence)
    return Statement(text=claim, support=support, evidence=evidence, sentences=(sentence,))


def _evidence(claim: str, document: str) -> tuple[Evidence, ...]:
    start = document.index(claim)
    return (Evidence(document=0, start=start, end=start + len(claim), quote=claim, how="cited"),)


# --- and copied


def _copy(engine: Engine, templates: Sequence[str], sort: str, numbers: range) -> None:
    """Copy the rows of entries in every table that has an entry's slug, under new slugs."""
    if not templates:
        return
    with engine.connect() as connection:
        rows = {slug: list(_rows(connection, slug)) for slug in templates}
    tables = [table for table in metadata.sorted_tables if any(table is one for one, _ in rows[templates[0]])]
    for low in range(numbers.start, numbers.stop, _BLOCK):
        block: dict[Table, list[dict[str, Any]]] = {table: [] for table in tables}
        for number in range(low, min(low + _BLOCK, numbers.stop)):
            slug = templates[number % len(templates)]
            for table, row in rows[slug]:
                new = f"{sort}-{number:06d}"
                block[table].append({k: v.replace(slug, new) if isinstance(v, str) else v for k, v in row.items()})
        with writing(engine) as connection:
            for table, copies in block.items():
                connection.execute(insert(table), _numbered(connection, table, copies))


def _rows(connection: Connection, slug: str) -> Iterator[tuple[Table, dict[str, Any]]]:
    for table in metadata.sorted_tables:
        column = table.c.slug if table.name == "entries" else table.c.get("entry")
        if column is not None:
            for row in connection.execute(select(table).where(column == slug)).mappings():
                yield table, dict(row)


def _numbered(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with numbers of their own where the table numbers its rows: the database's where it counts."""
    keys = list(table.primary_key.columns)
    if table.autoincrement_column is not None:
        return [{name: value for name, value in row.items() if name != keys[0].name} for row in rows]
    if len(keys) != 1 or not isinstance(rows[0][keys[0].name] if rows else "", int):
        return rows
    highest = connection.scalar(select(func.max(keys[0]))) or 0
    return [row | {keys[0].name: number} for number, row in enumerate(rows, start=highest + 1)]


def main() -> None:
    """Make the catalog that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--waiting", type=int, default=100_000)
    asked = parser.parse_args()
    if asked.file.exists():
        parser.error(f"{asked.file} exists; name another file")
    start = time.perf_counter()
    big_catalog(asked.file, records=asked.records, waiting=asked.waiting).dispose()
    size = asked.file.stat().st_size / 1e6
    print(f"{asked.file}: {asked.records:,} records, {size:,.0f} MB, in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
