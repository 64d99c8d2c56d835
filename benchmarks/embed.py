"""Measure what making vectors costs: CPU time per text, the first vector, and memory, each embedder by itself.

    OPENBLAS_NUM_THREADS=1 python benchmarks/embed.py [--embedder minilm] [--json FILE]

The texts are made of common words, the same at each run: 64 of some 60 tokens, and one of some 10, as a need is.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measuring import cpu_seconds, machine, spread, table
from decomposer.embed import open_embedder
from decomposer.errors import ConfigurationError

WORDS = (
    "model text image search find data code table report user query answer speech audio video file page tool agent "
    "train read write send keep list chart price name date score page map plan task note line word voice"
).split()
TEXTS, LONG, SHORT = 64, 58, 8  # words: with the two that begin and end a text 60 and 10 tokens
FAMILY = ("mpnet", "minilm", "wordllama")


def main() -> None:
    """Print a table, and write the figures as JSON where asked; each embedder has a process of its own."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--embedder", action="append", help="mpnet, minilm, ... [those that are installed]")
    asked.add_argument("--runs", type=int, default=5, help="of each measure; the median counts [5]")
    asked.add_argument("--json", type=Path, help="write the figures there")
    asked.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.alone:
        print(json.dumps(figures(given.embedder[0], runs=given.runs)))
        return
    rows = [_alone(name, given.runs) for name in given.embedder or _installed()]
    print(table(rows))
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        print("  set OPENBLAS_NUM_THREADS=1: threads that wait for each other count as CPU time")
    if given.json:
        given.json.write_text(json.dumps({"machine": machine(), "rows": rows}, indent=1) + "\n")


def figures(name: str, *, runs: int) -> dict[str, object]:
    """Return the CPU time of the first vector, of one short text and of each of many, in ms, and the peak in MB."""
    chosen = random.Random(1)
    texts = [" ".join(chosen.choice(WORDS) for _ in range(LONG)) for _ in range(TEXTS)]
    short = [" ".join(chosen.choice(WORDS) for _ in range(SHORT))]
    embedder = open_embedder(name)
    first = cpu_seconds(lambda: embedder.embed(short))
    one = spread(cpu_seconds(lambda: embedder.embed(short)) for _ in range(4 * runs))
    many = spread(cpu_seconds(lambda: embedder.embed(texts)) / TEXTS for _ in range(runs))
    return {
        "embedder": name,
        "first vector, ms": round(1e3 * first, 1),
        "one need, ms": round(1e3 * one.median, 1),
        "a text of 60 tokens, ms": round(1e3 * many.median, 1),
        "lowest to highest": f"{1e3 * many.low:.1f} to {1e3 * many.high:.1f}",
        "peak MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _alone(name: str, runs: int) -> dict[str, object]:
    command = [sys.executable, "-m", "benchmarks.embed", "--alone", "--embedder", name, "--runs", str(runs)]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def _installed() -> list[str]:
    """Return the embedders that can be opened here; WordLlama is not loaded for it."""
    found = []
    for name in FAMILY if find_spec("tokenizers") else ():
        try:
            open_embedder(name)
        except ConfigurationError:
            continue
        found.append(name)
    return found


if __name__ == "__main__":
    main()
