"""Measure scores against labels: average precision, the best F1, and thresholds for a wanted precision or recall."""

from collections.abc import Iterator, Sequence
from itertools import groupby


def average_precision(truths: Sequence[bool], scores: Sequence[float]) -> float:
    """Return the mean precision over the positives; equal scores are reached together. 0 where none is positive."""
    total = sum(truths)
    area, before = 0.0, 0
    for _, right, taken in _reached(truths, scores):
        area += (right - before) * right / taken
        before = right
    return area / total if total else 0.0


def best_f1(truths: Sequence[bool], scores: Sequence[float]) -> float:
    """Return the F1 at the threshold where it is best."""
    total = sum(truths)
    return max((2 * right / (taken + total) for _, right, taken in _reached(truths, scores)), default=0.0)


def lowest_for_precision(truths: Sequence[bool], scores: Sequence[float], wanted: float) -> float | None:
    """Return the lowest score from which on at least `wanted` are positive, or None where there is none."""
    held = [score for score, right, taken in _reached(truths, scores) if right >= wanted * taken]
    return held[-1] if held else None


def highest_for_recall(truths: Sequence[bool], scores: Sequence[float], wanted: float) -> float | None:
    """Return the highest score that at least `wanted` of the positives reach, or None where none is positive."""
    total = sum(truths)
    return next((score for score, right, _ in _reached(truths, scores) if total and right >= wanted * total), None)


def recall_at_precision(truths: Sequence[bool], scores: Sequence[float], wanted: float) -> float:
    """Return the best recall at a precision of at least `wanted`."""
    total = sum(truths)
    held = [right for _, right, taken in _reached(truths, scores) if right >= wanted * taken]
    return max(held, default=0) / total if total else 0.0


def _reached(truths: Sequence[bool], scores: Sequence[float]) -> Iterator[tuple[float, int, int]]:
    """Yield each score from the highest down, with how many positives and how many in all reach it."""
    right = taken = 0
    order = sorted(zip(scores, truths, strict=True), key=lambda one: -one[0])
    for score, group in groupby(order, key=lambda one: one[0]):
        truths_here = [truth for _, truth in group]
        right += sum(truths_here)
        taken += len(truths_here)
        yield score, right, taken
