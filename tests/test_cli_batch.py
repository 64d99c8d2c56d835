"""`decomposer batch`: run, plan and status tell what happens, in words and as data, and end with the right code."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from decomposer.batch.figures import Figures, Flow
from decomposer.cli.progress import Log, line, money, shortened, span
from decomposer.ports import Outcome, RunPlan, RunRecord, Tally
from tests.standin import Standin
from tests.test_cli import run

pytestmark = pytest.mark.block_network(allowed_hosts=["127.0.0.1"])


def write(folder: Path, *lines: str) -> None:
    for name in ("heron", "stork"):
        (folder / f"{name}.md").write_text(f"# {name}\n\nIt counts {name}s in photographs.\n", encoding="utf-8")
    (folder / "refs.txt").write_text("\n".join(lines or ("heron.md", "stork.md")), encoding="utf-8")


def batch(folder: Path, *args: str, **more: Any) -> Result:
    return run(folder, "batch", *args, "--db", "c.db", "--model", "extractive", **more)


def test_a_run_tells_what_it_did_and_prints_a_report(tmp_path: Path) -> None:
    write(tmp_path)
    done = batch(tmp_path, "run", "--from", "refs.txt", "--format", "json")
    assert done.exit_code == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["run"], report["state"], report["ok"], report["failed"]) == (1, "done", 2, 0)
    assert (report["requests"], report["cost_usd"]) == (0, "0")
    assert "run 1: 2 ok; 0 requests, 0 answers from the ledger" in done.stderr


def test_failures_are_named_and_end_with_1(tmp_path: Path) -> None:
    write(tmp_path, "heron.md", "missing.md", "{bad")
    done = batch(tmp_path, "run", "--from", "refs.txt")
    assert done.exit_code == 1
    assert "failed: missing.md: no such file or folder; check the spelling" in done.stderr
    assert "`decomposer batch run --resume 1 --db c.db` tries those that failed again" in done.stderr
    assert "  failed       2" in done.stdout


def test_of_many_failures_the_first_are_named(tmp_path: Path) -> None:
    done = batch(tmp_path, "run", *(f"missing{number}.md" for number in range(30)))
    assert done.exit_code == 1
    assert done.stderr.count("failed: missing") == 20
    assert "more failed; `decomposer batch status 1 --failed --db c.db` lists them all" in done.stderr


@pytest.mark.parametrize("args", [("--from", "-"), ("-",), ()])
def test_references_come_from_standard_input(tmp_path: Path, args: tuple[str, ...]) -> None:
    write(tmp_path)
    done = batch(tmp_path, "run", *args, "--format", "json", stdin="heron.md\nstork.md\n")
    assert (done.exit_code, json.loads(done.stdout)["ok"]) == (0, 2), done.stderr


def test_with_log_json_every_line_is_an_event(tmp_path: Path) -> None:
    write(tmp_path, "heron.md", "missing.md")
    done = batch(tmp_path, "run", "--from", "refs.txt", "--log-json")
    events = [json.loads(line) for line in done.stderr.splitlines()]
    names = [event["event"] for event in events]
    assert names[1] == "run started"
    assert names.count("document ended") == 2
    assert [event["state"] for event in events if event["event"] == "run ended"] == ["done"]
    assert {event["ref"]: event["state"] for event in events if event["event"] == "document ended"} == {
        "heron.md": "ok", "missing.md": "failed",
    }  # fmt: skip
    assert all(datetime.fromisoformat(event["at"]).tzinfo is not None for event in events)


def test_status_reads_the_same_from_the_catalog(tmp_path: Path) -> None:
    write(tmp_path, "heron.md", "missing.md")
    told = json.loads(batch(tmp_path, "run", "--from", "refs.txt", "--format", "json").stdout)
    found = json.loads(run(tmp_path, "batch", "status", "--db", "c.db", "--format", "json").stdout)
    assert found == {**told, "jobs": found.get("jobs", [])}
    assert run(tmp_path, "batch", "status", "1", "--db", "c.db").stdout.startswith("run            1, done, begun ")
    (failed,) = json.loads(run(tmp_path, "batch", "status", "--failed", "--db", "c.db", "--format", "json").stdout)
    assert (failed["ref"], failed["position"]) == ("missing.md", 1)
    lines = run(tmp_path, "batch", "status", "--documents", "--db", "c.db", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["state"] for line in lines] == ["ok", "failed"]
    assert len(json.loads(run(tmp_path, "batch", "status", "--all", "--db", "c.db", "--format", "json").stdout)) == 1


def test_status_of_no_run_is_told(tmp_path: Path) -> None:
    assert "there is no run yet" in run(tmp_path, "batch", "status", "--db", "c.db").stderr
    asked = run(tmp_path, "batch", "status", "7", "--db", "c.db")
    assert (asked.exit_code, "there is no run 7" in asked.stderr) == (2, True)


def test_a_plan_is_printed(tmp_path: Path) -> None:
    write(tmp_path, "heron.md", "stork.md", "missing.md")
    with Standin() as server:
        args = ("batch", "plan", "--from", "refs.txt", "--model", "standin", "--base-url", server.url, "--db", "c.db")
        shown, data = run(tmp_path, *args), run(tmp_path, *args, "--format", "json")
        assert server.requests == []
    assert (shown.exit_code, data.exit_code) == (1, 1)
    assert "requests             2" in shown.stdout
    assert "price                unknown" in shown.stdout
    assert "nothing was sent, nothing was written" in shown.stdout
    found = json.loads(data.stdout)
    assert (found["documents"], found["requests"], found["failed"], found["cost_usd"]) == (3, 2, 1, None)
    assert not (tmp_path / "c.db").exists()


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("--from", "missing.txt"), 2, "missing.txt: can't be read"),
        (("heron.md", "--resume", "1"), 2, "a resumed run has its references"),
        (("--resume", "4"), 2, "there is no run 4"),
        (("heron.md", "--runner", "dask"), 3, "needs a cluster"),
        (("--entries", "colour=red"), 2, "is no term"),
        (("heron.md", "--max-cost", "-1"), 2, "--max-cost"),
    ],
)
def test_a_wrong_call_is_told(tmp_path: Path, args: tuple[str, ...], code: int, said: str) -> None:
    done = batch(tmp_path, "run", *args)
    assert (done.exit_code, said in done.stderr) == (code, True), done.stderr


def test_hostile_references_reach_no_terminal(tmp_path: Path) -> None:
    (tmp_path / "refs.txt").write_bytes(b"a\x1b]52;c;eA==\x07.md\nb[/bold].md\n\xff\xfe\n")
    done = batch(tmp_path, "run", "--from", "refs.txt", "--log-json")
    shown = batch(tmp_path, "run", "--from", "refs.txt", "--fresh")
    listed = run(tmp_path, "batch", "status", "--failed", "--db", "c.db")
    for text in (done.stdout, done.stderr, shown.stdout, shown.stderr, listed.stdout):
        assert "\x1b" not in text
        assert "\x07" not in text


def begun(folder: Path, url: str, *, stderr: int = subprocess.PIPE) -> "subprocess.Popen[str]":
    lines = [f'{{"text": "# Tool {number}\\n\\nIt sorts.", "slug": "t{number}"}}' for number in range(400)]
    write(folder, *lines)
    args = ["batch", "run", "--from", "refs.txt", "--db", "c.db", "--model", "m", "--base-url", url]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DECOMPOSER_", "OPENAI_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "decomposer", *args],
        cwd=folder, env=kept, stdout=subprocess.PIPE, stderr=stderr, text=True,
    )  # fmt: skip


def interrupt(process: "subprocess.Popen[str]", server: Standin) -> None:
    while len(server.requests) < 8:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)


@pytest.mark.slow
def test_ctrl_c_finishes_what_is_in_flight_and_says_how_to_go_on(tmp_path: Path) -> None:
    with Standin(latency=0.05) as server:
        process = begun(tmp_path, server.url)
        interrupt(process, server)
        _, said = process.communicate(timeout=60)
        sent = len(server.requests)
    assert process.returncode == 130, said
    assert "stopping: what is in flight is finished first" in said
    assert "to go on: `decomposer batch run --resume 1 --db c.db`" in said
    found = json.loads(run(tmp_path, "batch", "status", "--db", "c.db", "--format", "json").stdout)
    assert (found["state"], found["held"], found["in_doubt"]) == ("stopped", 0, 0)
    assert found["requests"] == found["ok"] + found["empty"] == sent < 400


@pytest.mark.slow
def test_a_second_ctrl_c_ends_at_once_and_what_was_in_flight_is_in_doubt(tmp_path: Path) -> None:
    with Standin(latency=30) as server:
        process = begun(tmp_path, server.url)
        while not server.requests:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        while "stopping" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
    assert process.returncode == 130
    found = json.loads(run(tmp_path, "batch", "status", "--db", "c.db", "--format", "json").stdout)
    assert 1 <= found["in_doubt"] <= 4


@pytest.mark.slow
def test_on_a_terminal_a_line_says_how_it_goes(tmp_path: Path) -> None:
    terminal, end = pty.openpty()
    with Standin(latency=0.2) as server:
        process = begun(tmp_path, server.url, stderr=end)
        os.close(end)
        interrupt(process, server)
        said = b""
        while process.poll() is None or select.select([terminal], [], [], 0)[0]:
            try:
                said += os.read(terminal, 4096)
            except OSError:  # the other end is closed
                break
        process.communicate(timeout=60)
    os.close(terminal)
    shown = said.decode(errors="replace")
    assert all(word in shown for word in ("documents", "requests", "tokens")), shown[-2000:]


# --- progress


def test_the_line_says_how_far_how_fast_and_at_what_cost() -> None:
    from decimal import Decimal

    tally = Tally({"ok": 40, "empty": 5, "unchanged": 4, "failed": 1}, 40, 10, 60, 2, 90_000, 10_000, Decimal("1.5"))
    flow = Flow(in_flight=8, retried=3, paused_for=2.0)
    assert line(Figures(1, 100, True, tally, flow, rate=2.0, seconds=25)) == (
        "50 of 100 documents, 1 failed, 60 requests (8 in flight), 3 retries, 100.0k tokens, $1.50 of about $3.00, "
        "2.0/s, paused 2 s, 25 s left"
    )


def test_spans_counts_and_amounts_are_short() -> None:
    from decimal import Decimal

    assert [span(seconds) for seconds in (0.4, 59, 61, 3601, 90_000)] == [
        "0 s", "59 s", "1 min 1 s", "1 h 0 min", "25 h 0 min",
    ]  # fmt: skip
    assert [shortened(count) for count in (9_999, 10_000, 1_234_567, 2_000_000_000)] == [
        "9,999", "10.0k", "1.2M", "2.0G",
    ]  # fmt: skip
    assert [money(amount) for amount in (None, Decimal(0), Decimal("0.00123"), Decimal("1234.5"))] == [
        "unknown", "$0.00", "$0.0012", "$1,234.50",
    ]  # fmt: skip


def test_events_tell_when_the_endpoint_turns_requests_away() -> None:
    said: list[str] = []
    log = Log(said.append, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))
    log.began(RunRecord(1, RunPlan("f", "refs.txt", "m", "v1"), "open", 0, "", False, "", ""))
    log.ended(Outcome(0, '{"text": "secret", "name": "Heron"}', "ok", slug="heron"))
    empty = Tally({"ok": 0, "empty": 0, "unchanged": 0, "failed": 0}, 0, 0)
    for throttled in (0, 2, 2, 2, 2):
        log.look(Figures(1, 1, True, empty, Flow(throttled=throttled)))
    events = [json.loads(text) for text in said]
    assert [event["event"] for event in events] == ["run started", "document ended", "throttled", "progress"]
    assert (events[1]["ref"], "raw" in events[1]) == ("Heron", False)
