"""Deciding about many at once: the sample, the bound, and one undo."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.ports import Wanted
from decomposer.review.guard import acceptable, bound, guard, sample
from tests.reviewing import FINDS, INVENTED, READS, Bench, a_record, bench


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as opened:
        good = [a_record(f"Good {number}", FINDS) for number in range(20)]
        half = [a_record(f"Half {number}", READS, unique=INVENTED) for number in range(5)]
        bad = [a_record(f"Bad {number}", INVENTED) for number in range(5)]
        opened.add(*good, *half, *bad)
        yield opened


def test_no_error_in_59_is_at_most_five_in_a_hundred() -> None:
    # 1 - 0.05 ** (1 / 59), the closed form for no error.
    assert bound(0, 59) == pytest.approx(1 - 0.05 ** (1 / 59), abs=1e-12)
    assert bound(0, 59) < 0.05 < bound(0, 58)


@pytest.mark.parametrize(
    ("errors", "looked", "upper"),
    [(0, 0, 1.0), (3, 3, 1.0), (1, 10, 0.3942), (2, 50, 0.1206), (5, 100, 0.1023), (0, 1, 0.95)],
)
def test_the_bound_is_the_exact_one_sided_one(errors: int, looked: int, upper: float) -> None:
    assert bound(errors, looked) == pytest.approx(upper, abs=5e-5)


@given(looked=st.integers(1, 300), errors=st.integers(0, 300))
def test_the_bound_is_never_below_what_was_found_and_grows_with_every_error(looked: int, errors: int) -> None:
    if errors > looked:
        with pytest.raises(ValueError, match="can't be"):
            bound(errors, looked)
        return
    assert errors / looked <= bound(errors, looked) <= 1
    if errors:
        assert bound(errors - 1, looked) < bound(errors, looked)


def test_what_is_known_is_said_in_one_line(held: Bench) -> None:
    looked = sample(held.reviews, Wanted(), count=10)
    assert guard(looked, 0, of=1000, seed=7).text == (
        "0 errors in 10 of 1,000, chosen at random (seed 7): at most 25.9 % wrong, at 95 %"
    )
    assert guard(looked, 1, of=10).text == "1 error in 10 of 10: all were looked at"
    assert (guard(looked, 1, of=10).bound, guard([], 0, of=5).bound) == (0.1, 1.0)
    assert guard([], 0, of=5).text == "not one of 5 was looked at: nothing is known of how many are wrong"


def test_the_sample_is_of_what_would_be_accepted_and_the_same_for_the_same_seed(held: Bench) -> None:
    one, same, other = (sample(held.reviews, Wanted(), count=8, seed=seed) for seed in (1, 1, 2))
    assert [q.id for q in one] == [q.id for q in same] != [q.id for q in other]
    everything = sample(held.reviews, Wanted(), count=59)
    assert len(everything) == len({q.id for q in everything}) == 25
    assert all(map(acceptable, everything))


def test_all_that_is_meant_is_decided_at_once_with_what_is_known_and_taken_back_at_once(held: Bench) -> None:
    desk = held.desk()
    known = guard(desk.sample(count=10, seed=3), 0, of=desk.waiting(), seed=3)
    done = desk.decide_all(known, reason="a good run")
    assert (len(done.ids), len(done.refused)) == (25, 5)
    assert done.text.startswith("accepted 25 records, 5 of them without a field; bad-0: its description does not pass")
    assert {(one.guard, one.reason, one.batch) for one in held.reviews.history()} == {
        (known.text, "a good run", done.decisions[0].batch)
    }
    assert desk.waiting() == 5
    assert len(desk.undo().ids) == 25
    assert desk.waiting() == 30
    assert {one.state for one in held.entry().capabilities} == {"proposed"}


def test_many_are_rejected_at_once_where_a_query_means_them(held: Bench) -> None:
    from decomposer.query import conditions

    desk = held.desk(conditions=conditions("id=lynx/bad-*"))
    assert len(desk.decide_all(guard([], 0, of=5), reject=True).ids) == 5
    states = [one.state for one in held.entry().capabilities]
    assert states == ["proposed"] * 25 + ["rejected"] * 5
