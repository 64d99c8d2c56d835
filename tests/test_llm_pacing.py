from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.llm.pacing import LONGEST_WAIT, Bucket, Flow, pace_of, seconds, told
from decomposer.measures import Pace

MINUTE = 60.0
amounts = st.lists(st.tuples(st.integers(1, 900), st.floats(0, 20)), max_size=120)


def taken(bucket: Bucket, wanted: list[tuple[int, float]]) -> list[tuple[float, int]]:
    """Take amounts one after the other, each so long after the one before or when there is room; return when."""
    now, times = 0.0, []
    for amount, later in wanted:
        now += later
        now += bucket.wait(amount, now)
        assert bucket.wait(amount, now) == 0.0
        bucket.take(amount, now)
        times.append((now, amount))
    return times


def most_in_a_minute(times: list[tuple[float, int]]) -> int:
    return max(
        (sum(amount for at, amount in times if start <= at < start + MINUTE - 1e-6) for start, _ in times), default=0
    )


# --- buckets


@given(st.integers(1, 2_000), st.lists(st.floats(0, 20), max_size=150))
def test_no_minute_ever_has_more_requests_than_it_may(rpm: int, gaps: list[float]) -> None:
    times = taken(Bucket(rpm, 0.0), [(1, gap) for gap in gaps])
    assert most_in_a_minute(times) <= rpm


@given(st.integers(1, 5_000), amounts)
def test_no_minute_ever_has_more_tokens_than_it_may_and_one_request(tpm: int, wanted: list[tuple[int, float]]) -> None:
    times = taken(Bucket(tpm, 0.0), wanted)
    assert most_in_a_minute(times) <= tpm + max((amount for amount, _ in wanted), default=0)


def test_what_waits_is_let_through_at_the_rate() -> None:
    times = [at for at, _ in taken(Bucket(6_000, 0.0), [(1, 0.0)] * 3_000)]
    assert times[99] == 0.0
    assert 29.0 <= times[-1] <= 30.0


def test_one_a_minute_is_one_a_minute() -> None:
    times = [at for at, _ in taken(Bucket(1, 0.0), [(1, 0.0)] * 3)]
    assert times == [0.0, 60.0, 120.0]


def test_more_than_a_bucket_holds_passes_when_it_is_full_and_leaves_a_debt() -> None:
    bucket = Bucket(600, 0.0)
    assert bucket.wait(100, 0.0) == 0.0
    bucket.take(100, 0.0)
    assert bucket.wait(10, 0.0) == pytest.approx(100 / bucket.rate)


def test_what_was_reserved_too_much_comes_back_and_too_little_is_owed() -> None:
    bucket = Bucket(600, 0.0)
    bucket.take(100, 0.0)
    bucket.take(-90, 0.0)
    assert bucket.wait(10, 0.0) == pytest.approx(10 / bucket.rate)
    bucket.take(50, 0.0)
    assert bucket.wait(10, 0.0) == pytest.approx(60 / bucket.rate)


def test_a_clock_that_goes_back_fills_nothing() -> None:
    bucket = Bucket(60, 100.0)
    bucket.take(1, 100.0)
    assert bucket.wait(1, 40.0) == pytest.approx(1.0)
    assert bucket.wait(1, 101.0) == 0.0


# --- the flow


class Driven:
    """A flow that is driven by a fake clock: whoever may pass does, each request lasts `lasting` seconds."""

    def __init__(self, flow: Flow, lasting: float) -> None:
        self.flow = flow
        self.lasting = lasting
        self.now = 0.0
        self.ends: list[float] = []
        self.passed: list[float] = []

    def one(self, tokens: int = 1) -> None:
        """Let one request pass, as soon as it may."""
        while True:
            wait = self.flow.wait(tokens, self.now)
            if wait == 0.0:
                break
            self.now = min(self.ends) if wait is None else self.now + wait
            for _ in [end for end in self.ends if end <= self.now]:
                self.flow.leave()
            self.ends = [end for end in self.ends if end > self.now]
        self.flow.enter(tokens, self.now)
        self.passed.append(self.now)
        self.ends.append(self.now + self.lasting)


@given(
    st.integers(1, 9),
    st.integers(1, 300),
    st.floats(0.1, 9),
    st.lists(st.sampled_from(["ask", "answer", "throttle", "pause"]), max_size=80),
)
def test_whatever_happens_never_more_than_the_cap_nor_than_the_rate_passes(
    workers: int, rpm: int, lasting: float, events: list[str]
) -> None:
    flow = Flow(workers, rpm=rpm, tpm=None)
    driven = Driven(flow, lasting)
    for event in events:
        before = flow.limit
        match event:
            case "ask":
                driven.one()
                assert flow.in_flight <= workers
            case "answer":
                flow.raise_limit()
                assert before <= flow.limit <= workers
                assert flow.limit > before or before == workers
            case "throttle":
                flow.lower_limit(flow.sent)
                assert 1 <= flow.limit <= before
                assert before - flow.limit <= 2
            case "pause":
                flow.pause(2.0, driven.now)
                until = driven.now + 2.0
                driven.one()
                assert driven.passed[-1] >= until - 1e-6
    assert all(later >= earlier for earlier, later in pairwise(driven.passed))
    assert most_in_a_minute([(at, 1) for at in driven.passed]) <= rpm


def test_a_round_of_throttled_requests_halves_the_limit_and_a_round_of_answers_adds_one() -> None:
    flow = Flow(32)
    numbers = [flow.enter(1, 0.0) for _ in range(32)]
    for number in numbers:
        flow.lower_limit(number)
    assert (numbers[-1], flow.limit) == (32, 16.0)
    for _ in range(17):
        flow.raise_limit()
    assert 17.0 <= flow.limit < 17.1


def test_a_stray_throttled_request_takes_off_two_and_the_next_round_half_again() -> None:
    flow = Flow(32)
    flow.lower_limit(flow.enter(1, 0.0))
    assert flow.limit == 30.0
    for number in [flow.enter(1, 0.0) for _ in range(30)]:
        flow.lower_limit(number)
    assert flow.limit == 15.0


def test_a_limit_never_falls_below_one() -> None:
    flow = Flow(3)
    for _ in range(20):
        flow.lower_limit(flow.enter(1, 0.0))
    assert flow.limit == 1.0


def test_a_lowered_limit_lets_nothing_pass_until_enough_have_ended() -> None:
    flow = Flow(4)
    for number in [flow.enter(1, 0.0) for _ in range(4)]:
        flow.lower_limit(number)
    flow.leave()
    flow.leave()
    assert (int(flow.limit), flow.wait(1, 0.0)) == (2, None)
    flow.leave()
    assert flow.wait(1, 0.0) == 0.0


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    flow = Flow(1)
    flow.pause(30.0, 0.0)
    flow.pause(1.0, 5.0)
    assert flow.wait(1, 5.0) == 25.0


# --- what an endpoint says


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6m0s", 360.0),
        ("1.5s", 1.5),
        ("120ms", 0.12),
        ("1h2m3s", 3723.0),
        ("1d", 86_400.0),
        (" 12 ", 12.0),
        ("0.25", 0.25),
        ("0s", 0.0),
        ("1782000000", None),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("6m0s later", None),
        ("", None),
        (None, None),
    ],
)
def test_durations_are_read_in_all_their_forms(text: str | None, expected: float | None) -> None:
    assert seconds(text) == pytest.approx(expected)


@given(st.text(max_size=40))
def test_no_text_makes_a_duration_fail(text: str) -> None:
    found = seconds(text)
    assert found is None or found >= 0


def test_the_headers_of_a_reply_become_a_pace() -> None:
    headers = {
        "x-ratelimit-limit-requests": "60",
        "x-ratelimit-remaining-requests": "59",
        "x-ratelimit-reset-requests": "1s",
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": "6m0s",
    }
    assert pace_of(headers) == Pace(59, 1.0, 0, 360.0)
    assert pace_of({"retry-after": "1"}) is None
    assert pace_of({"x-ratelimit-remaining-tokens": "-1"}) == Pace()


@pytest.mark.parametrize(
    ("pace", "expected"),
    [
        (None, 0.0),
        (Pace(1, 9.0, 1, 9.0), 0.0),
        (Pace(0, 9.0, 1, 20.0), 9.0),
        (Pace(0, 9.0, 0, 20.0), 20.0),
        (Pace(0, None), 0.0),
        (Pace(0, 3600.0), LONGEST_WAIT),
    ],
)
def test_only_a_limit_with_nothing_left_makes_a_pause(pace: Pace | None, expected: float) -> None:
    assert told(pace) == expected
