import pytest

from decomposer.errors import TransportError
from decomposer.llm.gate import Gate
from decomposer.llm.limited import EXPECTED, Limited, expected
from decomposer.ports import Pace, Reply, Request

REQUEST = Request("http://127.0.0.1/v1", "lantern", "tools", {"messages": [{"role": "user", "content": "x" * 4_000}]})
ROOM = (6_000 - 99) / 60  # tokens a second


class Replying:
    """A completion that gives one reply, or raises."""

    def __init__(self, given: Reply | Exception) -> None:
        self.given = given

    def complete(self, request: Request) -> Reply:
        if isinstance(self.given, Exception):
            raise self.given
        return self.given


def test_a_request_is_expected_to_take_a_token_for_four_bytes_and_its_answer() -> None:
    short = Request(REQUEST.endpoint, "lantern", "tools", {**REQUEST.body, "max_tokens": 50})
    assert expected(REQUEST) == REQUEST.size // 4 + EXPECTED
    assert expected(short) == short.size // 4 + 50


@pytest.mark.parametrize(("prompt", "completion", "taken"), [(900, 100, 1_000), (None, 100, expected(REQUEST))])
def test_what_was_expected_is_settled_by_what_the_reply_took(
    prompt: int | None, completion: int | None, taken: int
) -> None:
    gate = Gate(2, tpm=6_000, clock=lambda: 0.0)
    Limited(Replying(Reply("k", "{}", False, prompt, completion)), gate).complete(REQUEST)
    assert gate._flow.wait(100, 0.0) == pytest.approx(taken / ROOM)


def test_what_the_endpoint_says_of_its_limits_is_heeded() -> None:
    gate = Gate(2, clock=lambda: 0.0)
    Limited(Replying(Reply("k", "{}", pace=Pace(requests_left=0, requests_reset=5.0))), gate).complete(REQUEST)
    assert gate.figures().paused_for == 5.0


def test_a_throttled_request_pauses_the_whole_endpoint() -> None:
    gate = Gate(2, clock=lambda: 0.0)
    with pytest.raises(TransportError):
        Limited(Replying(TransportError("busy", status=429, retry_after=9.0)), gate).complete(REQUEST)
    assert (gate.figures().paused_for, gate.figures().throttled, gate.figures().in_flight) == (9.0, 1, 0)
