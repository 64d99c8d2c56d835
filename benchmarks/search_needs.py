"""Measure searches on needs that were written for the samples: what is found, and how long a search takes.

    python benchmarks/search_needs.py [--embedder minilm] [--reworded] [--json FILE]

The catalog is samples/*/expected.json. Times are medians over the needs, after a first search. With --reworded each
need is searched for in other words, too: the answers of tests/data/reworded.jsonl, which were written by hand. They
take the way of all such answers: requests are exported, the answers laid beside them and imported, and then found in
the ledger, as `match --reword` does it. What a model takes to answer is not in the times.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from shutil import copyfile
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from decomposer.cli.answering import take_answers
from decomposer.cli.asking import Desk
from decomposer.draft import Reworded
from decomposer.match.measuring import DEPTH, Asked, measured
from decomposer.records import Entry
from decomposer.settings import Settings
from decomposer.sources.needs import plain_needs
from decomposer.wiring import Workspace
from decomposer.wiring.matching import Searching
from decomposer.wiring.rewording import open_rewording
from decomposer.wiring.rounds import Inquiry

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "data"
NEEDS = ("needs.jsonl", "needs_abroad.jsonl")
REWORDED = DATA / "reworded.jsonl"
BY_HAND = "openai/by-hand"


def main() -> None:
    """Print a table, and write the figures as JSON where asked."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--embedder", action="append", help="minilm, wordllama, ... [none and auto]")
    asked.add_argument("--reworded", action="store_true", help="also search in the other words written by hand")
    asked.add_argument("--json", type=Path, help="write the figures there")
    given = asked.parse_args()
    said = reworded() if given.reworded else {}
    rows = [row for embedder in given.embedder or ["none", "auto"] for row in figures(embedder, said)]
    print(f"{'searched by':<32}{'needs':<22}{'recall@5':>9}{'found@5':>9}{'MRR@10':>9}{'CPU ms':>9}{'ms':>9}")
    for row in rows:
        print(
            f"{row['by']:<32}{row['file']:<22}{row['recall']:>9.3f}{row['found']:>9.3f}{row['mrr']:>9.3f}"
            f"{row['cpu_ms']:>9.1f}{row['wall_ms']:>9.1f}"
        )
    if given.json:
        given.json.write_text(json.dumps(rows, indent=2) + "\n")


def reworded() -> dict[str, tuple[Reworded, ...]]:
    """Return the needs in other words: the answers written by hand, as a search gets them of the ledger."""
    needs = [need for name in NEEDS for need in plain_needs(DATA / name)]
    with TemporaryDirectory() as folder:
        settings = Settings(db=str(Path(folder) / "asked.db"), model=BY_HAND, reword=BY_HAND)
        with Inquiry(settings) as inquiry:
            desk = Desk(Path(folder) / "asked")
            for need in needs:
                for request in inquiry.missing_for(need):
                    desk.put(request, slug=need, about=need)
        copyfile(REWORDED, desk.folder / "answers.jsonl")
        with Workspace(settings) as workspace:
            take_answers(desk.folder, workspace.ledger)
            rewording = open_rewording(workspace)
            assert rewording is not None
            return {need: rewording.of(need) for need in needs}


def figures(embedder: str, said: Mapping[str, Sequence[Reworded]]) -> list[dict[str, object]]:
    """Return what is found of each file of needs, and the median time of a search after the first.

    Where needs are `said` in other words, there is a row of searches in these, too.
    """
    with TemporaryDirectory() as folder:
        settings = Settings(db=str(Path(folder) / "needs.db"), embedder=embedder)
        with Workspace(settings) as workspace:
            for file in sorted((ROOT / "samples").glob("*/expected.json")):
                _keep(Entry.model_validate_json(file.read_bytes()), workspace)
            searching = Searching(workspace)
            searching.find("warm up", count=False)
            plain = [_measured(searching, name, {}) for name in NEEDS]
            return [*plain, *(_measured(searching, name, said) for name in NEEDS if said)]


def _keep(entry: Entry, workspace: Workspace) -> None:
    workspace.catalog.take(entry, lambda previous, slug: entry)


def _measured(searching: Searching, name: str, said: Mapping[str, Sequence[Reworded]]) -> dict[str, object]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    asked: list[Asked] = []
    cpu: list[float] = []
    wall: list[float] = []
    by = ""
    for one in map(json.loads, lines):
        began, since = process_time(), perf_counter()
        found = searching.find(one["need"], also=said.get(one["need"], ()), limit=DEPTH, count=False)
        cpu.append(process_time() - began)
        wall.append(perf_counter() - since)
        by = f"{found.by}, reworded" if said else found.by
        serving = {(slug, capability) for slug, capability in one["relevant"]}
        hits = [(hit.entry, hit.capability.name) for hit in found.matches]
        places = tuple(at for at, hit in enumerate(hits, start=1) if hit in serving)
        asked.append(Asked(one["need"], one["kind"], one["hard"], len(serving), places))
    times = {"cpu_ms": round(1000 * median(cpu), 1), "wall_ms": round(1000 * median(wall), 1)}
    return {"by": by, "file": name, **asdict(measured(asked)), **times}


if __name__ == "__main__":
    main()
