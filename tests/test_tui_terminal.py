"""The review in a real terminal: the first screen, hostile records, leaving and giving the terminal back."""

import re
import signal
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from decomposer.records import Entry, Evidence, Flag, Note, Sentence, Statement
from tests.terminal import Terminal
from tests.waiting import FINDS, clip, desk, entry, record, said, states, stored

pytestmark = pytest.mark.slow

REVIEW = [sys.executable, "-m", "decomposer", "review"]
# What Textual and the curtain write: settings of the terminal, cursor moves, colours. Nothing else may.
OURS = re.compile(
    rb"\x1b\[\?(?:1049|1000|1002|1003|1006|1015|1016|1004|2004|2026|2048|25|7)(?:;\d+)?(?:h|l|\$p)"
    rb"|\x1b\]22;default\x07|\x1b\[[<>=]\d*(?:;\d+)*u|\x1b\[[\d;]*[mHKJ]|\x1b\[\d* ?q"
)
CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
HOSTILE = (
    "\x1b]52;c;aGk=\x07 \x1b]0;title\x07 \x9d52;c;aGk=\x9c \x9b31m "
    "\u202egnp.exe\u2066 [/bold][@click=app.quit]x[/] \x00\x08\x7f"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "decomposer.db"
    stored(path, clip()).dispose()
    return path


def review(file: Path, *arguments: str, columns: int = 80, rows: int = 24, **environ: str) -> Terminal:
    where = [*REVIEW, "--db", str(file), "--order", "entry", *arguments]
    return Terminal(where, columns=columns, rows=rows, cwd=file.parent, environ={"DECOMPOSER_ACTOR": "ann", **environ})


def test_the_first_record_is_shown_and_keys_decide(file: Path) -> None:
    with review(file) as terminal:
        terminal.until("1 [x] description  ✓ supported")
        terminal.send("a")
        terminal.until("accepted image-search, without vs_alternatives")
        terminal.send("xu")
        terminal.until("taken back: rejected picture-search")
        terminal.send("q")
        assert terminal.ended() == 0
    assert states(file) == {"image-search": "accepted", "picture-search": "proposed", "maps": "proposed"}


def test_keys_typed_before_the_application_is_there_are_not_lost(file: Path) -> None:
    with review(file) as terminal:
        terminal.until("image search")
        terminal.send("axq")
        assert terminal.ended() == 0
    assert states(file) == {"image-search": "accepted", "picture-search": "rejected", "maps": "proposed"}


@pytest.mark.parametrize("how", ["q", "\x03"])
def test_leaving_gives_back_the_terminal_and_the_leases(file: Path, how: str) -> None:
    with review(file) as terminal:
        before = terminal.settings
        terminal.until("3 waiting")
        assert terminal.settings != before
        terminal.send(how)
        assert terminal.ended() == 0
        assert terminal.settings == before
        assert terminal.raw.count(b"\x1b[?1049h") == 1
        assert terminal.raw.rfind(b"\x1b[?1049l") > terminal.raw.rfind(b"image search")
    assert len(desk(file, reviewer="bob").window()) == 3


@pytest.mark.parametrize("signal_name", ["SIGTERM", "SIGHUP"])
def test_a_review_that_is_ended_gives_back_the_terminal_and_the_leases(file: Path, signal_name: str) -> None:
    with review(file) as terminal:
        before = terminal.settings
        terminal.until("3 waiting")
        terminal.process.send_signal(getattr(signal, signal_name))
        terminal.ended()
        assert terminal.settings == before
        assert terminal.raw.rfind(b"\x1b[?1049l") > terminal.raw.rfind(b"image search")
    assert len(desk(file, reviewer="bob").window()) == 3


def test_the_window_can_be_resized(file: Path) -> None:
    with review(file) as terminal:
        terminal.until("3 waiting")
        terminal.send("?")  # an answer shows that it listens
        terminal.until("leave it for later")
        terminal.send("\x1b")
        terminal.until("3 waiting")
        terminal.resize(120, 30)
        terminal.until(lambda text: "│ ── README.md" in text)
        terminal.resize(30, 8)
        terminal.until("too small")
        terminal.resize(80, 24)
        terminal.until("1 [x] description")
        terminal.send("q")
        assert terminal.ended() == 0


def test_without_colour_every_verdict_has_a_sign_and_no_colour_is_sent(file: Path) -> None:
    with review(file, NO_COLOR="1") as terminal:
        terminal.until("3 waiting")
        for sign in ("✓ supported", "” vendor claim", "✗ not found  does not pass", "▶1  Finds images"):
            terminal.until(sign)
        terminal.send("q")
        assert terminal.ended() == 0
        colours = [code for code in re.findall(rb"\x1b\[([\d;]*)m", bytes(terminal.raw)) if coloured(code)]
    assert colours == []


def coloured(code: bytes) -> bool:
    numbers = [int(part or 0) for part in code.split(b";")]
    return any(30 <= number <= 38 or 40 <= number <= 48 or 90 <= number <= 107 for number in numbers)


def test_a_catalog_that_another_process_writes_to_is_waited_for(file: Path) -> None:
    with review(file) as terminal, closing(sqlite3.connect(file, isolation_level=None)) as other:
        terminal.until("3 waiting")
        other.execute("BEGIN IMMEDIATE")
        terminal.send("a")
        terminal.until("working ...")
        other.execute("ROLLBACK")
        terminal.until("accepted image-search")
        terminal.send("q")
        assert terminal.ended() == 0


def test_a_text_is_edited_in_the_editor_that_the_environment_names(file: Path, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    lines = ["#!/bin/sh", 'stty -a > "$0.stty"', 'cat "$1" > "$0.got"', 'echo "It is faster than Brindle." > "$1"']
    editor.write_text("\n".join(lines))
    editor.chmod(0o755)
    with review(file, EDITOR=str(editor), VISUAL=str(editor)) as terminal:
        terminal.until("3 waiting")
        terminal.send("E")
        terminal.until("edited image-search")
        terminal.until("It is faster than Brindle.")
        terminal.send("q")
        assert terminal.ended() == 0
    assert (tmp_path / "editor.got").read_text() == "It beats everybody.\n"
    assert " icanon" in (tmp_path / "editor.stty").read_text()  # the editor got the terminal as it was


def hostile() -> tuple[Entry, str]:
    text = f"# {HOSTILE}\n\n{FINDS} {HOSTILE}\n" + "".join(f"{number} {HOSTILE}\r\n" for number in range(50))
    claim = f"{FINDS} {HOSTILE}"
    start = text.index(claim)
    span = Evidence(document=0, start=start, end=start + len(claim), quote=claim, how="cited")
    sentence = Sentence(start=0, end=len(claim), support="partial", reason=HOSTILE, evidence=(span,))
    flag = Flag(kind="name", text=HOSTILE, note=HOSTILE)
    statement = Statement(text=claim, support="partial", evidence=(span,), sentences=(sentence,), flags=(flag,))
    bad = record(
        "bad", HOSTILE, id="bad/one", description=statement, unique=statement,
        intents=(Note(text=HOSTILE, evidence=(span,)),),
        revision=record("bad", HOSTILE * 2, id="bad/one", description=statement.model_copy(update={"text": HOSTILE})),
    )  # fmt: skip
    other = record("bad", f"{HOSTILE} two", id="bad/two", description=said(FINDS, text=text))
    return entry("bad", bad, other, text=text), text


def test_no_byte_of_a_hostile_record_acts_on_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "decomposer.db"
    held, text = hostile()
    stored(file, held, text=text).dispose()
    pasted = "\x1b[200~" + HOSTILE.replace("\x1b", "") + "\x1b[201~"
    keys = [*"\t}oovvh\x1bg\x1bM\x1bX\x1be\x1bfjke", pasted, *"\x1bX\t", pasted, *"\x1b/", pasted, *"\rauu?\x1b"]
    with review(file, columns=120, rows=40) as terminal:
        terminal.until("waiting")
        for key in keys:
            terminal.send(key)
            rest(terminal)
        assert "\\u001b]52;c;aGk=\\u0007" in terminal.text
        assert terminal.process.poll() is None
        terminal.send("q")
        assert terminal.ended() == 0
        left = OURS.sub(b"", bytes(terminal.raw)).decode("utf-8")
    found = {repr(left[max(0, one.start() - 30) : one.end() + 30]) for one in CONTROL.finditer(left)}
    assert found == set()


@pytest.mark.parametrize("line", ["word " * 20, "x" * 1_000_000])
def test_a_document_of_a_megabyte_is_shown_and_scrolled(tmp_path: Path, line: str) -> None:
    text = f"{FINDS}\n" + f"{line}\n" * (1_000_000 // len(line)) + "The end.\n"
    file = tmp_path / "decomposer.db"
    made = record("big", "one", description=said(FINDS, text=text), unique=said("The end.", text=text))
    stored(file, entry("big", made, text=text), text=text).dispose()
    with review(file) as terminal:
        terminal.until("▶1  Finds images")
        terminal.send("\t")
        terminal.until("▶2  The end.")
        terminal.send("o{{}}\x1b[5~\x1b[6~")
        rest(terminal)
        terminal.send("q")
        assert terminal.ended() == 0


def test_without_a_terminal_the_other_ways_are_named(file: Path) -> None:
    import subprocess

    done = subprocess.run([*REVIEW, "--db", str(file)], capture_output=True, text=True, input="", check=False)
    assert done.returncode == 2
    assert done.stderr == "decomposer: the review needs a terminal; use --plain for lines, or --json for a program\n"


def rest(terminal: Terminal, seconds: float = 0.4) -> None:
    """Read until nothing has come for a while."""
    while terminal.read(seconds):
        time.sleep(0)
