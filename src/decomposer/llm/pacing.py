"""Pace requests: how many at a time, how many a minute, and how long an endpoint wants to be left alone."""

import re
from collections.abc import Mapping

from decomposer.measures import Pace

LONGEST_WAIT = 60.0  # seconds that a request is put off; who asks for more is not asked again in this run
_UNITS = {"d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[dhms])")
_DURATION = re.compile(rf"(?:{_PART.pattern})+")
_EPOCH = 1_000_000_000.0  # a plain number as large as this is a date, not a duration
_SLACK = 1e-9  # seconds that floating point may be off


class Bucket:
    """A token bucket: it holds `burst`, a second's worth and at least 1, and refills so that no minute exceeds its sum.

    Who wants more than it holds passes when it is full and leaves a debt, so a minute may exceed its sum by one such
    request. Times are in seconds.
    """

    def __init__(self, per_minute: float, now: float) -> None:
        self.burst = max(1.0, per_minute / 60)
        self.rate = (per_minute - self.burst + 1) / 60
        self._level = self.burst
        self._at = now

    def wait(self, amount: float, now: float) -> float:
        """Return in how many seconds so much can be taken."""
        self._refill(now)
        short = (min(amount, self.burst) - self._level) / self.rate
        return short if short > _SLACK else 0.0

    def take(self, amount: float, now: float) -> None:
        """Take so much; less than nothing gives it back."""
        self._refill(now)
        self._level = min(self.burst, self._level - amount)

    def _refill(self, now: float) -> None:
        self._level = min(self.burst, self._level + max(now - self._at, 0.0) * self.rate)
        self._at = max(now, self._at)


class Flow:
    """What may pass to one endpoint, without threads or a clock of its own: every method is told the time in seconds.

    `limit` is how many may be in flight. It starts at `workers` and never exceeds it: each answer adds 1/limit, so a
    round of answers adds one. Each throttled request takes off two, and those that passed before the first of them
    take off half at most. `sent` is how many have passed.
    """

    def __init__(self, workers: int, *, rpm: int | None = None, tpm: int | None = None, now: float = 0.0) -> None:
        self.workers = workers
        self.limit = float(workers)
        self.in_flight = 0
        self.sent = 0
        self.paused_until = now
        self._round = 0  # the last request of those that share one floor
        self._floor = 1.0
        self._requests = Bucket(rpm, now) if rpm else None
        self._tokens = Bucket(tpm, now) if tpm else None

    def wait(self, tokens: int, now: float) -> float | None:
        """Return in how many seconds a request may pass: 0 is now, None as soon as one in flight has ended."""
        if self.in_flight >= int(self.limit):
            return None
        return max(
            self.paused_until - now,
            0.0 if self._requests is None else self._requests.wait(1, now),
            0.0 if self._tokens is None else self._tokens.wait(tokens, now),
            0.0,
        )

    def enter(self, tokens: int, now: float) -> int:
        """Let a request pass, reserve its tokens, and return its number."""
        self.in_flight += 1
        self.sent += 1
        if self._requests is not None:
            self._requests.take(1, now)
        if self._tokens is not None:
            self._tokens.take(tokens, now)
        return self.sent

    def leave(self) -> None:
        """Note that a request in flight has ended."""
        self.in_flight -= 1

    def settle(self, difference: int, now: float) -> None:
        """Take so many tokens more than were reserved, or give back what is less than nothing."""
        if self._tokens is not None:
            self._tokens.take(difference, now)

    def raise_limit(self) -> None:
        """Note an answer."""
        self.limit = min(float(self.workers), self.limit + 1 / self.limit)

    def lower_limit(self, number: int) -> None:
        """Note that the request of that number was throttled."""
        if number > self._round:
            self._round, self._floor = self.sent, max(1.0, self.limit / 2)
        self.limit = max(min(self._floor, self.limit), self.limit - 2)

    def pause(self, seconds: float, now: float) -> None:
        """Let nothing pass for so long."""
        self.paused_until = max(self.paused_until, now + seconds)


def pace_of(headers: Mapping[str, str]) -> Pace | None:
    """Return what the `x-ratelimit-*` headers of a reply say, None where there are none."""
    values = [headers.get(f"x-ratelimit-{name}") for name in _HEADERS]
    if not any(values):
        return None
    requests_left, requests_reset, tokens_left, tokens_reset = values
    return Pace(_whole(requests_left), seconds(requests_reset), _whole(tokens_left), seconds(tokens_reset))


_HEADERS = ("remaining-requests", "reset-requests", "remaining-tokens", "reset-tokens")


def seconds(text: str | None) -> float | None:
    """Return how long such as `6m0s`, `1.5s`, `120ms` or plain seconds last; None for what is no duration."""
    text = (text or "").strip()
    if _DURATION.fullmatch(text):
        return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))
    try:
        plain = float(text)
    except ValueError:
        return None
    return plain if 0 <= plain < _EPOCH else None


def _whole(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def told(pace: Pace | None) -> float:
    """Return for how many seconds an endpoint has nothing left, at most a minute.

    What it tells is when the limit is full again; some of it is there sooner.
    """
    if pace is None:
        return 0.0
    limits = ((pace.requests_left, pace.requests_reset), (pace.tokens_left, pace.tokens_reset))
    return min(
        max((reset or 0.0 for left, reset in limits if left is not None and left <= 0), default=0.0), LONGEST_WAIT
    )
