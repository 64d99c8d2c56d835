"""Measure drafting: time per document, growth with size, peak memory, start-up, and what asking a model takes."""

import argparse
import cProfile
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import CodeType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.asking import cpu_per_answer, requests_and_tokens
from benchmarks.documents import REALISTIC, SHAPES, corpus, near, written
from benchmarks.drafting import draft
from benchmarks.measuring import RESULTS, Measure, cpu_seconds, exponent, report, seconds, spread, timed
from benchmarks.startup import startup

KB = 1000
SIZES = (10 * KB, 50 * KB, 200 * KB, 1000 * KB, 5000 * KB)
LONG = 320 * KB
PATIENCE = 60.0  # CPU seconds that one document may take: larger ones of a shape that would take longer are left out
PEAK = Path(__file__).with_name("peak.py")


def documents(paths: Sequence[Path], *, runs: int) -> Measure:
    """Return the time per document from disk to entry, extractive, scaled to 10 KB."""
    times: dict[Path, list[tuple[float, float]]] = {path: [] for path in paths}
    for path in [*paths[:2], *list(paths) * runs]:  # the first two warm up
        times[path].append(timed(partial(draft, path)))
    rows: list[dict[str, Any]] = []
    for path, found in times.items():
        wall, cpu = (spread(took[clock] for took in found[-runs:]) for clock in (0, 1))
        size = path.stat().st_size / KB
        row = {"document": path.name, "KB": size, "ms per 10 KB": wall.median * 1e4 / size}
        rows.append(row | {"CPU ms per 10 KB": cpu.median * 1e4 / size, "seconds": str(wall)})
    rows.sort(key=lambda row: -row["ms per 10 KB"])
    wall, cpu = (spread(row[name] for row in rows) for name in ("ms per 10 KB", "CPU ms per 10 KB"))
    notes = [f"CPU time: {cpu}"]
    return Measure("extractive draft of a 10 KB document", wall.median, "ms", 25, str(wall), rows, notes)


def long_document(path: Path, *, runs: int) -> Measure:
    """Return the time of the 320 KB document."""
    took = spread(seconds(partial(draft, path)) for _ in range(runs))
    rows = [{"document": path.name, "KB": path.stat().st_size / KB, "seconds": str(took)}]
    return Measure("extractive draft of a 320 KB document", took.median, "s", 1.5, str(took), rows)


def growth(shapes: Sequence[str], sizes: Sequence[int], *, scratch: Path) -> list[Measure]:
    """Return how CPU time grows with size in each shape; for the worst, the functions that take most of it."""
    rows: list[dict[str, Any]] = []
    for shape in shapes:
        points = _points(shape, sizes, scratch)
        slope = exponent(points)
        last = exponent(points[-2:])
        row: dict[str, Any] = {"shape": shape, "exponent": slope, "last step": last}
        row |= {_named(size): next((took for at, took in points if at == size), None) for size in sizes}
        rows.append(row | {"ms per KB": points[-1][1] * 1e3 / (points[-1][0] / KB)})
        print(f"  {shape}: {slope:.2f}", file=sys.stderr)
    rows.sort(key=lambda row: -row["exponent"])
    worst = rows[0]["shape"]
    realistic = max((row["exponent"] for row in rows if row["shape"] in REALISTIC), default=math.nan)
    notes = [f"where {worst} spends its time ({_named(sizes[1])}):", *_profile(worst, sizes[1], scratch)]
    notes.append(f"an empty place: it would have taken more than {PATIENCE:.0f} s")
    return [
        Measure("growth, realistic documents, worst exponent", realistic, "", 1.1),
        Measure("growth, all shapes, worst exponent", rows[0]["exponent"], "", 1.1, rows=rows, notes=notes),
        Measure("slowest shape", max(row["ms per KB"] for row in rows), "ms per KB", 25),
    ]


def memory(path: Path, what: str) -> Measure:
    """Return the peak memory of `decomposer draft` on a document that `what` names, in a process of its own."""
    command = [sys.executable, "-m", "decomposer", "draft", str(path), "--model", "extractive", "--no-save"]
    said = subprocess.run([sys.executable, str(PEAK), *command], capture_output=True, text=True, check=True).stdout
    found = json.loads(said)
    if found["exit"]:
        raise SystemExit(f"decomposer draft {path} failed: {found['said']}")
    size = path.stat().st_size / KB
    row = {"document": path.name, "KB": size, "peak MB": found["peak_mb"], "seconds": found["seconds"]}
    return Measure(f"peak memory, {what}", found["peak_mb"], "MB", 120, rows=[row])


def measured(options: argparse.Namespace, scratch: Path) -> list[Measure]:
    """Return every measure."""
    runs = 2 if options.quick else 7
    paths = corpus(options.corpus)
    small = near(paths, 10 * KB, scratch=scratch)
    sizes: Sequence[int] = SIZES[:3] if options.quick else SIZES
    shapes = options.shapes or (REALISTIC if options.quick else tuple(SHAPES))
    if options.tiny:
        sizes, shapes, small, paths = (1 * KB, 2 * KB), shapes[:1], small[:2], paths[:2]
    long = next((path for path in paths if abs(path.stat().st_size - LONG) < LONG // 50), None)
    long = long or written(scratch, "badges", sizes[-1] if options.tiny else LONG)
    return [
        documents(small, runs=runs),
        long_document(long, runs=min(runs, 5)),
        memory(long, "320 KB document"),
        memory(written(scratch, "prose", sizes[-1]), "largest document"),
        *growth(shapes, sizes, scratch=scratch),
        cpu_per_answer(small, runs=runs * 5),
        *startup(runs=runs * 3),
        *requests_and_tokens(paths),
    ]


def main() -> int:
    """Print and store the measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=RESULTS / "draft.json", help="where the figures go")
    parser.add_argument("--corpus", type=Path, help="folder of documents (default: the corpus, else samples/)")
    parser.add_argument("--quick", action="store_true", help="few runs, realistic shapes, no document over 200 KB")
    parser.add_argument("--tiny", action="store_true", help="only see that it runs: the figures mean nothing")
    parser.add_argument("--shapes", nargs="*", choices=SHAPES, help="measure growth on these shapes only")
    options = parser.parse_args()
    options.quick = options.quick or options.tiny
    with tempfile.TemporaryDirectory() as scratch:
        report(measured(options, Path(scratch)), file=options.json)
    return 0


def _points(shape: str, sizes: Sequence[int], scratch: Path) -> list[tuple[float, float]]:
    """Return (bytes, CPU seconds) for each size, the best of a few runs; ends where the next would take too long."""
    points: list[tuple[float, float]] = []
    for size in sizes:
        if len(points) > 1:
            steepness = max(1.0, exponent(points[-2:]))
            if points[-1][1] * (size / points[-1][0]) ** steepness > PATIENCE:
                break
        path = written(scratch, shape, size)
        took = cpu_seconds(partial(draft, path))
        runs = 2 if took < 1 else 0
        points.append((size, min([took, *(cpu_seconds(partial(draft, path)) for _ in range(runs))])))
        path.unlink()
    return points


def _profile(shape: str, size: int, scratch: Path) -> list[str]:
    """Return the functions that take most of the time of a shape, most first."""
    path = written(scratch, shape, size)
    profile = cProfile.Profile()
    profile.runcall(draft, path)
    entries = profile.getstats()
    total = sum(entry.inlinetime for entry in entries)
    most = sorted(entries, key=lambda entry: -entry.inlinetime)[:6]
    return [f"  {entry.inlinetime / total:4.0%}  {entry.callcount} calls  {_place(entry.code)}" for entry in most]


def _place(code: CodeType | str) -> str:
    if isinstance(code, str):
        return code
    return f"{'/'.join(Path(code.co_filename).parts[-3:])}:{code.co_firstlineno} {code.co_name}"


def _named(size: int) -> str:
    return f"{size // KB} KB" if size < 1000 * KB else f"{size // (1000 * KB)} MB"


if __name__ == "__main__":
    sys.exit(main())
