"""Measure batch runs against the stand-in server: window, CPU, memory, second runs, plans, resuming, and faults."""

import argparse
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.documents import made
from benchmarks.measuring import RESULTS, Measure, report

KB = 1000
MODEL = "standin"
SERVING = Path(__file__).with_name("serving.py")
FAULTS = ("429:1", "500", "503:1", "reset", "slow:3", "truncated", "schema", "refusal", "no_choices", "broken")


def written(folder: Path, count: int) -> Path:
    """Write `count` different documents of 3 to 12 KB and return the file that lists them."""
    dice = random.Random(1)
    texts = {shape: made(shape, 12 * KB) for shape in ("prose", "html", "code")}
    names = []
    for number in range(count):
        size, shape = dice.randint(3 * KB, 12 * KB), dice.choice(["prose", "prose", "prose", "html", "code"])
        path = folder / f"tool{number}.md"
        path.write_text(
            f"# Tool {number}\n\nTool {number} sorts mail.\n\n{texts[shape][: size - 50]}", encoding="utf-8"
        )
        names.append(path.name)
    refs = folder / "refs.txt"
    refs.write_text("\n".join(names) + "\n", encoding="utf-8")
    return refs


@contextmanager
def server(*options: str) -> Iterator[tuple[str, Path]]:
    """Give the address of a stand-in server in a process of its own, and the file that its figures are written to."""
    with tempfile.TemporaryDirectory() as scratch:
        figures = Path(scratch, "figures.json")
        command = [sys.executable, str(SERVING), *options]
        with subprocess.Popen([*command, "--figures", str(figures)], stdout=subprocess.PIPE, text=True) as process:
            try:
                yield process.stdout.readline().strip() if process.stdout else "", figures
            finally:
                process.terminate()


def read(figures: Path) -> dict[str, Any]:
    """Return what the server has seen: requests, the window from the first to the last reply, most in flight."""
    time.sleep(0.6)  # it writes twice a second
    found: dict[str, Any] = json.loads(figures.read_text(encoding="utf-8"))
    return found


def batch(folder: Path, *args: str) -> dict[str, Any]:
    """Run `decomposer batch` in a folder and return its peak memory, time, CPU time and report."""
    command = [sys.executable, "-m", "decomposer", "batch", *args, "--db", "catalog.db", "--format", "json"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DECOMPOSER_", "OPENAI_"))}
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, env=kept, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        memory = list(_memory(process)) if args[0] == "run" else []
        said = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return {
        "seconds": time.perf_counter() - started,
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss / 1024,
        "memory": memory,
        "exit": process.returncode,
        "report": json.loads(said) if said else {},
    }


def window(folder: Path, *, count: int, workers: int, latency: float) -> Measure:
    """Return the request window of a run over its ideal, which is latency x documents / workers."""
    (folder / "catalog.db").unlink(missing_ok=True)
    with server("--latency", str(latency)) as (url, figures):
        done = batch(folder, *_run(url, workers))
        seen = read(figures)
        again = batch(folder, *_run(url, workers))
        asked_again = read(figures)["requests"] - seen["requests"]
    ideal = math.ceil(count / workers) * latency
    row = _row(done, seen) | {"ideal": ideal, "second run": again["seconds"], "asked again": asked_again}
    target = 1.10 if count >= 10_000 else 1.15
    kept = done["memory"][:: max(1, len(done["memory"]) // 60)]
    memory = f"memory in MB over time: {json.dumps([round(size) for size in kept])}"
    name = f"window over ideal, {count:,} documents at {latency:g} s"
    return Measure(name, seen["window"] / ideal, "x", target, rows=[row], notes=[memory])


def second_run(first: Measure) -> list[Measure]:
    """Return what a second run took and asked, from the measure of the first."""
    row = first.rows[0]
    return [
        Measure("second run", row["second run"], "s", 3),
        Measure("requests of a second run", row["asked again"], "requests", 0),
    ]


def beside_instructor(folder: Path, *, count: int, workers: int, latency: float) -> list[Measure]:
    """Return window and CPU time of a run over those of a bare instructor script in threads, in turn."""
    ours, bare = [], []
    for _ in range(3):
        (folder / "catalog.db").unlink(missing_ok=True)
        with server("--latency", str(latency)) as (url, figures):
            ours.append(_row(batch(folder, *_run(url, workers)), read(figures)))
        with server("--latency", str(latency)) as (url, figures):
            command = [sys.executable, __file__, "--bare", url, str(folder), str(workers)]
            started = time.perf_counter()
            process = subprocess.Popen(command)
            _, _, usage = os.wait4(process.pid, 0)
            took = {"seconds": time.perf_counter() - started, "cpu": usage.ru_utime + usage.ru_stime}
            bare.append(_row({**took, "peak_mb": usage.ru_maxrss / 1024}, read(figures)))
    rows = [{"who": who, **row} for who, found in (("ours", ours), ("instructor", bare)) for row in found]
    windows = median(row["window"] for row in ours) / median(row["window"] for row in bare)
    cpus = median(row["cpu"] for row in ours) / median(row["cpu"] for row in bare)
    return [
        Measure(f"window over that of bare instructor, {latency:g} s", windows, "x", 1.3, rows=rows),
        Measure("CPU time over that of bare instructor", cpus, "x", 2.5),
    ]


def bare(url: str, folder: Path, workers: int) -> None:
    """Ask about every document with instructor in threads, as a script would: no ledger, no check, no catalog."""
    import instructor
    from openai import OpenAI

    from benchmarks.asking import _Titled

    client = instructor.from_openai(OpenAI(base_url=url, api_key="none"))

    def ask(name: str) -> object:
        text = (folder / name).read_text(encoding="utf-8")
        units = "\n".join(f"[{number}] {line}" for number, line in enumerate(text.splitlines(), 1) if line)
        said: Any = [{"role": "system", "content": "Draft a catalog entry."}, {"role": "user", "content": units}]
        answer: object = client.chat.completions.create(model=MODEL, response_model=_Titled, messages=said)
        return answer

    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(ask, (folder / "refs.txt").read_text(encoding="utf-8").split()):
            pass


def long_run(folder: Path, *, count: int, workers: int, latency: float) -> list[Measure]:
    """Return the window of a long run, and its memory at the end over that after a tenth of it."""
    found = window(folder, count=count, workers=workers, latency=latency)
    memory: list[float] = json.loads(found.notes[0].partition(": ")[2])
    early, late = memory[len(memory) // 10], memory[-2]
    return [found, Measure("memory at the end over that after a tenth", late / early, "x", 1.2)]


def plan(folder: Path, *, count: int) -> list[Measure]:
    """Return time and memory of planning a list that names `count` references."""
    names = (folder / "refs.txt").read_text(encoding="utf-8").split()
    many = folder / "many.txt"
    with many.open("w", encoding="utf-8") as file:
        file.writelines(f"{names[number % len(names)]}\n" for number in range(count))
    done = batch(folder, "plan", "--from", "many.txt", "--model", MODEL, "--base-url", "http://127.0.0.1:9/v1")
    said = done["report"]
    row = {"looked at": said["looked_at"], "requests": said["requests"], "margin": said["margin"]["prompt_tokens"]}
    return [
        Measure(f"plan of {count:,} references", done["seconds"], "s", 60, rows=[row]),
        Measure("memory of that plan", done["peak_mb"], "MB", 250),
    ]


def resumed(folder: Path, *, count: int) -> Measure:
    """Return how long it takes to resume a run of which all but one of `count` references have ended."""
    from decomposer.batch.feeding import Feed
    from decomposer.batch.references import blocks_from
    from decomposer.ports import Outcome
    from decomposer.settings import read_settings
    from decomposer.wiring import Workspace
    from decomposer.wiring.orders import Order, run_plan
    from decomposer.wiring.references import Naming

    (folder / "catalog.db").unlink(missing_ok=True)
    refs = [f"missing/{number}.md" for number in range(count)]
    (folder / "rows.txt").write_text("\n".join(refs) + "\n", encoding="utf-8")
    held = read_settings({"db": str(folder / "catalog.db"), "model": "extractive"}, environ={}, folder=folder)
    before = Path.cwd()
    os.chdir(folder)
    with Workspace(held) as workspace:
        order = Order(Naming(listed=str(folder / "rows.txt")))
        runs = workspace.runs
        record = runs.open(run_plan(order, workspace, first=refs[0]))
        Feed(runs, record).all(blocks_from(refs))
        for start in range(0, count - 1, 5000):
            block = range(start, min(start + 5000, count - 1))
            runs.settle(record.id, [Outcome(number, refs[number], "ok", slug="s") for number in block])
    os.chdir(before)
    done = batch(folder, "run", "--from", "rows.txt", "--model", "extractive")
    row = {"ok": done["report"]["ok"], "failed": done["report"]["failed"], "peak MB": done["peak_mb"]}
    return Measure(f"resuming a run of {count:,} references that have ended", done["seconds"], "s", 10, rows=[row])


def faults(folder: Path, *, count: int, workers: int) -> list[Measure]:
    """Return requests per document and lost documents where one request in ten fails, in every way."""
    (folder / "catalog.db").unlink(missing_ok=True)
    plan = [fault for name in FAULTS for fault in [*["ok"] * 9, name]]
    with server("--latency", "0.2", "--faults", ",".join(plan)) as (url, figures):
        done = batch(folder, *_run(url, workers), "--timeout", "2")
        seen = read(figures)
    said = done["report"]
    ended = sum(said[state] for state in ("ok", "empty", "unchanged", "failed"))
    rows = [{"ok": said["ok"], "empty": said["empty"], "failed": said["failed"], **_row(done, seen)}]
    return [
        Measure("requests per document with one fault in ten", seen["requests"] / count, "", 1.35, rows=rows),
        Measure("documents lost with one fault in ten", count - ended, "documents", 0),
        Measure("most in flight with one fault in ten", seen["most_in_flight"], "requests", workers),
    ]


def main() -> int:
    """Print and store the measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=RESULTS / "batch.json", help="where the figures go")
    parser.add_argument("--quick", action="store_true", help="200 documents and 100,000 references at most")
    parser.add_argument("--tiny", action="store_true", help="only see that it runs: the figures mean nothing")
    parser.add_argument("--only", nargs="*", default=[], help="window instructor long plan resume faults")
    parser.add_argument("--bare", nargs=3, metavar=("URL", "FOLDER", "WORKERS"), help="what instructor alone does")
    options = parser.parse_args()
    if options.bare:
        url, folder, workers = options.bare
        bare(url, Path(folder), int(workers))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        report(measured(options, Path(scratch)), file=options.json)
    return 0


def measured(options: argparse.Namespace, scratch: Path) -> list[Measure]:
    """Return the measures that are asked for."""
    few, workers, latency = (8, 4, 0.05) if options.tiny else (200, 32, 1.0)
    many = 100 if options.tiny else 100_000 if options.quick else 1_000_000
    found: list[Measure] = []
    short = scratch / "short"
    short.mkdir()
    written(short, few)
    wanted = options.only or ["window", "instructor", "plan", "resume", "faults", *([] if options.quick else ["long"])]
    if "window" in wanted:
        first = window(short, count=few, workers=workers, latency=latency)
        found += [first, *second_run(first)]
    if "instructor" in wanted:
        found += beside_instructor(short, count=few, workers=workers, latency=min(latency, 0.2))
    if "faults" in wanted:
        found += faults(short, count=few, workers=workers)
    if "plan" in wanted:
        found += plan(short, count=many)
    if "resume" in wanted:
        found.append(resumed(short, count=many))
    if "long" in wanted:
        folder = scratch / "long"
        folder.mkdir()
        long = 40 if options.tiny else 10_000
        written(folder, long)
        found += long_run(folder, count=long, workers=workers, latency=latency)
    return found


def _run(url: str, workers: int) -> list[str]:
    return ["run", "--from", "refs.txt", "--model", MODEL, "--base-url", url, "--workers", str(workers)]


def _row(done: dict[str, Any], seen: dict[str, Any]) -> dict[str, Any]:
    return {
        "window": seen["window"],
        "requests": seen["requests"],
        "most in flight": seen["most_in_flight"],
        **{name: done[name] for name in ("seconds", "cpu", "peak_mb")},
    }


def _memory(process: subprocess.Popen[bytes]) -> Iterator[float]:
    """Yield the memory of a process in MB, about twice a second until it ends."""
    import psutil  # type: ignore[import-untyped]

    watched = psutil.Process(process.pid)
    while process.stdout is not None:
        try:
            if watched.status() == psutil.STATUS_ZOMBIE:
                return
            yield watched.memory_info().rss / 1e6
        except psutil.Error:
            return
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
