"""Requests are cut into files: nothing is lost, nothing is doubled, and no file is too large."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from decomposer.batch.files import Terms, custom_id, cut, estimated, fitting
from decomposer.ports import Attempt, Request


def asked(number: int, model: str = "m", length: int = 0) -> Request:
    return Request("http://x", model, "tools", {"messages": [{"role": "user", "content": f"{number}" + "x" * length}]})


def size(request: Request) -> int:
    return len(str(request.body["messages"][0]["content"]))


REQUESTS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 30)), max_size=30)


@given(REQUESTS, st.integers(1, 7), st.integers(1, 60))
def test_every_request_is_in_one_file_of_its_model_and_no_file_is_too_large(
    wanted: list[tuple[str, int]], lines: int, most: int
) -> None:
    requests = [asked(number, model, length) for number, (model, length) in enumerate(wanted)]
    parts = list(cut(requests, Terms(lines=lines, size=most), size=size))
    assert sorted(request.key for part in parts for request in part) == sorted(request.key for request in requests)
    assert all(len({request.model for request in part}) == 1 for part in parts)
    assert all(len(part) <= lines for part in parts)
    assert all(sum(map(size, part)) <= most or len(part) == 1 for part in parts)


def test_a_file_is_ready_as_soon_as_it_is_full() -> None:
    endless = (asked(number) for number in iter(int, 1))
    assert len(next(cut(endless, Terms(lines=3), size=size))) == 3


@given(st.lists(st.integers(0, 100), max_size=20), st.integers(0, 500))
def test_as_many_fit_as_there_is_room_for(sizes: list[int], room: int) -> None:
    count = fitting(sizes, room)
    assert sum(sizes[:count]) <= room
    assert count == len(sizes) or sum(sizes[: count + 1]) > room


def test_what_has_no_known_price_fits_nowhere_and_everything_where_there_is_no_limit() -> None:
    assert fitting([Decimal(1), None, Decimal(1)], Decimal(9)) == 1
    assert fitting([None, None], None) == 2


def test_a_name_at_the_provider_tells_attempts_apart_and_is_short_enough() -> None:
    key = asked(1).key
    names = {custom_id(Attempt(key, number, "sent")) for number in (1, 2, 1_000_000)}
    assert names == {f"{key[:40]}-1", f"{key[:40]}-2", f"{key[:40]}-1000000"}
    assert max(map(len, names)) <= 64


def test_longer_requests_are_estimated_to_have_more_tokens() -> None:
    assert 0 < estimated(asked(1)) < estimated(asked(1, length=1000))
