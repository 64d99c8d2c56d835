"""Plain processes share one run through the database alone, and what one of them loses another takes over."""

import subprocess
import sys
from pathlib import Path

import pytest

from decomposer.store.engine import open_database
from decomposer.store.ledger import SqlLedger
from decomposer.store.runs import SqlRuns
from tests.standin import Standin

pytestmark = [pytest.mark.slow, pytest.mark.block_network(allowed_hosts=["127.0.0.1"])]
DOCUMENTS = 120
WORKERS = 4


def begun(folder: Path, database_url: str, standin: Standin) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "decomposer", "batch", "run", "--from", "refs.txt", "--db", database_url]
    command += ["--model", "openai/standin", "--base-url", standin.url, "--workers", str(WORKERS)]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def write(folder: Path) -> None:
    names = [f"heron-{number}.md" for number in range(DOCUMENTS)]
    for name in names:
        folder.joinpath(name).write_text(f"# {name}\n\nIt counts the birds of {name}.\n", encoding="utf-8")
    folder.joinpath("refs.txt").write_text("\n".join(names), encoding="utf-8")


def wait_for(standin: Standin, requests: int, process: "subprocess.Popen[str]") -> None:
    while len(standin.requests) < requests:
        assert process.poll() is None, process.communicate()[0]


def test_two_processes_share_a_run_and_nothing_is_asked_twice(database_url: str, tmp_path: Path) -> None:
    write(tmp_path)
    with Standin(latency=0.5) as standin:
        first = begun(tmp_path, database_url, standin)
        wait_for(standin, 1, first)
        second = begun(tmp_path, database_url, standin)
        said = [process.communicate(timeout=120)[0] for process in (first, second)]
        assert (first.returncode, second.returncode) == (0, 0), said
        assert len(standin.requests) == DOCUMENTS
        assert WORKERS < standin.max_in_flight <= 2 * WORKERS
    engine = open_database(database_url)
    (record,) = SqlRuns(engine).all()
    tally = SqlRuns(engine).tally(record.id)
    engine.dispose()
    assert (record.state, tally.ended["ok"], tally.requests) == ("done", DOCUMENTS, DOCUMENTS)


def test_what_a_killed_process_held_is_taken_over(database_url: str, tmp_path: Path) -> None:
    write(tmp_path)
    with Standin(latency=0.5) as standin:
        lost = begun(tmp_path, database_url, standin)
        wait_for(standin, 6, lost)
        lost.kill()
        lost.communicate()
        other = begun(tmp_path, database_url, standin)
        said = other.communicate(timeout=120)[0]
        asked = len(standin.requests)
    engine = open_database(database_url)
    (record,) = SqlRuns(engine).all()
    tally = SqlRuns(engine).tally(record.id)
    in_doubt = list(SqlLedger(engine).in_doubt())
    engine.dispose()
    assert len(in_doubt) <= WORKERS
    assert (tally.ended["ok"], tally.ended.get("failed", 0)) == (DOCUMENTS - len(in_doubt), len(in_doubt)), said
    assert asked == DOCUMENTS
