"""What a person says of records of two entries, from the command line: kept, shown, contradicted, taken back."""

import json
from pathlib import Path

import pytest

from tests.ports.test_registry import LINTING, entry, one, record
from tests.test_cli import run
from tests.test_cli_registry import FINDING, SEARCH, filled

HOSTILE = "\x1b]0;x\x07[bold]\u202e"


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    return filled(
        tmp_path,
        one("lynx", SEARCH, category="image.visual"),
        one("puma", FINDING, category="image.visual"),
        entry("ibex", record("ibex/lint", *LINTING), record("ibex/sort", "Sorting", "Sorts files by date.")),
    )


def shared(folder: Path) -> list[tuple[str, int]]:
    found = json.loads(run(folder, "list", "--shared", "--format", "json").stdout)
    return [(each["name"], each["artifacts"]) for each in found]


def test_a_word_is_kept_heeded_shown_and_taken_back(catalog: Path) -> None:
    assert shared(catalog) == [("Image search", 2)]
    done = run(catalog, "same", "puma/it", "ibex/lint", "--reason", f"both {HOSTILE}", "--actor", "ann")
    assert (done.exit_code, done.stdout) == (0, "said to be one capability: ibex/lint, puma/it\n")
    assert shared(catalog) == [("Image search", 3)]
    page = json.loads(run(catalog, "show", "ibex/lint", "--format", "json").stdout)
    members = {member["capability"]: member for member in page["members"]}
    assert {name: member["decided_by"] for name, member in members.items()} == {
        "lynx/it": "rule", "puma/it": "person", "ibex/lint": "person",
    }  # fmt: skip
    assert "decided by a person" in run(catalog, "show", "ibex/lint").stdout
    for identity in ("puma/it", "ibex/lint", "ibex"):
        told = run(catalog, "history", identity)
        assert "1 same ibex/lint same_as: nothing -> puma/it, by ann" in " ".join(told.stdout.split())
        assert "\x1b" not in told.stdout
    assert run(catalog, "undo", "--actor", "ann").stdout.startswith("taken back: said to be one capability")
    assert shared(catalog) == [("Image search", 2)]


def test_why_says_who_decided_and_what_follows(catalog: Path) -> None:
    assert "decided by a person" not in run(catalog, "why", "lynx/it", "puma/it").stdout
    run(catalog, "apart", "lynx/it", "puma/it", "--actor", "ann", "--reason", "one takes sketches")
    why = json.loads(run(catalog, "why", "puma/it", "lynx/it", "--format", "json").stdout)
    assert (why["verdict"], why["decided_by"]) == ("different", "person")
    assert why["reasons"][0].startswith("a person said so: 1 apart lynx/it puma/it, by ann, ")
    assert why["reasons"][0].endswith(" (one takes sketches)")
    assert shared(catalog) == []
    run(catalog, "same", "lynx/it", "ibex/sort", "--actor", "ann")
    why = json.loads(run(catalog, "why", "lynx/it", "ibex/sort", "--format", "json").stdout)
    assert (why["verdict"], why["decided_by"], why["score"]) == ("same", "person", 1.0)
    # Records of the catalog alone are read: a text has no words that were said of it.
    assert (
        json.loads(run(catalog, "why", "lynx/it", "Finds things.", "--format", "json").stdout)["decided_by"] != "person"
    )


def test_what_contradicts_an_older_word_is_refused_by_name(catalog: Path) -> None:
    run(catalog, "same", "lynx/it", "ibex/lint", "--actor", "ann")
    done = run(catalog, "apart", "ibex/lint", "lynx/it", "--actor", "bob")
    assert (done.exit_code, done.stdout) == (1, "nothing was decided\n")
    assert "1 same ibex/lint lynx/it, by ann" in done.stderr
    assert "`decomposer revert 1`" in done.stderr
    assert run(catalog, "revert", "1", "--actor", "bob").exit_code == 0
    assert run(catalog, "apart", "ibex/lint", "lynx/it", "--actor", "bob").exit_code == 0


@pytest.mark.parametrize(("word", "pointer"), [("same", "merge"), ("apart", "split")])
def test_records_of_one_entry_are_left_to_the_commands_for_them(catalog: Path, word: str, pointer: str) -> None:
    done = run(catalog, word, "ibex/lint", "ibex/sort")
    assert done.exit_code == 1
    assert f"`decomposer {pointer}" in done.stderr


@pytest.mark.parametrize(("a", "b", "code"), [("lynx/it", "zebu/it", 1), ("ant/it", "lynx/it", 3), ("a", "b", 3)])
def test_what_is_not_there_is_told(catalog: Path, a: str, b: str, code: int) -> None:
    done = run(catalog, "same", a, b)
    assert done.exit_code == code
    assert "Traceback" not in done.stderr


def test_words_are_for_programs_too_and_move_to_another_catalog(catalog: Path, tmp_path: Path) -> None:
    told = json.loads(run(catalog, "same", "lynx/it", "ibex/sort", "--format", "json").stdout)
    (decision,) = told["decisions"]
    assert (decision["op"], decision["field"], decision["after"]) == ("same", "same_as", "lynx/it")
    run(catalog, "events", "export", "--entry", "lynx", "--out", "words.jsonl")
    there = tmp_path / "there"
    there.mkdir()
    filled(there, one("lynx", SEARCH), entry("ibex", record("ibex/sort", "Sorting", "Sorts files by date.")))
    assert run(there, "events", "apply", str(catalog / "words.jsonl")).stderr == "1 decision applied\n"
    assert [artifacts for _, artifacts in shared(there)] == [2]
