import json

import pytest

from decomposer.errors import TransportError, Unanswered
from decomposer.llm.recorded import Recorded
from decomposer.ports import Reply, Request
from tests.asking import MemoryLedger

REQUEST = Request("http://127.0.0.1/v1", "lantern", "tools", {"messages": []})
GOOD = json.dumps({"choices": [{"message": {"content": "yes"}}]})
REFUSED = json.dumps({"choices": [{"message": {"refusal": "no"}}]})


class Replying:
    """A completion that gives each raw reply in turn; None is a failure. It looks at the ledger before it replies."""

    def __init__(self, ledger: MemoryLedger, *raws: str | None) -> None:
        self.ledger = ledger
        self.raws = list(raws)
        self.seen: list[list[str]] = []

    def complete(self, request: Request) -> Reply:
        self.seen.append(self.ledger.states)
        raw = self.raws.pop(0)
        if raw is None:
            raise TransportError("busy", retryable=True)
        return Reply(request.key, raw, prompt_tokens=7, completion_tokens=2)


def test_the_intent_is_written_before_the_request_is_sent() -> None:
    ledger = MemoryLedger()
    completion = Replying(ledger, GOOD)
    assert Recorded(completion, ledger).complete(REQUEST).raw == GOOD
    assert completion.seen == [["sent"]]
    assert ledger.states == ["answered"]


def test_an_answered_request_is_not_sent_again() -> None:
    ledger = MemoryLedger()
    recorded = Recorded(Replying(ledger, GOOD), ledger)
    recorded.complete(REQUEST)
    assert recorded.complete(REQUEST) == Reply(REQUEST.key, GOOD, True, 7, 2)


def test_a_failed_attempt_is_closed_and_the_next_has_its_own_row() -> None:
    ledger = MemoryLedger()
    recorded = Recorded(Replying(ledger, None, GOOD), ledger)
    with pytest.raises(TransportError):
        recorded.complete(REQUEST)
    recorded.complete(REQUEST)
    assert [(row.attempt, row.state, row.error) for row in ledger.rows] == [
        (1, "failed", "busy"),
        (2, "answered", None),
    ]


def test_a_refusal_is_sent_once_more_and_then_stands() -> None:
    ledger = MemoryLedger()
    recorded = Recorded(Replying(ledger, REFUSED, REFUSED), ledger)
    assert [recorded.complete(REQUEST).cached for _ in range(4)] == [False, False, True, True]
    assert ledger.states == ["refused", "refused"]


def test_an_answer_after_a_refusal_stands() -> None:
    ledger = MemoryLedger()
    recorded = Recorded(Replying(ledger, REFUSED, GOOD), ledger)
    assert [recorded.complete(REQUEST).raw for _ in range(3)] == [REFUSED, GOOD, GOOD]


def test_an_attempt_in_doubt_does_not_stand_in_the_way() -> None:
    ledger = MemoryLedger()
    ledger.begin(REQUEST)
    assert Recorded(Replying(ledger, GOOD), ledger).complete(REQUEST).raw == GOOD
    assert ledger.states == ["sent", "answered"]


def test_offline_answers_what_is_known_and_names_what_is_not() -> None:
    ledger = MemoryLedger()
    offline = Recorded(Replying(ledger), ledger, offline=True)
    with pytest.raises(Unanswered) as caught:
        offline.complete(REQUEST)
    assert (caught.value.key, ledger.rows) == (REQUEST.key, [])
    Recorded(Replying(ledger, GOOD), ledger).complete(REQUEST)
    assert offline.complete(REQUEST).raw == GOOD
