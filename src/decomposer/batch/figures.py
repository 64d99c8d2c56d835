"""Count how a run stands: how its references ended, what that took, how fast it goes, and what is left."""

import json
from collections import deque
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from threading import Lock
from typing import Any

from decomposer.ports import Outcome, RunRecord, Tally

_WINDOW = 60.0  # seconds that the rate is taken over


@dataclass(frozen=True, slots=True)
class Flow:
    """How requests flow in the process that is at work: those in flight, sent, failed on the way and turned away.

    `limit` may be in flight now, `paused_for` is in seconds.
    """

    in_flight: int = 0
    most_in_flight: int = 0
    limit: int = 0
    sent: int = 0
    retried: int = 0
    throttled: int = 0
    paused_for: float = 0.0

    def since(self, before: "Flow") -> "Flow":
        """Return how requests flowed since an earlier look."""
        counts = {name: getattr(self, name) - getattr(before, name) for name in ("sent", "retried", "throttled")}
        return replace(self, **counts)

    def after(self, more: "Flow") -> "Flow":
        """Return the flow with what flowed elsewhere counted too."""
        counts = {name: getattr(self, name) + getattr(more, name) for name in ("sent", "retried", "throttled")}
        return replace(self, **counts)


@dataclass(frozen=True, slots=True)
class Figures:
    """How a run stands. `documents` are those known of, all of them once `complete`.

    `rate` is in documents a second, `eta_seconds` and `projected_usd` are None where nothing can be said. `cost_usd`
    is the sum of what is known, `unpriced` the number of documents whose cost is not.
    """

    run: int
    documents: int
    complete: bool
    tally: Tally
    flow: Flow = Flow()
    rate: float = 0.0
    seconds: float = 0.0

    @property
    def ended(self) -> int:
        """How many references have ended."""
        return sum(self.tally.ended.values())

    @property
    def eta_seconds(self) -> float | None:
        """In how many seconds the rest will have ended at this rate."""
        left = self.documents - self.ended
        return left / self.rate if self.rate and self.complete else None if left else 0.0

    @property
    def cost_usd(self) -> Decimal | None:
        """What is known to have been spent; None where nothing is known of it."""
        return None if self.tally.unpriced and not self.tally.cost_usd else self.tally.cost_usd

    @property
    def projected_usd(self) -> Decimal | None:
        """What the whole run will cost if the rest costs what those that are done did; None where nobody can say."""
        if self.tally.unpriced or not self.complete or not self.ended:
            return None
        return self.tally.cost_usd * self.documents / self.ended

    def data(self) -> dict[str, Any]:
        """Return the figures as JSON data; money is a decimal string."""
        tally = {name: value for name, value in asdict(self.tally).items() if name not in ("ended", "cost_usd")}
        return {
            "run": self.run,
            "documents": self.documents,
            "complete": self.complete,
            **{str(state): count for state, count in self.tally.ended.items()},
            **tally,
            "cost_usd": dollars(self.cost_usd),
            "projected_usd": dollars(self.projected_usd),
            "rate": round(self.rate, 3),
            "eta_seconds": None if self.eta_seconds is None else round(self.eta_seconds, 1),
            "seconds": round(self.seconds, 1),
            **asdict(self.flow),
        }


def dollars(amount: Decimal | None) -> str | None:
    """Return an amount as a decimal string without an exponent or zeros at its end; None is not known."""
    return None if amount is None else f"{amount.normalize():f}"


class Meter:
    """Counts on from what the catalog held when the work began. Safe for several threads."""

    def __init__(self, record: RunRecord, tally: Tally, *, now: float) -> None:
        self._run = record.id
        self._tally = tally
        self._began = now
        self._lock = Lock()
        self._recent: deque[tuple[float, int]] = deque([(now, 0)])
        self._done = 0

    def add(self, outcome: Outcome, *, now: float) -> None:
        """Count one outcome at the time `now`, in seconds."""
        with self._lock:
            self._tally = added(self._tally, outcome)
            self._done += 1
            if now - self._recent[-1][0] >= 0.5:
                self._recent.append((now, self._done))
            while len(self._recent) > 2 and now - self._recent[0][0] > _WINDOW:
                self._recent.popleft()

    def figures(self, documents: int, *, complete: bool, holding: int, flow: Flow, now: float) -> Figures:
        """Return how the run stands; of its `documents` this process is `holding` some."""
        with self._lock:
            since, before = self._recent[0]
            rate = (self._done - before) / (now - since) if now > since else 0.0
            left = max(0, documents - sum(self._tally.ended.values()))
            tally = replace(self._tally, held=min(left, holding), waiting=max(0, left - holding))
        return Figures(self._run, documents, complete, tally, flow, rate, now - self._began)


def added(tally: Tally, outcome: Outcome) -> Tally:
    """Return a tally with one more outcome."""
    return replace(
        tally,
        ended={**tally.ended, outcome.state: tally.ended[outcome.state] + 1},
        requests=tally.requests + outcome.requests,
        cached=tally.cached + outcome.cached,
        prompt_tokens=tally.prompt_tokens + outcome.prompt_tokens,
        completion_tokens=tally.completion_tokens + outcome.completion_tokens,
        cost_usd=tally.cost_usd + (outcome.cost_usd or 0),
        unpriced=tally.unpriced + (outcome.cost_usd is None),
        capabilities=tally.capabilities + outcome.capabilities,
    )


def progress(figures: Figures, *, host: str, pid: int, owner: str) -> str:
    """Return what is written into the run's row while somebody is at work: who, how fast, and how requests flow."""
    said = {
        "host": host,
        "pid": pid,
        "owner": owner,
        "rate": round(figures.rate, 3),
        "seconds": round(figures.seconds, 1),
    }
    return json.dumps(said | asdict(figures.flow))
