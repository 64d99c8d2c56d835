"""How near records are to a need in meaning, by the vectors of what they say and of what they rest on."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

ALSO = 0.6
"""What the nearest of the other words that a need is said in counts; its own words count the rest."""


class Aim(NamedTuple):
    """The vectors of a need: of its own words, and of the others that it is said in, if any. Rows of length 1."""

    own: "Floats"
    also: "Floats"


def nearness(aim: Aim, rows: "Floats", of: Sequence[int]) -> dict[int, float]:
    """Return how near each record is to a need, -1 to 1; `of` says whose each row is.

    The first row of a record is of what it says; where there are others, it is as near as the mean of the first and
    the nearest of these. Of the vectors of a need the nearest counts, apart for its own words and for the others that
    it is said in. Shape of the rows: (rows, dimensions), all of length 1.
    """
    own, also = _nearest(aim.own, rows, of), _nearest(aim.also, rows, of)
    return {number: (1 - ALSO) * near + ALSO * also[number] if also else near for number, near in own.items()}


def _nearest(needs: "Floats", rows: "Floats", of: Sequence[int]) -> dict[int, float]:
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
