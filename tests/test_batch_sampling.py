"""A sample is the same every time, holds everything where it can, and its margin covers what it estimates."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.batch.sampling import Estimate, draw, scaled


def refs(count: int) -> list[list[str]]:
    return [[f"r{number}" for number in range(start, min(start + 100, count))] for start in range(0, count, 100)]


def test_all_are_drawn_where_there_are_no_more() -> None:
    drawn = draw(refs(50), 1000)
    assert drawn.whole
    assert [item.ref for item in drawn.items] == [f"r{number}" for number in range(50)]


def test_so_many_are_drawn_in_their_order_and_the_same_ones_every_time() -> None:
    drawn = draw(refs(5000), 200)
    assert (drawn.count, len(drawn.items), drawn.whole) == (5000, 200, False)
    assert list(drawn.items) == sorted(drawn.items, key=lambda item: item.position)
    assert draw(refs(5000), 200) == drawn
    assert draw(refs(5001), 200).items != draw([["other"], *refs(5000)], 200).items


def test_each_part_of_the_list_is_drawn_from_as_often() -> None:
    drawn = draw(refs(10_000), 1000)
    quarters = [sum(item.position // 2500 == quarter for item in drawn.items) for quarter in range(4)]
    assert all(200 <= count <= 300 for count in quarters)


def test_references_that_are_named_twice_are_counted() -> None:
    assert draw([["a", "b", "a"], ["a", "c"]], 2).repeated == 2


def test_nothing_drawn_is_nothing() -> None:
    drawn = draw([], 10)
    assert (drawn.items, drawn.count, drawn.whole) == ([], 0, True)
    assert scaled([], 0) == Estimate(0.0)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50))
def test_a_sum_over_all_is_exact(values: list[float]) -> None:
    assert scaled(values, len(values)) == Estimate(sum(values))


@given(st.floats(0, 1e6), st.integers(2, 20), st.integers(20, 1000))
def test_a_sample_that_does_not_vary_has_no_margin(value: float, drawn: int, count: int) -> None:
    estimate = scaled([value] * drawn, count)
    assert estimate.value == pytest.approx(value * count)
    assert estimate.margin == pytest.approx(0)


def test_the_margin_covers_the_truth_in_about_95_of_100_samples() -> None:
    dice = random.Random(7)
    values = [dice.paretovariate(3) for _ in range(2000)]
    covered = 0
    for _ in range(400):
        estimate = scaled(dice.sample(values, 200), len(values))
        covered += abs(estimate.value - sum(values)) <= estimate.margin
    assert 0.90 <= covered / 400 <= 0.99


def test_a_multiple_has_a_multiple_of_the_margin() -> None:
    assert Estimate(10.0, 2.0).times(3) == Estimate(30.0, 6.0)
