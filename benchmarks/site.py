"""Measure publishing a site: a fresh export, the same again, and after a change of one entry, as the command does it.

python benchmarks/site.py --entries 10000
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy import delete

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measuring import RESULTS, Measure, report
from benchmarks.site_catalog import RECORDS, site_catalog
from decomposer.store.catalog import SqlCatalog
from decomposer.store.engine import open_database, writing
from decomposer.store.review_tables import due

ENTRIES, TINY = 10_000, 12
MOST_SECONDS, MOST_AGAIN, MOST_MEMORY = 120, 5, 400


def exported(file: Path, folder: Path) -> dict[str, Any]:
    """Return what one export took, as `decomposer export` does it: time, CPU time, memory of all processes, files."""
    started, before = time.perf_counter(), os.times()
    command = [sys.executable, "-m", "decomposer", "export", str(folder), "--as", "html", "--db", str(file)]
    with (folder.parent / "said.txt").open("w+") as said:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        peak = _watched(process)
        said.seek(0)
        told = said.read().strip().splitlines()[-1:]
    if process.returncode:
        raise SystemExit(f"the export failed: {told}")
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    seconds = time.perf_counter() - started
    return {"seconds": round(seconds, 1), "cpu": round(cpu, 1), "peak_mb": round(peak / 1e6), "told": " ".join(told)}


def _watched(process: subprocess.Popen[bytes]) -> int:
    """Wait for a process, and return the most memory that it and its children had at a time, in bytes.

    What they share is counted once: their proportional share (PSS) where the system tells it, else all of it (RSS).
    """
    import psutil  # type: ignore[import-untyped]

    peak, over = 0, threading.Event()

    def look() -> None:
        nonlocal peak
        while not over.wait(0.2):
            total = 0
            try:
                whole = psutil.Process(process.pid)
                for one in (whole, *whole.children(recursive=True)):
                    known = one.memory_full_info()
                    total += getattr(known, "pss", 0) or known.rss
            except psutil.Error:
                continue
            peak = max(peak, total)

    watching = threading.Thread(target=look)
    watching.start()
    process.wait()
    over.set()
    watching.join()
    return peak


def reworded(file: Path) -> None:
    """Say something else of a record of the first entry."""
    engine = open_database(file)
    store = SqlCatalog(engine)
    slug = next(store.listings(limit=1)).slug
    entry = store.find(slug)
    if entry is None:
        raise SystemExit(f"{slug} is gone")
    first = entry.capabilities[0].model_copy(update={"best_for": ()})
    changed = entry.model_copy(update={"capabilities": (first, *entry.capabilities[1:])})
    store.take(changed, lambda previous, taken: changed)
    with writing(engine) as connection:
        connection.execute(delete(due))  # the registry holds what is planted, not what records are judged by
    engine.dispose()


def largest(folder: Path) -> int:
    """Return the size of the largest page of an entry, in bytes."""
    return max(page.stat().st_size for page in (folder / "entries").glob("*.html"))


def main() -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tiny", action="store_true", help="a dozen entries: to see that it runs")
    parser.add_argument("--entries", type=int, default=ENTRIES)
    parser.add_argument("--json", type=Path, default=RESULTS / "site.json", help="where the figures go")
    given = parser.parse_args()
    count = TINY if given.tiny else given.entries
    with tempfile.TemporaryDirectory() as place:
        file, folder = Path(place) / "catalog.db", Path(place) / "site"
        started = time.perf_counter()
        site_catalog(file, entries=count).dispose()
        print(f"a catalog of {count:,} entries, made in {time.perf_counter() - started:.0f} s", file=sys.stderr)
        rows = [{"export": "fresh", **exported(file, folder)}, {"export": "the same again", **exported(file, folder)}]
        reworded(file)
        rows.append({"export": "one entry has changed", **exported(file, folder)})
        page = largest(folder)
    print(json.dumps(rows), file=sys.stderr)
    notes = ["the registry is filled with what is planted: bringing in so many records is measured elsewhere"]
    fresh, again, one = rows
    about = f"{count:,} entries of {RECORDS} records"
    report(
        [
            Measure(f"fresh export of {about}", fresh["seconds"], "s", MOST_SECONDS, rows=rows, notes=notes),
            Measure("CPU time of that", fresh["cpu"], "s", 2 * MOST_SECONDS),
            Measure("the same again", again["seconds"], "s", MOST_AGAIN),
            Measure("after a change of one entry", one["seconds"], "s", MOST_SECONDS),
            Measure("memory of all processes at most", max(row["peak_mb"] for row in rows), "MB", MOST_MEMORY),
            Measure("largest page of an entry", page / 1000, "KB", 60),
        ],
        file=given.json,
    )


if __name__ == "__main__":
    main()
