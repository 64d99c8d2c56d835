import pytest

from decomposer.errors import ModelError, TransportError, Unanswered
from decomposer.llm.retry import LONGEST_WAIT, Retry
from decomposer.ports import Reply, Request

REQUEST = Request("http://127.0.0.1/v1", "lantern", "tools", {"messages": []})
REPLY = Reply(REQUEST.key, "{}")


class Failing:
    """A completion that raises each of `errors` once, then replies. `asked` counts."""

    def __init__(self, *errors: ModelError) -> None:
        self.errors = list(errors)
        self.asked = 0

    def complete(self, request: Request) -> Reply:
        self.asked += 1
        if self.errors:
            raise self.errors.pop(0)
        return REPLY


def passing(retry_after: float | None = None) -> TransportError:
    return TransportError("busy", retryable=True, status=429, retry_after=retry_after)


def test_a_reply_is_handed_on_without_a_pause() -> None:
    naps: list[float] = []
    assert Retry(Failing(), sleep=naps.append).complete(REQUEST) is REPLY
    assert naps == []


def test_pauses_grow() -> None:
    naps: list[float] = []
    failing = Failing(*[passing()] * 4)
    assert Retry(failing, sleep=naps.append).complete(REQUEST) is REPLY
    assert failing.asked == 5
    assert [1 <= naps[0] <= 2, 2 <= naps[1] <= 3, 4 <= naps[2] <= 5, 8 <= naps[3] <= 9] == [True] * 4


def test_the_last_error_is_raised_when_attempts_are_used_up() -> None:
    last = passing()
    failing = Failing(passing(), last, passing())
    with pytest.raises(TransportError) as caught:
        Retry(failing, attempts=2, sleep=lambda _: None).complete(REQUEST)
    assert caught.value is last


def test_retry_after_wins_over_the_growing_pause() -> None:
    naps: list[float] = []
    Retry(Failing(passing(0), passing(LONGEST_WAIT)), sleep=naps.append).complete(REQUEST)
    assert 0 <= naps[0] <= 1
    assert LONGEST_WAIT <= naps[1] <= LONGEST_WAIT + 1


def test_a_longer_wait_than_a_minute_is_told_instead_of_waited() -> None:
    failing = Failing(passing(61))
    with pytest.raises(TransportError, match="asks to wait 61 s; run again then"):
        Retry(failing, sleep=lambda _: None).complete(REQUEST)
    assert failing.asked == 1


@pytest.mark.parametrize("error", [TransportError("no", status=401), Unanswered("not in the ledger")])
def test_what_would_fail_again_is_raised_at_once(error: ModelError) -> None:
    failing = Failing(error)
    with pytest.raises(ModelError) as caught:
        Retry(failing, sleep=lambda _: None).complete(REQUEST)
    assert caught.value is error
    assert failing.asked == 1
