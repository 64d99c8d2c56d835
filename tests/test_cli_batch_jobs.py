"""`decomposer batch submit` and `collect` use a provider's batch mode, and `batch status` says how it stands."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.standin import Standin
from tests.test_cli import SETTINGS, readme, run

pytestmark = pytest.mark.block_network(allowed_hosts=["127.0.0.1"])

MODEL = ("--model", "openai/lantern")


@pytest.fixture
def server() -> Iterator[Standin]:
    with Standin() as started:
        started.batches.polls = 1
        yield started


def batch(folder: Path, server: Standin, *args: str) -> Result:
    return run(folder, "batch", *args, OPENAI_BASE_URL=server.url, COLUMNS="100")


def listed(folder: Path, count: int = 3) -> str:
    refs = [
        readme(folder, f"# Tool {number}\n\nIt sorts {number} files.\n", name=f"d{number}.md")
        for number in range(count)
    ]
    (folder / "refs.txt").write_text("\n".join(refs) + "\n")
    return "refs.txt"


def status(folder: Path, server: Standin) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(batch(folder, server, "status", "--format", "json").stdout)
    return found


def test_references_are_submitted_looked_at_and_collected(tmp_path: Path, server: Standin) -> None:
    done = batch(tmp_path, server, "submit", "--from", listed(tmp_path), *MODEL, "--max-lines", "2")
    assert done.exit_code == 0
    assert done.stderr == (
        "run 1: 0 documents ended; 2 jobs with 3 requests sent; 2 jobs at the provider: `decomposer batch collect 1`\n"
    )
    waiting = status(tmp_path, server)
    assert (waiting["state"], waiting["waiting"], waiting["models"][0]["queued"]) == ("stopped", 3, 3)
    assert [(job["state"], job["lines"], job["remote"]) for job in waiting["jobs"]] == [
        ("submitted", 2, "batch_1"), ("submitted", 1, "batch_2"),
    ]  # fmt: skip
    shown = batch(tmp_path, server, "status").stdout
    assert "job 1          2 requests of lantern, submitted as batch_1: validating" in shown
    collected = batch(tmp_path, server, "collect")
    assert (collected.exit_code, collected.stderr) == (0, "run 1: 3 documents ended\n")
    over = status(tmp_path, server)
    assert (over["state"], over["ok"], over["requests"]) == ("done", 3, 3)
    assert [job["state"] for job in over["jobs"]] == ["collected", "collected"]


def test_collect_can_wait_until_nothing_is_left(tmp_path: Path, server: Standin) -> None:
    server.batches.line_faults = ["500", "500"]
    batch(tmp_path, server, "submit", "--from", listed(tmp_path), *MODEL)
    done = batch(tmp_path, server, "collect", "1", "--wait", "--every", "0", "--format", "json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["ok"] == 3
    assert done.stderr.splitlines()[-1] == "run 1: 2 documents ended"


def test_while_waiting_a_provider_that_is_away_is_asked_again(tmp_path: Path, server: Standin) -> None:
    server.batches.polls = 2
    batch(tmp_path, server, "submit", "--from", listed(tmp_path, 1), *MODEL)
    server.batches.call_faults = ["ok", "503"]
    done = batch(tmp_path, server, "collect", "--wait", "--every", "0")
    assert done.exit_code == 0
    assert "503 Service Unavailable" in done.stderr
    assert "looking again in 0 s" in done.stderr


def test_a_document_that_fails_is_named_and_the_exit_code_says_so(tmp_path: Path, server: Standin) -> None:
    server.batches.line_faults = ["refusal", "refusal"]
    batch(tmp_path, server, "submit", "--from", listed(tmp_path, 1), *MODEL)
    done = batch(tmp_path, server, "collect", "--wait", "--every", "0")
    assert done.exit_code == 1
    assert "failed: d0.md: lantern refused to answer" in done.stderr


def test_nothing_to_collect_is_told(tmp_path: Path, server: Standin) -> None:
    done = batch(tmp_path, server, "collect")
    assert (done.exit_code, "no run waits for a provider's batch mode" in done.stderr) == (2, True)


def test_a_key_that_is_refused_ends_with_3_and_loses_nothing(tmp_path: Path, server: Standin) -> None:
    server.batches.call_faults = ["401"]
    done = batch(tmp_path, server, "submit", "--from", listed(tmp_path), *MODEL)
    assert (done.exit_code, "401" in done.stderr) == (3, True)
    batch(tmp_path, server, "collect")
    assert batch(tmp_path, server, "collect").exit_code == 0
    assert (status(tmp_path, server)["ok"], max(server.answered.values())) == (3, 1)


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["stall", "stalled"])
@pytest.mark.parametrize("call", [0, 1], ids=["upload", "create"])
def test_a_process_killed_while_it_submits_pays_nothing_twice(
    tmp_path: Path, server: Standin, fault: str, call: int
) -> None:
    names = listed(tmp_path)
    server.batches.call_faults = ["ok"] * call + [fault]
    environ = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    command = [sys.executable, "-m", "decomposer", "batch", "submit", "--from", names, *MODEL]
    process = subprocess.Popen(command, cwd=tmp_path, env={**environ, "OPENAI_BASE_URL": server.url})
    assert server.batches.stalled.wait(60)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = batch(tmp_path, server, "collect", "1", "--wait", "--every", "0")
    assert done.exit_code == 0
    reached = (fault, call) == ("stalled", 1)
    said = "had reached the provider as batch_1; it is taken over" if reached else "never reached the provider"
    assert said in done.stderr
    assert (status(tmp_path, server)["ok"], max(server.answered.values())) == (3, 1)
    assert server.batches.calls.count("POST /v1/batches") == 1
