"""`decomposer match`: every form, needs that are called like commands, outcomes, kept needs, and bad input."""

import json
from pathlib import Path

import pytest

from tests.cats import filled
from tests.ranking import entry, record
from tests.test_cli import run
from tests.test_cli_compare import HOSTILE

WORDS = 'embedder = "none"\n'


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Return a folder with a catalog that is searched by words alone."""
    (tmp_path / "decomposer.toml").write_text(WORDS)
    hear = record("Speech recognition", "Transcribes podcasts to text.", state="accepted")
    lint = record("Log outcome linting", "Checks podcasts for style errors.", slug="wolf")
    return filled(tmp_path, entry("lynx", hear, license="mit"), entry("wolf", lint))


def test_hits_say_why_with_their_evidence_and_who_saw_them(catalog: Path) -> None:
    done = run(catalog, "match", "transcribe podcasts")
    assert done.exit_code == 0
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert "1. Speech recognition  Lynx" in lines
    assert "2. Log outcome linting  Wolf" in lines
    assert "* “transcribe”, “podcasts” in its description" in lines
    assert any("✓ supported" in line for line in lines)
    assert any("“Find”" in line for line in lines)
    text = " ".join(lines)
    assert "· reviewed" in text
    assert "drafted by a program, not reviewed by a person yet" in text
    assert "rank " in text
    assert "matched 1 time" in text


def test_json_has_everything(catalog: Path) -> None:
    done = run(catalog, "match", "--format", "json", "--limit", "1", "--license", " MIT ", "transcribe podcasts")
    found = json.loads(done.stdout)
    assert (found["by"], found["filters"], len(found["matches"])) == ("words", {"license": "mit"}, 1)
    hit = found["matches"][0]
    assert hit["id"] == f"{found['id']}.1"
    marked = {one["field"]: [one["text"][start:end] for start, end in one["marks"]] for one in hit["highlights"]}
    assert marked["description"][:2] == ["Transcribes", "podcasts"]
    assert hit["rank"]["points"] > 0


def test_what_has_no_address_yet_says_how_to_get_one(catalog: Path) -> None:
    how = "2 hits without a capability:// address yet: `decomposer list --shared` brings the registry up to date"
    done = run(catalog, "match", "podcasts", "--format", "json")
    assert (done.stderr, json.loads(done.stdout)["unaddressed"]) == (f"{how}\n", how)
    assert run(catalog, "list", "--shared").exit_code == 0
    done = run(catalog, "match", "podcasts", "--format", "json")
    assert (done.stderr, "unaddressed" in json.loads(done.stdout)) == ("", False)
    assert all(one["uri"].startswith("capability://") for one in json.loads(done.stdout)["matches"])
    assert "capability://" in run(catalog, "match", "podcasts").stdout


def test_markdown_and_json_lines(catalog: Path) -> None:
    page = run(catalog, "match", "podcasts", "--format", "md").stdout
    assert page.startswith("# podcasts\n")
    assert "**description** (supported): Transcribes podcasts to text." in page
    line = run(catalog, "match", "podcasts", "--format", "jsonl").stdout
    assert len(json.loads(line)["matches"]) == 2


@pytest.mark.parametrize("need", ["outcome", "log"])
def test_a_need_that_is_called_like_a_command_is_found_by_find(catalog: Path, need: str) -> None:
    assert "Log outcome linting" in run(catalog, "match", "find", need).stdout


def test_nothing_found_is_told_and_ends_with_1(catalog: Path) -> None:
    done = run(catalog, "match", "giraffe")
    assert (done.exit_code, done.stderr) == (1, "nothing was found: say it in other words\n")
    done = run(catalog, "match", "podcasts", "--type", "dataset", "--format", "json")
    assert (done.exit_code, json.loads(done.stdout)["matches"]) == (1, [])
    assert done.stderr == "nothing was found: try without filters\n"


def test_outcomes_are_kept_and_explained_by_the_rank(catalog: Path) -> None:
    hit = json.loads(run(catalog, "match", "transcribe", "--format", "json").stdout)["matches"][0]["id"]
    done = run(catalog, "match", "outcome", hit, "success", "--comment", "fine")
    assert (done.exit_code, done.stderr) == (0, f"{hit}: success kept\n")
    explained = json.loads(run(catalog, "rank", "lynx", "--format", "json").stdout)
    assert explained["measured"]["matched"] == {"times": 1, "successes": 1, "failures": 0}
    assert "outcomes" in run(catalog, "rank", "lynx", "--explain").stdout
    part = next(line for line in run(catalog, "rank", "lynx", "--explain").stdout.splitlines() if "match " in line)
    assert part.split(maxsplit=2)[2] == "all of it is known"


def test_words_are_kept_where_asked(catalog: Path) -> None:
    run(catalog, "match", "secret podcasts")
    assert run(catalog, "match", "log").stderr == "no need was kept: `match --log-queries` keeps them\n"
    run(catalog, "match", "open podcasts", "--log-queries")
    kept = json.loads(run(catalog, "match", "log", "--format", "json").stdout)
    assert [one["need"] for one in kept] == ["open podcasts"]
    assert "open podcasts" in run(catalog, "match", "log").stdout
    assert "| open podcasts |" in run(catalog, "match", "log", "--format", "md").stdout


def test_a_setting_keeps_words_too(catalog: Path) -> None:
    (catalog / "decomposer.toml").write_text(f"{WORDS}log_queries = true\n")
    run(catalog, "match", "podcasts")
    assert "podcasts" in run(catalog, "match", "log").stdout


def test_a_look_is_not_counted(catalog: Path) -> None:
    look = run(catalog, "match", "podcasts", "--no-count").stdout
    assert "matched 0 times" in look
    assert "match outcome" not in look
    assert "matched 1 time" in run(catalog, "match", "podcasts").stdout
    hits = json.loads(run(catalog, "match", "podcasts", "--no-count", "--format", "json").stdout)["matches"]
    assert {hit["times_matched"] for hit in hits} == {1}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["?!"], 2, "the need has no words"),
        (["x" * 501], 2, "the need has 501 characters"),
        (["podcasts", "--limit", "0"], 2, "not in the range"),
        (["podcasts", "--embedder", "abacus"], 3, "no embedder is called 'abacus'"),
        (["podcasts", "--embedder", "bert/none"], 3, "no such folder"),
        (["podcasts", "--type", "robot"], 2, "no artifact can have --type 'robot'; choose one of agent, api"),
        (["podcasts", "--price", "unknown"], 2, "choose one of free, freemium, paid, open-source"),
        (["outcome", "abc.1", "success"], 2, "no search has a hit 'abc.1'"),
        (["outcome", "abc.1", "perhaps"], 2, "is not one of"),
        ([], 2, ""),
    ],
)
def test_bad_input_is_told_in_a_line(catalog: Path, arguments: list[str], code: int, message: str) -> None:
    done = run(catalog, "match", *arguments)
    assert (done.exit_code, "Traceback" in done.stderr) == (code, False)
    assert message in done.stderr


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "md"])
def test_hostile_texts_are_data_in_every_form(tmp_path: Path, form: str) -> None:
    (tmp_path / "decomposer.toml").write_text(WORDS)
    bad = record(f"podcast {HOSTILE}", f"Podcasts. {HOSTILE}", state="accepted")
    folder = filled(tmp_path, entry("lynx", bad, name=f"Lynx {HOSTILE}"))
    done = run(folder, "match", f"podcast {HOSTILE}", "--log-queries", "--format", form)
    assert done.exit_code == 0
    printed = done.stdout + run(folder, "match", "log", "--format", form).stdout
    assert not set(printed) & {"\x1b", "\x07", "\x9b", "\u202e"}
    assert "7" in printed
    assert "49" not in printed


def test_searches_are_measured_on_needs(tmp_path: Path) -> None:
    (tmp_path / "decomposer.toml").write_text(WORDS)
    (tmp_path / "gold").mkdir()
    (tmp_path / "lynx.md").write_text("# Lynx\n\nLynx transcribes podcasts.\n\nLynx draws trees.\n")
    capabilities = [
        {"name": "Transcription", "description": "Transcribes podcasts.", "importance": "must",
         "evidence": ["Lynx transcribes podcasts."]},
        {"name": "Trees", "description": "Draws trees.", "importance": "nice", "evidence": ["Lynx draws trees."]},
    ]  # fmt: skip
    gold = {"slug": "lynx", "artifact": "Lynx", "artifact_type": "cli", "capabilities": capabilities}
    (tmp_path / "gold" / "lynx.json").write_text(json.dumps(gold))
    needs = [
        {"need": "podcast", "relevant": [["lynx", "Transcription"]], "kind": "keyword", "hard": False},
        {"need": "giraffe", "relevant": [["lynx", "Trees"]], "kind": "problem", "hard": True},
    ]
    (tmp_path / "needs.jsonl").write_text("\n".join(map(json.dumps, needs)))
    done = run(tmp_path, "eval", "gold", "--needs", "needs.jsonl", "--format", "json", "--out", "out.json")
    assert done.exit_code == 0, done.stderr
    figures = json.loads(done.stdout)["words"]["figures"]
    assert figures["all"] == {"needs": 2, "recall": 0.5, "found": 0.5, "mrr": 0.5}
    assert figures["hard"] == {"needs": 1, "recall": 0.0, "found": 0.0, "mrr": 0.0}
    assert json.loads((tmp_path / "out.json").read_text()) == json.loads(done.stdout)
    assert "giraffe" in run(tmp_path, "eval", "gold", "--needs", "needs.jsonl").stdout
    assert run(tmp_path, "eval", "gold", "--needs", "needs.jsonl", "--format", "md").stdout.startswith(
        "| searched by |"
    )
    for text, message in (("{}", "not a need"), ("", "holds no needs"), (
        json.dumps({"need": "a", "relevant": [["lynx", "x"]]}), "lynx has no capability 'x'",
    )):  # fmt: skip
        (tmp_path / "needs.jsonl").write_text(text)
        done = run(tmp_path, "eval", "gold", "--needs", "needs.jsonl")
        assert message in done.stderr
