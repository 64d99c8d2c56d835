"""`decomposer eval` measures models on a gold set, sets them side by side, and fails on a regression."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli import ANSWER, run, script

CHECKOUT = Path(__file__).parents[1]
SHARES = {
    "coverage_must", "coverage_all", "precision", "duplicates", "grounded_share", "invented_supported_rate",
    "true_unsupported_rate", "zero_ok",
}  # fmt: skip
COSTS = {"requests", "tokens", "cost", "seconds"}
READS = "papertrail turns scanned invoices into JSON records"
README = f"# papertrail\n\n{READS}, up to 40 pages a minute.\n\nIt finds duplicates among them.\n"
GOLD = {
    "capabilities": [
        {"name": "Invoices to JSON", "importance": "must", "evidence": [READS]},
        {"name": "Duplicates", "importance": "nice", "evidence": ["It finds duplicates among them."]},
    ],
    "invented_claims": ["It reads 90 pages a minute"],
    "supported_claims": ["papertrail turns scanned invoices into JSON"],
}
GOOD = {
    "source_kind": ANSWER["source_kind"],
    "capabilities": [
        {
            "name": "Invoices to JSON",
            "category": "other",
            "description": {"text": "Turns scanned invoices into JSON records.", "units": [2]},
        }
    ],
}
BAD = {"source_kind": ANSWER["source_kind"], "capabilities": []}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with three documents, their gold, and a scripted model that is right about them."""
    (tmp_path / "gold").mkdir()
    for slug in ("one", "three", "two"):
        (tmp_path / f"{slug}.md").write_text(README)
        (tmp_path / "gold" / f"{slug}.json").write_text(json.dumps({"slug": slug, **GOLD}))
    script(tmp_path, GOOD, GOOD, GOOD)
    (tmp_path / "bad.json").write_text(json.dumps([BAD] * 3))
    return tmp_path


def figures(folder: Path, *args: str) -> Any:
    done = run(folder, "eval", "gold", "--format", "json", *args)
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_every_figure_is_given_for_all_documents_and_for_each(folder: Path) -> None:
    found = figures(folder, "--model", "scripted/answers.json")
    assert list(found["documents"]) == ["one", "three", "two"]
    for part in (found["all"], *found["documents"].values()):
        assert set(part) >= SHARES | COSTS
    together = found["all"]
    assert (together["coverage_must"], together["coverage_all"], together["precision"]) == (1.0, 0.5, 1.0)
    assert (together["duplicates"], together["grounded_share"], together["zero_ok"]) == (0.0, 1.0, None)
    assert (together["invented_supported_rate"], together["true_unsupported_rate"]) == (0.0, 0.0)
    assert (together["requests"], together["tokens"], together["counts"]["coverage_must"]) == (0, 0, [3, 3])
    assert found["documents"]["two"]["missed"] == ["Duplicates"]
    assert found["model"] == "scripted/answers.json"


def test_the_corpus_may_lie_elsewhere_and_nothing_is_saved(folder: Path) -> None:
    (folder / "docs").mkdir()
    for path in folder.glob("*.md"):
        path.rename(folder / "docs" / path.name)
    assert figures(folder, "--model", "extractive", "--corpus", "docs")["all"]["coverage_must"] == 1.0
    assert not (folder / "decomposer.db").exists()


def test_two_models_stand_side_by_side_with_the_interval_of_their_difference(folder: Path) -> None:
    models = ("--model", "scripted/answers.json", "--model", "scripted/bad.json")
    found = figures(folder, *models)
    assert [found["model"], *(one["model"] for one in found["others"])] == [
        "scripted/answers.json",
        "scripted/bad.json",
    ]
    against = found["others"][0]["against"]["scripted/answers.json"]
    assert against["differences"]["coverage_must"] == {"difference": -1.0, "low": -1.0, "high": -1.0}
    assert against["regressions"] == ["coverage_must", "coverage_all"]
    table = run(folder, "eval", "gold", *models).stdout
    assert "coverage of must              1.000 (3/3)" in table
    assert "-1.000 [-1.000, -1.000] worse" in table


def test_two_prompts_can_be_compared(folder: Path) -> None:
    (folder / "own.jinja").write_text((CHECKOUT / "prompts" / "extract" / "v1.jinja").read_text())
    found = figures(folder, "--model", "extractive", "--prompt", "v1", "--prompt", "own.jinja")
    assert found["prompt"] == "v1"
    assert found["others"][0]["prompt"].startswith("own.jinja@")
    assert found["others"][0]["against"]["v1"]["regressions"] == []


def test_a_result_is_the_baseline_of_the_next_and_a_regression_ends_with_1(folder: Path) -> None:
    kept = run(folder, "eval", "gold", "--model", "scripted/answers.json", "--out", "base.json", "--format", "md")
    assert kept.exit_code == 0
    assert kept.stdout.startswith("| all documents | scripted/answers.json |\n")
    same = run(folder, "eval", "gold", "--model", "scripted/answers.json", "--baseline", "base.json")
    assert (same.exit_code, same.stderr) == (0, "")
    assert "less baseline [95 %]" in same.stdout
    worse = run(folder, "eval", "gold", "--model", "scripted/bad.json", "--baseline", "base.json")
    assert worse.exit_code == 1
    assert worse.stderr == "worse than base.json: scripted/bad.json: coverage_must, scripted/bad.json: coverage_all\n"


def test_only_documents_of_both_are_held_against_a_baseline(folder: Path) -> None:
    model = ("--model", "scripted/answers.json")
    run(folder, "eval", "gold", *model, "--out", "base.json")
    (folder / "gold" / "one.json").unlink()
    script(folder, GOOD, GOOD)
    done = run(folder, "eval", "gold", *model, "--baseline", "base.json")
    assert (done.exit_code, done.stderr) == (
        0,
        "--baseline base.json: compared on 2 documents that both have\n",
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{}", "--baseline base.json: not a result (it has no documents with counts)"),
        ("{", "--baseline base.json: not a result"),
        ('{"documents": {"x": {"counts": {}}}}', "--baseline base.json: has none of these documents"),
        (None, "--baseline base.json: not a result (No such file or directory)"),
    ],
)
def test_another_file_is_no_baseline(folder: Path, content: str | None, message: str) -> None:
    if content is not None:
        (folder / "base.json").write_text(content)
    done = run(folder, "eval", "gold", "--model", "extractive", "--baseline", "base.json")
    assert done.exit_code == 2
    assert message in done.stderr


def test_a_missing_document_and_a_malformed_gold_file_are_named(folder: Path) -> None:
    (folder / "two.md").unlink()
    missing = run(folder, "eval", "gold", "--model", "extractive")
    assert missing.exit_code == 1
    assert "gold/two.json: its document 'two' is not in" in missing.stderr
    (folder / "gold" / "two.json").write_text("{}")
    malformed = run(folder, "eval", "gold", "--model", "extractive")
    assert malformed.exit_code == 1
    assert "gold/two.json: not a gold file (slug: Field required)" in malformed.stderr


def test_a_document_that_fails_ends_the_run_and_is_named(folder: Path) -> None:
    script(folder, GOOD)
    done = run(folder, "eval", "gold", "--model", "scripted/answers.json", "--out", "base.json")
    assert done.exit_code == 2  # a scripted model that has no answer left was called wrongly
    assert done.stderr.startswith(f"stopped at {folder / 'three.md'}, document 2 of 3\n")
    assert not (folder / "base.json").exists()


def test_names_of_documents_are_data(folder: Path) -> None:
    slug = "two\x1b[2J|x"
    (folder / "two.md").rename(folder / f"{slug}.md")
    (folder / "gold" / "two.json").write_text(json.dumps({"slug": slug, **GOLD}))
    for form in ("table", "md"):
        done = run(folder, "eval", "gold", "--model", "extractive", "--format", form)
        assert (done.exit_code, "\x1b" in done.stdout) == (0, False)


def test_the_samples_have_a_gold_set_that_the_extractive_model_does_well_on() -> None:
    done = run(CHECKOUT, "eval", "samples/gold", "--model", "extractive", "--format", "json")
    found = json.loads(done.stdout)["all"]
    assert (found["zero_ok"], found["grounded_share"]) == (1.0, 1.0)
    assert found["coverage_must"] >= 0.6
    assert found["precision"] >= 0.5


def test_the_tables_of_the_page_are_what_the_command_prints() -> None:
    done = run(CHECKOUT, "eval", "samples/gold", "--model", "extractive", "--format", "md")
    page = (CHECKOUT / "docs" / "evaluation.md").read_text(encoding="utf-8")
    written = page.split("<!-- samples: begin -->")[1].split("<!-- samples: end -->")[0].strip()
    spent = ("| requests |", "| cached |", "| tokens |", "| cost |", "| seconds |")
    printed = "\n".join(line for line in done.stdout.splitlines() if not line.startswith(spent))
    assert written == printed.strip(), "run: python scripts/evaluation.py"
