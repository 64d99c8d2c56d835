"""Measure search by need over a large catalog: how fast it is brought in, and how long needs of several kinds take.

    python benchmarks/match.py                                   # 1,000,000 records in SQLite, a quarter of an hour
    python benchmarks/match.py --db postgresql+psycopg://...     # in a schema of its own there, dropped afterwards
    python benchmarks/match.py --keep big.db                     # keep the file; given again, it is used as it is
    python benchmarks/match.py --db postgresql+psycopg://... --copy big.db    # its index there, in a tenth of the time

The catalog is written straight into the tables (`needs.py`), the index is brought in by `SqlIndex.catch_up` in blocks,
as any command does it. With `--copy` the rows of the index, which are the same in every database, are copied from a
SQLite file that was kept, and only the full text is made anew. CPU time is that of this process and, where the server
is on this machine, of what serves it there.

"candidates" is the full text alone. "whole" is all that `decomposer match` does once it runs: the need is understood,
the best are judged, loaded with their evidence and ranked, addresses are looked up, and the search is counted. "just
opened" is the same by a connection that has read nothing yet.
"""

import argparse
import json
import sqlite3
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import Engine, create_engine, make_url, select, text

from benchmarks.measuring import RESULTS, Measure, report
from benchmarks.needs import Need, fill
from decomposer.match.weighing import scores
from decomposer.match.words import words
from decomposer.ports import Term
from decomposer.records import Filters
from decomposer.settings import Settings
from decomposer.store.engine import open_database
from decomposer.store.review_tables import queue
from decomposer.store.search import SqlIndex
from decomposer.store.search_tables import search_words, searched
from decomposer.store.tables import capabilities, entries
from decomposer.wiring import Workspace
from decomposer.wiring.matching import Searching

RECORDS = 1_000_000
BLOCK = 500  # entries a transaction
MOST = 100  # candidates that are asked for
TARGET_MS = 100
FULL = 20  # how many of the best are looked for among those that are found
JUDGED = 200_000  # records at most, where every record is ranked to see what is missed
LONGEST = 500  # characters of a need
LIMIT = 5  # hits that are shown
OPENED = 10  # needs of each kind that are asked right after opening


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
    """Copy what searches read of a SQLite file to an empty PostgreSQL database; return the needs kept beside it."""
    with sqlite3.connect(file) as source, engine.connect() as connection:
        made = connection.scalar(text("SELECT pg_get_indexdef(to_regclass('ix_searched_words'))"))
        connection.execute(text("DROP INDEX IF EXISTS ix_searched_words"))
        driver: Any = connection.connection.driver_connection
        for table in (entries, capabilities, queue, searched, search_words):
            if connection.scalar(select(table).limit(1)) is not None:
                continue
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as writing:
                for row in source.execute(f"SELECT {names} FROM {table.name}"):
                    writing.write_row(row)
        connection.execute(text("SET maintenance_work_mem = '512MB'"))
        connection.execute(text(made))
        connection.execute(text("ANALYZE"))
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


def timed(
    needs: Sequence[Need], find: Callable[[Need], Sequence[object]], what: str, *,
    before: Callable[[], object] = lambda: None, cpu_of: Callable[[], float] = time.process_time,
) -> Measure:  # fmt: skip
    """Return how long needs take, by kind; the value is the 95th of a hundred. `before` each, something may be done."""
    for need in needs[:10]:
        before()
        find(need)
    took: defaultdict[str, list[float]] = defaultdict(list)
    cpu: defaultdict[str, list[float]] = defaultdict(list)
    hits: defaultdict[str, list[int]] = defaultdict(list)
    for need in needs:
        before()
        start, began = time.perf_counter(), cpu_of()
        found = find(need)
        took[need.kind].append(1000 * (time.perf_counter() - start))
        cpu[need.kind].append(1000 * (cpu_of() - began))
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


def whole(searching: Searching) -> Callable[[Need], Sequence[object]]:
    """Return what does all that a search does, counting it included."""
    return lambda need: searching.find(need.text[:LONGEST], filters=need.filters, limit=LIMIT).matches


class Opened:
    """The catalog, opened anew as often as asked; nothing of it has been read when it is."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stack = ExitStack()
        self.searching: Searching | None = None

    def anew(self) -> None:
        """Open it."""
        self._stack.close()
        workspace = self._stack.enter_context(Workspace(Settings(db=self._url, embedder="none")))
        self.searching = Searching(workspace)

    def find(self, need: Need) -> Sequence[object]:
        """Search as `whole` does."""
        assert self.searching is not None
        return whole(self.searching)(need)

    def close(self) -> None:
        """Close it."""
        self._stack.close()


def cpu_of(engine: Engine) -> Callable[[], float]:
    """Return what reads the CPU seconds of this process and of what serves it on this machine."""
    if engine.dialect.name != "postgresql":
        return time.process_time
    with engine.connect() as connection:
        pids = list(connection.scalars(text("SELECT pid FROM pg_stat_activity WHERE usename = current_user")))
    held = [file for pid in pids if (file := Path(f"/proc/{pid}/schedstat")).is_file()]

    def read() -> float:
        return time.process_time() + sum(int(file.read_text().split()[0]) for file in held if file.exists()) / 1e9

    return read


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


def searches(engine: Engine, needs: Sequence[Need]) -> list[Measure]:
    """Return how long searches take: the full text alone, all of it, and all of it right after opening."""
    measures = [timed(needs, candidates(SqlIndex(engine)), "candidates", cpu_of=cpu_of(engine))]
    url = str(engine.url.database) if engine.dialect.name == "sqlite" else engine.url.render_as_string(False)
    with Workspace(Settings(db=url, embedder="none")) as workspace:
        find = whole(Searching(workspace))
        find(needs[0])  # so that its connections are there
        measures.append(timed(needs, find, "whole", cpu_of=cpu_of(workspace.engine)))
    opened = Opened(url)
    first = [one for kind in dict.fromkeys(one.kind for one in needs) for one in _some(needs, kind)]
    measures.append(timed(first, opened.find, "whole, just opened", before=opened.anew))
    opened.close()
    return measures


def _some(needs: Sequence[Need], kind: str) -> list[Need]:
    return [one for one in needs if one.kind == kind][:OPENED]


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
        measures += searches(engine, needs)
        if index.size() <= JUDGED:
            measures.append(missed(engine, needs))
    name = "match-postgresql.json" if given.db else "match.json"
    report(measures, file=given.json or RESULTS / name)


if __name__ == "__main__":
    main()
