"""Measure comparing and ranking: two entries of 13 records each, and norms over a catalog of many figures."""

import argparse
import resource
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.catalogs import catalog
from benchmarks.joining import record_of
from benchmarks.measuring import RESULTS, Measure, report, seconds, spread
from decomposer.records import Artifact, Capability, Entry, Run, SourceKind
from decomposer.settings import read_settings
from decomposer.wiring import Workspace
from decomposer.wiring.comparing import compared
from decomposer.wiring.ranking import Ranking

RECORDS = 13
PAIRS = 20
FIGURES = 1_000_000


def planted(slug: str, found: Iterator[Any]) -> Entry:
    """Return an entry with the next planted records."""
    records = [record_of(one, number) for number, one in enumerate(islice(found, RECORDS))]
    own = [one.model_copy(update={"id": f"{slug}/{number}"}) for number, one in enumerate(records)]
    return entry(slug, *own)


def entry(slug: str, *records: Capability) -> Entry:
    """Return an entry with such records."""
    return Entry(
        artifact=Artifact(slug=slug, name=slug.title(), type="repo", source=f"gh:acme/{slug}"),
        documents=(),
        source_kind=SourceKind(kind="software", reason="it is"),
        capabilities=records,
        run=Run(model="planted", prompt="planted"),
    )


def _itself(one: Entry, previous: Entry | None, slug: str) -> Entry:
    return one


def comparing(workspace: Workspace, *, pairs: int, runs: int) -> Measure:
    """Return the time of a comparison as `compare` makes it: from two slugs to the verdict, on pairs never judged."""
    made = catalog(pairs * 2 * RECORDS)
    found = iter(made.records())
    for number in range(2 * pairs):
        one = planted(f"e{number:04}", found)
        workspace.catalog.take(one, partial(_itself, one))
    compared("e0000", "e0001", workspace)  # what is loaded once a process
    rows: list[dict[str, Any]] = []
    for number in range(0, 2 * pairs, 2):
        work = partial(compared, f"e{number:04}", f"e{number + 1:04}", workspace)
        rows.append({"pair": number // 2, "seconds": spread(seconds(work) for _ in range(runs)).median})
    took = spread(row["seconds"] for row in rows)
    return Measure(f"comparing {RECORDS} and {RECORDS} records", took.median * 1000, "ms", 50, f"{took} s", rows)


def ranking(workspace: Workspace, *, runs: int) -> Measure:
    """Return the time to rank an entry where the norms of the day are known."""
    one, ranks = workspace.entry("e0000"), Ranking(workspace)
    took = spread(seconds(partial(ranks.of, one)) for _ in range(runs))
    return Measure(f"ranking an entry of {RECORDS} records", took.median * 1000, "ms", 5, f"{took} s")


def norms(workspace: Workspace, *, figures: int) -> list[Measure]:
    """Return the time and memory that the norms of a catalog with many figures take; they are summed up in SQL."""
    connection: Any = workspace.engine.raw_connection()
    connection.execute("PRAGMA foreign_keys=OFF")  # figures alone are summed up: they need no entries here
    connection.execute("BEGIN")
    rows = ((f"f{number}", "stars", f"type{number % 19}", number, number % 17) for number in range(figures))
    connection.cursor().executemany("INSERT INTO figures (entry, key, type, value, log) VALUES (?, ?, ?, ?, ?)", rows)
    connection.execute("COMMIT")
    connection.close()
    before = _peak()
    anew = seconds(lambda: Ranking(workspace, anew=True))
    kept = spread(seconds(lambda: Ranking(workspace)) for _ in range(9))
    return [
        Measure(f"norms of {figures:,} figures, made anew", anew, "s", 5),
        Measure("norms of the same day, as they are kept", kept.median * 1000, "ms", 5, f"{kept} s"),
        Measure("growth of the peak of memory meanwhile", _peak() - before, "MB", 20),
    ]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tiny", action="store_true", help="few pairs and figures: to see that it runs")
    parser.add_argument("--json", type=Path, default=RESULTS / "compare.json", help="where the figures go")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings({"db": f"{folder}/catalog.db"}, environ={}, folder=Path(folder))
        with Workspace(settings) as workspace:
            pairs, runs = (2, 2) if given.tiny else (PAIRS, 5)
            measures = [comparing(workspace, pairs=pairs, runs=runs), ranking(workspace, runs=runs * 5)]
            measures += norms(workspace, figures=1_000 if given.tiny else FIGURES)
    report(measures, file=given.json)


if __name__ == "__main__":
    main()
