import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.llm.wire import Said, answer_bound, objects, parse, read, sendable, tokens
from decomposer.ports import Request


def reply(message: dict[str, Any], finish: str = "stop") -> str:
    return json.dumps({"choices": [{"message": message, "finish_reason": finish}]})


def test_text_is_read() -> None:
    assert read(reply({"content": "yes"})) == Said(text="yes", finish="stop")


def test_text_in_parts_is_joined() -> None:
    parts = [{"type": "thinking", "thinking": []}, {"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    assert read(reply({"content": parts})).text == "ab"


def test_a_tool_call_keeps_what_else_it_carries() -> None:
    call = {
        "id": "7",
        "type": "function",
        "extra": {"signature": "s"},
        "function": {"name": "Draft", "arguments": "{}"},
    }
    said = read(reply({"content": None, "tool_calls": [call]}))
    assert (said.arguments, said.call) == ("{}", call)


def test_tool_arguments_that_are_an_object_become_text() -> None:
    said = read(reply({"tool_calls": [{"function": {"name": "Draft", "arguments": {"a": 1}}}]}))
    function = {"name": "Draft", "arguments": '{"a": 1}'}
    assert said.arguments == '{"a": 1}'
    assert said.call == {"id": "call", "type": "function", "function": function}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (reply({"refusal": "I won't."}), "I won't."),
        (reply({"content": ""}, "content_filter"), "content filter"),
        ('{"error": {"code": "content_filter", "message": "filtered"}}', "filtered"),
        ('{"error": {"type": "content_filter"}}', "content filter"),
        (reply({"refusal": None, "content": "yes"}), ""),
        ('{"error": "content_filter"}', ""),
    ],
)
def test_refusals_are_told_from_answers(raw: str, reason: str) -> None:
    assert read(raw).declined == reason


@pytest.mark.parametrize(
    "raw",
    ["", "null", "[]", "{}", '{"choices": 1}', '{"choices": [1]}', '{"choices": [{"message": "hi"}]}', "[" * 100_000],
)
def test_a_body_that_is_no_completion_says_nothing(raw: str) -> None:
    assert read(raw) == Said()


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["choices", "message", "content", "tool_calls", "function", "arguments", "error", "refusal"]
            ),
            children,
        )
    ),
)


@given(json_values)
def test_reading_never_fails(value: object) -> None:
    said = read(json.dumps(value))
    said.text.encode()
    assert (said.arguments is None) == (said.call is None)


@pytest.mark.parametrize("raw", ["", "{", "[1]", "1", '{"a": ' + "[" * 100_000])
def test_what_is_no_object_can_not_be_parsed(raw: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(raw)


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"prompt_tokens": 12, "completion_tokens": 3}, (12, 3, None)),
        ({"prompt_tokens": 12, "prompt_tokens_details": {"cached_tokens": 8}}, (12, None, 8)),
        ({"prompt_tokens": True, "completion_tokens": 10**30}, (None, None, None)),
        ({"prompt_tokens": -1, "completion_tokens": float("nan")}, (None, None, None)),
        ({"prompt_tokens_details": {"cached_tokens": "8"}}, (None, None, None)),
        ({"prompt_tokens_details": 8}, (None, None, None)),
        (None, (None, None, None)),
        ("many", (None, None, None)),
    ],
)
def test_token_counts_are_believed_only_where_they_can_be(
    usage: object, expected: tuple[int | None, int | None, int | None]
) -> None:
    assert tokens({"usage": usage}) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1}', ['{"a": 1}']),
        ('Sure:\n```json\n{"a": {"b": 1}}\n```', ['{"a": {"b": 1}}']),
        ('a {brace} and {"a": "}"} then {"b": 2} [1]', ['{"a": "}"}', '{"b": 2}']),
        ("nothing", []),
        ('{"a": ', []),
        ('{"a": ' * 100_000, []),
    ],
)
def test_objects_are_found_in_prose(text: str, found: list[str]) -> None:
    assert list(objects(text)) == found


def test_half_surrogate_pairs_are_replaced_and_whole_ones_joined() -> None:
    assert sendable("plain \U0001f41f") == "plain \U0001f41f"
    assert sendable("a\udce9b") == "a\ufffdb"
    assert sendable("\ud83d\udc1f\ud800") == "\U0001f41f\ufffd"


@pytest.mark.parametrize(
    "error",
    [
        {"code": "content_filter", "message": "no"},
        {"type": "content_policy_violation", "message": "no"},
        {"code": 403, "message": "no", "metadata": {"reasons": ["violence"], "flagged_input": "the text"}},
    ],
)
def test_moderation_of_a_document_is_a_refusal_and_not_a_wrong_key(error: object) -> None:
    assert read(json.dumps({"error": error})).declined == "no"


@pytest.mark.parametrize("error", [{"code": 403, "message": "no"}, {"code": ["x"], "metadata": "reasons"}])
def test_other_errors_are_no_refusal(error: object) -> None:
    assert read(json.dumps({"error": error})).declined == ""


@pytest.mark.parametrize(
    ("body", "ceiling", "bound"),
    [
        ({}, None, None),
        ({}, 800, 800),
        ({"max_tokens": 900}, 800, 900),
        ({"max_completion_tokens": 700}, None, 700),
        ({"max_tokens": None}, 800, 800),
    ],
)
def test_what_a_body_allows_goes_before_the_ceiling(body: dict[str, object], ceiling: int | None, bound: int) -> None:
    assert answer_bound(Request("http://x.example", "m", "tools", body, ceiling=ceiling)) == bound
