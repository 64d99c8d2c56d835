"""The command line tells every error in one line, ends with the right code, and starts fast."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from typing import NoReturn

import click
import psutil  # type: ignore[import-untyped]
import pytest
from click.testing import CliRunner, Result

from decomposer.cli import cli
from decomposer.cli.group import COMMANDS, Commands
from decomposer.errors import BudgetReached

README = """# papertrail

papertrail turns scanned invoices into JSON records, up to 40 pages a minute on one CPU core.

- **Tables**: finds line items even where the table has no ruled lines
- **Search**: full-text search over everything you scanned, through SQLite

Unlike InvoiceNet it needs no training data. Install it with pip.
"""
ANSWER = {
    "source_kind": {"kind": "software", "reason": "It describes a tool."},
    "capabilities": [
        {
            "name": "Invoices to JSON",
            "category": "data.processing.analysis",
            "description": {"text": "Turns scanned invoices into JSON records, up to 90 pages a minute.", "units": [2]},
            "vs_alternatives": {"text": "Unlike InvoiceNet it needs no training data.", "units": [5]},
            "requires": [{"text": "one CPU core", "units": [2]}],
        }
    ],
}
SETTINGS = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "NO_COLOR", "COLUMNS", "FORCE_COLOR", "DECOMPOSER_DEBUG")


def run(folder: Path, *args: str, stdin: str = "", **environ: str) -> Result:
    """Run the command line in `folder` without any settings of the outside world."""
    inherited = {name: None for name in os.environ if name.startswith("DECOMPOSER_") or name in SETTINGS}
    with chdir(folder):
        return CliRunner(env={**inherited, **environ}).invoke(cli, args, input=stdin, prog_name="decomposer")


def script(folder: Path, *answers: object) -> str:
    """Write a scripted model and return its name."""
    (folder / "answers.json").write_text(json.dumps(answers or [ANSWER]), encoding="utf-8")
    return "scripted/answers.json"


def readme(folder: Path, text: str = README, *, name: str = "papertrail.md") -> str:
    """Write a document and return its reference."""
    (folder / name).write_text(text, encoding="utf-8")
    return name


class Failing(Commands):
    """Commands of which each one does what it is told."""

    def __init__(self, fail: Callable[[], NoReturn]) -> None:
        super().__init__("decomposer")
        self.fail = fail

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        return click.Command(cmd_name, callback=self.fail)


def failing(error: BaseException, **environ: str) -> Result:
    def fail() -> NoReturn:
        raise error

    return CliRunner(env={"DECOMPOSER_DEBUG": None, **environ}).invoke(Failing(fail), ["list"])


def test_help_names_every_command() -> None:
    shown = CliRunner().invoke(cli, ["--help"])
    assert shown.exit_code == 0
    assert all(f"  {name} " in shown.stdout and text in shown.stdout for name, text in COMMANDS.items())


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["-h"]])
def test_the_way_to_help_imports_nothing_heavy(args: list[str]) -> None:
    heavy = "{'openai', 'instructor', 'sqlalchemy', 'alembic', 'pydantic', 'rich', 'yaml', 'jinja2', 'httpx2'}"
    call = f"from decomposer.cli import cli\ncli({args}, standalone_mode=False)"
    code = f"import sys\n{call}\nprint({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"


def test_an_unknown_command_is_a_usage_error(tmp_path: Path) -> None:
    done = run(tmp_path, "drfat")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "No such command 'drfat'." in done.stderr


def test_what_a_usage_error_repeats_can_not_act_on_the_terminal(tmp_path: Path) -> None:
    done = run(tmp_path, "draft", "--\x1b]52;c;eA==\x07")
    assert done.exit_code == 2
    assert "\x1b" not in done.stderr


def test_a_wrong_setting_ends_with_3_and_names_its_place(tmp_path: Path) -> None:
    done = run(tmp_path, "list", DECOMPOSER_TIMEOUT="soon")
    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr == "decomposer: DECOMPOSER_TIMEOUT: 'soon' is no valid timeout; write a number from 1 to 3600\n"


def test_a_reached_budget_ends_with_4() -> None:
    done = failing(BudgetReached("the next request costs more than is left", hint="raise --max-cost"))
    assert (done.exit_code, done.stderr) == (
        4,
        "decomposer: the next request costs more than is left; raise --max-cost\n",
    )


def test_a_bug_is_one_line_that_says_how_to_see_more() -> None:
    done = failing(ZeroDivisionError("division\x1b[31m by zero"))
    assert (done.exit_code, done.stdout, done.stderr) == (
        70,
        "",
        "decomposer: unexpected ZeroDivisionError: division\\u001b[31m by zero; this is a bug: "
        "DECOMPOSER_DEBUG=1 shows where, please report it\n",
    )


def test_a_bug_is_shown_in_full_on_request() -> None:
    done = failing(ZeroDivisionError("division by zero"), DECOMPOSER_DEBUG="1")
    assert isinstance(done.exception, ZeroDivisionError)


def test_an_interruption_ends_with_130_and_says_how_to_go_on() -> None:
    done = failing(KeyboardInterrupt())
    assert (done.exit_code, done.stderr.strip()) == (
        130,
        "decomposer: stopped; run the same command again to go on: finished answers are kept and not asked twice",
    )


@pytest.mark.parametrize("form", ["table", "json", "md"])
def test_a_closed_pipe_is_quiet(tmp_path: Path, form: str) -> None:
    for number in range(40):
        readme(tmp_path, name=f"document-{number}.md")
    started = subprocess.Popen(
        [sys.executable, "-m", "decomposer", "draft", "--format", form, *map(str, sorted(tmp_path.glob("*.md")))],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environ(),
    )
    assert started.stdout is not None
    assert started.stderr is not None
    started.stdout.read(1)
    started.stdout.close()
    said = started.stderr.read().decode()
    started.stderr.close()
    assert started.wait() == 141
    assert [line for line in said.splitlines() if "extractive" not in line] == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_no_bug(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "decomposer", "draft", readme(tmp_path), "--no-save", "--model", "extractive"],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=_environ(),
        )
    assert (done.returncode, done.stderr) == (1, "decomposer: No space left on device\n")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent the POSIX way")
def test_ctrl_c_leaves_an_array_that_can_be_read(tmp_path: Path) -> None:
    refs = [readme(tmp_path, name=f"document-{number}.md") for number in range(2)]
    started = subprocess.Popen(
        [sys.executable, "-m", "decomposer", "draft", "--format", "json", *refs, "-"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environ(),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # whatever the tests were started by ignores
    )  # fmt: skip
    assert started.stdout is not None
    assert started.stdin is not None
    seen = b""
    while seen.count(b'"seconds"') < 2:
        read = os.read(started.stdout.fileno(), 65_536)
        assert read, "the command ended before both entries were printed"
        seen += read
    until_it_waits(started.pid)
    started.send_signal(signal.SIGINT)
    rest, said = started.communicate()
    assert started.returncode == 130
    assert [entry["artifact"]["slug"] for entry in json.loads(seen + rest)] == ["document-0", "document-1"]
    assert "Traceback" not in said.decode()


def until_it_waits(pid: int) -> None:
    """Return when a process has done nothing for a moment: here it reads what nobody writes."""
    process, before = psutil.Process(pid), -1.0
    while (now := sum(process.cpu_times()[:2])) != before or process.status() != psutil.STATUS_SLEEPING:
        before = now
        time.sleep(0.1)


def _environ() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in SETTINGS}
