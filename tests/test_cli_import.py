"""`decomposer import` takes existing entries, tells what it can't take, and goes on with the others."""

import json
from pathlib import Path

import pytest

from decomposer.cli.importing import chosen_sources
from decomposer.errors import UsageError
from tests.sources.test_catalog_texts import MANIFEST
from tests.sources.test_compare_page import page
from tests.test_cli import readme, run, script


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "unfragile.yml").write_text(MANIFEST)
    (tmp_path / "page.txt").write_text(page(2, 1))
    (tmp_path / "bad.json").write_text("{")
    return tmp_path


def test_every_file_is_taken_and_a_bad_one_is_named(folder: Path) -> None:
    done = run(folder, "import", "unfragile.yml", "bad.json", "missing.json", "page.txt")
    assert done.exit_code == 1
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["papertrail", "new", "2", "capabilities", "imported:papertrail"],
        ["papertrail", "changed", "4", "capabilities", "imported:papertrail"],
        ["scanwise", "new", "1", "capability", "imported:scanwise"],
    ]
    bad, missing, summary = done.stderr.splitlines()
    assert bad.startswith("failed: bad.json: not valid JSON")
    assert missing.startswith("failed: missing.json: can't be read (No such file or directory)")
    assert summary == "3 entries imported into decomposer.db: 2 new, 1 changed; 2 failed"


def test_importing_twice_changes_nothing(folder: Path) -> None:
    assert run(folder, "import", "unfragile.yml").exit_code == 0
    before = run(folder, "list", "--format", "json").stdout
    again = run(folder, "import", "unfragile.yml")
    assert again.stderr == "1 entry imported into decomposer.db: 1 unchanged\n"
    assert run(folder, "list", "--format", "json").stdout == before


def test_what_was_exported_comes_back_as_it_was(folder: Path) -> None:
    run(folder, "draft", readme(folder), "--model", script(folder))
    assert run(folder, "export", "data", "--as", "json").exit_code == 0
    files = sorted(str(path.relative_to(folder)) for path in (folder / "data").iterdir())
    assert run(folder, "import", *files).stderr == "1 entry imported into decomposer.db: 1 unchanged\n"
    elsewhere = run(folder, "import", *files, "--db", "other.db", "--format", "json")
    (taken,) = json.loads(elsewhere.stdout)
    assert (taken["slug"], taken["fate"], taken["source"]) == ("papertrail", "new", "papertrail.md")
    shown = [run(folder, "show", "papertrail", "--format", "json", "--db", db) for db in ("decomposer.db", "other.db")]
    here, there = (json.loads(one.stdout) for one in shown)
    assert here["run"].pop("recipe")
    assert there == here


def test_a_page_is_given_a_source_for_each_name(folder: Path) -> None:
    done = run(folder, "import", "page.txt", "--source", "Papertrail=gh:org/papertrail", "--source", "scanwise=s.md")
    assert [line.split()[-1] for line in done.stdout.splitlines()] == ["gh:org/papertrail", "s.md"]


def test_a_source_for_the_only_entry_needs_no_name(folder: Path) -> None:
    done = run(folder, "import", "unfragile.yml", "--source", readme(folder))
    assert done.stdout.split() == ["papertrail", "new", "2", "capabilities", "papertrail.md"]


def test_a_source_that_is_for_none_or_for_which_is_told(folder: Path) -> None:
    nobody = run(folder, "import", "page.txt", "--source", "Nobody=gh:org/x")
    assert (nobody.exit_code, nobody.stderr.splitlines()[0]) == (
        1, "failed: --source Nobody: no entry is called so; check the name",
    )  # fmt: skip
    several = run(folder, "import", "page.txt", "--source", "gh:org/x")
    assert several.exit_code == 2
    assert "page.txt has several entries (Papertrail and Scanwise, ...); write --source NAME=REF" in several.stderr


def test_a_reference_with_an_equals_sign_is_one_reference() -> None:
    one = [Path("one.json")]
    assert chosen_sources(["https://x.example/a?b=c"], one) == {"": "https://x.example/a?b=c"}
    assert chosen_sources(["A b=https://x.example/a?b=c"], one) == {"A b": "https://x.example/a?b=c"}
    assert chosen_sources(["hf:org/a=b"], one) == {"": "hf:org/a=b"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["a.md"], "which of 2 files?"),
        (["A=x.md", "A=y.md"], "there is another one already"),
        ([" "], "names no REF"),
    ],
)
def test_a_source_that_can_not_be_meant_is_a_usage_error(given: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message.replace("?", r"\?")):
        chosen_sources(given, [Path("one.json"), Path("two.json")])


def test_nothing_of_a_file_acts_on_the_terminal(folder: Path) -> None:
    said = {"artifact": {"name": "x\x1b]0;owned\x07", "slug": "x"}, "capabilities": [{"name": "\x1b[2J"}]}
    (folder / "evil.json").write_text(json.dumps(said))
    done = run(folder, "import", "evil.json")
    assert "\x1b" not in done.stdout + done.stderr
