import json
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from decomposer.errors import AnswerTooLong, InvalidAnswer, Refused
from decomposer.llm import Mode
from decomposer.llm.exchange import LONGEST_ANSWER, Exchange
from decomposer.ports import Reply, Request, Took


class Verdict(BaseModel):
    """Whether two texts say the same."""

    same: bool


class Saying:
    """A completion whose replies hold these messages, one after the other."""

    def __init__(self, *messages: dict[str, Any], finish: str = "stop", cached: bool = False) -> None:
        self.messages = list(messages)
        self.finish = finish
        self.cached = cached
        self.bodies: list[Any] = []

    def complete(self, request: Request) -> Reply:
        self.bodies.append(request.body)
        choice = {"message": self.messages.pop(0), "finish_reason": self.finish}
        return Reply(request.key, json.dumps({"choices": [choice]}), self.cached, 10, 2)


def exchange(completion: Saying, mode: Mode = "json") -> Exchange:
    return Exchange(completion, "http://127.0.0.1/v1", "lantern", mode, Verdict)


def asking() -> list[dict[str, Any]]:
    return [{"role": "user", "content": "Do they?"}]


def called(arguments: str) -> dict[str, Any]:
    return {
        "role": "assistant",
        "tool_calls": [{"id": "call", "type": "function", "function": {"name": "Verdict", "arguments": arguments}}],
    }


def test_an_answer_is_put_where_the_mode_has_it() -> None:
    text = '{"same": true}'
    assert exchange(Saying({"content": text})).ask(asking(), {}) == {"role": "assistant", "content": text}
    assert exchange(Saying(called(text))).ask(asking(), {}) == {"role": "assistant", "content": text}
    assert exchange(Saying(called(text)), "tools").ask(asking(), {}) == called(text)
    assert exchange(Saying({"content": f"I say {text}."}), "tools").ask(asking(), {}) == called(text)


def test_an_object_in_the_wrong_form_is_left_to_who_asked() -> None:
    assert exchange(Saying({"content": "{}"})).ask(asking(), {}) == {"role": "assistant", "content": "{}"}


@pytest.mark.parametrize(
    ("said", "error", "told", "back"),
    [
        ("", ValueError, "it is empty", "(no answer)"),
        ("Yes.", ValueError, "it holds no JSON object", "Yes."),
        ('I say {"same": 7}', ValidationError, "Input should be a valid boolean", 'I say {"same": 7}'),
    ],
)
def test_what_is_no_answer_is_told_in_the_conversation(said: str, error: type[Exception], told: str, back: str) -> None:
    messages = asking()
    with pytest.raises(error, match=told):
        exchange(Saying({"content": said})).ask(messages, {})
    assert messages[:2] == [*asking(), {"role": "assistant", "content": back}]
    assert told in messages[2]["content"]


def test_complaints_go_out_without_links_and_shortened() -> None:
    completion = Saying({"content": "{}"}, {"content": "{}"})
    held = exchange(completion)
    messages = asking()
    held.ask(messages, {})
    complaint = "bad\n    For further information visit https://example.org/v/missing\n" + "x" * 9000
    messages += [{"role": "assistant", "content": "{}"}, {"role": "user", "content": complaint}]
    held.ask(messages, {})
    sent = completion.bodies[1]["messages"]
    assert sent[:2] == [*asking(), {"role": "assistant", "content": "{}"}]
    assert sent[2]["content"].startswith("bad\nxxx")
    assert len(sent[2]["content"]) < 4100


def test_a_recorded_refusal_is_not_asked_again() -> None:
    completion = Saying({"refusal": "no"}, cached=True)
    with pytest.raises(Refused, match="lantern refused to answer: no"):
        exchange(completion).ask(asking(), {})
    assert len(completion.bodies) == 1


def test_a_cut_off_answer_is_too_long() -> None:
    with pytest.raises(AnswerTooLong):
        exchange(Saying({"content": '{"same"'}, finish="length")).ask(asking(), {})


def test_an_endless_answer_is_invalid_at_once() -> None:
    with pytest.raises(InvalidAnswer, match="1,000,001 characters"):
        exchange(Saying({"content": "x" * (LONGEST_ANSWER + 1)})).ask(asking(), {})


def test_an_answer_counts_what_was_sent_and_what_was_recorded() -> None:
    held = exchange(Saying())
    held.replies = [Reply("a", "", True, 10, 2), Reply("b", "", False, 20, 4), Reply("b", "", False, None, 8)]
    answer = held.answer("openai/lantern", Verdict(same=True), Verdict)
    assert (answer.value, answer.request_keys) == (Verdict(same=True), ("a", "b"))
    assert (answer.requests, answer.cached, answer.prompt_tokens, answer.completion_tokens) == (2, 1, 20, 12)
    assert answer.cost_usd is None


def test_what_was_wrong_in_the_end_is_named_with_the_last_reply() -> None:
    held = exchange(Saying({"content": "{}"}))
    held.ask(asking(), {})
    with pytest.raises(ValidationError) as caught:
        Verdict.model_validate_json("{}")
    failure = held.failure(caught.value)
    assert isinstance(failure, InvalidAnswer)
    assert str(failure).startswith("lantern gave no valid Verdict in 1 answer: same: Field required (1 errors); ")
    assert json.loads(failure.raw)["choices"][0]["message"] == {"content": "{}"}


def test_what_was_asked_until_the_end_is_counted_and_priced() -> None:
    held = exchange(Saying())
    held.replies = [Reply("a", "", True, 10, 2), Reply("b", "", False, 20, 4, cost_usd=Decimal("0.5"))]
    assert held.took() == Took(1, 1, 20, 4, Decimal("0.5"))
    held.replies.append(Reply("c", "", False, None, None))
    assert held.took() == Took(2, 1, 20, 4, None)


def test_what_comes_from_the_ledger_costs_nothing() -> None:
    held = exchange(Saying())
    held.replies = [Reply("a", "", True, 10, 2)]
    assert held.answer("openai/lantern", Verdict(same=True), Verdict).cost_usd == Decimal(0)


def test_the_ceiling_goes_along_with_every_request() -> None:
    ceilings: list[int | None] = []

    class Noting(Saying):
        def complete(self, request: Request) -> Reply:
            ceilings.append(request.ceiling)
            return super().complete(request)

    held = Exchange(Noting({"content": "{}"}), "http://127.0.0.1/v1", "lantern", "json", Verdict, 500)
    held.ask(asking(), {})
    assert ceilings == [500]


@pytest.mark.parametrize(("finish", "message"), [("length", {"content": "{"}), ("stop", {"refusal": "no"})])
def test_what_can_not_be_used_keeps_the_reply(finish: str, message: dict[str, Any]) -> None:
    with pytest.raises((AnswerTooLong, Refused)) as caught:
        exchange(Saying(message, message, finish=finish)).ask(asking(), {})
    assert json.loads(caught.value.raw)["choices"][0]["message"] == message
