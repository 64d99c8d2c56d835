"""`decomposer diff` shows what a newer draft says beside what is held, and changes nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from decomposer.settings import Settings
from decomposer.wiring import Workspace
from decomposer.wiring.reviewing import desk
from tests.test_cli import ANSWER, README, readme, run, script

TABLES = {
    "name": "Table reading",
    "category": "data.processing.analysis",
    "description": {"text": "Finds line items even where the table has no ruled lines.", "units": [3]},
}
SEARCH = {
    "name": "Full-text search",
    "category": "search.retrieval",
    "description": {"text": "Full-text search over everything you scanned, through SQLite.", "units": [4]},
}


def answer(*capabilities: Any) -> dict[str, Any]:
    return {"source_kind": ANSWER["source_kind"], "capabilities": list(capabilities)}


def reworded(capability: Any, text: str) -> dict[str, Any]:
    return {**capability, "description": {**capability["description"], "text": text}}


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Return a folder with an entry of two capabilities, of which a person accepted the first."""
    readme(tmp_path)
    assert run(tmp_path, "draft", "papertrail.md", "--model", script(tmp_path, answer(TABLES, SEARCH))).exit_code == 0
    with Workspace(Settings(db=str(tmp_path / "decomposer.db"), actor="ann")) as workspace:
        done = desk(workspace).accept(["papertrail/table-reading"])
        assert len(done.decisions) == 1
    return tmp_path


def changes(folder: Path, *args: str) -> dict[str, Any]:
    done = run(folder, "diff", *args, "--format", "json")
    assert done.exit_code == 0, done.stderr
    return {one["id"].partition("/")[2]: one for one in json.loads(done.stdout)}


def other(folder: Path, *capabilities: Any) -> str:
    """Return a model that says something else: its own file, so that the ledger does not answer for it."""
    (folder / "other.json").write_text(json.dumps([answer(*capabilities)]), encoding="utf-8")
    return "scripted/other.json"


LINES = "Finds line items in a table, even where it has no ruled lines."


def test_what_waits_beside_a_settled_text_is_shown(catalog: Path) -> None:
    found = changes(catalog, "papertrail")
    assert {id: (one["fate"], one["open"]) for id, one in found.items()} == {
        "table-reading": ("kept", False), "full-text-search": ("new", False),
    }  # fmt: skip
    model = other(catalog, reworded(TABLES, LINES))
    assert run(catalog, "draft", "papertrail.md", "--model", model).exit_code == 0
    found = changes(catalog, "papertrail")
    assert {id: one["fate"] for id, one in found.items()} == {"table-reading": "reworded", "full-text-search": "gone"}
    one = found["table-reading"]
    assert one["open"] is True
    assert one["before"]["description"]["evidence"] == one["after"]["description"]["evidence"]
    pieces = one["words"]["description"]
    assert "".join(piece["text"] for piece in pieces if piece["kept"] != "gone") == LINES
    assert found["full-text-search"]["reason"] == "an earlier draft said it: Full-text search"
    done = run(catalog, "diff", "papertrail")
    assert done.stderr.strip() == "1 reworded, 1 gone; 1 change to what a person has settled"
    assert "Finds line items {+in a table, +}even where [-the table-]{+it+} has no ruled lines." in " ".join(
        done.stdout.split()
    )
    assert "│ before, line 5  “**Tables**: finds line items" in done.stdout


def test_a_redraft_is_compared_and_not_saved(catalog: Path) -> None:
    before = run(catalog, "show", "papertrail", "--format", "json").stdout
    found = changes(
        catalog, "papertrail", "--model", other(catalog, reworded(SEARCH, "Search over scans, in SQLite."), TABLES)
    )
    assert {id: one["fate"] for id, one in found.items()} == {"full-text-search": "reworded", "table-reading": "kept"}
    readme(catalog, README.replace("- **Search**: full-text search over everything you scanned, through SQLite\n", ""))
    found = changes(catalog, "papertrail", "--model", other(catalog, TABLES))
    assert {id: one["fate"] for id, one in found.items()} == {"table-reading": "kept", "full-text-search": "gone"}
    assert run(catalog, "show", "papertrail", "--format", "json").stdout == before


def test_a_second_redraft_of_an_unchanged_source_changes_nothing(catalog: Path) -> None:
    model = script(catalog, answer(TABLES, SEARCH))
    found = changes(catalog, "papertrail", "--redraft", "--model", model)
    assert {one["fate"] for one in found.values()} == {"kept"}
    assert run(catalog, "diff", "papertrail", "--redraft", "--model", model).stderr.strip() == "2 kept"


def test_it_can_be_redrafted_from_another_source(catalog: Path) -> None:
    text = README.replace("no ruled lines", "no lines at all")
    readme(catalog, text, name="newer.md")
    changed = reworded(TABLES, "Finds line items even where the table has no lines at all.")
    found = changes(catalog, "papertrail", "--source", "newer.md", "--model", other(catalog, changed))
    assert found["table-reading"]["fate"] == "reworded"
    quotes = [found["table-reading"][side]["description"]["evidence"][0]["quote"] for side in ("before", "after")]
    assert ["no ruled lines" in quotes[0], "no lines at all" in quotes[1]] == [True, True]


def test_what_was_rejected_and_comes_again_is_left_out(catalog: Path) -> None:
    with Workspace(Settings(db=str(catalog / "decomposer.db"), actor="ann")) as workspace:
        desk(workspace).reject(["papertrail/full-text-search"])
    again = reworded(SEARCH, "Full-text search over everything that was scanned, through SQLite.")
    again["name"] = "Search of scanned text"
    found = run(catalog, "diff", "papertrail", "--model", other(catalog, TABLES, SEARCH, again), "--format", "jsonl")
    rows = [json.loads(line) for line in found.stdout.splitlines()]
    left = [(one["left_out"], one["open"], one["reason"]) for one in rows if one["left_out"]]
    assert left == [(True, False, "a person rejected it before: Full-text search")]
    assert next(one["fate"] for one in rows if one["id"] == "papertrail/full-text-search") == "kept"


def test_two_entries_are_assigned_one_to_one(catalog: Path) -> None:
    readme(catalog, name="papertrail-2.md")
    third = {
        **SEARCH,
        "name": "Invoices as JSON",
        "description": {"text": "Turns scanned invoices into JSON records.", "units": [2]},
    }
    run(catalog, "draft", "papertrail-2.md", "--model", other(catalog, reworded(TABLES, LINES), third))
    done = run(catalog, "diff", "papertrail", "papertrail-2", "--format", "jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {one["id"]: one["fate"] for one in rows} == {
        "papertrail/table-reading": "reworded",
        "papertrail-2/invoices-as-json": "new",
        "papertrail/full-text-search": "gone",
    }
    assert {one["after"]["id"] for one in rows if one["fate"] == "reworded"} == {"papertrail-2/table-reading"}
    assert not any(one["open"] for one in rows)
    assert done.stderr.strip() == "1 reworded, 1 new, 1 gone"


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("nobody",), 2, "no entry is called 'nobody'"),
        (("papertrail", "papertrail"), 2, "'papertrail' is one entry; name two"),
        (("papertrail", "papertrail", "--redraft"), 2, "two entries are compared as they are held"),
        (("papertrail", "--source", "absent.md"), 1, "absent.md"),
        (("papertrail", "--model", "scripted/absent.json"), 3, "absent.json"),
        ((), 2, "Missing argument 'ENTRY'"),
    ],
)
def test_what_can_not_be_compared_is_told(catalog: Path, args: tuple[str, ...], code: int, message: str) -> None:
    done = run(catalog, "diff", *args)
    assert (done.exit_code, message in done.stderr) == (code, True), done.stderr


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "md"])
def test_hostile_texts_can_not_act_on_the_terminal(catalog: Path, form: str) -> None:
    hostile = reworded(TABLES, "Finds line items \x1b[31m \x9b2J \u202e [/bold] ![x](javascript:1)")
    done = run(catalog, "diff", "papertrail", "--model", other(catalog, hostile), "--format", form)
    assert done.exit_code == 0
    assert "Finds line" in done.stdout
    assert not {"\x1b", "\x9b", "\u202e"} & set(done.stdout)
    assert form != "md" or "](javascript" not in done.stdout


def test_as_markdown_the_changed_words_are_marked(catalog: Path) -> None:
    done = run(catalog, "diff", "papertrail", "--model", other(catalog, reworded(TABLES, LINES)), "--format", "md")
    assert done.stdout.startswith("* **Table reading**: reworded (the same in other words")
    assert "\\{+in a table, +\\}even where" in done.stdout
