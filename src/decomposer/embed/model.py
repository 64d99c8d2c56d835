"""Sentence vectors in this process, of a BERT or an MPNet of sentence-transformers from its files."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from decomposer.errors import ConfigurationError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from decomposer.embed.encoder import Encoder

    Floats = NDArray[np.float32]

MODEL_FILES = ("config.json", "tokenizer.json", "model.safetensors")
_KINDS = "a BERT or an MPNet of sentence-transformers"
_TOKENS = 512  # in a batch: what a step works on stays near the core; larger ones are no quicker
_LONGEST = 256  # tokens of a text that are read


class ModelEmbedder:
    """An embedder in this process, loaded when it embeds first and then shared by all of the same folder.

    `find` returns the folder and is first called then. It holds `config.json`, `tokenizer.json` and
    `model.safetensors` of a model of sentence-transformers that is a BERT or an MPNet with mean pooling.
    """

    def __init__(self, find: Callable[[], Path], *, name: str) -> None:
        self.name = name
        self._find = find

    def embed(self, texts: Sequence[str]) -> "Floats":
        """Return a row of length 1 for each text, zeros for one without words. Shape: (texts, size of the model).

        A text that is longer than 256 tokens is read so far. Raises ConfigurationError where the files are no such
        model, or can't be found.
        """
        import numpy as np

        model = _loaded(self._find())
        said = [at for at, text in enumerate(texts) if text.strip()]
        rows = np.zeros((len(texts), model.encoder.size), dtype=np.float32)
        for places, vectors in model.vectors([texts[at] for at in said]):
            rows[[said[place] for place in places]] = vectors
        return rows


@dataclass(frozen=True, slots=True)
class _Model:
    """A tokenizer and the encoder of its tokens."""

    tokenizer: "Tokenizer"
    encoder: "Encoder"

    def vectors(self, texts: Sequence[str]) -> Iterator[tuple[list[int], "Floats"]]:
        """Yield the places of some of the texts and their vectors, until all are done; alike lengths go together."""
        tokens = [one.ids for one in self.tokenizer.encode_batch(list(texts))]
        batch: list[int] = []
        for at in sorted(range(len(tokens)), key=lambda at: len(tokens[at])):
            if batch and (len(batch) + 1) * len(tokens[at]) > _TOKENS:
                yield batch, self.encoder.vectors([tokens[one] for one in batch])
                batch = []
            batch.append(at)
        if batch:
            yield batch, self.encoder.vectors([tokens[one] for one in batch])


@lru_cache(maxsize=2)
def _loaded(folder: Path) -> _Model:
    try:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        encoder = _encoder(json.loads((folder / "config.json").read_bytes()), folder / "model.safetensors")
        tokenizer.no_padding()
        tokenizer.enable_truncation(min(_LONGEST, len(encoder.places)))
        return _Model(tokenizer, encoder)
    except ImportError as error:
        raise ConfigurationError(
            f"vectors can't be made in this process: {error}", hint="pip install 'decomposer[vectors]'"
        ) from None
    except Exception as error:  # the tokenizer raises bare ones of its own
        raise ConfigurationError(
            f"{folder}: not a model for vectors ({error})", hint=f"it takes {', '.join(MODEL_FILES)} of {_KINDS}"
        ) from error


def _encoder(config: Mapping[str, Any], file: Path) -> "Encoder":
    from decomposer.embed.bert import bert
    from decomposer.embed.mpnet import mpnet

    families = {"bert": bert, "mpnet": mpnet}
    family = families.get(config["model_type"])
    if family is None or config["hidden_act"] != "gelu":
        given = f"{config['model_type']} with {config['hidden_act']}"
        raise ValueError(f"it is {given}; those that are read are {' and '.join(families)} with gelu")
    return family(config, file)
