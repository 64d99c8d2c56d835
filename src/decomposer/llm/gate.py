"""Keep the gate to an endpoint: every request of this process passes it, first come, first served."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition, Lock

from decomposer.errors import EndpointRefused, Stopped, TransportError
from decomposer.llm.pacing import LONGEST_WAIT, Flow, told
from decomposer.measures import Pace

THROTTLED = (429, 503)


@dataclass(frozen=True, slots=True)
class GateFigures:
    """How a gate stands: `limit` requests may be in flight now, `paused_for` is in seconds.

    `failed` requests that passed got no reply, those that were turned away among them.
    """

    in_flight: int
    most_in_flight: int
    limit: int
    sent: int
    throttled: int
    paused_for: float
    failed: int = 0


class Passage:
    """One request on its way through a gate."""

    def __init__(self, gate: "Gate", tokens: int) -> None:
        self._gate = gate
        self._tokens = tokens

    def settle(self, reply_tokens: int | None, pace: Pace | None) -> None:
        """Correct what was reserved by what the reply took, prompt included, and heed what the endpoint said.

        Where the reply does not say what it took, the reservation stands.
        """
        self._gate.settle(0 if reply_tokens is None else reply_tokens - self._tokens, pace)


class Gate:
    """Lets requests pass to one endpoint: at most `workers` at a time, `rpm` requests and `tpm` tokens a minute.

    How many at a time adapts to what the endpoint bears; a pause that it asks for holds for all. `clock` gives seconds.
    Safe for several threads.
    """

    def __init__(
        self,
        workers: int,
        *,
        rpm: int | None = None,
        tpm: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._flow = Flow(workers, rpm=rpm, tpm=tpm, now=clock())
        self._lock = Lock()
        self._queue: deque[Condition] = deque()
        self._stopping = Condition(self._lock)
        self._closed = False
        self._refused_until = 0.0
        self._most = self._throttled = self._failed = 0

    @contextmanager
    def passing(self, tokens: int) -> Iterator[Passage]:
        """Wait for a free place, the end of a pause and enough in the buckets, then pass; `tokens` are reserved.

        Raises Stopped once the gate is closed, and EndpointRefused where the endpoint asks to wait over a minute.
        """
        number = self._enter(tokens)
        try:
            yield Passage(self, tokens)
        except TransportError as error:
            with self._lock:
                self._failed += 1
            if error.status in THROTTLED:
                self.settle(-tokens, None, answered=False)  # what was not taken on costs no tokens
                self.throttle(error.retry_after, error.pace, number=number)
            raise
        finally:
            with self._lock:
                self._flow.leave()
                self._wake()

    def settle(self, difference: int, pace: Pace | None, *, answered: bool = True) -> None:
        """Take `difference` tokens more than were reserved, or give back; an answer lets more pass at a time."""
        with self._lock:
            now = self._clock()
            self._flow.settle(difference, now)
            self._flow.pause(told(pace), now)
            if answered:
                self._flow.raise_limit()

    def throttle(self, retry_after: float | None, pace: Pace | None, *, number: int | None = None) -> None:
        """Note that the endpoint turned a request away: fewer pass at a time, and none for as long as it asks.

        `number` is that of the request, where it is not the last that passed.
        """
        with self._lock:
            now = self._clock()
            self._throttled += 1
            self._flow.lower_limit(self._flow.sent if number is None else number)
            self._flow.pause(told(pace) if retry_after is None else min(retry_after, LONGEST_WAIT), now)
            if retry_after is not None and retry_after > LONGEST_WAIT:
                self._refused_until = max(self._refused_until, now + retry_after)
                self._wake()

    def nap(self, seconds: float) -> None:
        """Sleep outside the gate. Raises Stopped as soon as it is closed."""
        with self._lock:
            self._stopping.wait_for(lambda: self._closed, timeout=seconds)
        self.check()

    def check(self) -> None:
        """Raise Stopped where the gate is closed."""
        if self._closed:
            raise _stopped()

    def close(self) -> None:
        """Let nothing new pass; what is in flight finishes."""
        with self._lock:
            self._closed = True
            self._stopping.notify_all()
            for waiting in self._queue:
                waiting.notify()

    def figures(self) -> GateFigures:
        """Return how the gate stands."""
        with self._lock:
            paused = max(self._flow.paused_until - self._clock(), 0.0)
            flow = self._flow
            return GateFigures(
                flow.in_flight, self._most, int(flow.limit), flow.sent, self._throttled, paused, self._failed
            )

    def _enter(self, tokens: int) -> int:
        mine = Condition(self._lock)
        with self._lock:
            self._queue.append(mine)
            try:
                while True:
                    self._check()
                    wait = self._flow.wait(tokens, self._clock()) if self._queue[0] is mine else None
                    if wait == 0.0:
                        break
                    mine.wait(wait)
                number = self._flow.enter(tokens, self._clock())
                self._most = max(self._most, self._flow.in_flight)
                return number
            finally:
                self._queue.remove(mine)
                self._wake()

    def _check(self) -> None:
        self.check()
        left = self._refused_until - self._clock()
        if left > 0:
            raise EndpointRefused(
                f"the endpoint asks to wait {left:.0f} s", hint="run again then, answers are kept", status=429
            )

    def _wake(self) -> None:
        if self._queue:
            self._queue[0].notify()


def _stopped() -> Stopped:
    return Stopped("stopped before the next request was sent", hint="run again to go on, answers are kept")
