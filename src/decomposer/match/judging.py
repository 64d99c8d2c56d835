"""Judge which records serve a need best: what the full text says and what is near in meaning, as one score."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from decomposer.match.asking import rarity
from decomposer.match.needs import Need
from decomposer.match.weighing import K1
from decomposer.ports.search import Candidate, Term

TEXT = 0.25
"""What the full text counts beside nearness in meaning."""
TEXT_SAID = 1.0
"""The same for a need that is said in the words of a catalog, too: then records use its words."""
FAR = 0.2
"""Below this cosine a record that shares no word with the need is not shown."""
TIE = 0.005
"""Scores that differ by no more say nothing: the rank of the artifact decides between them."""
MOST_OF_ONE = 3
"""So many records of one artifact come first; its others come behind those of the rest."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate with its score, 0-1. `text` is the share of what the need says that its full text has, 0-1.

    `called` is whether it is called what a need of one or two words says.
    """

    candidate: Candidate
    score: float
    text: float
    called: bool = False


def attainable(terms: Iterable[Term], counts: Mapping[str, int], total: int) -> float:
    """Return the BM25 score that nothing exceeds; `counts` says how many of all records have each word."""
    return (K1 + 1) * sum(one.weight * rarity(counts.get(one.word, 0), total) for one in terms)


def judge(need: Need, candidates: Iterable[Candidate], *, most: float, meaning: bool) -> list[Hit]:
    """Return the candidates with their scores, the best first; equal ones by entry and id.

    `most` is the full-text score that is `attainable`. With `meaning` the score is the nearness plus 0.25 of the full
    text (all of it where the need is said in other words, too), over the most that these can be; else the full text
    relative to the best. Records that are called what a need of one or two words says come before all others: for such
    a need that is half of the score.
    """
    known = {one.number: one for one in candidates}
    best = max((one.score for one in known.values()), default=0.0)
    hits = [_judged(need, one, most, None if meaning else best) for one in known.values()]
    shown = [hit for hit in hits if hit.text > 0 or (meaning and (hit.candidate.cosine or 0.0) >= FAR)]
    return sorted(shown, key=lambda hit: (not hit.called, -hit.score, hit.candidate.entry, hit.candidate.capability))


def _judged(need: Need, one: Candidate, most: float, best: float | None) -> Hit:
    text = min(1.0, one.score / most) if most > 0 else 0.0
    if best is None:
        counts = TEXT_SAID if need.also else TEXT
        score = (min(1.0, max(0.0, one.cosine or 0.0)) + counts * text) / (1 + counts)
    else:
        score = one.score / best if best > 0 else 0.0
    called = need.few and need.counting <= one.named
    if need.few:
        score = (called + score) / 2
    return Hit(one, round(score, 6), text, called)


def spread(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits in their order, but those of an artifact behind its third after all others, unless so called."""
    seen: Counter[str] = Counter()
    first: list[Hit] = []
    later: list[Hit] = []
    for hit in hits:
        seen[hit.candidate.entry] += 1
        (first if hit.called or seen[hit.candidate.entry] <= MOST_OF_ONE else later).append(hit)
    return first + later


def ranked(found: Sequence[T], *, score: Callable[[T], float], points: Callable[[T], int]) -> list[T]:
    """Return what was found, best first, in its order, but near-ties by the points of a rank, the highest first.

    A near-tie is a run of scores that lie within 0.005 of the first of the run: no rank lifts anything over more.
    """
    ordered: list[T] = []
    run: list[T] = []
    for one in found:
        if run and not 0 <= score(run[0]) - score(one) <= TIE:
            ordered += sorted(run, key=lambda each: -points(each))
            run = []
        run.append(one)
    return ordered + sorted(run, key=lambda each: -points(each))
