"""Vectors of a small MPNet from its files: like those of the original."""

from math import floor, log
from pathlib import Path

import numpy as np
import pytest

from decomposer.embed import open_embedder
from decomposer.embed.mpnet import buckets
from decomposer.embed.parts import missing
from tests.embedding import CONFIG, HEADS, LONGEST, MPNET, SIZE, held_in, plain, shapes, write_model

pytest.importorskip("tokenizers")
pytest.importorskip("safetensors")

BUCKETS = 32
PADDING = 2  # rows of the places that no token has
WEIGHTS = shapes(MPNET) | {
    "embeddings.position_embeddings.weight": (LONGEST + PADDING, SIZE),
    "encoder.relative_attention_bias.weight": (BUCKETS, HEADS),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the files of a tiny model with random weights."""
    write_model(tmp_path, {**CONFIG, "model_type": "mpnet", "max_position_embeddings": LONGEST + PADDING}, WEIGHTS)
    return tmp_path


def published(apart: int) -> int:
    """Return the bucket of a distance as the paper has it: arXiv:1910.10683, 2.1, and the code that came with it."""
    start = 16 if apart > 0 else 0
    far = abs(apart)
    if far < 8:
        return start + far
    return start + min(15, 8 + floor(log(far / 8) / log(128 / 8) * 8))


def test_the_pass_is_that_of_a_plain_reckoning(folder: Path) -> None:
    held = held_in(folder)
    words, places = (held[f"embeddings.{kind}_embeddings.weight"] for kind in ("word", "position"))
    ids = [2, 4, 6, 5, 7, 7, 4, 5, 6, 4, 4, 3]
    state = [words[one] + places[at + PADDING] for at, one in enumerate(ids)]
    bias = held["encoder.relative_attention_bias.weight"]
    expected = plain(state, held, MPNET, near=lambda head, one, other: float(bias[published(other - one)][head]))
    assert open_embedder(f"bert/{folder}").embed(["a c b d d a b c a a"])[0] == pytest.approx(expected, abs=1e-5)


def test_vectors_do_not_depend_on_what_else_is_in_the_call(folder: Path) -> None:
    embedder = open_embedder(f"bert/{folder}")
    texts = ["a b c", "d", "", "a b c d a b"]
    for text, row in zip(texts, embedder.embed(texts), strict=True):
        assert embedder.embed([text])[0] == pytest.approx(row, abs=1e-5)


def test_a_long_text_is_read_as_far_as_the_model_goes(folder: Path) -> None:
    long, longer, shorter = open_embedder(f"bert/{folder}").embed(["a " * 10, "a " * 500, "a " * 9])
    assert long == pytest.approx(longer, abs=1e-5)
    assert np.abs(long - shorter).max() > 1e-3


def test_a_distance_is_in_the_bucket_of_the_published_formula() -> None:
    apart = np.arange(-300, 301)
    assert buckets(apart).tolist() == [published(one) for one in apart.tolist()]


@pytest.mark.parametrize(
    ("apart", "bucket"),
    [
        (0, 0), (-1, 1), (-7, 7), (-8, 8), (-11, 8), (-12, 9), (-15, 9), (-16, 10), (-23, 11), (-32, 12), (-63, 13),
        (-64, 14), (-91, 15), (-127, 15), (-512, 15), (1, 17), (7, 23), (8, 24), (16, 26), (32, 28), (64, 30),
        (512, 31),
    ],
)  # fmt: skip
def test_a_distance_is_in_the_bucket_that_was_reckoned_by_hand(apart: int, bucket: int) -> None:
    # From 8 on a bucket begins at 8 · 2^(k/2): at 8, 11.3, 16, 22.6, 32, 45.3, 64 and 90.5.
    assert buckets(np.array([apart])).tolist() == [bucket]


@pytest.mark.slow
def test_mpnet_says_how_alike_sentences_are() -> None:
    if missing():
        pytest.skip("the files of all-mpnet-base-v2 are not installed")
    rows = open_embedder("mpnet").embed(
        ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"]
    )
    assert rows.shape == (4, 768)
    assert rows[1:] @ rows[0] == pytest.approx([0.7640, 0.9666, 0.3148], abs=1e-3)
