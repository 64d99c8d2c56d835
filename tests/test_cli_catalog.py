"""What the catalog holds can be listed, shown, retired and exported."""

import json
from pathlib import Path

import pytest

from decomposer.records import Entry
from decomposer.settings import read_settings
from decomposer.wiring import Workspace
from tests.deciding import decide
from tests.test_cli import ANSWER, README, readme, run, script


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Return a folder with a catalog of two entries, one of them without capabilities."""
    answers = script(tmp_path, ANSWER, {"source_kind": {"kind": "placeholder", "reason": "Empty."}, "capabilities": []})
    refs = (readme(tmp_path), readme(tmp_path, "# stub\n\nTo do.\n", name="stub.md"))
    assert run(tmp_path, "draft", *refs, "--model", answers).exit_code == 0
    return tmp_path


def test_the_list_has_one_line_an_entry(catalog: Path) -> None:
    assert run(catalog, "list").stdout.splitlines() == [
        "entry                         type       source is    capabilities",
        "papertrail                    repo       software     1 proposed",
        "stub                          repo       placeholder  none",
    ]


def test_the_list_for_programs_has_whole_entries(catalog: Path) -> None:
    entries = [Entry.model_validate(value) for value in json.loads(run(catalog, "list", "--format", "json").stdout)]
    assert [entry.artifact.slug for entry in entries] == ["papertrail", "stub"]
    lines = run(catalog, "list", "--format", "jsonl", "--limit", "1").stdout.splitlines()
    assert [Entry.model_validate_json(line) for line in lines] == entries[:1]


def test_the_list_as_markdown_is_a_table(catalog: Path) -> None:
    assert run(catalog, "list", "--format", "md", "--limit", "1").stdout == (
        "| entry | name | type | source is | capabilities |\n"
        "|---|---|---|---|---|\n"
        "| papertrail | papertrail | repo | software | 1 proposed |\n"
    )


def test_an_empty_catalog_lists_nothing_and_says_what_to_do(tmp_path: Path) -> None:
    done = run(tmp_path, "list")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "the catalog has no entries; draft one with: decomposer draft README.md\n"
    assert run(tmp_path, "list", "--format", "json").stdout == "[]\n"


def test_show_gives_the_entry_that_draft_gave(catalog: Path) -> None:
    drafted = run(catalog, "draft", "papertrail.md", "--model", script(catalog), "--format", "json")
    shown = run(catalog, "show", "papertrail", "--format", "json")
    assert json.loads(shown.stdout) == json.loads(drafted.stdout)


def test_show_finds_the_lines_of_the_stored_document(catalog: Path) -> None:
    (catalog / "papertrail.md").unlink()
    assert "│ line 8  “Unlike InvoiceNet" in run(catalog, "show", "papertrail").stdout


def test_an_unknown_entry_comes_with_the_nearest_one(catalog: Path) -> None:
    for command in ("show", "retire"):
        done = run(catalog, command, "papertrial")
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr == (
            "decomposer: no entry is called 'papertrial' in decomposer.db; did you mean papertrail?\n"
        )


def test_a_retired_entry_is_shown_and_not_exported(catalog: Path) -> None:
    done = run(catalog, "retire", "papertrail", "--reason", "gone")
    assert (done.exit_code, done.stderr) == (0, "papertrail: retired, with 1 capability\n")
    run(catalog, "retire", "stub")
    shown = Entry.model_validate_json(run(catalog, "show", "papertrail", "--format", "json").stdout)
    assert [capability.state for capability in shown.capabilities] == ["retired"]
    assert (
        run(catalog, "show", "papertrail", "--state", "proposed", "--format", "jsonl").stdout.count("invoices-to-json")
        == 0
    )
    assert run(catalog, "export", "site", "--as", "json").stdout == f"{Path('site/index.json')}\n"


def test_export_writes_a_file_an_entry_and_an_index(catalog: Path) -> None:
    done = run(catalog, "export", "site", "--as", "markdown")
    assert (done.exit_code, done.stderr) == (0, "3 files written\n")
    assert done.stdout.splitlines() == [str(Path("site", name)) for name in ("papertrail.md", "stub.md", "index.md")]
    assert "## Invoices to JSON" in (catalog / "site" / "papertrail.md").read_text()


def test_export_can_be_narrowed_to_what_was_accepted(catalog: Path) -> None:
    assert (
        run(catalog, "export", "site", "--as", "json", "--state", "accepted").stdout == f"{Path('site/index.json')}\n"
    )
    assert len(run(catalog, "export", "site", "--as", "json", "--state", "proposed").stdout.splitlines()) == 2


def test_an_unknown_exporter_comes_with_the_known_ones(catalog: Path) -> None:
    done = run(catalog, "export", "site", "--as", "pdf")
    assert done.exit_code == 2
    assert done.stderr.endswith("'pdf' is not one of 'csv', 'html', 'json', 'markdown', 'passport', 'unfragile'.\n")


def test_the_catalog_is_found_through_flag_environment_and_file(
    catalog: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    db = str(catalog / "decomposer.db")
    assert run(elsewhere, "list", "--db", db).stdout.count("\n") == 3
    assert run(elsewhere, "list", DECOMPOSER_DB=db).stdout.count("\n") == 3
    (elsewhere / "decomposer.toml").write_text(f"db = {json.dumps(db)}\n")
    assert run(elsewhere, "list").stdout.count("\n") == 3


def test_a_file_that_is_no_database_ends_with_3(tmp_path: Path) -> None:
    (tmp_path / "decomposer.db").write_text(README * 50)
    done = run(tmp_path, "list")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "decomposer.db: is not a SQLite database" in done.stderr


def test_the_ledger_of_a_model_that_asks_nobody_is_empty_and_sound(catalog: Path) -> None:
    assert run(catalog, "ledger", "stats").stderr == "decomposer.db: no request has been made\n"
    assert run(catalog, "ledger", "stats", "--format", "json").stdout == "[]\n"
    done = run(catalog, "ledger", "verify")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "decomposer.db: no fault\n")


def test_show_lists_the_evidence_that_a_changed_source_no_longer_holds(tmp_path: Path) -> None:
    document = tmp_path / "sorter.md"
    document.write_text("# sorter\n\n## Features\n\n- **Sorting**: sorts files\n- **Copying**: copies files\n")
    assert run(tmp_path, "draft", "sorter.md", "--model", "extractive").exit_code == 0
    with Workspace(read_settings({"db": str(tmp_path / "decomposer.db")}, environ={}, folder=tmp_path)) as workspace:
        capabilities = [capability.id for capability in workspace.entry("sorter").capabilities]
        assert decide(workspace.reviews, *capabilities).stored == 2
    assert run(tmp_path, "show", "--stale").stdout == ""
    document.write_text("# sorter\n\nNew words.\n\n## Features\n\n- **Sorting**: sorts files\n")
    assert run(tmp_path, "draft", "sorter.md", "--model", "extractive").exit_code == 0
    told = run(tmp_path, "show", "sorter", "--stale", "--format", "jsonl").stdout.splitlines()
    assert [(one["capability"], one["evidence"]["quote"]) for one in map(json.loads, told)] == [
        ("sorter/copying", "**Copying**: copies files")
    ]
    assert "gone: “**Copying**: copies files”" in run(tmp_path, "show", "--stale").stdout
    assert run(tmp_path, "show").exit_code == 2
