"""Put texts close that say alike: vectors of an embedder for pairs, TF-IDF of words and letters for whole batches."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import log
from typing import TYPE_CHECKING

from decomposer.ports import Embedder
from decomposer.same.learned import Learned, stored
from decomposer.same.views import View
from decomposer.text.words import content

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

_COLUMNS = 1 << 18  # of the hashed vectors, for words and for letters each
_RUNS = (3, 4, 5)  # letters in a run, with the ends of the word marked


class Leads:
    """The vectors of leads, each embedded once; those that are known beforehand in one call."""

    def __init__(self, embedder: Embedder, ahead: Callable[[], Sequence[str]] = tuple) -> None:
        self._embedder = embedder
        self._ahead = ahead
        self._rows: dict[str, NDArray[np.float32]] = {}

    def near(self, a: View, b: View) -> float:
        """Return the cosine of two views' leads, 0 where it is negative."""
        if a.lead not in self._rows or b.lead not in self._rows:
            self._embed([a.lead, b.lead, *(() if self._rows else self._ahead())])
        return max(0.0, min(1.0, float(self._rows[a.lead] @ self._rows[b.lead])))

    def _embed(self, leads: Iterable[str]) -> None:
        missing = sorted(set(leads) - self._rows.keys())
        self._rows.update(zip(missing, self._embedder.embed(missing), strict=True))


def vectors(texts: Sequence[str], *, learned: Learned | None = None) -> "csr_matrix":
    """Return a sparse matrix with a row of length 1 for each text: TF-IDF of its words beside that of its letters.

    The cosine of two rows is the mean of both. A row depends on its text and the learned weights alone, so batches of
    any size and order agree. Shape: (texts, 524288). An empty text is a row of zeros.
    """
    from scipy.sparse import hstack
    from sklearn.feature_extraction import FeatureHasher
    from sklearn.preprocessing import normalize

    values = learned or stored()
    weighted = [_weights(text, values) for text in texts]
    hasher = FeatureHasher(n_features=_COLUMNS, input_type="pair", alternate_sign=False)
    words = normalize(hasher.transform(weights.items() for weights in weighted))
    letters = normalize(hasher.transform(_runs(weights) for weights in weighted))
    return normalize(hstack([words, letters], format="csr"))


def shared_letters(a: str, b: str) -> float:
    """Return how many runs of three letters two texts share, 0-1: enough to tell apart what shares no word."""
    ours, theirs = ({text[at : at + 3] for at in range(len(text) - 2)} for text in (a.casefold(), b.casefold()))
    return 2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours and theirs else 0.0


def _weights(text: str, learned: Learned) -> dict[str, float]:
    counts = Counter(word.form for word in content(text))
    return {stem: (1 + log(count)) * learned.word(stem) for stem, count in counts.items()}


def _runs(weights: dict[str, float]) -> Iterator[tuple[str, float]]:
    for stem, weight in weights.items():
        marked = f" {stem} "
        for length in _RUNS:
            for at in range(len(marked) - length + 1):
                yield marked[at : at + length], weight
