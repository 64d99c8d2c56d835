"""`decomposer why` shows what is compared, the figures, the thresholds and who decided."""

import json
from pathlib import Path

import pytest

from decomposer.same import stored
from tests.test_cli import readme, run, script

HELD = "papertrail/invoices-to-json"
SAID = "Scans to JSON. It turns scanned invoices into JSON."


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    assert run(tmp_path, "draft", readme(tmp_path), "--model", script(tmp_path)).exit_code == 0
    return tmp_path


def test_a_person_reads_the_views_the_figures_and_the_reasons(catalog: Path) -> None:
    done = run(catalog, "why", HELD, SAID)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("verdict     ")
    assert lines[0].endswith(", decided by rules over words and concepts")
    labels = [line.split()[0] for line in lines if not line.startswith(" ")]
    assert labels[:3] == ["verdict", "first", "second"]
    assert {"difference", "near_words", "subject", "words", "score", "thresholds", "because"} <= set(labels)
    assert f"merged from {stored().scorer().merge:.3f}" in done.stdout
    assert max(map(len, lines)) <= 80


def test_a_program_reads_the_same(catalog: Path) -> None:
    done = run(catalog, "why", HELD, SAID, "--format", "json")
    found = json.loads(done.stdout)
    assert (found["a"]["id"], found["b"]["id"]) == (HELD, None)
    assert found["b"]["name"] == "Scans to JSON"
    scorer = stored().scorer()
    assert {name: one["weight"] for name, one in found["features"].items()} == dict(scorer.weights)
    values = {name: one["value"] for name, one in found["features"].items()}
    assert found["score"] == pytest.approx(scorer.score(values))
    assert found["thresholds"] == {"merge": scorer.merge, "propose": scorer.propose, "source": stored().source()}
    assert (found["constant"], found["decided_by"]) == (scorer.intercept, "rule")
    assert found["reasons"]
    assert json.loads(run(catalog, "why", HELD, SAID, "--format", "jsonl").stdout) == found


def test_as_markdown_it_is_a_list(tmp_path: Path) -> None:
    done = run(tmp_path, "why", "a *b*", "c | d", "--format", "md")
    assert done.stdout.splitlines()[1] == "* first a \\*b\\*"
    assert all(line.startswith("* ") for line in done.stdout.splitlines())


def test_texts_alone_make_no_catalog(tmp_path: Path) -> None:
    assert run(tmp_path, "why", "text to image", "image to text").exit_code == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["table", "json", "md"])
def test_a_hostile_text_can_not_act_on_the_terminal(tmp_path: Path, form: str) -> None:
    done = run(tmp_path, "why", "red \x1b[31m \x9b2J \u202e text [/bold]", "other text", "--format", form)
    assert done.exit_code == 0
    assert not {"\x1b", "\x9b", "\u202e"} & set(done.stdout)


def test_what_is_not_there_ends_with_2(catalog: Path) -> None:
    done = run(catalog, "why", "papertrail/invoice-to-json", "x y")
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"did you mean {HELD}" in done.stderr
    assert run(catalog, "why", HELD).exit_code == 2
