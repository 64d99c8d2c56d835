"""Whom a record meets is settled by who has which terms, not by the order in which they came."""

from collections.abc import Collection, Mapping
from itertools import combinations
from math import isclose, log

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from decomposer.same.blocks import CROWD, DEEPEST, TERMS
from decomposer.same.meeting import met

CROWDED = 3
RECORDS = st.lists(st.sets(st.sampled_from("abcdefg")), min_size=1, max_size=30)


def by_law(records: Mapping[int, Collection[str]], number: int, *, crowd: int) -> dict[int, float]:
    """Return whom a record meets by what the law says, looking at every set of its terms."""
    having = {
        of: {other for other, terms in records.items() if other != number and set(of) <= set(terms)}
        for size in range(DEEPEST + 1)
        for of in combinations(sorted(records[number]), size)
    }
    found: dict[int, float] = {}
    for of, others in having.items():
        smaller = (one for size in range(1, len(of)) for one in combinations(of, size))
        if of and len(others) <= crowd and all(len(having[one]) > crowd for one in smaller):
            for other in others:
                found[other] = found.get(other, 0.0) + log((max(records) + 2) / (len(others) + 1))
    return found


def who_has(records: Mapping[int, Collection[str]], terms: Collection[str]) -> list[np.ndarray]:
    return [np.array([at for at, of in records.items() if one in of], np.int32) for one in sorted(terms)]


@given(RECORDS, st.randoms(use_true_random=False))
def test_a_record_meets_those_that_the_law_says_in_whatever_order_they_came(
    terms: list[set[str]], random: object
) -> None:
    records = dict(enumerate(terms))
    lists = who_has(records, terms[-1])
    for one in lists:
        random.shuffle(one)  # type: ignore[attr-defined]
    others, rarity = met(lists, besides=len(terms) - 1, crowd=CROWDED)
    expected = by_law(records, len(terms) - 1, crowd=CROWDED)
    assert others.tolist() == sorted(expected, key=lambda one: (-rarity[others.tolist().index(one)], one))
    assert all(
        isclose(expected[other], near, abs_tol=1e-4)
        for other, near in zip(others.tolist(), rarity.tolist(), strict=True)
    )
    assert rarity.tolist() == sorted(rarity, reverse=True)


def test_the_rarer_what_two_share_the_nearer_they_are() -> None:
    common = [*range(30), 100, 101, 102, 103, 104]
    lists = [np.array(one, np.int32) for one in ([100, 104], [101, 102, 103, 104], common)]
    others, rarity = met(lists, besides=104)
    assert others.tolist() == [100, 101, 102, 103]
    assert rarity[0] > rarity[1] == rarity[3] > 0


def test_two_common_terms_bring_together_what_few_have_both_of_and_one_alone_nobody() -> None:
    first, second = range(CROWD + 1), range(CROWD, 2 * CROWD + 1)
    lists = [np.array([*one, 50], np.int32) for one in (first, second)]
    assert met(lists, besides=50)[0].tolist() == [CROWD]


def test_of_many_terms_the_rarest_count() -> None:
    lists = [np.array([number], np.int32) for number in range(TERMS)]
    crowd = np.arange(2 * TERMS, dtype=np.int32)
    assert set(met([crowd, *lists], besides=99)[0].tolist()) == set(range(TERMS))


def test_numbers_may_be_far_higher_than_that_of_the_record_itself() -> None:
    others, _ = met([np.array([7, 1_000_000], np.int32)], besides=7)
    assert others.tolist() == [1_000_000]


def test_who_has_no_terms_or_only_new_ones_meets_nobody() -> None:
    nobody = np.empty(0, np.int32)
    for lists in ([], [nobody], [nobody, np.array([7], np.int32)]):
        others, rarity = met(lists, besides=7)
        assert (others.tolist(), rarity.tolist()) == ([], [])
