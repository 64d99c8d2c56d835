"""Measure clustering on planted records with a judge that is often wrong: time, growth, memory, and how right it is."""

import argparse
import sys
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measuring import RESULTS, Measure, cpu_seconds, exponent, report
from decomposer.cluster import Scored, cluster
from tests.planting import pair_f1, planted

SIZES = (10_000, 30_000, 100_000)
CANDIDATES = 4  # beside all pairs that are true


def clustered(truth: dict[str, int], scored: list[Scored]) -> tuple[list[tuple[str, ...]], float]:
    """Return the clusters and the CPU time in seconds that they took."""
    found: list[tuple[str, ...]] = []
    return found, cpu_seconds(lambda: found.extend(cluster(truth, scored)))


def measures(sizes: tuple[int, ...]) -> list[Measure]:
    """Return what clustering planted sets of these sizes takes, and its pairwise F1 on the largest."""
    rows = []
    for size in sizes:
        truth, scored = planted(size, seed=1, candidates=CANDIDATES)
        found, took = clustered(truth, scored)
        f1 = pair_f1(truth, found)
        rows.append({"records": size, "pairs": len(scored), "cpu s": took, "clusters": len(found), "F1": f1})
    largest = rows[-1]
    points = [(float(row["pairs"]), float(row["cpu s"])) for row in rows]
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    return [
        Measure(f"CPU time to cluster {sizes[-1]:,} records", float(largest["cpu s"]), "s", 5, rows=rows),
        Measure("growth with the number of pairs", exponent(points), "", 1.2),
        Measure("peak memory, the planted pairs included", peak, "MB", 1000),
        Measure("1 - pairwise F1", 1 - float(largest["F1"]), "", 0.05),
    ]


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many records")
    parser.add_argument("--json", type=Path, default=RESULTS / "clusters.json", help="where the figures go")
    given = parser.parse_args()
    report(measures(tuple(given.sizes)), file=given.json)


if __name__ == "__main__":
    main()
