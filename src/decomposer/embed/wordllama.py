"""WordLlama: static word vectors from the files that its own package carries; nothing is downloaded."""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from decomposer.errors import ConfigurationError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_WEIGHTS = Path("weights/l2_supercat_256.safetensors")
_TOKENIZER = Path("tokenizers/l2_supercat_tokenizer_config.json")
_HINT = "install the extra: pip install 'decomposer[vectors]'"


class WordLlamaEmbedder:
    """An embedder in this process: 256 dimensions, loaded when it embeds first and then shared."""

    name = "wordllama"

    def __init__(self) -> None:
        if find_spec("wordllama") is None:
            raise ConfigurationError("WordLlama is not installed", hint=_HINT)

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return a row of length 1 for each text, zeros for one without words. Shape: (texts, 256)."""
        import numpy as np

        rows = np.zeros((len(texts), 256), dtype=np.float32)
        said = [at for at, text in enumerate(texts) if text.strip()]
        if said:
            rows[said] = _loaded().embed([texts[at] for at in said])
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        scaled: NDArray[np.float32] = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
        return scaled


@cache
def _loaded() -> Any:
    """Build the inference from the package's own files: its `load()` would ask the network for them."""
    import logging

    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    try:
        import wordllama
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer
        from wordllama.inference import WordLlamaInference

        folder = Path(wordllama.__file__).parent
        weights = load_file(folder / _WEIGHTS)["embedding.weight"]
        return WordLlamaInference(weights, Tokenizer.from_file(str(folder / _TOKENIZER)))
    except (ImportError, OSError, KeyError) as error:
        raise ConfigurationError(f"WordLlama can't be loaded: {error}", hint=_HINT) from error
    finally:  # importing it sets up logging for the whole process
        root.setLevel(before[0])
        root.handlers[:] = before[1]
