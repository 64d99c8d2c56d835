"""Add planted entries to the registry, and print as JSON what one record takes and how right the whole is.

python benchmarks/adding.py 10000      # on SQLite, planted with seed 1
python benchmarks/adding.py 10000 77 --db postgresql+psycopg://...      # in a schema that is dropped afterwards
"""

import argparse
import gc
import json
import statistics
import sys
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby, islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import Engine, event, select

from benchmarks.catalogs import Catalog, catalog
from benchmarks.databases import new_database
from benchmarks.joining import Truth, ours, peak_mb, record_of, records
from benchmarks.measuring import cpu_seconds
from decomposer.cli.group import COLLECTING
from decomposer.records import Artifact, Capability, Entry, Run, SourceKind
from decomposer.store.engine import open_database
from decomposer.store.registry import SqlRegistry
from decomposer.store.registry_tables import members, texts

BLOCK = 25  # entries a transaction, as `wiring.registering` brings them in
ADDED = 200
"""Records that are added one by one at the end, each as an entry of its own."""
COUNTED = 20
"""The last of them, at most: their statements are counted, which takes time, and so they are not timed."""


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
    """Bring in as many records as named, less the last, which are added one by one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=int, help="how many records")
    parser.add_argument("seed", type=int, nargs="?", default=1, help="which planted catalog")
    parser.add_argument("--db", help="a PostgreSQL address; a schema is made there and dropped afterwards")
    given = parser.parse_args()
    gc.set_threshold(*COLLECTING)  # as the command line does
    made = catalog(given.records, seed=given.seed)
    with ExitStack() as stack:
        engine = open_database(stack.enter_context(new_database(given.db)))
        stack.callback(engine.dispose)
        found = added_to(engine, made, given.records)
        groups = held(engine)
    truth = Truth.of(made)
    batch = next(iter(ours(records(made))))[1]
    print(json.dumps(found | {"incremental": truth.figures(groups), "batch": truth.figures(batch)}))


def added_to(engine: Engine, made: Catalog, count: int) -> dict[str, Any]:
    """Bring in the records of a catalog; return what one took."""
    registry, added = SqlRegistry(engine), min(ADDED, count // 2)
    cpu = time.process_time() + cpu_seconds(lambda: deque(entries(made), maxlen=0))  # what wording takes
    singles = _brought_in(registry, entries(made), count - added)
    cpu = time.process_time() - cpu
    counted = min(COUNTED, added // 2)
    times, cpu_times = [], []
    for number, single in enumerate(singles):
        if number == added - counted:
            statements = Statements(engine)
        start, began = time.perf_counter(), time.process_time()
        registry.add([single])
        times.append(time.perf_counter() - start)
        cpu_times.append(time.process_time() - began)
    return {
        "records": count,
        "database": engine.dialect.name,
        "cpu_ms_a_record": 1000 * cpu / (count - added),
        "median_ms": 1000 * statistics.median(times[: added - counted]),
        "slowest_ms": 1000 * max(times[: added - counted]),
        "median_cpu_ms": 1000 * statistics.median(cpu_times[: added - counted]),
        "statements_a_record": statements.seen / counted,
        "peak_mb": peak_mb(),
    }


class Statements:
    """Counts the statements that reach the drivers of an engine from now on, less those that begin and end."""

    def __init__(self, engine: Engine) -> None:
        self.seen = 0
        self._last = ""
        engine.dispose()  # so that every connection is a new one
        event.listen(engine, "connect", self._watch)

    def _watch(self, driver: Any, _record: object) -> None:
        if hasattr(driver, "set_trace_callback"):
            driver.set_trace_callback(self._traced)
            return
        from psycopg import Cursor

        count = self._count

        class Counted(Cursor[Any]):
            def execute(self, *args: Any, **options: Any) -> Any:
                count()
                return super().execute(*args, **options)

            def executemany(self, *args: Any, **options: Any) -> None:
                count()
                super().executemany(*args, **options)

        driver.cursor_factory = Counted

    def _count(self) -> None:
        self.seen += 1

    def _traced(self, statement: str) -> None:
        # Rows that are added by one statement are told one by one.
        begins = statement.partition("VALUES")[0]
        many, self._last = begins == self._last and begins != statement, begins
        if not many and not statement.startswith(("BEGIN", "COMMIT", "PRAGMA")):
            self.seen += 1


def held(engine: Engine) -> list[list[int]]:
    """Return the places of the records that are one canonical capability, for each."""
    groups: defaultdict[int, list[int]] = defaultdict(list)
    with engine.connect() as connection:
        known = select(members.c.canonical, texts.c.id).join(texts, texts.c.number == members.c.number)
        for canonical, identity in connection.execute(known):
            groups[canonical].append(int(identity.rpartition("/")[2]))
    return list(groups.values())


def _brought_in(registry: SqlRegistry, whole: Iterable[Entry], count: int) -> list[Entry]:
    """Bring in entries until there are `count` records, and return what is left, each record as an entry."""
    held = 0
    left: list[Entry] = []

    def fitting() -> Iterator[Entry]:
        nonlocal held
        for entry in whole:
            kept, rest = entry.capabilities[: count - held], entry.capabilities[max(0, count - held) :]
            held += len(kept)
            left.extend(entry_of(f"single{at}", entry.artifact.name, one) for at, one in enumerate(rest, len(left)))
            if kept:
                yield entry.model_copy(update={"capabilities": kept})

    source = fitting()
    while block := list(islice(source, BLOCK)):
        registry.add(block)
    return left


if __name__ == "__main__":
    main()
