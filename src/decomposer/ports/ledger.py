"""Remember what was asked: every attempt at every request, what it cost, and what is in doubt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from decomposer.ports.asking import Reply, Request

AttemptState = Literal["sent", "answered", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One row of the ledger. `sent` without an end is in doubt when the process (`host`, `pid`) is gone.

    One that belongs to a `job` of a provider's batch mode is not in doubt, it waits. `estimated_usd` is the most that
    it was expected to cost when it was sent, `cost_usd` what it did; None where that is not known. `sent_at` is an
    ISO 8601 time in UTC.
    """

    key: str
    attempt: int
    state: AttemptState
    raw: str | None = None
    error: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost_usd: Decimal | None = None
    estimated_usd: Decimal | None = None
    sent_at: str = ""
    host: str = ""
    pid: int = 0
    run: int | None = None
    job: int | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """For what a request is sent: a batch run, a job of a provider's batch mode, and the most it may cost."""

    run: int | None = None
    job: int | None = None
    estimated_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What the ledger holds for one model. `queued` attempts wait in a provider's batch mode.

    `cost_usd` is the sum of what is known, and `unpriced` how many answers and refusals have no known cost;
    `in_doubt_usd` is what the attempts in doubt may have cost, None where one of them has no estimate.
    """

    endpoint: str
    model: str
    requests: int
    answered: int
    refused: int
    failed: int
    in_doubt: int
    prompt_tokens: int
    completion_tokens: int
    queued: int = 0
    cost_usd: Decimal = Decimal(0)
    unpriced: int = 0
    in_doubt_usd: Decimal | None = Decimal(0)


@dataclass(frozen=True, slots=True)
class Doubt:
    """One attempt in doubt: it was sent, and nobody wrote down what came of it."""

    key: str
    attempt: int
    endpoint: str
    model: str
    sent_at: str
    host: str
    pid: int
    estimated_usd: Decimal | None = None
    run: int | None = None


class Ledger(Protocol):
    """Every attempt at every request, by content. Safe for several threads and processes."""

    def attempts(self, key: str) -> list[Attempt]:
        """Return the attempts at a request, oldest first."""
        ...

    def request(self, key: str) -> Request | None:
        """Return a request that was begun, or None."""
        ...

    def begin(self, request: Request, sending: Sending = Sending()) -> int:
        """Write the intent to send `request` and return its attempt number, 1 and up. It is durable on return.

        Where the run has a limit, `estimated_usd` is reserved in the same transaction. Raises BudgetReached, and
        writes nothing, where it would go over: what was spent, what is reserved and this together.
        """
        ...

    def begin_all(self, requests: Sequence[tuple[Request, Sending]]) -> list[int]:
        """Begin several requests in one transaction: all or none. Returns their attempt numbers."""
        ...

    def finish(self, key: str, attempt: int, reply: Reply, *, refused: bool = False) -> None:
        """Write the raw reply to an attempt and settle its reservation. It is durable on return.

        A reply without a known cost settles at what was reserved.
        """
        ...

    def fail(self, key: str, attempt: int, error: str, *, billed: bool = False) -> None:
        """Close an attempt that got no reply; its reservation is free again.

        One that may have been `billed` all the same, as after a timeout, settles at what was reserved.
        """
        ...

    def use(self, *, run: int | None = None) -> list[ModelUse]:
        """Return what the ledger holds (or what one run sent), one row for each endpoint and model."""
        ...

    def in_doubt(self) -> Iterator[Doubt]:
        """Yield the attempts that were sent and never ended, oldest first, less those that wait in a job."""
        ...

    def queued(self, job: int) -> Iterator[Attempt]:
        """Yield the attempts that wait in a job."""
        ...

    def verify(self) -> Iterator[str]:
        """Yield a line for everything that is wrong: keys that differ from their content, replies that don't parse."""
        ...
