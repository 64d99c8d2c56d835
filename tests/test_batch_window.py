"""The window is bounded, an error is an outcome, and only what concerns every document ends the run."""

from collections.abc import Iterator
from decimal import Decimal
from threading import Barrier, Event, Lock

import pytest

from decomposer.batch import run
from decomposer.batch.window import failure
from decomposer.errors import BudgetReached, EndpointRefused, InvalidAnswer, SourceError, Stopped
from decomposer.measures import Took
from decomposer.ports import Item, Outcome


def items(count: int) -> list[Item]:
    return [Item(position, f"r{position}") for position in range(count)]


def well(item: Item) -> Outcome:
    return Outcome(item.position, item.ref, "ok")


def test_every_reference_has_one_outcome() -> None:
    ended = list(run(items(100), well, threads=8))
    assert sorted(outcome.position for outcome in ended) == list(range(100))


def test_no_more_than_so_many_are_taken_before_one_has_ended() -> None:
    taken, ended = [0], [0]
    most: list[int] = []
    lock = Lock()

    def coming() -> Iterator[Item]:
        for item in items(200):
            taken[0] += 1
            most.append(taken[0] - ended[0])
            yield item

    for _ in run(coming(), well, threads=5):
        with lock:
            ended[0] += 1
    assert max(most) <= 6  # one more than threads: it is taken to be looked at
    assert len(most) == 200


def test_so_many_are_worked_on_at_once() -> None:
    together = Barrier(4, timeout=10)

    def meeting(item: Item) -> Outcome:
        together.wait()
        return well(item)

    assert len(list(run(items(8), meeting, threads=4))) == 8


def test_references_that_never_end_are_worked_on_as_they_come() -> None:
    def forever() -> Iterator[Item]:
        position = 0
        while True:
            yield Item(position, "r")
            position += 1

    ended = run(forever(), well, threads=2)
    assert [next(ended).state for _ in range(50)] == ["ok"] * 50
    ended.close()


def test_nothing_just_now_is_not_the_end() -> None:
    coming = [Item(0, "a"), None, None, Item(1, "b"), None]
    assert sorted(outcome.ref for outcome in run(coming, well, threads=2)) == ["a", "b"]


def test_whatever_goes_wrong_with_one_reference_is_its_outcome() -> None:
    def work(item: Item) -> Outcome:
        if item.position == 1:
            raise SourceError("r1: no such file", hint="check the spelling")
        if item.position == 2:
            raise ZeroDivisionError("by 0")
        return well(item)

    ended = {outcome.position: outcome for outcome in run(items(4), work, threads=2)}
    assert [ended[position].state for position in range(4)] == ["ok", "failed", "failed", "ok"]
    assert ended[1].reason == "r1: no such file; check the spelling"
    assert ended[2].reason == "unexpected ZeroDivisionError: by 0; this is a bug, please report it"


def test_a_failed_document_says_what_was_spent_on_it_and_keeps_the_last_reply() -> None:
    error = InvalidAnswer("no draft", raw='{"a"')
    error.took = Took(3, 1, 100, 20, Decimal("0.5"))
    found = failure(Item(7, "r"), error)
    assert found == Outcome(
        7, "r", "failed", reason="no draft", raw='{"a"', requests=3, cached=1, prompt_tokens=100,
        completion_tokens=20, cost_usd=Decimal("0.5"),
    )  # fmt: skip


def test_what_a_failure_cost_is_unknown_where_nobody_counted() -> None:
    assert failure(Item(0, "r"), InvalidAnswer("no draft")).cost_usd is None
    assert failure(Item(0, "r"), SourceError("no file")).cost_usd == 0


@pytest.mark.parametrize("error", [BudgetReached("enough"), EndpointRefused("bad key", status=401)])
def test_what_concerns_every_document_ends_the_run_after_what_is_under_way(error: Exception) -> None:
    closed = Event()
    begun: list[int] = []

    def work(item: Item) -> Outcome:
        begun.append(item.position)
        if item.position == 3:
            raise error
        if item.position < 3:
            assert closed.wait(10)
        return well(item)

    ended: list[Outcome] = []
    with pytest.raises(type(error)) as caught:
        ended.extend(run(items(1000), work, threads=4, close=closed.set))
    assert caught.value is error
    assert sorted(outcome.position for outcome in ended) == [0, 1, 2]
    assert sorted(begun) == [0, 1, 2, 3]


def test_a_run_that_is_to_stop_finishes_what_is_under_way_and_says_that_it_stopped() -> None:
    stop = Event()
    closed: list[bool] = []
    ended: list[Outcome] = []

    def stopping(item: Item) -> Outcome:
        stop.set()
        return well(item)

    with pytest.raises(Stopped, match="stopped; run the same command again"):
        ended.extend(run(items(1000), stopping, threads=2, stopping=stop.is_set, close=lambda: closed.append(True)))
    assert 1 <= len(ended) <= 4
    assert closed == [True]


def test_an_error_of_the_references_ends_the_run() -> None:
    def coming() -> Iterator[Item]:
        yield Item(0, "a")
        raise BudgetReached("no more")

    ended: list[Outcome] = []
    with pytest.raises(BudgetReached):
        ended.extend(run(coming(), well, threads=2))
    assert [outcome.ref for outcome in ended] == ["a"]
