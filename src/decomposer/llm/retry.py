"""Ask again when no reply came: the one place where transport is retried."""

import time
from collections.abc import Callable

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_exponential_jitter, wait_random

from decomposer.errors import TransportError
from decomposer.ports import Completion, Reply, Request

LONGEST_WAIT = 60.0

_backoff = wait_exponential_jitter(initial=1, max=30)
_spread = wait_random(0, 1)


class Retry:
    """A completion that tries again: at most `attempts` times, pausing longer each time, as `Retry-After` says."""

    def __init__(
        self, completion: Completion, *, attempts: int = 5, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._completion = completion
        self._retrying = Retrying(
            stop=stop_after_attempt(attempts),
            retry=retry_if_exception(_worth_retrying),
            wait=_pause,
            sleep=sleep,
            reraise=True,
        )

    def complete(self, request: Request) -> Reply:
        """Return the reply. Raises the last TransportError, or at once one that asks to wait more than a minute."""
        return self._retrying(self._once, request)

    def _once(self, request: Request) -> Reply:
        try:
            return self._completion.complete(request)
        except TransportError as error:
            if error.retryable and _asks_too_much(error):
                error.hint = f"the endpoint asks to wait {error.retry_after:.0f} s; run again then, answers are kept"
            raise


def _asks_too_much(error: TransportError) -> bool:
    return error.retry_after is not None and error.retry_after > LONGEST_WAIT


def _worth_retrying(error: BaseException) -> bool:
    return isinstance(error, TransportError) and error.retryable and not _asks_too_much(error)


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, TransportError) else None
    # Many workers are told to come back at the same second: they are spread over the next one.
    return _backoff(state) if asked is None else asked + _spread(state)
