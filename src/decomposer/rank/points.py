"""Make whole points of scores: an estimate with its range, and parts that add up exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from decomposer.records import Input

SCALE = 1_000_000
"""Scores are whole millionths from here on: sums are exact, on every machine."""

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Estimate:
    """The score of a part and its range, in millionths; `known` says that something was measured."""

    best: int
    low: int
    high: int
    known: bool


def estimate(inputs: Sequence[Input], *, prior: float) -> Estimate:
    """Return the mean of the known scores by weight, and what it would be if all that is unknown were 0, or 1.

    Without anything known it is `prior`, 0-1, and anything is possible.
    """
    weights = [round(one.weight * SCALE) for one in inputs]
    scores = [None if one.score is None else round(min(1.0, max(0.0, one.score)) * SCALE) for one in inputs]
    known = sum(weight for weight, score in zip(weights, scores, strict=True) if score is not None)
    whole = sum(weights)
    if not known or not whole:
        return Estimate(round(prior * SCALE), 0, SCALE, known=False)
    gained = sum(weight * score for weight, score in zip(weights, scores, strict=True) if score is not None)
    return Estimate(gained // known, gained // whole, -(-(gained + (whole - known) * SCALE) // whole), known=True)


def apportioned(shares: Mapping[K, int]) -> dict[K, int]:
    """Return whole points for shares in millionths of a point that add up to their sum, rounded half up.

    Every share is cut to whole points, and what is left goes to the largest remainders; the first of equal ones first.
    """
    total = (sum(shares.values()) + SCALE // 2) // SCALE
    points = {name: share // SCALE for name, share in shares.items()}
    order = sorted(shares, key=lambda name: -(shares[name] % SCALE))
    for name in order[: total - sum(points.values())]:
        points[name] += 1
    return points
