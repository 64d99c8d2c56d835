"""Measure decisions: many at once and back, killed at every moment, and two processes at one queue.

    python benchmarks/decisions.py                     # all three; makes a catalog of 1,000,000 records first
    python benchmarks/decisions.py --only bulk --catalog big.db
    python benchmarks/decisions.py --only crash --acts 500
    python benchmarks/decisions.py --only race --postgresql postgresql+psycopg://postgres@127.0.0.1:5432/test

What is decided at once is accepted and taken back three times; each time is that of one call, without the start.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from uuid import uuid4

if __package__ in (None, ""):  # started as a file
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import make_url

from benchmarks.big_catalog import BULK, big_catalog
from benchmarks.databases import new_database
from benchmarks.measuring import RESULTS, Measure, report, spread, timed
from decomposer.ports import Condition, Wanted
from decomposer.review import Desk, guard
from decomposer.review.desk import Means
from decomposer.store.catalog import SqlCatalog
from decomposer.store.engine import open_database
from decomposer.store.reviews import SqlReviews
from tests.reviewing import Bench, a_record

PARTS = ("bulk", "crash", "race")
_ROUNDS = 3
_MOST = 2.0  # seconds that many decisions at once may take
# One batch of 10,000 that lie together, and one record of each of 10,000 entries, which touches ten times the pages.
_SORTS = {"that lie together": Condition("model", "=", BULK), "one of each entry": Condition("name", "~", "searches ")}
_AT_ONCE, _EACH = 20, 10  # records that each process of the race leases, and those of an entry


# --- many at once


def bulk(catalog: Path) -> list[Measure]:
    """Return how long it takes to accept what a query means, and to take it back."""
    measures = []
    for sort, condition in _SORTS.items():
        engine = open_database(catalog)
        desk = _desk(SqlReviews(engine), SqlCatalog(engine), "benchmark", condition)
        count = desk.waiting()
        times: dict[str, list[tuple[float, float]]] = {"accept": [], "undo": []}
        for _ in range(_ROUNDS):
            known = guard.guard((), 0, of=count)
            times["accept"].append(timed(partial(desk.decide_all, known)))
            left = desk.waiting()
            times["undo"].append(timed(desk.undo))
            if (left, desk.waiting()) != (0, count):
                raise SystemExit(f"{count} waited, {left} were left, and {desk.waiting()} wait again")
        engine.dispose()
        for act, found in times.items():
            wall = spread(seconds for seconds, _ in found)
            cpu = f"CPU {median(cpu for _, cpu in found):.3g} s; {wall}"
            measures.append(Measure(f"{act} {count:,} records {sort}", wall.median, "s", _MOST, cpu))
    return measures


def _desk(reviews: SqlReviews, catalog: SqlCatalog, reviewer: str, *conditions: Condition) -> Desk:
    means = Means(
        clock=lambda: datetime.now(UTC).isoformat(timespec="milliseconds"),
        new_batch=lambda: uuid4().hex,
        read=lambda source: None,
    )
    return Desk(reviews, catalog, reviewer=reviewer, means=means, wanted=Wanted(conditions=conditions))


# --- killed


def crash(acts: int, entries: int) -> list[Measure]:
    """Return how many decisions were lost or half there when processes were killed."""
    from benchmarks.kills import kills

    start = time.perf_counter()
    found = kills(acts=acts, entries=entries)
    rows = [
        {
            "act": act,
            "kills": len(mine),
            "returned": sum(one.returned for one in mine),
            "stored, not returned": sum(one.stored and not one.returned for one in mine),
            "not stored": sum(not one.stored for one in mine),
            "wrong": sum(bool(one.wrong) for one in mine),
        }
        for act in sorted({one.act for one in found})
        if (mine := [one for one in found if one.act == act])
    ]
    lost = sum(one.returned and not one.stored for one in found)
    wrong = sum(bool(one.wrong) for one in found)
    notes = [f"{one.act}, killed {one.when}: {why}" for one in found for why in one.wrong[:2]][:10]
    took = f"{len(found)} kills in {time.perf_counter() - start:.0f} s"
    return [
        Measure("decisions that had returned and are lost", lost, "acts", 0, took),
        Measure("catalogs in which something is wrong behind a kill", wrong, "kills", 0, took, rows, notes),
    ]


# --- two at once


def race(records: int, servers: Sequence[str]) -> list[Measure]:
    """Return how many records two processes at one queue decided about twice, or not at all."""
    measures = []
    for server in ("", *servers):
        with new_database(server) as where:
            name = make_url(server).get_backend_name() if server else "sqlite"
            engine = open_database(where)
            there = Bench(SqlCatalog(engine), SqlReviews(engine), Path())
            for number in range(records // _EACH):
                there.add(*(a_record(f"Part {at}") for at in range(_EACH)), slug=f"tool-{number:04}")
            command = [sys.executable, __file__, "--decide", str(where)]
            start = time.perf_counter()
            running = [subprocess.Popen([*command, who], stdout=subprocess.PIPE, text=True) for who in ("ann", "bob")]
            told = [json.loads(process.communicate()[0]) for process in running]
            took = time.perf_counter() - start
            assigned = Counter(one for ids in told for one in ids)
            stored = Counter(one.capability for one in SqlReviews(engine).history() if one.field == "state")
            states = [line.states for line in SqlCatalog(engine).listings()]
            engine.dispose()
        twice = sum(number > 1 for number in (*assigned.values(), *stored.values()))
        lost = records // _EACH * _EACH - min(len(assigned), len(stored), sum(of["accepted"] for of in states))
        note = f"{' and '.join(str(len(ids)) for ids in told)} records in {took:.1f} s"
        measures += [
            Measure(f"{name}: records assigned or decided twice", twice, "records", 0, note),
            Measure(f"{name}: records lost", lost, "records", 0, note),
        ]
    return measures


def _decide(where: str, reviewer: str) -> list[str]:
    """Accept, a window at a time, until nothing waits, and return the records that were assigned to this reviewer."""
    engine = open_database(where)
    desk, mine = _desk(SqlReviews(engine), SqlCatalog(engine), reviewer), []
    while True:
        ids = [one.id for one in desk.window(count=_AT_ONCE)]
        if not ids and not desk.waiting():
            break
        if not ids:
            time.sleep(0.01)  # the other one holds the rest
        for some in (ids[:1], ids[1:]):  # one alone, as by a key, and the rest at once
            done = desk.accept(some, dropped=dict.fromkeys(some, ()))
            if len(done.ids) != len(some):
                raise SystemExit(f"{', '.join(some)}: {done.text}")
        mine += ids
    engine.dispose()
    return mine


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and store; ends with 1 where a promise was not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=PARTS, action="append", help="may be given more than once [all]")
    parser.add_argument("--catalog", type=Path, help="made where it is missing [one that is thrown away]")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--waiting", type=int, default=100_000)
    parser.add_argument("--acts", type=int, default=500, help="acts killed in the middle, and as many behind it")
    parser.add_argument("--entries", type=int, default=12, help="entries of seven records in the catalog of the kills")
    parser.add_argument("--race", type=int, default=1000, help="records that two processes decide about")
    parser.add_argument("--postgresql", action="append", default=[], help="a server for the race, beside SQLite")
    parser.add_argument("--json", type=Path, default=RESULTS / "decisions.json")
    parser.add_argument("--decide", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.decide:
        print(json.dumps(_decide(*asked.decide)))
        return 0
    parts, measures = asked.only or PARTS, []
    if "bulk" in parts:
        with tempfile.TemporaryDirectory() as folder:
            catalog = asked.catalog or Path(folder) / "big.db"
            if not catalog.exists():
                big_catalog(catalog, records=asked.records, waiting=asked.waiting).dispose()
            measures += bulk(catalog)
    if "crash" in parts:
        measures += crash(asked.acts, asked.entries)
    if "race" in parts:
        measures += race(asked.race, asked.postgresql)
    report(measures, file=asked.json)
    return 0 if all(measure.met for measure in measures) else 1


if __name__ == "__main__":
    sys.exit(main())
