"""`decomposer alike` proposes entries that may be one artifact, and keeps what a person says of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.test_alike import GERMAN, OTHER, TEXT
from tests.test_cli import run

NOTE = "settle one with `decomposer alike confirm A B` or `refuse A B`"


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Return a folder with a catalog of a thing, its translation, an older version, and something else."""
    texts = {"papertrail": TEXT, "papertrail-de": GERMAN, "papertrail-2023-06-26": TEXT[:-40], "lynx": OTHER}
    for slug, text in texts.items():
        (tmp_path / f"{slug}.md").write_text(text, encoding="utf-8")
    assert run(tmp_path, "draft", *(f"{slug}.md" for slug in texts), "--model", "extractive").exit_code == 0
    return tmp_path


def pairs(folder: Path, *args: str) -> list[tuple[str, str, str]]:
    done = run(folder, "alike", "list", "--format", "json", *args)
    assert done.exit_code == 0, done.stderr
    return [(one["one"], one["relation"], one["other"]) for one in json.loads(done.stdout)]


TRANSLATED = ("papertrail-de", "translation", "papertrail")
OLDER = ("papertrail-2023-06-26", "older_version", "papertrail")
BOTH = ("papertrail-de", "translation", "papertrail-2023-06-26")


def test_pairs_are_listed_with_their_reasons_the_likeliest_first(catalog: Path) -> None:
    done = run(catalog, "alike", "list")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("papertrail-de is a translation of papertrail  0.9")
    assert "papertrail-2023-06-26 is an older version of papertrail  0.9" in done.stdout
    assert "  its name is dated 2023-06-26" in lines
    assert "lynx" not in done.stdout
    assert done.stderr.strip() == f"3 pairs proposed; {NOTE}"
    assert set(pairs(catalog)) == {TRANSLATED, OLDER, BOTH}
    assert pairs(catalog, "--relation", "older_version") == [OLDER]
    assert pairs(catalog, "lynx") == []
    shown = run(catalog, "alike", "list", "--as", "older_version", "--format", "md").stdout
    assert shown.startswith("* papertrail-2023-06-26 is an older version of papertrail (0.9")


def test_what_is_confirmed_or_refused_is_proposed_no_more_until_it_is_taken_back(catalog: Path) -> None:
    pairs(catalog)
    done = run(catalog, "alike", "confirm", "papertrail", "papertrail-2023-06-26", DECOMPOSER_ACTOR="ann")
    assert (done.exit_code, done.stderr.strip()) == (0, "papertrail-2023-06-26 is an older version of papertrail")
    refused = run(
        catalog, "alike", "refuse", "papertrail-de", "papertrail", "--reason", "another", DECOMPOSER_ACTOR="bob"
    )
    assert refused.stderr.strip() == "papertrail-de and papertrail are two artifacts"
    assert pairs(catalog) == [BOTH]
    (catalog / "papertrail-de.md").write_text(GERMAN + "\nMehr davon.\n", encoding="utf-8")
    run(catalog, "draft", "papertrail-de.md", "--model", "extractive")
    assert pairs(catalog) == [BOTH]
    decided = json.loads(run(catalog, "alike", "list", "--decided", "--format", "json").stdout)
    assert [(one["op"], one["actor"], one.get("reason")) for one in decided] == [
        ("confirm", "ann", None), ("refuse", "bob", "another"),
    ]  # fmt: skip
    assert "are two artifacts" in run(catalog, "alike", "list", "--decided").stdout
    undone = run(catalog, "alike", "undo", DECOMPOSER_ACTOR="bob")
    assert undone.stderr.strip() == "papertrail-de and papertrail: taken back, open again"
    assert set(pairs(catalog)) == {TRANSLATED, BOTH}
    assert run(catalog, "alike", "undo", "papertrail", "papertrail-2023-06-26").exit_code == 0
    assert len(pairs(catalog)) == 3
    assert pairs(catalog, "--decided") == []


def test_a_relation_can_be_said_against_what_is_proposed(catalog: Path) -> None:
    done = run(catalog, "alike", "confirm", "lynx", "papertrail", "--as", "fork")
    assert done.stderr.strip() == "lynx is a fork of papertrail"
    assert (
        run(catalog, "alike", "confirm", "lynx", "papertrail-de").stderr.strip() == "lynx is the same as papertrail-de"
    )


def test_nothing_of_the_entries_changes(catalog: Path) -> None:
    before = run(catalog, "list", "--format", "json").stdout
    pairs(catalog)
    run(catalog, "alike", "confirm", "papertrail", "papertrail-de")
    assert run(catalog, "list", "--format", "json").stdout == before


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("confirm", "papertrail", "papertrial-de"), 2, "did you mean papertrail-de?"),
        (("refuse", "papertrail", "papertrail"), 2, "'papertrail' is one entry; name two"),
        (("undo",), 2, "nothing was decided about any entries by you"),
        (("undo", "papertrail", "lynx"), 2, "nothing was decided about papertrail and lynx"),
        (("undo", "papertrail"), 2, "name two entries, or none"),
        (("list", "nobody"), 2, "no entry is called 'nobody'"),
        (("confirm", "papertrail", "lynx", "--as", "twin"), 2, "'twin' is not one of"),
    ],
)
def test_what_is_not_there_is_told(catalog: Path, args: tuple[str, ...], code: int, message: str) -> None:
    done = run(catalog, "alike", *args)
    assert (done.exit_code, done.stdout) == (code, "")
    assert message in done.stderr


def test_why_explains_two_entries(catalog: Path) -> None:
    done = run(catalog, "why", "papertrail", "papertrail-de")
    assert done.stdout.startswith("verdict     papertrail-de is a translation of papertrail (by rules)\n")
    assert "because     their languages are " in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    found: Any = json.loads(run(catalog, "why", "papertrail", "lynx", "--format", "json").stdout)
    assert (found["likeness"], found["ruling"], found["a"]["slug"], found["b"]["language"]) == (
        None,
        None,
        "papertrail",
        "en",
    )
    assert "prose" not in found["a"]
    run(catalog, "alike", "refuse", "papertrail", "papertrail-de", "--reason", "no", DECOMPOSER_ACTOR="ann")
    done = run(catalog, "why", "papertrail", "papertrail-de")
    assert done.stdout.startswith("verdict     papertrail and papertrail-de are two artifacts (by ann)\n")
    assert "decided     no\n" in done.stdout
    assert run(catalog, "why", "papertrail", "papertrail").exit_code == 2
    assert "two artifacts" in run(catalog, "why", "papertrail", "lynx", "--format", "md").stdout


def test_words_that_are_no_entries_are_texts(catalog: Path) -> None:
    done = run(catalog, "why", "papertrail", "searching")
    assert (done.exit_code, "decided by rules over words and concepts" in done.stdout) == (0, True)


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "md"])
def test_hostile_names_can_not_act_on_the_terminal(tmp_path: Path, form: str) -> None:
    hostile = TEXT.replace("# Papertrail", "# Paper\x1b[31mtrail\u202e [/bold]")
    for slug in ("one", "two"):
        (tmp_path / f"{slug}.md").write_text(hostile, encoding="utf-8")
    run(tmp_path, "draft", "one.md", "two.md", "--model", "extractive")
    for args in (("alike", "list"), ("why", "one", "two")):
        done = run(tmp_path, *args, "--format", form)
        assert done.exit_code == 0
        assert "two" in done.stdout
        assert not {"\x1b", "\x9b", "\u202e"} & set(done.stdout)
    done = run(tmp_path, "alike", "refuse", "one", "two", "--reason", "\x1b[2J")
    assert "\x1b" not in done.stderr + run(tmp_path, "alike", "list", "--decided", "--format", form).stdout
