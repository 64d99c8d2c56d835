"""Remember answers: what the ledger holds is not asked again, and what is in doubt is asked as the policy says."""

import os
import socket
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import Lock
from typing import NoReturn
from weakref import WeakValueDictionary

from decomposer.errors import InDoubt, Unanswered
from decomposer.llm import DoubtPolicy
from decomposer.llm.wire import REFUSALS
from decomposer.ports import Attempt, Completion, Doubt, Ledger, Reply, Request

OnMiss = Callable[[Request], None]
OnHit = Callable[[Sequence[Attempt]], None]
_POLL = 0.5  # seconds between two looks at an attempt that another process has under way
_OWN_LIFE = 3  # timeouts that a request of a live process on this host may last: to connect, to send, to read

# Of the whole process, so that models opened twice over one ledger don't pay twice either.
_guard = Lock()
_turns: WeakValueDictionary[str, Lock] = WeakValueDictionary()


class Remembered:
    """A completion that answers from the ledger what was answered before, and asks for everything else.

    A refused request may be asked once more; from then on its refusal is the reply. One that another live process has
    under way is waited for, with `sleep`. One that was sent by a process that is gone is asked again, or raises
    InDoubt where the policy is `hold`. One that waits in a provider's batch mode raises InDoubt. `timeout` is in
    seconds.
    """

    def __init__(
        self,
        completion: Completion,
        ledger: Ledger,
        *,
        sleep: Callable[[float], None],
        in_doubt: DoubtPolicy = "retry",
        timeout: float = 120.0,
    ) -> None:
        self._completion = completion
        self._ledger = ledger
        self._sleep = sleep
        self._in_doubt = in_doubt
        self._timeout = timeout

    def complete(self, request: Request) -> Reply:
        """Return the recorded reply, or a new one. Raises InDoubt."""
        with _turn(request.key):  # two threads with the same request must not both pay for it
            while True:
                attempts = self._ledger.attempts(request.key)
                known = settled(attempts)
                if known is not None:
                    return replayed(known)
                waiting = [attempt for attempt in attempts if attempt.state == "sent"]
                if not any(self._under_way(attempt) for attempt in waiting):
                    break
                self._sleep(_POLL)
            for attempt in waiting:
                if attempt.job is not None:
                    _raise_queued(attempt)
                if self._in_doubt == "hold":
                    _raise_in_doubt(attempt)
            return self._completion.complete(request)

    def _under_way(self, attempt: Attempt) -> bool:
        """Say whether another process is still at it; this one is not, whoever asks has the request's turn."""
        if attempt.job is not None:
            return False
        if attempt.host == socket.gethostname():
            running = attempt.pid != os.getpid() and alive(attempt.pid)
            return running and age(attempt) < _OWN_LIFE * self._timeout
        return age(attempt) < self._timeout


class Offline:
    """A completion that answers from the ledger alone.

    `on_miss` is told each request that it can't answer, `on_hit` the attempts at each that it can.

    What waits in a provider's batch mode is missing too: who gathers the misses knows what is on its way. With `hold`
    a request in doubt raises InDoubt and is not told.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        on_miss: OnMiss | None = None,
        on_hit: OnHit | None = None,
        in_doubt: DoubtPolicy = "retry",
    ) -> None:
        self._ledger = ledger
        self._on_miss = on_miss
        self._on_hit = on_hit
        self._in_doubt = in_doubt

    def complete(self, request: Request) -> Reply:
        """Return the recorded reply. Raises Unanswered where there is none."""
        attempts = self._ledger.attempts(request.key)
        known = settled(attempts)
        if known is not None:
            if self._on_hit is not None:
                self._on_hit(attempts)
            return replayed(known)
        if self._in_doubt == "hold":
            for attempt in attempts:
                if attempt.state == "sent" and attempt.job is None:
                    _raise_in_doubt(attempt)
        if self._on_miss is not None:
            self._on_miss(request)
        raise Unanswered(
            f"the ledger has no answer of {request.model} to request {request.key[:12]}",
            hint="run again without asking to stay offline",
            key=request.key,
        )


def settled(attempts: list[Attempt]) -> Attempt | None:
    """Return the attempt that stands for a request: an answer, or the last of enough refusals; None for neither."""
    answered = [attempt for attempt in attempts if attempt.state == "answered"]
    refused = [attempt for attempt in attempts if attempt.state == "refused"]
    if answered:
        return answered[0]
    return refused[-1] if len(refused) >= REFUSALS else None


def replayed(attempt: Attempt) -> Reply:
    """Return the reply that an attempt got, as one that costs nothing now."""
    return Reply(attempt.key, attempt.raw or "", True, attempt.prompt_tokens, attempt.completion_tokens)


def _turn(key: str) -> Lock:
    with _guard:
        return _turns.setdefault(key, Lock())


def alive(pid: int) -> bool:
    """Say whether there is a process on this host with that number."""
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is there and not ours
        return True
    return True


def age(attempt: Attempt | Doubt) -> float:
    """Return how many seconds ago an attempt was sent; forever where its time can't be read."""
    try:
        sent = datetime.fromisoformat(attempt.sent_at)
    except ValueError:
        return float("inf")
    sent = sent if sent.tzinfo else sent.replace(tzinfo=UTC)
    return (datetime.now(UTC) - sent).total_seconds()


def _raise_queued(attempt: Attempt) -> NoReturn:
    raise InDoubt(
        f"request {attempt.key[:12]} waits in job {attempt.job} of the provider's batch mode",
        hint="`decomposer batch collect` brings its answer",
        key=attempt.key,
    )


def _raise_in_doubt(attempt: Attempt) -> NoReturn:
    cost = "" if attempt.estimated_usd is None else f" and up to ${attempt.estimated_usd:f} paid"
    raise InDoubt(
        f"request {attempt.key[:12]} was sent {attempt.sent_at} by process {attempt.pid} on {attempt.host}, "
        f"which is gone; it may have been answered{cost}",
        hint="ask again with --in-doubt retry",
        key=attempt.key,
    )
