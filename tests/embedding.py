"""Write tiny models with random weights, and reckon what they say of some tokens one by one."""

import json
from collections.abc import Callable, Sequence
from math import erf, exp, sqrt
from pathlib import Path
from typing import Any

import numpy as np

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "c", "d"]
LONGEST = 12
HEADS, SIZE, INNER, LAYERS = 2, 8, 16, 2
CONFIG = {
    "model_type": "bert", "hidden_act": "gelu", "hidden_size": SIZE, "num_attention_heads": HEADS,
    "num_hidden_layers": LAYERS, "intermediate_size": INNER, "layer_norm_eps": 1e-12,
    "max_position_embeddings": LONGEST,
}  # fmt: skip
BERT = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
    "mixed": "attention.output.dense", "norm": "attention.output.LayerNorm",
}  # fmt: skip
MPNET = {
    "query": "attention.attn.q", "key": "attention.attn.k", "value": "attention.attn.v",
    "mixed": "attention.attn.o", "norm": "attention.LayerNorm",
}  # fmt: skip


def shapes(names: dict[str, str], **more: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the weights of a tiny model whose attention has these names; `more` has its own."""
    inner = {"intermediate.dense": (INNER, SIZE), "output.dense": (SIZE, INNER)}
    inner |= {names[one]: (SIZE, SIZE) for one in ("query", "key", "value", "mixed")}
    found: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(WORDS), SIZE),
        "embeddings.LayerNorm.weight": (SIZE,),
        "embeddings.LayerNorm.bias": (SIZE,),
    }
    for layer in range(LAYERS):
        for name, shape in inner.items():
            found[f"encoder.layer.{layer}.{name}.weight"] = shape
            found[f"encoder.layer.{layer}.{name}.bias"] = shape[:1]
        for name in (names["norm"], "output.LayerNorm"):
            found |= {f"encoder.layer.{layer}.{name}.{part}": (SIZE,) for part in ("weight", "bias")}
    return found | more


def write_model(folder: Path, config: dict[str, object], weights: dict[str, tuple[int, ...]]) -> None:
    """Write the files of a model with random weights."""
    from safetensors.numpy import save_file
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    random = np.random.default_rng(0)
    save_file(
        {name: random.normal(size=shape).astype(np.float32) for name, shape in weights.items()},
        folder / "model.safetensors",
    )
    tokenizer: Any = Tokenizer(models.WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "config.json").write_text(json.dumps(config))


def held_in(folder: Path) -> dict[str, Any]:
    """Return the weights of a model, as 64 bit numbers."""
    from safetensors.numpy import load_file

    return {name: array.astype(np.float64) for name, array in load_file(folder / "model.safetensors").items()}


def plain(
    state: Sequence[Any], held: dict[str, Any], names: dict[str, str], near: Callable[[int, int, int], float]
) -> Any:
    """Return the vector of some tokens, reckoned token by token and head by head.

    `state` is the sum of the embeddings of each; `near` is what is added for a head and the places of two tokens.
    """

    def norm(row: Any, at: str) -> Any:
        return (row - row.mean()) / np.sqrt(row.var() + 1e-12) * held[f"{at}.weight"] + held[f"{at}.bias"]

    def dense(row: Any, at: str) -> Any:
        return held[f"{at}.weight"] @ row + held[f"{at}.bias"]

    state = [norm(row, "embeddings.LayerNorm") for row in state]
    for layer in range(LAYERS):
        own = f"encoder.layer.{layer}"
        q, k, v = ([dense(row, f"{own}.{names[n]}") for row in state] for n in ("query", "key", "value"))
        mixed = []
        for at, one in enumerate(q):
            heads = []
            for head, part in enumerate((slice(0, 4), slice(4, 8))):
                raised = [exp(float(one[part] @ k[to][part]) / sqrt(4) + near(head, at, to)) for to in range(len(k))]
                heads.append(sum(r / sum(raised) * other[part] for r, other in zip(raised, v, strict=True)))
            mixed.append(np.concatenate(heads))
        state = [
            norm(row + dense(new, f"{own}.{names['mixed']}"), f"{own}.{names['norm']}")
            for row, new in zip(state, mixed, strict=True)
        ]
        for at, row in enumerate(state):
            inner = np.array([x * 0.5 * (1 + erf(x / sqrt(2))) for x in dense(row, f"{own}.intermediate.dense")])
            state[at] = norm(row + dense(inner, f"{own}.output.dense"), f"{own}.output.LayerNorm")
    pooled = np.mean(state, axis=0)
    return pooled / np.linalg.norm(pooled)
