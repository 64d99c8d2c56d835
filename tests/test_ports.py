"""A request's key is its content."""

import pytest

from decomposer.ports import Request

BODY = {"messages": [{"role": "user", "content": "é"}], "temperature": 0}


def test_the_same_request_has_the_same_key_whatever_the_order_of_its_parts() -> None:
    one = Request("http://x/v1", "m", "tools", BODY)
    two = Request("http://x/v1", "m", "tools", dict(reversed(BODY.items())))
    assert one.key == two.key
    assert len(one.key) == 64


@pytest.mark.parametrize(
    "other",
    [
        Request("http://y/v1", "m", "tools", BODY),
        Request("http://x/v1", "n", "tools", BODY),
        Request("http://x/v1", "m", "json", BODY),
        Request("http://x/v1", "m", "tools", {**BODY, "temperature": 1}),
        Request("http://x/v1", "m", "tools", BODY, sample=1),
    ],
)
def test_whatever_shapes_the_answer_changes_the_key(other: Request) -> None:
    assert Request("http://x/v1", "m", "tools", BODY).key != other.key
