"""Measure how fast the command line starts, relative to `import click`, and what it imports on the way."""

import subprocess
import sys
from collections.abc import Sequence

from benchmarks.measuring import Measure, seconds, spread

HEAVY = (
    "openai", "instructor", "sqlalchemy", "alembic", "pydantic", "httpx2", "jinja2", "markdown_it", "docutils", "yaml",
    "rich", "tenacity", "charset_normalizer",
)  # fmt: skip
HELP = [sys.executable, "-m", "decomposer", "--help"]
FLOOR = [sys.executable, "-c", "import click"]


def startup(*, runs: int) -> list[Measure]:
    """Return `decomposer --help` relative to `import click`, and the heavy modules on that path."""
    pairs = [(_seconds(HELP), _seconds(FLOOR)) for _ in range(runs + 1)][1:]  # the first run warms the disk
    ours, floor = spread(one for one, _ in pairs), spread(other for _, other in pairs)
    rows = [
        {"command": "python -m decomposer --help", "ms": ours.median * 1e3, "spread": str(ours)},
        {"command": "python -c 'import click'", "ms": floor.median * 1e3, "spread": str(floor)},
    ]
    heavy = imported(HEAVY)
    return [
        Measure("start-up relative to import click", ours.median / floor.median, "x", 2.5, str(ours), rows),
        Measure("heavy modules imported by --help", len(heavy), "", 0, notes=heavy),
    ]


def imported(names: Sequence[str]) -> list[str]:
    """Return which of the modules `decomposer --help` imports."""
    command = [sys.executable, "-X", "importtime", *HELP[1:]]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    seen = {line.rpartition("|")[2].strip() for line in said.splitlines() if line.startswith("import time:")}
    return [name for name in names if name in seen]


def _seconds(command: Sequence[str]) -> float:
    return seconds(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True))
