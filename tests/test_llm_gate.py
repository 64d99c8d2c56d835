from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from decomposer.errors import EndpointRefused, Stopped, TransportError
from decomposer.llm.gate import Gate, GateFigures
from decomposer.measures import Pace


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def waiting_for(condition: Callable[[], bool]) -> None:
    """Give way to other threads until something has happened."""
    pause = Event()
    for _ in range(5_000):
        if condition():
            return
        pause.wait(0.001)
    raise AssertionError("it never happened")


def passed(gate: Gate) -> None:
    with gate.passing(1):
        pass


def throttled(gate: Gate, retry_after: float | None = None, pace: Pace | None = None, status: int = 429) -> None:
    error = TransportError("busy", retryable=True, status=status, retry_after=retry_after, pace=pace)
    with pytest.raises(TransportError), gate.passing(1):
        raise error


def test_never_more_than_the_cap_are_in_flight() -> None:
    gate = Gate(3)
    together = Barrier(3)

    def one(_: int) -> None:
        with gate.passing(1) as passage:
            together.wait(timeout=30)
            passage.settle(1, None)

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(one, range(12)))
    assert gate.figures() == GateFigures(in_flight=0, most_in_flight=3, limit=3, sent=12, throttled=0, paused_for=0.0)


def test_first_come_first_served() -> None:
    gate = Gate(1)
    order: list[int] = []

    def one(number: int) -> None:
        with gate.passing(1):
            order.append(number)

    with ThreadPoolExecutor(8) as pool, gate.passing(1):
        for number in range(8):
            pool.submit(one, number)
            waiting_for(lambda queued=number + 1: len(gate._queue) == queued)  # type: ignore[misc]
    assert order == list(range(8))


def test_a_closed_gate_lets_nothing_new_pass_and_what_is_in_flight_finish() -> None:
    gate = Gate(1)

    def one() -> None:
        with gate.passing(1):
            raise AssertionError("it passed")

    with ThreadPoolExecutor(2) as pool:
        with gate.passing(1) as passage:
            late: list[Future[None]] = [pool.submit(one), pool.submit(gate.nap, 600.0)]
            waiting_for(lambda: len(gate._queue) == 1)
            gate.close()
            passage.settle(1, None)
        for future in late:
            with pytest.raises(Stopped, match="stopped before the next request was sent"):
                future.result(timeout=30)
    with pytest.raises(Stopped), gate.passing(1):
        pass
    with pytest.raises(Stopped):
        gate.check()
    assert (gate.figures().sent, gate.figures().in_flight) == (1, 0)


def test_a_nap_ends_when_it_is_over() -> None:
    Gate(1).nap(0.0)


def test_throttling_lowers_the_limit_and_answers_raise_it_again() -> None:
    gate = Gate(4, clock=Clock())
    throttled(gate)
    assert (gate.figures().limit, gate.figures().throttled) == (2, 1)
    throttled(gate)
    assert (gate.figures().limit, gate.figures().throttled) == (1, 2)
    for _ in range(12):
        with gate.passing(1) as passage:
            passage.settle(1, None)
    assert gate.figures().limit == 4


@pytest.mark.parametrize(("status", "expected"), [(429, 1), (503, 1), (500, 0), (None, 0)])
def test_only_throttling_counts_as_throttling(status: int | None, expected: int) -> None:
    gate = Gate(4, clock=Clock())
    with pytest.raises(TransportError), gate.passing(1):
        raise TransportError("no", status=status)
    assert gate.figures().throttled == expected
    assert gate.figures().in_flight == 0


def test_a_pause_holds_for_everybody_until_it_is_over() -> None:
    clock = Clock()
    gate = Gate(4, clock=clock)
    throttled(gate, retry_after=7.0)
    assert gate.figures().paused_for == 7.0
    with ThreadPoolExecutor(1) as pool:
        waits = pool.submit(passed, gate)
        waiting_for(lambda: len(gate._queue) == 1)
        assert gate.figures().sent == 1
        clock.now += 7.0
        with gate._lock:
            gate._wake()
        waits.result(timeout=30)
    assert gate.figures().sent == 2


def test_an_endpoint_with_nothing_left_is_left_alone() -> None:
    clock = Clock()
    gate = Gate(4, clock=clock)
    with gate.passing(1) as passage:
        passage.settle(1, Pace(requests_left=0, requests_reset=2.5))
    assert gate.figures().paused_for == 2.5
    throttled_at = gate.figures().throttled
    clock.now += 3
    throttled(gate, pace=Pace(tokens_left=0, tokens_reset=4.0))
    assert (throttled_at, gate.figures().paused_for) == (0, 4.0)


def test_who_asks_to_wait_an_hour_is_not_asked_again() -> None:
    clock = Clock()
    gate = Gate(4, clock=clock)
    throttled(gate, retry_after=3600.0)
    clock.now += 100
    with pytest.raises(EndpointRefused, match="asks to wait 3500 s; run again then") as caught, gate.passing(1):
        pass
    assert caught.value.exit_code == 3
    clock.now += 3500
    with gate.passing(1):
        pass


def test_tokens_are_reserved_and_settled() -> None:
    clock = Clock()
    gate = Gate(9, tpm=6_000, clock=clock)

    def room() -> float | None:
        return gate._flow.wait(100, clock.now)

    with gate.passing(300) as passage:
        assert room() == pytest.approx(300 / ((6_000 - 99) / 60))
        passage.settle(50, None)
    assert room() == pytest.approx(50 / ((6_000 - 99) / 60))


def test_a_reply_that_counts_nothing_leaves_the_reservation_and_a_throttled_request_gives_it_back() -> None:
    clock = Clock()
    gate = Gate(9, tpm=6_000, clock=clock)
    with gate.passing(100) as passage:
        passage.settle(None, None)
    assert gate._flow.wait(100, clock.now) == pytest.approx(100 / ((6_000 - 99) / 60))
    clock.now += 60
    with pytest.raises(TransportError), gate.passing(100):
        raise TransportError("busy", status=429)
    assert gate._flow.wait(100, clock.now) == 0.0
