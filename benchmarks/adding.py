"""Add planted entries to the registry, and print as JSON what one record takes and how right the whole is."""

import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import select

from benchmarks.catalogs import Catalog, catalog
from benchmarks.joining import Truth, ours, peak_mb, record_of, records
from decomposer.records import Artifact, Capability, Entry, Run, SourceKind
from decomposer.store.engine import open_database
from decomposer.store.registry import SqlRegistry
from decomposer.store.registry_tables import members, texts

BLOCK = 25  # entries a transaction, as `wiring.registering` brings them in
ADDED = 200
"""Records that are added one by one at the end, each as an entry of its own."""


def entries(made: Catalog) -> Iterator[Entry]:
    """Yield the entries of a catalog; the id of a record ends in its place."""
    numbered = enumerate(made.records())
    for number, (name, group) in enumerate(groupby(numbered, key=lambda one: one[1].artifact)):
        yield entry_of(f"e{number}", name, *(record_of(one, place) for place, one in group))


def entry_of(slug: str, name: str, *capabilities: Capability) -> Entry:
    """Return an entry that says no more than these records."""
    return Entry(
        artifact=Artifact(slug=slug, name=name, type="repo", source=f"planted:{slug}"),
        documents=(),
        source_kind=SourceKind(kind="software", reason="planted"),
        capabilities=capabilities,
        run=Run(model="planted", prompt="planted"),
    )


def main() -> None:
    """Bring in as many records as named first, less the last, which are added one by one; then comes the seed, or 1."""
    count, seed = int(sys.argv[1]), int((sys.argv[2:] or ["1"])[0])
    made = catalog(count, seed=seed)
    whole = list(entries(made))
    added = min(ADDED, count // 2)
    with TemporaryDirectory() as folder:
        engine = open_database(Path(folder) / "catalog.db")
        registry = SqlRegistry(engine)
        cpu = time.process_time()
        singles = _brought_in(registry, whole, count - added)
        cpu = time.process_time() - cpu
        times, cpu_times = [], []
        for number, (name, record) in enumerate(singles):
            start, began = time.perf_counter(), time.process_time()
            registry.add([entry_of(f"single{number}", name, record)])
            times.append(time.perf_counter() - start)
            cpu_times.append(time.process_time() - began)
        groups: defaultdict[int, list[int]] = defaultdict(list)
        with engine.connect() as connection:
            held = select(members.c.canonical, texts.c.id).join(texts, texts.c.number == members.c.number)
            for canonical, identity in connection.execute(held):
                groups[canonical].append(int(identity.rpartition("/")[2]))
        engine.dispose()
    truth = Truth.of(made)
    batch = next(iter(ours(records(made))))[1]
    print(
        json.dumps(
            {
                "records": count,
                "cpu_ms_a_record": 1000 * cpu / (count - added),
                "median_ms": 1000 * statistics.median(times),
                "slowest_ms": 1000 * max(times),
                "median_cpu_ms": 1000 * statistics.median(cpu_times),
                "peak_mb": peak_mb(),
                "incremental": truth.figures(groups.values()),
                "batch": truth.figures(batch),
            }
        )
    )


def _brought_in(registry: SqlRegistry, whole: list[Entry], count: int) -> list[tuple[str, Capability]]:
    """Bring in entries until there are `count` records, and return what is left with their artifacts."""
    left, held, block = [], 0, []
    for entry in whole:
        kept, rest = entry.capabilities[: count - held], entry.capabilities[max(0, count - held) :]
        held += len(kept)
        left += [(entry.artifact.name, record) for record in rest]
        if kept:
            block.append(entry.model_copy(update={"capabilities": kept}))
        if block and (len(block) == BLOCK or rest or entry is whole[-1]):
            registry.add(block)
            block = []
    return left


if __name__ == "__main__":
    main()
