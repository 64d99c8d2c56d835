"""`decomposer eval --pairs` measures the judgement of labelled pairs, as stored or on clusters it has not seen."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli import run

SHARED = Path(__file__).parents[2] / "shared"
LINES = [
    ("Speech recognition. Transcribes audio to text.", "Audio transcription. Converts spoken audio to text.", "same"),
    ("Streaming. Sends tokens as they are generated.", "Token streaming. Streams tokens incrementally.", "same"),
    ("Text to image. Draws images.", "Image to text. Describes images.", "related"),
    ("LoRA training on own images.", "DreamBooth training on own images.", "related"),
    ("Streaming. Sends tokens as they are generated.", "Database migration. Moves tables.", "unrelated"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a file of pairs."""
    rows = [
        {
            "a_text": a,
            "b_text": b,
            "label": label,
            "hard": label == "related",
            "cluster_a": f"{n}a",
            "cluster_b": f"{n}b",
        }
        for n, (a, b, label) in enumerate(LINES)
    ]
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path


def figures(folder: Path, *args: str) -> Any:
    done = run(folder, "eval", "--pairs", "pairs.jsonl", "--format", "json", *args)
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_figures_come_with_a_verdict_for_each_line_in_order(folder: Path) -> None:
    found = figures(folder, "--vectors", "words")
    assert found["verdicts"] == ["same", "same", "related", "related", "different"]
    assert (found["average_precision"], found["best_f1"]) == (1.0, 1.0)
    assert (found["auto_precision"], found["auto_recall"], found["hard_merged"]) == (1.0, 1.0, 0)
    assert (found["pairs"], found["positives"], found["left_to_person"], found["vectors"]) == (5, 2, 0.4, "words")
    assert found["thresholds"].startswith("learned 20")
    assert len(found["scores"]) == 5


def test_nothing_merged_has_no_precision(folder: Path) -> None:
    lines = (folder / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    (folder / "pairs.jsonl").write_text(lines[-1], encoding="utf-8")
    found = figures(folder, "--vectors", "words")
    assert (found["auto_precision"], found["auto_recall"], found["verdicts"]) == (None, None, ["different"])


def test_a_table_and_markdown_say_the_same(folder: Path) -> None:
    table = run(folder, "eval", "--pairs", "pairs.jsonl", "--vectors", "words", "--out", "result.json").stdout
    assert "auto precision            1.000\n" in table
    text = run(folder, "eval", "--pairs", "pairs.jsonl", "--vectors", "words", "--format", "md").stdout
    assert text.startswith("| pairs | |\n| --- | --- |\n| average precision | 1.000 |\n")
    assert json.loads((folder / "result.json").read_text(encoding="utf-8"))["hard_merged"] == 0


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        ((), 2, "eval measures one thing; name a GOLD_DIR, or --pairs FILE, or --own"),
        (("gold", "--pairs", "pairs.jsonl"), 2, "eval measures one thing"),
        (("--pairs", "absent.jsonl"), 1, "absent.jsonl: can't be read"),
        (("--pairs", "pairs.jsonl", "--vectors", "other"), 3, "no embedder is called 'other'"),
        (
            ("--pairs", "pairs.jsonl", "--vectors", "openai/x"),
            3,
            "no thresholds are learned for the vectors 'openai/x'",
        ),
        (("--pairs", "bare.jsonl", "--cross-validate", "--vectors", "words"), 2, "pair 1 has no clusters"),
    ],
)
def test_what_can_not_be_measured_is_said(folder: Path, args: tuple[str, ...], code: int, message: str) -> None:
    (folder / "bare.jsonl").write_text('{"a_text": "x", "b_text": "y", "label": "same", "hard": false}')
    done = run(folder, "eval", *args)
    assert (done.exit_code, message in done.stderr) == (code, True), done.stderr


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.parametrize("vectors", ["words", "wordllama"])
def test_on_clusters_that_were_not_seen_near_misses_are_told_apart(vectors: str) -> None:
    path = SHARED / "pairs" / "dev.jsonl"
    if not path.is_file():
        pytest.skip("needs ../shared/pairs beside the checkout")
    if vectors == "wordllama":
        pytest.importorskip("wordllama")
    done = run(SHARED, "eval", "--pairs", str(path), "--cross-validate", "--vectors", vectors, "--format", "json")
    found = json.loads(done.stdout)
    assert found["average_precision"] >= 0.8
    assert found["recall_at_precision_95"] >= 0.4
    assert found["auto_precision"] >= 0.95
    assert found["hard_merged"] == 0
    assert found["left_to_person"] <= 0.1
    assert len(found["verdicts"]) == found["pairs"] == 1088
