"""Sentence vectors of a small BERT, such as all-MiniLM-L6-v2, from its files; the forward pass is numpy alone."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from decomposer.errors import ConfigurationError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    Floats = NDArray[np.float32]

_TOKENS = 2048  # in a batch: some 30 MB of attention at the lengths that occur
_LONGEST = 256  # tokens of a text that are read, as the model was trained
_HIDDEN = -1e9  # what hides a place from attention
_ERF = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)


class BertEmbedder:
    """An embedder in this process, loaded when it embeds first and then shared by all of the same folder.

    The folder holds `config.json`, `tokenizer.json` and `model.safetensors` of a model of sentence-transformers that is
    a BERT with mean pooling.
    """

    def __init__(self, folder: Path, *, name: str) -> None:
        self.name = name
        self._folder = folder

    def embed(self, texts: Sequence[str]) -> "Floats":
        """Return a row of length 1 for each text, zeros for one without words. Shape: (texts, size of the model).

        A text that is longer than 256 tokens is read so far. Raises ConfigurationError where the files are no such
        model.
        """
        import numpy as np

        model = _loaded(self._folder)
        said = [at for at, text in enumerate(texts) if text.strip()]
        rows = np.zeros((len(texts), model.size), dtype=np.float32)
        for places, vectors in model.vectors([texts[at] for at in said]):
            rows[[said[place] for place in places]] = vectors
        return rows


class _Bert:
    """The weights and the pass through them, as of Devlin et al. 2018 (arXiv:1810.04805), with learned positions."""

    def __init__(self, config: Mapping[str, Any], weights: Mapping[str, "Floats"], tokenizer: "Tokenizer") -> None:
        if config.get("model_type") != "bert" or config.get("hidden_act") != "gelu":
            raise ValueError("it is no BERT with gelu")
        self.size = int(config["hidden_size"])
        self._heads = int(config["num_attention_heads"])
        self._layers = int(config["num_hidden_layers"])
        self._epsilon = float(config["layer_norm_eps"])
        self._weights = {name.removeprefix("bert."): array for name, array in weights.items()}
        self._places = self._weights["embeddings.position_embeddings.weight"]
        self._tokenizer = tokenizer

    def vectors(self, texts: Sequence[str]) -> Iterator[tuple[list[int], "Floats"]]:
        """Yield the places of some of the texts and their vectors, until all are done; alike lengths go together."""
        tokens = [one.ids for one in self._tokenizer.encode_batch(list(texts))]
        batch: list[int] = []
        for at in sorted(range(len(tokens)), key=lambda at: len(tokens[at])):
            if batch and (len(batch) + 1) * len(tokens[at]) > _TOKENS:
                yield batch, self._pooled([tokens[one] for one in batch])
                batch = []
            batch.append(at)
        if batch:
            yield batch, self._pooled([tokens[one] for one in batch])

    def _pooled(self, tokens: Sequence[Sequence[int]]) -> "Floats":
        """Return the mean of what the last layer says of each token, scaled to length 1. Shape: (texts, size)."""
        import numpy as np

        length = max(map(len, tokens))
        ids = np.zeros((len(tokens), length), dtype=np.int64)
        real = np.zeros((len(tokens), length), dtype=np.float32)
        for row, each in enumerate(tokens):
            ids[row, : len(each)] = each
            real[row, : len(each)] = 1
        state = self._weights["embeddings.word_embeddings.weight"][ids] + self._places[:length]
        state = self._normed(
            state + self._weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm"
        )
        hidden = ((1 - real) * _HIDDEN)[:, None, None, :]
        for layer in range(self._layers):
            state = self._layer(state, hidden, f"encoder.layer.{layer}")
        pooled = (state * real[:, :, None]).sum(axis=1)
        scaled: Floats = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return scaled

    def _layer(self, state: "Floats", hidden: "Floats", at: str) -> "Floats":
        attended = self._dense(self._attended(state, hidden, f"{at}.attention.self"), f"{at}.attention.output.dense")
        state = self._normed(state + attended, f"{at}.attention.output.LayerNorm")
        inner = _gelu(self._dense(state, f"{at}.intermediate.dense"))
        return self._normed(state + self._dense(inner, f"{at}.output.dense"), f"{at}.output.LayerNorm")

    def _attended(self, state: "Floats", hidden: "Floats", at: str) -> "Floats":
        texts, length, size = state.shape

        def heads(name: str) -> "Floats":
            made = self._dense(state, f"{at}.{name}").reshape(texts, length, self._heads, -1)
            return cast("Floats", made.transpose(0, 2, 1, 3))

        query, key, value = heads("query"), heads("key"), heads("value")
        scores = query @ key.transpose(0, 1, 3, 2) / (size // self._heads) ** 0.5 + hidden
        mixed = _softmax(scores.astype("float32")) @ value
        return cast("Floats", mixed.transpose(0, 2, 1, 3).reshape(texts, length, size))

    def _dense(self, state: "Floats", at: str) -> "Floats":
        texts, length, width = state.shape
        made = state.reshape(-1, width) @ self._weights[f"{at}.weight"].T + self._weights[f"{at}.bias"]
        return cast("Floats", made.reshape(texts, length, -1))

    def _normed(self, state: "Floats", at: str) -> "Floats":
        import numpy as np

        centred = state - state.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(self._epsilon))
        return cast("Floats", centred / spread * self._weights[f"{at}.weight"] + self._weights[f"{at}.bias"])


def _gelu(state: "Floats") -> "Floats":
    """Return x Φ(x), with the error function as of Abramowitz and Stegun 7.1.26: off by less than 2e-7."""
    import numpy as np

    size = np.abs(state) * np.float32(0.5**0.5)
    part = cast("Floats", 1 / (1 + np.float32(0.3275911) * size))
    series = np.full(part.shape, _ERF[0], dtype=np.float32)
    for factor in _ERF[1:]:
        series = series * part + np.float32(factor)
    erf = 1 - series * part * np.exp(-size * size)
    return cast("Floats", 0.5 * state * (1 + np.copysign(erf, state)))


def _softmax(scores: "Floats") -> "Floats":
    import numpy as np

    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return cast("Floats", raised / raised.sum(axis=-1, keepdims=True))


@lru_cache(maxsize=2)
def _loaded(folder: Path) -> _Bert:
    hint = "it takes config.json, tokenizer.json and model.safetensors of a BERT of sentence-transformers"
    try:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_padding()
        config = json.loads((folder / "config.json").read_bytes())
        tokenizer.enable_truncation(min(_LONGEST, int(config["max_position_embeddings"])))
        return _Bert(config, load_file(folder / "model.safetensors"), tokenizer)
    except ImportError as error:
        raise ConfigurationError(
            f"BERT vectors can't be made: {error}", hint="pip install 'decomposer[vectors]'"
        ) from None
    except Exception as error:  # the tokenizer and the weights raise bare ones of their own
        raise ConfigurationError(f"{folder}: not a model for vectors ({error})", hint=hint) from error
