"""Accepted records can be written as examples, edited and used, and a bad choice is told."""

from pathlib import Path

import pytest

from decomposer.pipeline import load_examples
from tests.test_cli import run

SAMPLES = Path(__file__).parents[1] / "samples"
SEARCH = "tallowick/hybrid-search"


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Return a folder with a catalog in which one record was accepted."""
    assert run(tmp_path, "draft", str(SAMPLES / "tallowick"), "--model", "extractive").exit_code == 0
    assert run(tmp_path, "accept", SEARCH, "--actor", "ann").exit_code == 0
    return tmp_path


def test_examples_are_written_and_used(catalog: Path) -> None:
    done = run(catalog, "examples", "--out", "own.yaml")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "1 accepted record of 1 entry; written to own.yaml, to be used with --examples own.yaml\n"
    text = (catalog / "own.yaml").read_text(encoding="utf-8")
    assert run(catalog, "examples").stdout == text
    assert [one.name for one in load_examples(text)[0].draft.capabilities] == ["Hybrid search"]
    asked = run(catalog, "prompt", str(SAMPLES / "pebblesort"), "--examples", "own.yaml")
    assert '"name":"Hybrid search"' in asked.stdout
    assert "chosen from what is accepted now" not in asked.stderr


def test_the_living_choice_says_what_it_means(catalog: Path) -> None:
    asked = run(catalog, "prompt", str(SAMPLES / "pebblesort"), "--examples", "accepted")
    assert '"name":"Hybrid search"' in asked.stdout
    assert asked.stderr.startswith("examples are chosen from what is accepted now; when that makes another choice, ")
    assert "chosen from" not in run(catalog, "prompt", str(SAMPLES / "pebblesort")).stderr


def test_a_choice_that_is_undone_is_gone(catalog: Path) -> None:
    assert run(catalog, "undo", "--actor", "ann").exit_code == 0
    done = run(catalog, "examples")
    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr == (
        "decomposer: decomposer.db: no record has been accepted one by one; accept some with `decomposer review`, "
        "or use --examples bundled\n"
    )


@pytest.mark.parametrize("command", ["draft", "prompt"])
def test_a_file_that_is_no_list_of_examples_is_told(catalog: Path, command: str) -> None:
    (catalog / "bad.yaml").write_text("a: b\n", encoding="utf-8")
    done = run(catalog, command, str(SAMPLES / "pebblesort"), "--examples", "bad.yaml")
    assert done.exit_code == 3
    assert done.stderr.startswith("decomposer: bad.yaml is not a list of examples; see ")


@pytest.mark.parametrize("command", [("draft",), ("prompt",), ("batch", "run"), ("batch", "plan"), ("batch", "submit"),
                                     ("ask", "export"), ("diff",), ("doctor",)], ids=" ".join)  # fmt: skip
def test_every_command_that_makes_a_prompt_takes_examples(tmp_path: Path, command: tuple[str, ...]) -> None:
    assert "--examples WHICH|FILE" in run(tmp_path, *command, "--help").stdout
