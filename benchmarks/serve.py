"""Measure the browser review on a big catalog: first paint, and from a key to the next record, in a real browser.

python benchmarks/big_catalog.py big.db --records 1000000 --waiting 100000
python benchmarks/serve.py big.db
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if __package__ in (None, ""):  # started as a file
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil  # type: ignore[import-untyped]
from playwright.sync_api import Page, sync_playwright

from benchmarks.measuring import RESULTS, Measure, report, spread

ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
KEYS = ("a", "x", "Space", "a", "j")
# From the moment a key goes down until the frame after the next record has been put into the page.
WATCH = """() => {
  window.took = [];
  let start = 0;
  addEventListener("keydown", () => { start = performance.now(); }, true);
  document.addEventListener("htmx:afterSettle", () => requestAnimationFrame(() => setTimeout(() => {
    if (start) window.took.push(performance.now() - start);
    start = 0;
  }, 0)));
}"""
DONE = """count => new Promise((done, fail) => {
  const last = performance.now() + 20000;
  const look = () => {
    if (window.took.length > count) done(true);
    else if (performance.now() > last) fail(new Error("no record came for 20 s"));
    else setTimeout(look, 2);
  };
  look();
})"""
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


@contextmanager
def served(catalog: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Give the address of a server over a catalog, and its process."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DECOMPOSER_", "OPENAI_"))}
    command = [sys.executable, "-m", "decomposer", "serve", "--port", "0", "--db", str(catalog), "--actor", "bench"]
    with subprocess.Popen(command, env=kept, stderr=subprocess.PIPE, text=True) as process:
        try:
            line = process.stderr.readline() if process.stderr else ""
            found = re.search(r"http://\S+", line)
            if found is None:
                raise SystemExit(f"the server did not start: {line}")
            yield found[0], psutil.Process(process.pid)
        finally:
            process.terminate()


def first_paint(page: Page, address: str) -> float:
    """Open a page and return when something of it was to be seen, in seconds after the click."""
    page.goto(address)
    while (painted := page.evaluate(PAINT)) is None:
        page.wait_for_timeout(10)
    return float(painted) / 1000


def keys(page: Page, count: int) -> list[float]:
    """Press keys, each when the record before is there, and return the seconds until the next one was."""
    page.evaluate(WATCH)
    for number in range(count):
        page.keyboard.press(KEYS[number % len(KEYS)])
        page.evaluate(DONE, number)
    return [float(took) / 1000 for took in page.evaluate("window.took")]


def measured(catalog: Path, *, count: int, runs: int) -> list[Measure]:
    """Return the measures of one catalog, which is changed: pass a copy."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("chromium is not installed: apt-get install chromium")
    with served(catalog) as (address, server), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=list(ARGS))
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.goto(f"{address}/login")
        page.keyboard.press("Enter")
        page.wait_for_url("**/queue")
        queue = spread(first_paint(page, f"{address}/queue") for _ in range(runs))
        record = spread(first_paint(page, f"{address}/next") for _ in range(runs))
        took = sorted(keys(page, count))
        memory = server.memory_info().rss / 2**20
        browser.close()
    at = {share: took[min(len(took) - 1, int(len(took) * share))] for share in (0.5, 0.95, 0.99)}
    notes = [f"median {at[0.5] * 1000:.0f} ms, p99 {at[0.99] * 1000:.0f} ms, worst {took[-1] * 1000:.0f} ms"]
    notes += [f"mean {statistics.fmean(took) * 1000:.0f} ms over {len(took)} keys ({', '.join(KEYS)} in turn)"]
    return [
        Measure("first paint of the list", queue.median, "s", 1.0, spread=str(queue)),
        Measure("first paint of a record", record.median, "s", 1.0, spread=str(record)),
        Measure("key to next record, p95", at[0.95], "s", 0.1, notes=notes),
        Measure("memory of the server", memory, "MB", 250),
    ]


def main() -> None:
    """Measure, print a table, and store the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalog", type=Path, help="made by big_catalog.py; a copy of it is decided on")
    parser.add_argument("--keys", type=int, default=300, help="keys to press")
    parser.add_argument("--runs", type=int, default=5, help="times a page is opened")
    parser.add_argument("--json", type=Path, default=RESULTS / "serve.json", help="where the figures go")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch, "catalog.db")
        shutil.copyfile(options.catalog, copy)
        report(measured(copy, count=options.keys, runs=options.runs), file=options.json)


if __name__ == "__main__":
    main()
