"""`decomposer serve` starts on this machine alone, refuses what would be unsafe, and stops when it is told to."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from tests.test_cli import run

TOKEN = "a-long-enough-secret-of-this-server"


@contextmanager
def serving(folder: Path, *args: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DECOMPOSER_", "OPENAI_"))}
    kept["DECOMPOSER_EMBEDDER"] = "none"
    command = [sys.executable, "-m", "decomposer", "serve", "--port", "0", *args]
    with subprocess.Popen(command, cwd=folder, env=kept, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process, process.stderr.readline() if process.stderr else ""
        finally:
            process.kill()


def ask(address: str, path: str, host: str | None = None) -> tuple[HTTPResponse, str]:
    name, port = re.findall(r"//(.+):(\d+)", address)[0]
    connection = HTTPConnection(name, int(port), timeout=10)
    connection.request("GET", path, headers={"Host": host or f"{name}:{port}"})
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer, body


@pytest.mark.block_network(allowed_hosts=["127.0.0.1"])
def test_it_says_where_it_listens_answers_there_and_stops_on_ctrl_c(tmp_path: Path) -> None:
    with serving(tmp_path, "--actor", "ann lee") as (process, line):
        found = re.fullmatch(r"review at (http://127\.0\.0\.1:\d+) \(Ctrl-C ends it\)\n", line)
        assert found is not None, line
        answer, body = ask(found[1], "/login")
        assert (answer.status, 'value="ann lee"' in body, "Token" in body) == (200, True, False)
        assert answer.getheader("server") is None
        assert "Secure" not in (answer.getheader("set-cookie") or "")
        assert ask(found[1], "/login", host="evil.example")[0].status == 421
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert (process.stderr.read() if process.stderr else "") == ""


@pytest.mark.block_network(allowed_hosts=["127.0.0.1"])
def test_behind_a_name_it_wants_a_token_and_a_safe_cookie(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN + "\n")
    (tmp_path / "token").chmod(0o600)
    with serving(tmp_path, "--name", "review.example", "--token-file", "token") as (_, line):
        port = re.findall(r":(\d+) ", line)[0]
        answer, body = ask(f"http://127.0.0.1:{port}", "/login", host="review.example")
        assert (answer.status, "Token" in body, TOKEN in body) == (200, True, False)
        cookie = answer.getheader("set-cookie") or ""
        assert cookie.startswith("__Host-decomposer-")
        assert "Secure" in cookie


@pytest.mark.block_network(allowed_hosts=["127.0.0.1"])
def test_the_api_stands_beside_the_review_as_often_as_the_rate_says(tmp_path: Path) -> None:
    with serving(tmp_path, "--rate", "2", "--log-queries") as (_, line):
        address = re.findall(r"http://\S+", line)[0]
        assert ask(address, "/api/v1/openapi.json")[0].status == 200
        answer, body = ask(address, "/api/v1/passport/nothing")
        assert (answer.status, answer.getheader("content-type")) == (404, "application/problem+json")
        answer, body = ask(address, "/api/v1/openapi.json")
        assert (answer.status, "More than 2 requests" in body) == (429, True)
        assert ask(address, "/catalog")[0].status == 200


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("--host", "0.0.0.0"), 2, "0.0.0.0 can be reached from other machines, and nothing would keep them out"),
        (("--host", "::"), 2, "pass --token-file FILE with a secret in it"),
        (("--host", "192.0.2.7"), 2, "nothing would keep them out"),
        (("--name", "review.example"), 2, "nothing would keep them out"),
        (("--token-file", "missing"), 3, "missing: can't be read (No such file or directory)"),
        (("--token-file", "short"), 3, "short: a token is one line of 20 characters or more"),
        (("--token-file", "lines"), 3, "lines: a token is one line of 20 characters or more"),
        (("--token-file", "binary"), 3, "binary: can't be read (not UTF-8)"),
        (("--certificate", "short"), 2, "--certificate and --key go together"),
        (("--certificate", "short", "--key", "nothing"), 3, "nothing: no such file"),
        (("--certificate", "short", "--key", "short"), 3, "short: no certificate with its key"),
        (("--port", "99999"), 2, "99999 is not in the range"),
        (("--rate", "0"), 2, "0 is not in the range"),
        (("--host", "no such host"), 2, "nothing would keep them out"),
    ],
)
def test_what_would_be_unsafe_or_impossible_is_refused(
    tmp_path: Path, args: tuple[str, ...], code: int, said: str
) -> None:
    (tmp_path / "short").write_text("short")
    (tmp_path / "lines").write_text("a line of a secret\nand another line")
    (tmp_path / "binary").write_bytes(b"\xff" * 40)
    done = run(tmp_path, "serve", *args)
    assert (done.exit_code, said in done.stderr) == (code, True), done.stderr


@pytest.mark.block_network(allowed_hosts=["127.0.0.1"])
def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(tmp_path, "serve", "--port", str(port))
        assert (done.exit_code, f"127.0.0.1:{port}: can't listen there" in done.stderr) == (3, True)


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    done = run(tmp_path, "serve", "--port", "0")
    assert (done.exit_code, "pip install 'decomposer[web]'" in done.stderr) == (3, True)
