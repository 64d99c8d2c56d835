"""Measure asking: what an endpoint says of its limits, and what an answer or a failure took."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Pace:
    """What an endpoint says of its limits: what is left of each, and in how many seconds it is full again."""

    requests_left: int | None = None
    requests_reset: float | None = None
    tokens_left: int | None = None
    tokens_reset: float | None = None


@dataclass(frozen=True, slots=True)
class Took:
    """What asking took: `requests` were sent, `cached` replies came from the ledger; tokens and cost are of the sent.

    `cost_usd` is None where the cost of one of them is not known.
    """

    requests: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: Decimal | None = Decimal(0)
