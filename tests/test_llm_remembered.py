import os
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from decomposer.errors import InDoubt, Stopped, Unanswered
from decomposer.llm import DoubtPolicy
from decomposer.llm.recorded import Recorded
from decomposer.llm.remembered import Offline, Remembered
from decomposer.ports import Attempt, Reply, Request, Sending
from tests.asking import MemoryLedger
from tests.test_llm_recorded import GOOD, REFUSED, REQUEST, Replying

HERE = socket.gethostname()
PARENT = os.getppid()  # a live process that is not this one
GONE = 2**22 + 1  # more than a process id can be


def remembered(ledger: MemoryLedger, *raws: str, in_doubt: DoubtPolicy = "retry") -> Remembered:
    return Remembered(Recorded(Replying(ledger, *raws), ledger), ledger, sleep=never, in_doubt=in_doubt)


def never(seconds: float) -> None:
    raise AssertionError("it slept")


def sent(ledger: MemoryLedger, *, host: str = HERE, pid: int = GONE, seconds_ago: float = 1.0) -> None:
    """Leave an attempt that was sent and has no end."""
    ledger.begin(REQUEST)
    at = (datetime.now(UTC) - timedelta(seconds=seconds_ago)).isoformat()
    ledger.rows[-1] = replace(ledger.rows[-1], host=host, pid=pid, sent_at=at)


def test_an_answered_request_is_not_sent_again_and_costs_nothing() -> None:
    ledger = MemoryLedger()
    completion = remembered(ledger, GOOD)
    completion.complete(REQUEST)
    assert completion.complete(REQUEST) == Reply(REQUEST.key, GOOD, True, 7, 2)
    assert ledger.states == ["answered"]


def test_a_refusal_is_sent_once_more_and_then_stands() -> None:
    ledger = MemoryLedger()
    completion = remembered(ledger, REFUSED, REFUSED)
    assert [completion.complete(REQUEST).cached for _ in range(4)] == [False, False, True, True]
    assert ledger.states == ["refused", "refused"]


def test_an_answer_after_a_refusal_stands() -> None:
    ledger = MemoryLedger()
    completion = remembered(ledger, REFUSED, GOOD)
    assert [completion.complete(REQUEST).raw for _ in range(3)] == [REFUSED, GOOD, GOOD]


# --- in doubt


@pytest.mark.parametrize(
    ("host", "pid", "seconds_ago"),
    [(HERE, GONE, 1.0), (HERE, 0, 1.0), (HERE, os.getpid(), 1.0), (HERE, PARENT, 9_999.0), ("elsewhere", 7, 121.0)],
    ids=["gone", "no process", "this process", "too long ago", "elsewhere and too long ago"],
)
def test_what_nobody_has_under_way_is_asked_again_or_held(host: str, pid: int, seconds_ago: float) -> None:
    ledger = MemoryLedger()
    sent(ledger, host=host, pid=pid, seconds_ago=seconds_ago)
    with pytest.raises(InDoubt, match="in-doubt retry") as caught:
        remembered(ledger, in_doubt="hold").complete(REQUEST)
    assert caught.value.key == REQUEST.key
    assert remembered(ledger, GOOD).complete(REQUEST).raw == GOOD
    assert ledger.states == ["sent", "answered"]


@pytest.mark.parametrize(("host", "pid"), [(HERE, PARENT), ("elsewhere", 7)], ids=["here", "elsewhere"])
def test_what_another_live_process_has_under_way_is_waited_for_and_not_paid_twice(host: str, pid: int) -> None:
    ledger = MemoryLedger()
    sent(ledger, host=host, pid=pid)
    naps: list[float] = []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            ledger.finish(REQUEST.key, 1, Reply(REQUEST.key, GOOD, False, 7, 2))

    reply = Remembered(Replying(ledger), ledger, sleep=sleep).complete(REQUEST)
    assert (reply, len(naps)) == (Reply(REQUEST.key, GOOD, True, 7, 2), 3)


def test_who_waits_for_another_process_can_be_stopped() -> None:
    ledger = MemoryLedger()
    sent(ledger, pid=PARENT)

    def sleep(seconds: float) -> None:
        raise Stopped("stopped")

    with pytest.raises(Stopped):
        Remembered(Replying(ledger), ledger, sleep=sleep).complete(REQUEST)


def test_the_doubt_says_what_it_may_have_cost() -> None:
    ledger = MemoryLedger()
    sent(ledger)
    with pytest.raises(InDoubt, match=r"request \w{12} was sent .* by process \d+ on .*; it may have been answered;"):
        remembered(ledger, in_doubt="hold").complete(REQUEST)


def test_an_answer_ends_the_doubt() -> None:
    ledger = MemoryLedger()
    sent(ledger)
    remembered(ledger, GOOD).complete(REQUEST)
    assert remembered(ledger, in_doubt="hold").complete(REQUEST).cached


def test_what_waits_in_a_batch_job_is_not_asked_beside_it() -> None:
    ledger = MemoryLedger()
    ledger.begin(REQUEST, Sending(job=9))
    with pytest.raises(InDoubt, match="waits in job 9 of the provider's batch mode; `decomposer batch collect`"):
        remembered(ledger).complete(REQUEST)


# --- offline


def test_offline_answers_what_is_known_and_names_what_is_not() -> None:
    ledger = MemoryLedger()
    missed: list[Request] = []
    offline = Offline(ledger, on_miss=missed.append)
    with pytest.raises(Unanswered) as caught:
        offline.complete(REQUEST)
    assert (caught.value.key, missed, ledger.rows) == (REQUEST.key, [REQUEST], [])
    remembered(ledger, GOOD).complete(REQUEST)
    assert offline.complete(REQUEST) == Reply(REQUEST.key, GOOD, True, 7, 2)
    assert missed == [REQUEST]


def _queued(ledger: MemoryLedger) -> None:
    ledger.begin(REQUEST, Sending(job=9))


def _refused_once(ledger: MemoryLedger) -> None:
    ledger.rows.append(Attempt(REQUEST.key, 1, "refused", raw=REFUSED))


@pytest.mark.parametrize("before", [sent, _queued, _refused_once])
def test_offline_what_has_no_answer_yet_is_missing(before: Callable[[MemoryLedger], None]) -> None:
    ledger = MemoryLedger()
    before(ledger)
    missed: list[Request] = []
    with pytest.raises(Unanswered):
        Offline(ledger, on_miss=missed.append).complete(REQUEST)
    assert missed == [REQUEST]


def test_offline_a_doubt_that_is_held_is_not_missing() -> None:
    ledger = MemoryLedger()
    sent(ledger)
    missed: list[Request] = []
    with pytest.raises(InDoubt):
        Offline(ledger, on_miss=missed.append, in_doubt="hold").complete(REQUEST)
    assert missed == []
