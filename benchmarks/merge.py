"""Measure joining across a catalog, batch and incremental, beside semhash and MinHash: time, memory and how right."""

import argparse
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measuring import RESULTS, Measure, exponent, report

HERE = Path(__file__).parent
SIZES = (10_000, 30_000, 100_000)
BESIDE = 30_000
ADDING = 100_000
MILLION = 1_000_000
NEEDS = {"semhash": "semhash", "minhash": "datasketch"}
SHOWN = ("threshold", "cpu_s", "seconds", "peak_mb", "precision", "recall", "f1", "near_misses_joined")


def child(script: str, *arguments: str) -> Any:
    """Return what a benchmark prints, run as a process of its own, so that its peak memory is its own."""
    command = [sys.executable, str(HERE / script), *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def joined(method: str, size: int, seed: int) -> Any:
    """Return what one method makes of the planted catalog of a size and a seed, a row for each of its thresholds."""
    return child("joining.py", method, str(size), "--seed", str(seed))


def batch(sizes: tuple[int, ...], seed: int) -> list[Measure]:
    """Return what joining whole catalogs of these sizes takes."""
    rows = [{"records": size, **joined("decomposer", size, seed)[0]} for size in sizes]
    largest = rows[-1]
    shown = [{"records": row["records"], **{name: row[name] for name in SHOWN[1:]}} for row in rows]
    kinds = ", ".join(f"{kind} {share:.0%}" for kind, share in largest["joined_by_kind"].items())
    growth = exponent([(row["records"], row["cpu_s"]) for row in rows])
    share = largest["records"] / SIZES[-1]
    return [
        Measure(
            f"CPU time to join {largest['records']:,} records", largest["cpu_s"], "s", 40 * share, rows=shown,
            notes=[f"near misses joined, by what differs: {kinds}"],
        ),
        Measure("peak memory of that, the planted catalog included", largest["peak_mb"], "MB", 1000),
        Measure("growth of CPU time with the records", growth, "", 1.2),
    ]  # fmt: skip


def beside(size: int, seed: int) -> Measure:
    """Return how right our clusters are beside other tools in the same run; the value is by how much F1 is behind."""
    rows, notes = [], []
    for method in ("decomposer", *NEEDS):
        if method in NEEDS and find_spec(NEEDS[method]) is None:
            notes.append(f"{method}: not installed (pip install {NEEDS[method]})")
            continue
        found = joined(method, size, seed)
        rows += [{"method": method, **{name: row[name] for name in SHOWN}} for row in found]
    first, *others = rows
    best = max((row["f1"] for row in others), default=0.0)
    notes.append("other tools are tried at several thresholds, the first is their default; the best counts")
    return Measure(
        f"F1 behind the best of others, {size:,} records", best - first["f1"], "", 0.0, rows=rows, notes=notes
    )


def adding(size: int, seed: int) -> list[Measure]:
    """Return what adding one record to the registry takes, and how far the registry is from the batch."""
    found = child("adding.py", str(size), str(seed))
    rows = [{"way": way, **{name: found[way][name] for name in SHOWN[4:]}} for way in ("incremental", "batch")]
    cost = {name: found[name] for name in ("cpu_ms_a_record", "median_cpu_ms", "slowest_ms", "peak_mb")}
    apart = abs(found["incremental"]["f1"] - found["batch"]["f1"])
    return [
        Measure(f"adding one record to {size:,}, median", found["median_ms"], "ms", 5, rows=[cost]),
        Measure("F1 of incremental less that of batch, either way", apart, "", 0.01, rows=rows),
    ]


def million(size: int, seed: int) -> list[Measure]:
    """Return what joining a very large catalog takes, run once."""
    (found,) = joined("decomposer", size, seed)
    return [
        Measure(
            f"time to join {size:,} records", found["seconds"] / 60, "min", 12, rows=[{n: found[n] for n in SHOWN}]
        ),
        Measure("peak memory of that", found["peak_mb"], "MB", 3000),
    ]


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="records of the batches")
    parser.add_argument("--beside", type=int, default=BESIDE, help="records that other tools join too; 0 for none")
    parser.add_argument("--adding", type=int, default=ADDING, help="records of the registry; 0 for none")
    parser.add_argument("--million", type=int, nargs="?", const=MILLION, default=0, help="join so many, once")
    parser.add_argument(
        "--seed", type=int, default=1, help="which planted catalogs; settings were chosen on those of 1"
    )
    parser.add_argument("--json", type=Path, default=RESULTS / "merge.json", help="where the figures go")
    given = parser.parse_args()
    measures = batch(tuple(given.sizes), given.seed)
    measures += [beside(given.beside, given.seed)] if given.beside else []
    measures += adding(given.adding, given.seed) if given.adding else []
    measures += million(given.million, given.seed) if given.million else []
    report(measures, file=given.json)


if __name__ == "__main__":
    main()
