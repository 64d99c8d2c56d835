"""Measure and report: timings with their spread, facts about the machine, tables and JSON."""

import json
import math
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("decomposer", "click", "instructor", "markdown-it-py", "openai", "pydantic", "sqlalchemy")


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of several runs, and the lowest and highest of them."""

    median: float
    low: float
    high: float
    runs: int

    def __str__(self) -> str:
        return f"{self.median:.3g} ({self.low:.3g} to {self.high:.3g}, {self.runs} runs)"


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the report: what was found against its target; `rows` and `notes` say where it comes from."""

    name: str
    value: float
    unit: str
    target: float
    spread: str = ""
    rows: Sequence[dict[str, Any]] = field(default_factory=list)
    notes: Sequence[str] = ()

    @property
    def met(self) -> bool:
        """Whether the value is at most the target."""
        return self.value <= self.target


def spread(values: Iterable[float]) -> Spread:
    """Return the median and range of one value or more."""
    found = sorted(values)
    return Spread(statistics.median(found), found[0], found[-1], len(found))


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call took."""
    return timed(work)[0]


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the CPU time that one call took in this process, which other processes disturb less."""
    return timed(work)[1]


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long one call took, and its CPU time."""
    start, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - cpu


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Return the slope of the straight line through the points in log-log: 1 is linear growth. NaN for one point."""
    logs = [(math.log(x), math.log(max(y, 1e-9))) for x, y in points]
    if len(logs) < 2:
        return math.nan
    return statistics.linear_regression([x for x, _ in logs], [y for _, y in logs]).slope


def machine() -> dict[str, Any]:
    """Return what the figures depend on: cores, load, Python, and versions of packages."""
    return {
        "cores": os.cpu_count(),
        "load_1_min": round(os.getloadavg()[0], 2),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def table(rows: Sequence[dict[str, Any]], *, most: int = 60) -> str:
    """Return rows as plain text in columns; the keys of the first are the header."""
    cells = [list(rows[0]) if rows else ["nothing"], *([_cell(value) for value in row.values()] for row in rows[:most])]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = ["  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells]
    if len(rows) > most:
        lines.append(f"  ... {len(rows) - most} more in the JSON")
    return "\n".join(line.rstrip() for line in lines)


def report(measures: Sequence[Measure], *, file: Path) -> None:
    """Print the measures, details first and the summary last, and store them as JSON."""
    for measure in measures:
        if measure.rows or measure.notes:
            print(f"\n{measure.name}")
        if measure.rows:
            print(table(measure.rows))
        for note in measure.notes:
            print(f"  {note}")
    print("\nSummary")
    print(table([_summary(measure) for measure in measures]))
    file.parent.mkdir(parents=True, exist_ok=True)
    stored = {"machine": machine(), "measures": [asdict(measure) | {"met": measure.met} for measure in measures]}
    file.write_text(json.dumps(_finite(stored), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"\nstored in {file}", file=sys.stderr)


def _summary(measure: Measure) -> dict[str, Any]:
    return {
        "measure": measure.name,
        "found": f"{_cell(measure.value)} {measure.unit}",
        "target": f"<= {measure.target:g}",
        "met": "yes" if measure.met else "NO",
        "spread": measure.spread,
    }


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return "" if value is None else str(value)


def _finite(value: Any) -> Any:
    """Return a value that JSON can carry: NaN and infinity become null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    return [_finite(inner) for inner in value] if isinstance(value, list | tuple) else value


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
