"""Texts as vectors, which an embedder makes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Embedder(Protocol):
    """Turns texts into vectors whose cosine says how alike they are. `name` is what thresholds are learned for."""

    @property
    def name(self) -> str:
        """The name of the vectors, such as `wordllama` or `openai/text-embedding-3-small`."""
        ...

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return a row of length 1 for each text, zeros for one without words. Raises TransportError."""
        ...
