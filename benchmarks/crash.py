"""Kill a batch run at moments spread over it, resume it, and count what was paid twice, in doubt, or different."""

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measuring import RESULTS, Measure, report
from tests.standin import Standin

RUNNERS = ("threads", "dask")
MODEL = "gpt-5-mini"
_CLUSTER = """
import sys, time
from distributed import LocalCluster
if __name__ == "__main__":
    cluster = LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, protocol="tcp://")
    print(cluster.scheduler_address, flush=True)
    while True:
        time.sleep(60)
"""


@dataclass(frozen=True, slots=True)
class Crash:
    """What one killed and resumed run left: answers paid again, requests in doubt, and whether the result is equal.

    It was killed when the server had got so many `requests`; `finished` answers were in the ledger then.
    """

    runner: str
    requests: int
    finished: int
    in_doubt: int
    paid_again: int
    equal: bool


@dataclass(frozen=True, slots=True)
class Bench:
    """A folder with documents, and how runs over them are made."""

    folder: Path
    url: str
    runner: str
    workers: int

    def command(self, db: Path, *more: str) -> list[str]:
        """Return the command of a run on the catalog `db`."""
        base = [sys.executable, "-m", "decomposer", "batch", "run", "--from", str(self.folder / "refs.txt")]
        base += ["--db", str(db), "--model", f"openai/{MODEL}", "--base-url", self.url]
        return [*base, "--workers", str(self.workers), "--runner", self.runner, *more]


def crashes(runner: str, *, moments: int, documents: int, workers: int, latency: float = 0.15) -> list[Crash]:
    """Return what became of runs that were killed at `moments` moments, spread from the first request to the last."""
    with tempfile.TemporaryDirectory() as scratch, Standin(latency=latency) as standin:
        folder = Path(scratch)
        _write_documents(folder, documents)
        bench = Bench(folder, standin.url, runner, workers)
        with _cluster(runner) as address:
            whole = folder / "whole.db"
            _run(bench.command(whole, *address))
        wanted = _entries(whole)
        return [
            _crash(bench, standin, documents * (2 * number + 1) // (2 * moments), folder / f"{number}.db", wanted)
            for number in range(moments)
        ]


def _crash(bench: Bench, standin: Standin, requests: int, db: Path, wanted: Any) -> Crash:
    before_all = len(standin.requests)
    with _cluster(bench.runner) as address:
        process = subprocess.Popen(
            bench.command(db, *address), start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while len(standin.requests) - before_all <= requests:
            time.sleep(0.005)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    # the cluster is killed as well when its block ends, so that nothing of the run is alive from here on
    before = _attempts(db)
    answered = {key for key, _, state in before if state == "answered"}
    doubtful = sum(state == "sent" for _, _, state in before)
    with _cluster(bench.runner) as address:
        _run(bench.command(db, *address, "--in-doubt", "retry"))
    after = _attempts(db)
    again = sum(1 for key, number, _ in after if key in answered and (key, number, "answered") not in before)
    return Crash(bench.runner, requests, len(answered), doubtful, again, _entries(db) == wanted)


@contextmanager
def _cluster(runner: str) -> Iterator[tuple[str, ...]]:
    """Give the options that name a cluster of two worker processes; it is killed, not closed, at the end."""
    if runner != "dask":
        yield ()
        return
    process = subprocess.Popen(
        [sys.executable, "-c", _CLUSTER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield ("--address", process.stdout.readline().strip())
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _write_documents(folder: Path, count: int) -> None:
    names = [f"heron-{number:03}" for number in range(count)]
    for name in names:
        text = f"# {name}\n\n{name} counts birds in photos.\n\nIt writes a table for {name}.\n"
        folder.joinpath(f"{name}.md").write_text(text * 8, encoding="utf-8")
    folder.joinpath("refs.txt").write_text("".join(f"{folder / name}.md\n" for name in names), encoding="utf-8")


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")


def _attempts(db: Path) -> set[tuple[str, int, str]]:
    if not db.exists():
        return set()
    with sqlite3.connect(db) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        found = connection.execute("SELECT key, attempt, state FROM attempts") if "attempts" in tables else ()
        return set(found)


def _entries(db: Path) -> Any:
    """Return the entries of a catalog without what says when and how they were made."""
    command = [sys.executable, "-m", "decomposer", "list", "--format", "json", "--db", str(db)]
    entries = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    for entry in entries:
        del entry["run"]
        for capability in entry["capabilities"]:
            capability["provenance"].pop("run", None)
    return entries


def main() -> int:
    """Crash runs of each runner, print a table, and store the figures; ends with 1 where a promise was not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runner", choices=RUNNERS, action="append", help="may be given twice [both]")
    parser.add_argument("--moments", type=int, default=20)
    parser.add_argument("--documents", type=int, default=80)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--json", type=Path, default=RESULTS / "crash.json", dest="file")
    options = parser.parse_args()
    measures = []
    for runner in options.runner or RUNNERS:
        found = crashes(runner, moments=options.moments, documents=options.documents, workers=options.workers)
        rows = [
            {name: getattr(one, name) for name in ("requests", "finished", "in_doubt", "paid_again", "equal")}
            for one in found
        ]
        measures += [
            Measure(f"{runner}: answers paid again", sum(one.paid_again for one in found), "answers", 0, rows=rows),
            Measure(f"{runner}: most in doubt", max(one.in_doubt for one in found), "requests", options.workers),
            Measure(f"{runner}: results that differ", sum(not one.equal for one in found), "runs", 0),
        ]
    report(measures, file=options.file)
    return 0 if all(measure.met for measure in measures) else 1


if __name__ == "__main__":
    sys.exit(main())
