"""How near records are to a need in meaning, by the vectors of what they say and of what they rest on."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


def nearness(needs: "Floats", rows: "Floats", of: Sequence[int]) -> dict[int, float]:
    """Return how near each record is to a need, -1 to 1; `of` says whose each row is.

    The first row of a record is of what it says; where there are others, it is as near as the mean of the first and
    the nearest of these. A need may have several vectors: the nearest counts. Shapes: (vectors, dimensions) and (rows,
    dimensions), all of length 1.
    """
    best: dict[int, float] = {}
    for cosines in (needs @ rows.T).tolist():
        for number, near in _by_record(cosines, of).items():
            best[number] = max(near, best.get(number, near))
    return best


def _by_record(cosines: Sequence[float], of: Sequence[int]) -> dict[int, float]:
    first: dict[int, float] = {}
    others: dict[int, float] = {}
    for number, cosine in zip(of, cosines, strict=True):
        if number not in first:
            first[number] = cosine
        else:
            others[number] = max(cosine, others.get(number, cosine))
    return {number: (cosine + others[number]) / 2 if number in others else cosine for number, cosine in first.items()}
