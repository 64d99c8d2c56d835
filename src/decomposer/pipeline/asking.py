"""Ask about several parts so that one call finds everything that is missing, and add up what it took."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from decomposer.errors import Unanswered
from decomposer.ports import Answer
from decomposer.records import Run

One = TypeVar("One")
Got = TypeVar("Got")


def each(
    ones: Iterable[One], get: Callable[[One], list[Got]], told: Callable[[int], None] = lambda done: None
) -> list[Got]:
    """Return all that `get` gives, in order. Unanswered is raised after the last one, every other error at once."""
    found: list[Got] = []
    missing: Unanswered | None = None
    for done, one in enumerate(ones, start=1):
        try:
            found += get(one)
        except Unanswered as error:
            missing = missing or error
        told(done)
    if missing is not None:
        raise missing
    return found


def spent(run: Run, answers: Sequence[Answer[Any]]) -> Run:
    """Return a run with what further answers took added to it; its cost is unknown where that of one is."""
    costs = [run.cost_usd, *(answer.cost_usd for answer in answers)]
    known = [cost for cost in costs if cost is not None]
    further = {
        "requests": run.requests + sum(answer.requests for answer in answers),
        "cached": run.cached + sum(answer.cached for answer in answers),
        "prompt_tokens": run.prompt_tokens + sum(answer.prompt_tokens for answer in answers),
        "completion_tokens": run.completion_tokens + sum(answer.completion_tokens for answer in answers),
        "cost_usd": sum(known, Decimal(0)) if len(known) == len(costs) else None,
    }
    return run.model_copy(update=further)
