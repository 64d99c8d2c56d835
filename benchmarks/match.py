"""Measure search by need over a large catalog: how fast it is brought in, and how long needs of several kinds take.

    python benchmarks/match.py                                   # 1,000,000 records in SQLite, a quarter of an hour
    python benchmarks/match.py --db postgresql+psycopg://...     # in a schema of its own there, dropped afterwards
    python benchmarks/match.py --keep big.db                     # keep the file; given again, it is used as it is
    python benchmarks/match.py --db postgresql+psycopg://... --copy big.db    # its index there, in a tenth of the time

The catalog is written straight into the tables (`needs.py`), the index is brought in by `SqlIndex.catch_up` in blocks,
as any command does it. With `--copy` the rows of the index, which are the same in every database, are copied from a
SQLite file that was kept, and only the full text is made anew. CPU time is that of this process: in SQLite that is all.
"""

import argparse
import json
import sqlite3
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import Engine, create_engine, make_url, text

from benchmarks.measuring import RESULTS, Measure, report
from benchmarks.needs import Need, fill
from decomposer.match.weighing import scores
from decomposer.match.words import words
from decomposer.ports import Term
from decomposer.records import Filters
from decomposer.store.engine import open_database
from decomposer.store.search import SqlIndex
from decomposer.store.search_tables import searched

RECORDS = 1_000_000
BLOCK = 500  # entries a transaction
MOST = 100  # candidates that are asked for
TARGET_MS = 100
FULL = 20  # how many of the best are looked for among those that are found
JUDGED = 200_000  # records at most, where every record is ranked to see what is missed


@contextmanager
def database(given: str | None, keep: Path | None) -> Iterator[tuple[Engine, Path | None]]:
    """Give an empty database, and the file that its needs are kept in; or the one that was kept."""
    if given is not None:
        with _schema(given) as engine:
            yield engine, None
        return
    with TemporaryDirectory() as folder:
        file = keep or Path(folder) / "catalog.db"
        engine = open_database(file)
        yield engine, file.with_suffix(".needs.json")
        engine.dispose()


def copied(engine: Engine, file: Path) -> list[Need]:
    """Copy the index of a SQLite file into a PostgreSQL database, have it indexed, and return the needs kept beside it.

    Rows that are there are not copied again.
    """
    names = ", ".join(column.name for column in searched.columns)
    with sqlite3.connect(file) as source, engine.connect() as connection:
        made = connection.scalar(text("SELECT pg_get_indexdef(to_regclass('ix_searched_words'))"))
        connection.execute(text("DROP INDEX IF EXISTS ix_searched_words"))
        last = connection.scalar(text("SELECT coalesce(max(number), 0) FROM searched"))
        driver: Any = connection.connection.driver_connection
        rows = source.execute(f"SELECT {names} FROM searched WHERE number > ? ORDER BY number", (last,))
        with driver.cursor() as cursor, cursor.copy(f"COPY searched ({names}) FROM STDIN") as writing:
            for row in rows:
                writing.write_row(row)
        connection.execute(text("DELETE FROM search_words"))
        with driver.cursor() as cursor, cursor.copy("COPY search_words (word, records) FROM STDIN") as writing:
            for row in source.execute("SELECT word, records FROM search_words"):
                writing.write_row(row)
        connection.execute(text(made))
        connection.commit()
    return kept_needs(file.with_suffix(".needs.json"))


def kept_needs(file: Path) -> list[Need]:
    """Return the needs that were kept in a file."""
    held = json.loads(file.read_text(encoding="utf-8"))
    return [Need(one["kind"], one["text"], Filters(**one["filters"])) for one in held]


@contextmanager
def _schema(url: str) -> Iterator[Engine]:
    name = f"bench_{uuid4().hex[:12]}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    own = make_url(url).update_query_dict({"options": f"-csearch_path={name}"})
    engine = open_database(own.render_as_string(hide_password=False))
    try:
        yield engine
    finally:
        engine.dispose()
        with server.connect() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        server.dispose()


def filled(engine: Engine, kept: Path | None, records: int) -> list[Need]:
    """Return the needs of a catalog, which is made where there is none."""
    index = SqlIndex(engine)
    if kept is not None and kept.exists() and (index.size() or index.due()):
        return kept_needs(kept)
    start = time.perf_counter()
    made = fill(engine, records)
    print(f"{records:,} records written in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    if kept is not None:
        said = [{"kind": one.kind, "text": one.text, "filters": one.filters.model_dump()} for one in made]
        kept.write_text(json.dumps(said), encoding="utf-8")
    return made


def bringing_in(index: SqlIndex) -> Measure:
    """Bring in what is due, and return how many microseconds a record took."""
    left, last, start, slowest = index.due(), "", time.perf_counter(), 0.0
    cpu, told = time.process_time(), time.perf_counter()
    while left:
        began = time.perf_counter()
        step = index.catch_up(most=BLOCK, after=last)
        left, last, slowest = step.left, step.last, max(slowest, time.perf_counter() - began)
        if time.perf_counter() - told > 30:
            told = time.perf_counter()
            print(f"{index.size():,} brought in, {told - start:.0f} s", file=sys.stderr)
    took = time.perf_counter() - start
    each = 1e6 * took / max(1, index.size())
    row = {
        "records": index.size(),
        "seconds": took,
        "cpu_s": time.process_time() - cpu,
        "a_second": index.size() / took,
        "slowest_block_s": slowest,
    }
    return Measure("bringing in a record", each, "us", 1e6 / 3_000, rows=[row])


def timed(needs: Sequence[Need], find: Callable[[Need], Sequence[object]], what: str) -> Measure:
    """Return how long needs take, by kind; the value is the 95th of a hundred."""
    for need in needs[:10]:
        find(need)
    took: defaultdict[str, list[float]] = defaultdict(list)
    cpu: defaultdict[str, list[float]] = defaultdict(list)
    hits: defaultdict[str, list[int]] = defaultdict(list)
    for need in needs:
        start, began = time.perf_counter(), time.process_time()
        found = find(need)
        took[need.kind].append(1000 * (time.perf_counter() - start))
        cpu[need.kind].append(1000 * (time.process_time() - began))
        hits[need.kind].append(len(found))
    for each in (took, cpu, hits):
        every = [one for kind in list(each) for one in each[kind]]
        each["all"] = every  # type: ignore[assignment]
    rows: list[dict[str, Any]] = [
        {
            "needs": kind,
            "count": len(took[kind]),
            **_spread(took[kind]),
            "cpu_p95_ms": _spread(cpu[kind])["p95_ms"],
            "hits_median": statistics.median(hits[kind]),
        }
        for kind in took
    ]
    return Measure(f"{what}, 95th of a hundred", rows[-1]["p95_ms"], "ms", TARGET_MS, rows=rows)


def _spread(values: Sequence[float]) -> dict[str, float]:
    at = statistics.quantiles(values, n=100, method="inclusive")
    return {"p50_ms": at[49], "p95_ms": at[94], "max_ms": max(values)}


def candidates(index: SqlIndex) -> Callable[[Need], Sequence[object]]:
    """Return what looks for a need in the full text alone."""
    return lambda need: index.candidates(terms(need), filters=need.filters, most=MOST)


def terms(need: Need) -> list[Term]:
    """Return the words of a need, all of one weight."""
    return [Term(word) for word in dict.fromkeys(words(need.text))]


def missed(engine: Engine, needs: Sequence[Need]) -> Measure:
    """Return which share of the best is not found, where every record is ranked beside; by kind of need."""
    index = SqlIndex(engine)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT number, weights FROM searched ORDER BY number")).all()
    numbers, weights = [row.number for row in rows], [bytes(row.weights) for row in rows]
    shares: defaultdict[str, list[float]] = defaultdict(list)
    for need in needs:
        if need.filters:
            continue
        asked = {one.word: one.weight for one in terms(need)}
        ranked = scores(weights, asked, index.commonness(list(asked)), index.size())
        best = sorted(zip(numbers, ranked, strict=True), key=lambda one: (-one[1], one[0]))[:FULL]
        least = best[-1][1] - 1e-9  # of what scores the same, any will do
        found = index.candidates(terms(need), most=FULL)
        wanted = sum(score > 0 for _, score in best)
        if wanted:
            shares[need.kind].append(1 - sum(one.score >= least for one in found) / wanted)
    shown: list[dict[str, Any]] = [{"needs": kind, "missed": statistics.mean(each)} for kind, each in shares.items()]
    every = [one for each in shares.values() for one in each]
    return Measure(f"share of the best {FULL} that is missed", statistics.mean(every), "", 0.1, rows=shown)


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--db", help="a PostgreSQL address; a schema is made there and dropped afterwards")
    parser.add_argument("--copy", type=Path, help="with --db: a SQLite file that was kept, to copy the index of")
    parser.add_argument("--keep", type=Path, help="a SQLite file that stays; the needs are kept beside it")
    parser.add_argument("--json", type=Path, help="where the figures go")
    given = parser.parse_args()
    if given.copy and not given.db:
        parser.error("--copy needs --db")
    with database(given.db, given.keep) as (engine, kept):
        needs = copied(engine, given.copy) if given.copy else filled(engine, kept, given.records)
        index = SqlIndex(engine)
        measures = [bringing_in(index)] if index.due() else []
        measures.append(timed(needs, candidates(index), "full text"))
        if index.size() <= JUDGED:
            measures.append(missed(engine, needs))
    name = "match-postgresql.json" if given.db else "match.json"
    report(measures, file=given.json or RESULTS / name)


if __name__ == "__main__":
    main()
