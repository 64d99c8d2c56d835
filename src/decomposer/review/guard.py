"""Guard a decision about many records at once: look at a random sample, and say how wrong the rest may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from decomposer.ports import Queued, Reviews, Wanted

SAMPLE = 59
"""So many without an error leave at most 5 % wrong, at 95 %."""
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Guard:
    """What was known before many records were decided about: `errors` among `looked` chosen at random of `of`.

    `bound` is the largest share of errors, 0-1, that is still plausible: exact, one-sided, at 95 % (Clopper-Pearson).
    Where all were looked at it is what was found.
    """

    looked: int
    errors: int
    of: int
    seed: int
    bound: float

    @property
    def text(self) -> str:
        """What is known, in one line, to be printed and kept with the decisions."""
        found = f"{self.errors:,} {'error' if self.errors == 1 else 'errors'} in {self.looked:,} of {self.of:,}"
        if not self.looked:
            return f"not one of {self.of:,} was looked at: nothing is known of how many are wrong"
        if self.looked >= self.of:
            return f"{found}: all were looked at"
        return f"{found}, chosen at random (seed {self.seed}): at most {_percent(self.bound)} % wrong, at 95 %"


def sample(reviews: Reviews, wanted: Wanted, *, count: int = SAMPLE, seed: int = 0) -> list[Queued]:
    """Return records chosen at random among those that would be accepted; the same again for the same seed and queue.

    Those whose description does not pass stay as they are, so nothing is to be learned from them: more are drawn
    until there are enough, or no more.
    """
    drawn = count
    while True:
        found = reviews.sample(wanted, count=drawn, seed=seed)
        fit = [one for one in found if acceptable(one)]
        if len(fit) >= count or len(found) < drawn:
            return Random(seed).sample(fit, min(count, len(fit)))  # noqa: S311 (a sample keeps no secret)
        drawn *= 2


def acceptable(queued: Queued) -> bool:
    """Say whether a record would be accepted in bulk: it waits for a decision, and its description passes."""
    described = queued.support is not None and "description" not in queued.failing
    return described and queued.waits in ("proposed", "second")


def guard(looked: Sequence[Queued], errors: int, *, of: int, seed: int = 0) -> Guard:
    """Return what is known after `errors` were found among the records of a sample of `of`.

    Raises ValueError where there are more errors than records, or fewer than none.
    """
    whole = len(looked) >= of
    exact = errors / len(looked) if looked else 1.0
    return Guard(len(looked), errors, of, seed, exact if whole and looked else bound(errors, len(looked)))


def bound(errors: int, looked: int, *, confidence: float = CONFIDENCE) -> float:
    """Return the upper end of the exact one-sided interval for a share, 0-1 (Clopper and Pearson, 1934).

    1.0 where nothing was looked at or all was wrong. Raises ValueError for impossible counts.
    """
    if not 0 <= errors <= looked:
        raise ValueError(f"{errors} errors among {looked} records: that can't be")
    if errors == looked:
        return 1.0
    from scipy.stats import beta

    return float(beta.ppf(confidence, errors + 1, looked - errors))


def _percent(share: float) -> str:
    """Return a share as a percentage with one decimal, rounded up, so that the bound is never understated."""
    from math import ceil

    return f"{ceil(share * 1000 - 1e-9) / 10:.1f}"
