"""Learn weights and thresholds from labelled pairs, and measure them on clusters that they have not seen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from decomposer.errors import UsageError
from decomposer.same.learned import WORDS, Scorer
from decomposer.same.measuring import highest_for_recall, lowest_for_precision

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIGNS = {"subject": 1, "words": 1, "near_words": 1, "difference": -1, "vectors": 1}
"""What may only speak for the same, and what only against it: a weight of the other sign is chance."""
FOLDS = 5
SEEDS = (0, 1, 2)
_RIDGE = 10.0  # on standardized features: few positives, so weights stay near each other
_ITERATIONS = 500
_EVEN = 0.5  # nothing is merged that is more likely not the same


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled pair: its features, whether it is the same, and the clusters of both sides."""

    features: Mapping[str, float]
    same: bool
    clusters: tuple[str, str]
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """What thresholds are learned for: precision of what is merged, recall of what is proposed, both 0-1."""

    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class Lesson:
    """Examples for one kind of vectors; `thinned` are the same pairs as poorer vocabularies would see them.

    Where `base` is given its weights are kept, and thresholds alone are learned: more is merged by none of them, and
    nothing proposed less. So it is for pairs that people decided about, who were only shown the doubtful ones.
    """

    examples: tuple[Example, ...]
    thinned: tuple[tuple[Example, ...], ...] = ()
    vectors: str = WORDS
    base: Scorer | None = None


def learn(lesson: Lesson, target: Target) -> Scorer:
    """Return the scorer for the examples, its thresholds from scores of folds that the weights had not seen.

    Raises UsageError where all examples have one label or their clusters are too few to hold some out.
    """
    return _with_thresholds(_weighted(lesson), lesson, target, SEEDS)


def check_enough(same: int, different: int, target: Target) -> None:
    """Raise UsageError where pairs are too few to tell the wanted precision or recall by: one miss would break it."""
    wanted = max(target.precision, target.recall)
    needed = ceil(1 / max(1e-6, 1 - wanted) - 1e-9)
    if min(same, different) < needed:
        raise UsageError(
            f"{same} pairs that are the same and {different} that are not are too few to learn from",
            hint=f"{wanted:g} can be told from {needed} of each: label more, or decide more",
        )


def cross_validated(lesson: Lesson, target: Target, *, seed: int = 0) -> list[Scorer]:
    """Return for each example the scorer that has seen neither of its clusters, in weights or in thresholds.

    Raises UsageError like `learn`.
    """
    found: dict[int, Scorer] = {}
    for inside, ats in _splits(lesson.examples, seed):
        kept = Lesson(
            examples=tuple(lesson.examples[at] for at in inside),
            thinned=tuple(tuple(one[at] for at in inside) for one in lesson.thinned),
            vectors=lesson.vectors,
            base=lesson.base,
        )
        found |= dict.fromkeys(ats, _with_thresholds(_weighted(kept), kept, target, (seed,)))
    return [found[at] for at in range(len(lesson.examples))]


def fit(examples: Sequence[Example], vectors: str = WORDS) -> Scorer:
    """Return the weights of a ridge logistic regression that keeps each feature's sign; thresholds are left at 1.

    scipy's bounded minimizer rather than scikit-learn's regression: that one can't hold a sign.
    Raises UsageError where all examples have one label.
    """
    import numpy as np
    from scipy.optimize import minimize

    names = [name for name in SIGNS if name != "vectors" or vectors != WORDS]
    values = np.array([[one.features[name] for name in names] for one in examples], dtype=float).reshape(-1, len(names))
    truths = np.array([one.same for one in examples], dtype=float) * 2 - 1
    if len(set(truths.tolist())) < 2:
        raise UsageError(
            "pairs to learn from need both labels", hint="give pairs that are the same and pairs that are not"
        )
    means, widths = values.mean(axis=0), np.maximum(values.std(axis=0), 1e-9)
    scaled = (values - means) / widths

    def loss(point: "NDArray[np.float64]") -> tuple[float, "NDArray[np.float64]"]:
        margins = truths * (scaled @ point[:-1] + point[-1])
        pull = -truths / (1 + np.exp(np.clip(margins, -500, 500)))
        value = float(np.logaddexp(0, -margins).sum() + _RIDGE / 2 * (point[:-1] @ point[:-1]))
        return value, np.append(scaled.T @ pull + _RIDGE * point[:-1], pull.sum())

    bounds = [(0, None) if SIGNS[name] > 0 else (None, 0) for name in names]
    best = minimize(
        loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)],
        options={"maxiter": _ITERATIONS},
    ).x  # fmt: skip
    weights = best[:-1] / widths
    return Scorer(
        weights={name: round(float(weight), 6) for name, weight in zip(names, weights, strict=True)},
        intercept=round(float(best[-1] - weights @ means), 6),
        merge=1.0,
        propose=1.0,
    )


def _weighted(lesson: Lesson) -> Scorer:
    return lesson.base or fit(lesson.examples, lesson.vectors)


def _with_thresholds(scorer: Scorer, lesson: Lesson, target: Target, seeds: Sequence[int]) -> Scorer:
    """Set the thresholds by held-out scores, as `same` uses them: over each near miss, precise when concepts lack."""
    seen: list[tuple[float, Example]] = []
    poorer: list[tuple[float, Example]] = []
    for held, ats in (fold for seed in seeds for fold in _folds(lesson, seed)):
        seen += [(held.score(one.features), one) for one in (lesson.examples[at] for at in ats)]
        poorer += [(held.score(one.features), one) for thin in lesson.thinned for one in (thin[at] for at in ats)]
    nearest_miss = max((score for score, one in _open(seen) if one.hard and not one.same), default=0.0)
    lowest = max(_precise(_open(some), target.precision) for some in (seen, poorer) if some)
    merge = max(
        _EVEN, min((score for score, _ in _open(seen) if score > nearest_miss and score >= lowest), default=1.0)
    )
    propose = highest_for_recall([one.same for _, one in seen], [score for score, _ in seen], target.recall) or merge
    if lesson.base:
        merge, propose = max(merge, lesson.base.merge), min(propose, lesson.base.propose)
    return Scorer(scorer.weights, scorer.intercept, merge=round(merge, 4), propose=round(min(propose, merge), 4))


def _open(scored: Sequence[tuple[float, Example]]) -> list[tuple[float, Example]]:
    return [(score, one) for score, one in scored if not one.features["difference"]]


def _precise(scored: Sequence[tuple[float, Example]], wanted: float) -> float:
    found = lowest_for_precision([one.same for _, one in scored], [score for score, _ in scored], wanted)
    return 1.0 if found is None else found


# --- clusters held out


def _folds(lesson: Lesson, seed: int) -> Iterator[tuple[Scorer, list[int]]]:
    for inside, outside in _splits(lesson.examples, seed):
        yield lesson.base or fit([lesson.examples[at] for at in inside], lesson.vectors), outside


def _splits(examples: Sequence[Example], seed: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield (to learn from, to test on): every pair is tested once, by what has seen neither of its two clusters."""
    from random import Random

    clusters = sorted({cluster for one in examples for cluster in one.clusters})
    if len(clusters) < 2 * FOLDS:
        raise UsageError(
            f"pairs of {len(clusters)} clusters can't be cross-validated", hint=f"give pairs of at least {2 * FOLDS}"
        )
    Random(seed).shuffle(clusters)  # noqa: S311 (a split, not a secret)
    fold = {cluster: at % FOLDS for at, cluster in enumerate(clusters)}
    homes = [frozenset(fold[cluster] for cluster in one.clusters) for one in examples]
    for home in sorted(set(homes), key=sorted):
        yield (
            [at for at, one in enumerate(homes) if not one & home],
            [at for at, one in enumerate(homes) if one == home],
        )
