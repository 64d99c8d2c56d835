"""Each benchmark runs on a tiny input and writes its figures; what they are depends on the machine."""

import json
import math
import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from benchmarks.documents import SHAPES, made
from benchmarks.measuring import exponent
from benchmarks.visible import visible_text
from decomposer.records import Document, MediaType

CHECKOUT = Path(__file__).resolve().parents[1]
TEXT = "# Heron\n\nIt counts birds in [photos](https://example.org/p).\n\n| A | B |\n|---|---|\n| 1 | two |\n"

installed = pytest.mark.skipif(not entry_points(group="decomposer.models"), reason="decomposer is not installed")


def run(script: str, *options: str, folder: Path) -> Any:
    """Run a benchmark on two small documents and return what it stored."""
    corpus = folder / "corpus"
    corpus.mkdir()
    for name in ("heron.md", "stork.md"):
        corpus.joinpath(name).write_text(TEXT * 60, encoding="utf-8")
    file = folder / "results" / "figures.json"
    environment = {name: value for name, value in os.environ.items() if name != "TIKTOKEN_CACHE_DIR"}
    command = [sys.executable, f"benchmarks/{script}", "--corpus", str(corpus), "--json", str(file), *options]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(file.read_text(encoding="utf-8"))


@installed
@pytest.mark.slow
def test_the_drafting_benchmark_stores_every_measure_with_the_machine(tmp_path: Path) -> None:
    found = run("draft.py", "--tiny", folder=tmp_path)
    measures = {measure["name"]: measure for measure in found["measures"]}
    assert {"cores", "python", "packages"} <= set(found["machine"])
    assert len(measures) == len(found["measures"]) == 14
    assert measures["requests of a second run"]["value"] == 0
    assert measures["requests beyond one a part"]["value"] == 0
    assert all(math.isfinite(measure["value"]) for measure in measures.values())


@pytest.mark.slow
def test_the_merge_benchmark_joins_by_every_method_that_is_installed_and_stores_what_each_took(tmp_path: Path) -> None:
    file = tmp_path / "merge.json"
    sizes = ["--sizes", "60", "120", "--beside", "60", "--adding", "20", "--million", "50"]
    command = [sys.executable, "benchmarks/merge.py", *sizes, "--json", str(file)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    measures = json.loads(file.read_text(encoding="utf-8"))["measures"]
    assert len(measures) == 8
    assert all(math.isfinite(measure["value"]) for measure in measures)
    beside = next(measure for measure in measures if measure["name"].startswith("F1 behind"))
    methods = {row["method"] for row in beside["rows"]}
    missing = {note.partition(":")[0] for note in beside["notes"] if "not installed" in note}
    assert methods | missing == {"decomposer", "semhash", "minhash"}
    assert all(0 <= row["precision"] <= 1 and 0 <= row["recall"] <= 1 for row in beside["rows"])


def test_the_token_benchmark_says_what_is_missing_and_stores_no_figure(tmp_path: Path) -> None:
    assert run("tokens.py", folder=tmp_path)["measures"] == []


@pytest.mark.parametrize("shape", SHAPES)
def test_a_made_document_has_the_asked_size_and_is_the_same_every_time(shape: str) -> None:
    text = made(shape, 3000)
    assert 3000 <= len(text.encode()) < 6000
    assert made(shape, 3000) == text


def test_visible_text_is_that_of_the_rendered_document() -> None:
    text = "<b>Heron</b> counts<!-- no -->\nbirds in [photos](https://example.org/p) ![alt](a.png).\n\n```\na  b\n```\n"
    rst = "Heron\n=====\n\nIt *counts* `birds <https://example.org>`_.\n\n.. a comment\n"
    assert visible_text(document(text)) == "Heron counts birds in photos .\na  b"
    assert visible_text(document(rst, "text/x-rst")) == "Heron\nIt counts birds."
    assert visible_text(document("<p>a<script>b</script> &amp; c</p>", "text/html")) == "a & c"
    assert visible_text(document(" a *b*\n", "text/plain")) == "a *b*"


def test_visible_text_leaves_out_front_matter() -> None:
    assert visible_text(document("---\na: 1\n---\nHeron.\n", body=13)) == "Heron."


def test_the_exponent_of_a_square_is_2() -> None:
    assert exponent([(10, 1), (100, 100), (1000, 10_000)]) == pytest.approx(2)


def document(text: str, media_type: MediaType = "text/markdown", body: int = 0) -> Document:
    """Return a document of a text."""
    return Document("heron", text, media_type, "0" * 64, body=body)


@installed
@pytest.mark.slow
def test_the_benchmark_of_quotes_stores_its_measures(tmp_path: Path) -> None:
    file = tmp_path / "ground.json"
    command = [sys.executable, "benchmarks/ground.py", "--tiny", "--json", str(file)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(file.read_text(encoding="utf-8"))["measures"]


@installed
@pytest.mark.slow
@pytest.mark.skipif(not (CHECKOUT.parent / "shared" / "gold").is_dir(), reason="no gold set lies beside this checkout")
def test_the_benchmark_of_claims_stores_its_measures(tmp_path: Path) -> None:
    file = tmp_path / "claims.json"
    command = [sys.executable, "benchmarks/claims.py", "--many", "50", "--json", str(file)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(file.read_text(encoding="utf-8"))["measures"]


@installed
@pytest.mark.slow
def test_the_benchmark_of_comparing_stores_its_measures(tmp_path: Path) -> None:
    file = tmp_path / "compare.json"
    command = [sys.executable, "benchmarks/compare.py", "--tiny", "--json", str(file)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(file.read_text(encoding="utf-8"))["measures"]) == 5


@installed
@pytest.mark.slow
def test_the_benchmark_of_the_site_stores_its_measures(tmp_path: Path) -> None:
    file = tmp_path / "site.json"
    command = [sys.executable, "benchmarks/site.py", "--tiny", "--json", str(file)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(file.read_text(encoding="utf-8"))["measures"]) == 6


@pytest.mark.slow
def test_the_benchmark_of_decisions_loses_none_whenever_it_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "decisions.json"
    sizes = ["--records", "200", "--waiting", "100", "--acts", "4", "--entries", "3", "--race", "40"]
    command = [sys.executable, "benchmarks/decisions.py", *sizes, "--json", str(file)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True)
    assert file.is_file(), done.stderr
    measures = {measure["name"]: measure for measure in json.loads(file.read_text(encoding="utf-8"))["measures"]}
    assert "accept 10 records that lie together" in measures
    counted = [measure["value"] for measure in measures.values() if measure["unit"] != "s"]
    assert counted == [0, 0, 0, 0]
    (behind,) = (measure for name, measure in measures.items() if "behind a kill" in name)
    assert sum(row["kills"] for row in behind["rows"]) == 8
