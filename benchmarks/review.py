"""Measure the review of a big catalog: the first record, the next one, many at once, and memory, over a real pty.

    python benchmarks/review.py                            # makes a catalog of 1,000,000 records first: two minutes
    python benchmarks/review.py --catalog big.db           # made where it is missing; decisions are made in it
    python benchmarks/review.py --records 20000 --waiting 5000

A process is started anew for each first record. The terminal is an emulator on a pty: a time ends when it has read
what was waited for. Of what is decided at once the time is that of the decision, in a process of its own: to look at a
sample first is left to people.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

if __package__ in (None, ""):  # started as a file
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.big_catalog import BULK, big_catalog
from benchmarks.measuring import RESULTS, Measure, report, seconds, spread
from tests.terminal import Terminal

_KEYS = "aaxa xa"  # pressed over and over: accept, reject, leave for later
_SHOWN = "[x] description"
_REVIEWER = {"DECOMPOSER_ACTOR": "benchmark"}


def review(catalog: Path, *, runs: int, keys: int) -> list[Measure]:
    """Return what was measured of the review in the terminal and of decisions about many at once."""
    firsts = [_first(catalog) for _ in range(runs + 1)][1:]  # the first run warms the disk
    times, peak = _keys(catalog, keys)
    found = sorted(times)
    bulk = _bulk(catalog)
    shown, key = spread(firsts), spread(times)
    p95 = found[int(len(found) * 0.95)]
    many = f"{bulk['decided']:,} records"
    return [
        Measure("first record on the screen, from the start of the process", shown.median, "s", 0.5, str(shown)),
        Measure(
            "key to next record, 95th percentile", p95 * 1e3, "ms", 50, f"median {key.median * 1e3:.3g} ms, {keys} keys"
        ),
        Measure("accept at once", bulk["accept"], "s", 2.0, many),
        Measure("take it back", bulk["undo"], "s", 2.0, many),
        Measure("peak memory in the terminal", peak, "MB", 150, f"after {keys} keys"),
        Measure("peak memory deciding at once", bulk["peak"], "MB", 150, many),
    ]


def _terminal(catalog: Path) -> Terminal:
    command = [sys.executable, "-m", "decomposer", "review", "--db", str(catalog)]
    return Terminal(command, columns=80, rows=24, environ=_REVIEWER)


def _first(catalog: Path) -> float:
    with _terminal(catalog) as terminal:
        took = terminal.until(_SHOWN) - terminal.started
        terminal.until("waiting")  # the application is there, and reads keys
        terminal.send("q")
        terminal.ended()
    return took


def _keys(catalog: Path, count: int) -> tuple[list[float], float]:
    """Return how long each key took to the next record, in seconds, and the peak memory in MB."""
    times = []
    with _terminal(catalog) as terminal:
        terminal.until("waiting", seconds=60)
        for number in range(count):
            before = _record(terminal.text)
            at = terminal.send(_KEYS[number % len(_KEYS)])
            terminal.until(lambda text, before=before: _SHOWN in text and _record(text) != before)  # type: ignore[misc]
            times.append(terminal.read_at - at)
            time.sleep(0.05)  # a person's pace: what is done behind the screen is done
        peak = _peak(terminal.process.pid)
        terminal.send("q")
        terminal.ended()
    return times, peak


def _record(text: str) -> str:
    """Return the line with the id of the record that is shown."""
    return next((line for line in text.splitlines() if " · " in line), "")


def _peak(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kilobytes) * 1024 / 1e6


# --- many at once, in a process of its own


def _bulk(catalog: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--decide", str(catalog)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def _decide(catalog: Path) -> dict[str, Any]:
    from decomposer.review import guard
    from decomposer.settings import Settings
    from decomposer.wiring import Workspace
    from decomposer.wiring.reviewing import desk

    with Workspace(Settings(db=str(catalog), actor="benchmark")) as workspace:
        one = desk(workspace, query=f"model={BULK}")
        waiting = one.waiting()
        known = guard.guard((), 0, of=waiting)
        accept = seconds(lambda: one.decide_all(known))
        left = one.waiting()
        undo = seconds(one.undo)
        if (left, one.waiting()) != (0, waiting):
            raise SystemExit(f"{waiting} waited, {left} were left, and {one.waiting()} wait again")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    return {"decided": waiting, "accept": accept, "undo": undo, "peak": peak}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalog", type=Path, help="made where it is missing [one that is thrown away]")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--waiting", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=7, help="how often the first record is waited for")
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--json", type=Path, default=RESULTS / "review.json")
    parser.add_argument("--decide", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.decide:
        print(json.dumps(_decide(asked.decide)))
        return
    with tempfile.TemporaryDirectory() as folder:
        catalog = asked.catalog or Path(folder) / "big.db"
        if not catalog.exists():
            big_catalog(catalog, records=asked.records, waiting=asked.waiting).dispose()
        report(review(catalog, runs=asked.runs, keys=asked.keys), file=asked.json)


if __name__ == "__main__":
    main()
