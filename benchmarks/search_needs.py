"""Measure searches on needs that were written for the samples: what is found, and how long a search takes.

    python benchmarks/search_needs.py [--embedder minilm] [--json FILE]

The catalog is samples/*/expected.json. Times are medians over the needs, after a first search.
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from decomposer.match.measuring import DEPTH, Asked, measured
from decomposer.records import Entry
from decomposer.settings import Settings
from decomposer.wiring import Workspace
from decomposer.wiring.matching import Searching

ROOT = Path(__file__).parents[1]
NEEDS = ("needs.jsonl", "needs_abroad.jsonl")


def main() -> None:
    """Print a table, and write the figures as JSON where asked."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--embedder", action="append", help="minilm, wordllama, ... [none and auto]")
    asked.add_argument("--json", type=Path, help="write the figures there")
    given = asked.parse_args()
    rows = [row for embedder in given.embedder or ["none", "auto"] for row in figures(embedder)]
    print(f"{'searched by':<22}{'needs':<22}{'recall@5':>9}{'found@5':>9}{'MRR@10':>9}{'CPU ms':>9}{'ms':>9}")
    for row in rows:
        print(
            f"{row['by']:<22}{row['file']:<22}{row['recall']:>9.3f}{row['found']:>9.3f}{row['mrr']:>9.3f}"
            f"{row['cpu_ms']:>9.1f}{row['wall_ms']:>9.1f}"
        )
    if given.json:
        given.json.write_text(json.dumps(rows, indent=2) + "\n")


def figures(embedder: str) -> list[dict[str, object]]:
    """Return what is found of each file of needs, and the median time of a search after the first."""
    with TemporaryDirectory() as folder:
        settings = Settings(db=str(Path(folder) / "needs.db"), embedder=embedder)
        with Workspace(settings) as workspace:
            for file in sorted((ROOT / "samples").glob("*/expected.json")):
                _keep(Entry.model_validate_json(file.read_bytes()), workspace)
            searching = Searching(workspace)
            searching.find("warm up", count=False)
            return [_measured(searching, name) for name in NEEDS]


def _keep(entry: Entry, workspace: Workspace) -> None:
    workspace.catalog.take(entry, lambda previous, slug: entry)


def _measured(searching: Searching, name: str) -> dict[str, object]:
    lines = (ROOT / "tests" / "data" / name).read_text(encoding="utf-8").splitlines()
    asked: list[Asked] = []
    cpu: list[float] = []
    wall: list[float] = []
    by = ""
    for one in map(json.loads, lines):
        began, since = process_time(), perf_counter()
        found = searching.find(one["need"], limit=DEPTH, count=False)
        cpu.append(process_time() - began)
        wall.append(perf_counter() - since)
        by = found.by
        serving = {(slug, capability) for slug, capability in one["relevant"]}
        hits = [(hit.entry, hit.capability.name) for hit in found.matches]
        places = tuple(at for at, hit in enumerate(hits, start=1) if hit in serving)
        asked.append(Asked(one["need"], one["kind"], one["hard"], len(serving), places))
    times = {"cpu_ms": round(1000 * median(cpu), 1), "wall_ms": round(1000 * median(wall), 1)}
    return {"by": by, "file": name, **asdict(measured(asked)), **times}


if __name__ == "__main__":
    main()
