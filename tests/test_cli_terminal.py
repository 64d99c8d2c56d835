"""On a real terminal there are colours and progress, and no byte of the data but text."""

import json
import os
import re
import sys
from pathlib import Path

import pytest

from tests.test_cli import ANSWER, README, readme, script

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")

# What rich itself sends: colours, the cursor hidden and shown, a line cleared, up one line, back to its start.
OURS = re.compile(rb"\x1b\[[0-9;]*m|\x1b\[\?25[lh]|\x1b\[2K|\x1b\[1A|\r")
EVIL = "\x1b]0;owned\x07\x1b]52;c;ZXZpbA==\x07\x9b31m\x1bc[/bold][red]\u202e"


def on_a_terminal(folder: Path, *args: str, **environ: str) -> bytes:
    """Return every byte that the command sends to a terminal of 80 columns."""
    settings = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "COLUMNS": "80", **environ}
    settings |= {name: value for name, value in os.environ.items() if name == "PYTHONPATH"}
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execve(sys.executable, [sys.executable, "-m", "decomposer", *args], settings)
    sent = b""
    try:
        while chunk := os.read(terminal, 65_536):
            sent += chunk
    except OSError:  # how Linux says that the other side has closed
        pass
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, sent
    return sent


def evil(folder: Path) -> tuple[str, ...]:
    said = json.loads(json.dumps(ANSWER))
    said["capabilities"][0]["name"] = EVIL
    name = readme(folder, README.replace("turns", f"turns {EVIL}"), name="evil\x1b]0;x\x07[red].md")
    return ("draft", name, "--model", script(folder, said))


def test_nothing_in_the_data_reaches_the_terminal_as_a_command(tmp_path: Path) -> None:
    sent = on_a_terminal(tmp_path, *evil(tmp_path))
    text = OURS.sub(b"", sent).decode()
    assert not {char for char in text if char < " " or "\x7f" <= char <= "\x9f"} - {"\n"}
    assert "\u202e" not in text
    unwrapped = re.sub(r"\n\s*", "", text)
    assert "\\u001b]0;owned\\u0007\\u001b]52;c;ZXZpbA==\\u0007\\u009b31m\\u001bc[/bold][red]\\u202e" in unwrapped


def test_a_terminal_gets_colours_and_progress(tmp_path: Path) -> None:
    sent = on_a_terminal(tmp_path, *evil(tmp_path))
    assert b"\x1b[1m" in sent
    assert b"drafting evil\\u001b]0;x\\u0007[red].md" in sent
    assert sent.count(b"\x1b[?25l") == sent.count(b"\x1b[?25h")


def test_no_color_means_no_colours(tmp_path: Path) -> None:
    sent = on_a_terminal(tmp_path, *evil(tmp_path), NO_COLOR="1")
    assert not re.search(rb"\x1b\[[0-9;]*3[0-7]m", sent)
