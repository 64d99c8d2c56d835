"""Measure the vectors of a large catalog: how long they take to keep and to index, their size, and how fast one finds.

    python benchmarks/vectors.py --records 200000 [--embedder wordllama]

One vector a record, of the texts of planted records (`catalogs.py`). Making vectors is the embedder's time and is told
apart. A search is the 200 nearest of a text; the first of a process opens what is kept. CPU time is of this process.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from benchmarks.catalogs import catalog
from benchmarks.measuring import RESULTS, Measure, cpu_seconds, report, timed
from decomposer.ports import Embedder
from decomposer.settings import Settings
from decomposer.store.near_rows import Floats
from decomposer.store.nearest import Nearest
from decomposer.wiring.embedding import search_embedder

RECORDS = 200_000
BLOCK = 1_000  # vectors that are kept in one transaction
NEWER = 0.03  # of the records that come after the index was built
ASKED = 300
EXACTLY = 30  # of these are compared with looking at every vector
NEAREST = 200
_FIRST = """
import sys, time
from pathlib import Path
import numpy as np
from decomposer.store.nearest import Nearest
before, cpu = time.perf_counter(), time.process_time()
Nearest(Path(sys.argv[1]), name="bench", size=int(sys.argv[2])).search(np.load(sys.argv[3])[0], 200)
print(time.process_time() - cpu, [one for one in open("/proc/self/status") if one.startswith("VmHWM")][0].split()[1])
"""


def blocks(records: int, embedder: Embedder, spent: list[float]) -> Iterator[tuple[int, Floats]]:
    """Yield the number of the first of some records, and their vectors; what making these took is added to `spent`."""
    texts = (f"{one.name}. {one.description}" for one in catalog(records, seed=3).records())
    number = 1
    while block := list(islice(texts, BLOCK)):
        began = time.process_time()
        rows: Floats = embedder.embed(block)
        spent.append(time.process_time() - began)
        yield number, rows
        number += len(block)


def measured(records: int, embedder: Embedder, folder: Path) -> list[Measure]:
    """Return what keeping, indexing, growing and searching take."""
    size = int(embedder.embed(["size"]).shape[1])
    kept = Nearest(folder, name="bench", size=size)
    spent: list[float] = []
    began, late, held = time.process_time(), [], []
    first = int(records * (1 - NEWER))
    for number, rows in blocks(records, embedder, spent):
        held.append(rows)
        if number > first:
            late.append((number, rows))
        else:
            kept.put((number + at, rows[at : at + 1]) for at in range(len(rows)))
    putting = time.process_time() - began - sum(spent)
    wall, building = timed(kept.tidy)
    idle = cpu_seconds(kept.tidy)
    for number, rows in late:
        kept.put((number + at, rows[at : at + 1]) for at in range(len(rows)))
    behind = _searches(kept, held)
    growing = cpu_seconds(kept.tidy)
    after = _searches(kept, held)
    opening, memory = _first(folder, size, held[0])
    files = {"rows": "*.db", "index": "*.usearch"}
    disk = {name: sum(one.stat().st_size for one in folder.glob(glob)) / 1e6 for name, glob in files.items()}
    found: list[dict[str, Any]] = [
        {"what": "making a vector, us CPU", "value": 1e6 * sum(spent) / records},
        {"what": "keeping a vector, us CPU", "value": 1e6 * putting / records},
        {"what": "indexing a vector, us CPU", "value": 1e6 * building / first},
        {"what": "building the index, s", "value": wall},
        {"what": "building the index, s CPU", "value": building},
        {"what": f"working in {NEWER:.0%} more, s CPU", "value": growing},
        {"what": "seeing that nothing is to do, ms CPU", "value": 1000 * idle},
        {"what": "rows on disk, MB", "value": disk["rows"]},
        {"what": "index on disk, MB", "value": disk["index"]},
        {"what": "first search of a process, ms CPU", "value": 1000 * opening},
        {"what": "memory of that process, MB", "value": memory},
        {"what": "share of the nearest 10 that is found", "value": _found(kept, held)},
    ]
    return [
        Measure(f"search over {records:,} vectors of {size}, 95th of a hundred (CPU)", after, "ms", 50, rows=found),
        Measure(f"the same while {NEWER:.0%} are not in the index", behind, "ms", 50),
    ]


def _queries(held: list[Floats], count: int) -> Floats:
    chance = np.random.default_rng(5)
    rows = np.concatenate([block[:1] for block in held])
    asked = rows[chance.integers(0, len(rows), count)] + chance.normal(0, 0.03, (count, rows.shape[1]))
    return asked.astype(np.float32)


def _searches(kept: Nearest, held: list[Floats]) -> float:
    asked = _queries(held, ASKED)
    kept.search(asked[0], NEAREST)
    took = [1000 * cpu_seconds(lambda one=one: kept.search(one, NEAREST)) for one in asked]  # type: ignore[misc]
    return float(np.quantile(took, 0.95))


def _found(kept: Nearest, held: list[Floats]) -> float:
    rows = np.concatenate(held)
    asked = _queries(held, EXACTLY)
    shares = []
    for one in asked:
        best = {int(at) + 1 for at in np.argpartition(-(rows @ one), 10)[:10]}
        shares.append(len(best & {number for number, _ in kept.search(one, NEAREST)}) / 10)
    return float(np.mean(shares))


def _first(folder: Path, size: int, rows: Floats) -> tuple[float, float]:
    """Return the CPU seconds of the first search of a process, and the most memory that it had, in MB."""
    with TemporaryDirectory() as beside:
        file = Path(beside) / "rows.npy"
        np.save(file, rows[:1])
        command = [sys.executable, "-c", _FIRST, str(folder), str(size), str(file)]
        seconds, memory = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), int(memory) / 1e3


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--embedder", default="wordllama")
    parser.add_argument("--json", type=Path, default=RESULTS / "vectors.json", help="where the figures go")
    given = parser.parse_args()
    embedder = search_embedder(Settings(embedder=given.embedder))
    if embedder is None:
        parser.error("name an embedder")
    with TemporaryDirectory() as folder:
        report(measured(given.records, embedder, Path(folder)), file=given.json)


if __name__ == "__main__":
    main()
