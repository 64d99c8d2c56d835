"""Plan a run: what it would ask, how much of that is answered already, and what the rest may cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from decomposer.batch.sampling import Estimate, Sample, scaled
from decomposer.ports import Item, ModelUse, Price

ASSUMED = 700.0  # completion tokens of an answer of which nothing is known

Standing = Literal["asks", "answered", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class Planned:
    """What one reference would lead to: `requests` to send with so many `prompt_tokens`, `cached` answers at hand."""

    item: Item
    state: Standing
    requests: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AnswerSize:
    """How many tokens an answer has: the mean of `answers` known ones, an assumption where there are none."""

    tokens: float = ASSUMED
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do. `cost` is in US dollars, None where no price is known; `price_note` says whose price it is.

    All figures but `documents` and `repeated` are estimates where only a sample of the documents was looked at.
    """

    documents: int
    looked_at: int
    repeated: int
    standing: dict[str, Estimate]
    requests: Estimate
    cached: Estimate
    prompt_tokens: Estimate
    completion_tokens: Estimate
    cost: Estimate | None
    answer: AnswerSize
    failures: Sequence[Planned]
    price_note: str = ""

    @property
    def exact(self) -> bool:
        """Whether every document was looked at."""
        return self.looked_at == self.documents

    def data(self) -> dict[str, Any]:
        """Return the plan as JSON data: of each estimate its value and its margin."""
        sums = {name: getattr(self, name) for name in ("requests", "cached", "prompt_tokens", "completion_tokens")}
        estimates = {**self.standing, **sums}
        return {
            "documents": self.documents,
            "looked_at": self.looked_at,
            "exact": self.exact,
            "duplicates": self.repeated,
            **{name: round(one.value) for name, one in estimates.items()},
            "cost_usd": None if self.cost is None else f"{self.cost.value:.6f}",
            "margin": {name: round(one.margin) for name, one in estimates.items()}
            | {"cost_usd": None if self.cost is None else f"{self.cost.margin:.6f}"},
            "tokens_per_answer": round(self.answer.tokens, 1),
            "known_answers": self.answer.answers,
            "failures": [{"ref": one.item.ref, "reason": one.reason} for one in self.failures],
        }


def plan(sample: Sample, planned: Sequence[Planned], *, answer: AnswerSize, price: Price | None) -> Plan:
    """Return what a run over all references would do, given what each of the sample would."""
    count = sample.count

    def total(name: str) -> Estimate:
        return scaled((getattr(one, name) for one in planned), count)

    standing = {
        state: scaled((one.state == state for one in planned), count)
        for state in ("asks", "answered", "unchanged", "failed")
    }
    costs = None
    if price is not None:
        spent = [float(price.of(one.prompt_tokens, round(one.requests * answer.tokens))) for one in planned]
        costs = scaled(spent, count)
    requests = total("requests")
    return Plan(
        documents=count,
        looked_at=len(planned),
        repeated=sample.repeated,
        standing=standing,
        requests=requests,
        cached=total("cached"),
        prompt_tokens=total("prompt_tokens"),
        completion_tokens=requests.times(answer.tokens),
        cost=costs,
        answer=answer,
        failures=[one for one in planned if one.state == "failed"],
    )


def answer_size(uses: Sequence[ModelUse], *, endpoint: str, model: str, most: int | None = None) -> AnswerSize:
    """Return the mean size of the answers that a model has given; `most` tokens at most, if that is limited."""
    answered = tokens = 0
    for use in uses:
        if (use.endpoint, use.model) == (endpoint, model):
            answered += use.answered
            tokens += use.completion_tokens
    mean = tokens / answered if answered and tokens else ASSUMED
    return AnswerSize(min(mean, most) if most else mean, answered if tokens else 0)
