"""Judge labelled pairs of texts, by the stored values or by ones that have not seen them, and sum up how it went."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from decomposer.errors import UsageError
from decomposer.ports import Embedder
from decomposer.records import Judgement
from decomposer.same.concepts import thinned
from decomposer.same.features import features
from decomposer.same.judging import Nearness, same
from decomposer.same.learned import WORDS, Learned, Scorer
from decomposer.same.learning import Example, Lesson, Target, check_enough, cross_validated, learn
from decomposer.same.measuring import average_precision, best_f1, recall_at_precision
from decomposer.same.near import Leads
from decomposer.same.views import View, view_of_text

WANTED_PRECISION = 0.95
"""The precision at which recall is told."""
MISSING, THINNED = 0.15, 6
"""What share of the vocabulary is left out, and how many times, to see which threshold would still hold without it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts and what a person said of them. `hard` are near misses; without clusters it can't be held out."""

    a_text: str
    b_text: str
    same: bool
    hard: bool = False
    clusters: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """How pairs were judged: shares 0-1, None where nothing is there to measure.

    `auto_precision` and `auto_recall` are of the verdict same, `hard_merged` counts near misses that got it,
    `left_to_person` is the share of pairs that are neither merged nor told apart.
    """

    pairs: int
    positives: int
    average_precision: float
    best_f1: float
    recall_at_precision: float
    auto_precision: float | None
    auto_recall: float | None
    hard_merged: int
    proposed_recall: float | None
    left_to_person: float | None
    judgements: tuple[Judgement, ...]


def judged(
    pairs: Sequence[Pair], learned: Learned, *, embedder: Embedder | None = None, held_out: bool = False,
    reweighed: bool = True,
) -> Figures:  # fmt: skip
    """Return the figures of the pairs under the stored values, or with `held_out` cross-validated by cluster.

    Unless `reweighed`, that is done for the thresholds alone, and the stored weights are kept.

    Raises UsageError where pairs without clusters are to be held out.
    """
    views = views_of(pairs, learned)
    kind, near = embedder.name if embedder else WORDS, nearness(views, embedder)
    scorers: list[Scorer] = [learned.scorer(kind)] * len(pairs) if not held_out else []
    if held_out:
        target = Target(learned.target_precision, learned.target_recall)
        scorers = cross_validated(lesson(pairs, learned, embedder=embedder, reweighed=reweighed), target)
    values = {id(scorer): replace(learned, scorers={kind: scorer}) for scorer in scorers}
    found = [
        same(a, b, learned=values[id(scorer)], vectors=kind, nearness=near)
        for (a, b), scorer in zip(views, scorers, strict=True)
    ]
    return figures(pairs, found)


def views_of(
    pairs: Sequence[Pair], learned: Learned, *, without: frozenset[str] = frozenset()
) -> list[tuple[View, View]]:
    """Return both views of each pair; a text that comes again is read once. Concepts in `without` are not known."""
    texts = sorted({text for one in pairs for text in (one.a_text, one.b_text)})
    seen = {text: view_of_text(text, learned=learned, without=without) for text in texts}
    return [(seen[one.a_text], seen[one.b_text]) for one in pairs]


def nearness(views: Sequence[tuple[View, View]], embedder: Embedder | None) -> Nearness | None:
    """Return the cosine of two of these views under the embedder, or None without one."""
    return Leads(embedder, lambda: [view.lead for pair in views for view in pair]).near if embedder else None


def lesson(
    pairs: Sequence[Pair], learned: Learned, *, embedder: Embedder | None = None, reweighed: bool = True
) -> Lesson:
    """Return the pairs ready to be learned from, the weights too if `reweighed`. Raises UsageError without clusters."""
    for number, one in enumerate(pairs, 1):
        if one.clusters is None:
            raise UsageError(
                f"pair {number} has no clusters", hint="cross-validation needs cluster_a and cluster_b on every line"
            )
    views = views_of(pairs, learned)
    near = nearness(views, embedder)
    cosines = [near(a, b) if near else 0.0 for a, b in views]
    vocabularies = [thinned(MISSING, seed) for seed in range(THINNED)]
    thin = [views_of(pairs, learned, without=without) for without in vocabularies]
    return Lesson(
        examples=_examples(pairs, views, cosines, learned),
        thinned=tuple(_examples(pairs, one, cosines, learned) for one in thin),
        vectors=(kind := embedder.name if embedder else WORDS),
        base=None if reweighed else learned.scorer(kind),
    )


def relearned(
    pairs: Sequence[Pair], base: Learned, target: Target, *, embedders: Sequence[Embedder | None], date: str,
    data: str, reweighed: bool = True,
) -> Learned:  # fmt: skip
    """Return values whose scorers are learned from the pairs, one for each kind of vectors; the frequencies are kept.

    Unless `reweighed` the weights are kept, too. Raises UsageError where the pairs are too few, or lack clusters to
    hold some out.
    """
    check_enough(sum(one.same for one in pairs), sum(not one.same for one in pairs), target)
    values = replace(base, date=date, data=data, target_precision=target.precision, target_recall=target.recall)
    kinds = {embedder.name if embedder else WORDS: embedder for embedder in embedders}
    scorers = {
        kind: learn(lesson(pairs, base, embedder=one, reweighed=reweighed), target) for kind, one in kinds.items()
    }
    return replace(values, scorers=scorers)


def _examples(
    pairs: Sequence[Pair], views: Sequence[tuple[View, View]], cosines: Sequence[float], learned: Learned
) -> tuple[Example, ...]:
    return tuple(
        Example(features(a, b, learned=learned, nearness=cosine), one.same, one.clusters or ("", ""), one.hard)
        for one, (a, b), cosine in zip(pairs, views, cosines, strict=True)
    )


def figures(pairs: Sequence[Pair], found: Sequence[Judgement]) -> Figures:
    """Return how well these judgements fit the labels of the pairs."""
    truths, scores = [one.same for one in pairs], [one.score for one in found]
    merged = [one for one, judgement in zip(pairs, found, strict=True) if judgement.verdict == "same"]
    apart = [one for one, judgement in zip(pairs, found, strict=True) if judgement.verdict == "different"]
    right, positives = sum(one.same for one in merged), sum(truths)
    return Figures(
        pairs=len(pairs),
        positives=positives,
        average_precision=average_precision(truths, scores),
        best_f1=best_f1(truths, scores),
        recall_at_precision=recall_at_precision(truths, scores, WANTED_PRECISION),
        auto_precision=right / len(merged) if merged else None,
        auto_recall=right / positives if positives else None,
        hard_merged=sum(one.hard and not one.same for one in merged),
        proposed_recall=1 - sum(one.same for one in apart) / positives if positives else None,
        left_to_person=1 - (len(merged) + len(apart)) / len(pairs) if pairs else None,
        judgements=tuple(found),
    )
