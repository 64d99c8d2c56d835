"""`match --also` and `match --reword`: what is searched for in other words, what is printed, and what may fail."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.cats import filled
from tests.ranking import entry, record
from tests.standin import Standin
from tests.test_cli import run
from tests.test_cli_compare import HOSTILE
from tests.test_cli_match import WORDS

NEED = "undo what the bot did"
GIT = {"name": "Version control", "description": "Commits each change, so that it can be reverted."}
MARKUP = "[bold]Version[/bold] <b>control</b> | `x`\n# Heading"


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Return a folder with a catalog that is searched by words alone, in which no record has a word of the need."""
    (tmp_path / "decomposer.toml").write_text(WORDS)
    keep = record("Version control", "Commits every edit to a repository.", state="accepted")
    lint = record("Log outcome linting", "Checks podcasts for style errors.", slug="wolf")
    return filled(tmp_path, entry("lynx", keep, license="mit"), entry("wolf", lint))


def script(folder: Path, *capabilities: dict[str, Any]) -> str:
    """Write what a scripted model says, and return its name."""
    (folder / "said.json").write_text(json.dumps({"capabilities": list(capabilities)}))
    return "scripted/said.json"


def told(done: Result) -> list[str]:
    """Return the notes, less the one about addresses."""
    return [line for line in done.stderr.splitlines() if "capability://" not in line]


def test_other_words_by_hand_find_what_those_of_the_need_do_not(catalog: Path) -> None:
    assert run(catalog, "match", NEED).exit_code == 1
    done = run(catalog, "match", NEED, "--also", "Version  control", "--also", "Rollback of edits")
    assert (done.exit_code, told(done)) == (0, [])
    lines = [line.strip() for line in done.stdout.splitlines()]
    at = lines.index(NEED)
    assert lines[at + 1 : at + 3] == ["also searched for: Version control", "also searched for: Rollback of edits"]
    assert "1. Version control  Lynx" in lines
    assert "* in other words: “Version”, “control” in its name" in lines
    assert "* in other words: “edits” in its description" in lines


def test_a_scripted_model_says_it_in_other_words(catalog: Path) -> None:
    done = run(catalog, "match", NEED, "--reword", script(catalog, GIT), "--format", "json")
    assert (done.exit_code, told(done)) == (0, [])
    found = json.loads(done.stdout)
    assert (found["need"], found["also"]) == (
        NEED, ["Version control. Commits each change, so that it can be reverted."],
    )  # fmt: skip
    (hit,) = found["matches"]
    assert (hit["capability"]["name"], hit["why"]) == (
        "Version control", ["in other words: “Version”, “control” in its name"],
    )  # fmt: skip
    assert hit["highlights"] == [{"field": "name", "text": "Version control", "marks": [[0, 7], [8, 15]]}]


def test_a_need_that_is_said_in_no_other_words_is_printed_as_before(catalog: Path) -> None:
    done = run(catalog, "match", "podcasts", "--format", "json")
    assert json.loads(done.stdout)["also"] == []
    assert "also" not in run(catalog, "match", "podcasts").stdout


def test_every_form_says_the_other_words(catalog: Path) -> None:
    page = run(catalog, "match", NEED, "--also", MARKUP, "--format", "md").stdout
    shown = r"\[bold\]Version\[/bold\] &lt;b&gt;control&lt;/b&gt; &#124; \`x\` \# Heading"
    assert f"also searched for:\n\n* {shown}\n" in page
    (line,) = run(catalog, "match", NEED, "--also", MARKUP, "--format", "jsonl").stdout.splitlines()
    assert json.loads(line)["also"] == ["[bold]Version[/bold] <b>control</b> | `x` # Heading"]
    table = run(catalog, "match", NEED, "--also", MARKUP).stdout
    assert "also searched for: [bold]Version[/bold] <b>control</b> | `x` # Heading" in table


def test_the_setting_names_a_model_too_and_the_flag_wins(catalog: Path) -> None:
    (catalog / "decomposer.toml").write_text(f'{WORDS}reword = "{script(catalog, GIT)}"\n')
    assert "Version control" in run(catalog, "match", NEED).stdout
    (catalog / "none.json").write_text('{"capabilities": []}')
    done = run(catalog, "match", NEED, "--reword", "scripted/none.json")
    nothing = "scripted/none.json names nothing that would serve this need"
    assert (done.exit_code, told(done)) == (1, [nothing, "nothing was found: say it in other words"])


def test_by_hand_and_by_a_model_there_are_ten_ways_and_those_by_hand_come_first(catalog: Path) -> None:
    model = script(catalog, *({"name": f"Way {number}"} for number in range(5)))
    also = [word for number in range(8) for word in ("--also", f"Own {number}")]
    done = run(catalog, "match", "podcasts", *also, "--reword", model, "--format", "json")
    assert json.loads(done.stdout)["also"] == [*(f"Own {number}" for number in range(8)), "Way 0", "Way 1"]


def test_only_the_need_is_kept_where_words_are(catalog: Path) -> None:
    run(catalog, "match", NEED, "--reword", script(catalog, GIT), "--log-queries")
    assert [one["need"] for one in json.loads(run(catalog, "match", "log", "--format", "json").stdout)] == [NEED]


@pytest.mark.block_network(allowed_hosts=["127.0.0.1"])
def test_a_model_is_asked_once_about_a_need(catalog: Path) -> None:
    with Standin(answer={"capabilities": [GIT]}) as server:
        first = run(catalog, "match", NEED, "--reword", "openai/lantern", OPENAI_BASE_URL=server.url)
        again = run(catalog, "match", f"  {NEED} ", "--reword", "lantern", "--base-url", server.url)
        assert len(server.requests) == 1
    assert first.exit_code == again.exit_code == 0
    assert "1. Version control" in first.stdout
    assert "1. Version control" in again.stdout
    (use,) = json.loads(run(catalog, "ledger", "stats", "--format", "json").stdout)
    assert (use["model"], use["requests"], use["answered"]) == ("lantern", 1, 1)


@pytest.mark.block_network(allowed_hosts=["127.0.0.1"])
@pytest.mark.parametrize(("need", "code"), [("podcasts", 0), (NEED, 1)])
@pytest.mark.parametrize(("faults", "answer"), [(["400"], None), (["401"], None), ([], '{"capabilities": 1}')])
def test_a_model_that_fails_is_told_in_a_line_and_the_search_goes_on(
    catalog: Path, need: str, code: int, faults: list[str], answer: str | None
) -> None:
    with Standin(faults=faults, answer=answer) as server:
        done = run(catalog, "match", need, "--reword", "lantern", OPENAI_BASE_URL=server.url)
    assert (done.exit_code, "Log outcome linting" in done.stdout) == (code, code == 0)
    first, *rest = told(done)
    assert first.startswith("no model says it in other words: ")
    assert rest == ([] if code == 0 else ["nothing was found: say it in other words"])
    hint = first.rpartition("; ")[2]
    assert first.count(hint) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["podcasts", "--reword", "extractive"],
            3,
            "extractive can't say a need in other words; name a model: --re",
        ),
        (["podcasts", "--reword", "scripted/none.json"], 3, "none.json: the answers can't be read"),
        (["podcasts", "--also", "x" * 501], 2, "one of its other ways has 501 characters"),
        (["podcasts", *["--also", "podcast"] * 11], 2, "the need is said in 11 other ways; 10 are enough"),
        (["?!", "--also", "Version control"], 2, "the need has no words"),
        (["?!", "--reword", "openai/any"], 2, "the need has no words"),
        (["podcasts", *["--also", "podcast"] * 11, "--reword", "openai/any"], 2, "said in 11 other ways"),
    ],
)
def test_bad_input_is_told_in_a_line_and_before_a_model_is_asked(
    catalog: Path, arguments: list[str], code: int, message: str
) -> None:
    done = run(catalog, "match", *arguments)
    assert (done.exit_code, done.stdout) == (code, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "md"])
def test_hostile_answers_are_data_in_every_form(catalog: Path, form: str) -> None:
    said = [{"name": f"Version control {HOSTILE}", "description": HOSTILE}, {"name": ""}, {"name": "\x1b[2J\x07"}]
    said += [{"name": "x" * 9_000, "description": "y " * 9_000}, {"name": "{{ 7 * 7 }} <script>"}, {"name": "sixth"}]
    done = run(catalog, "match", NEED, "--reword", script(catalog, *said), "--format", form)
    assert done.exit_code == 0
    assert "Traceback" not in done.stderr
    assert not set(done.stdout + done.stderr) & {"\x1b", "\x07", "\x9b", "\u202e"}
    assert "49" not in done.stdout
    assert "sixth" not in done.stdout
    assert "x" * 101 not in done.stdout.replace("\n", "").replace(" ", "")
    if form == "md":
        assert "<script>" not in done.stdout
    if form == "table":
        assert max(map(len, done.stdout.splitlines())) <= 120


def test_a_hostile_text_by_hand_is_data_too(catalog: Path) -> None:
    for form in ("table", "json", "jsonl", "md"):
        done = run(catalog, "match", NEED, "--also", f"control {HOSTILE}", "--format", form)
        assert done.exit_code == 0
        assert not set(done.stdout) & {"\x1b", "\x07", "\x9b", "\u202e"}
