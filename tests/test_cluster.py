"""Clusters of records that were judged in pairs."""

import json
import random
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decomposer.cluster import APART, Scored, affinity, cluster
from decomposer.records import DecidedBy, Judgement, Verdict
from tests.planting import pair_f1, planted
from tests.seeding import printed_by_seeds


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_judge_that_is_often_wrong_leaves_the_clusters_nearly_right(seed: int) -> None:
    truth, scored = planted(2000, seed=seed)
    assert pair_f1(truth, cluster(truth, scored)) >= 0.95


def test_one_wrong_yes_joins_no_two_clusters() -> None:
    left, right = "abcd", "wxyz"
    scored = [(one, other, 1.0) for group in (left, right) for one, other in combinations(group, 2)]
    assert cluster(left + right, [*scored, ("a", "w", 1.0)]) == [tuple(left), tuple(right)]


def test_what_is_the_same_step_by_step_is_not_the_same_end_to_end() -> None:
    chain = "abcdefgh"
    scored = [(one, other, 1.0) for one, other in pairwise(chain)]
    assert cluster(chain, scored) == [("a", "b"), ("c", "d"), ("e", "f"), ("g", "h")]


def test_a_yes_that_witnesses_share_goes_before_one_that_nobody_shares() -> None:
    scored = [("a", "b", 1.0), ("b", "c", 1.0), ("c", "d", 1.0)]
    assert cluster("abcd", scored) == [("a", "b"), ("c", "d")]


def test_a_record_that_was_joined_early_moves_to_where_it_fits() -> None:
    scored = [("a", "x", 1.0), *((one, other, 0.9) for one, other in combinations("xyz", 2))]
    assert cluster("axyz", scored) == [("a",), ("x", "y", "z")]


def test_a_pair_that_is_not_more_alike_than_not_stays_apart() -> None:
    assert cluster("abcd", [("a", "b", 0.5), ("c", "d", 0.51)]) == [("a",), ("b",), ("c", "d")]


def test_what_a_person_says_holds() -> None:
    scored = [("a", "b", 1.0), ("c", "d", 0.0)]
    assert cluster("abcd", scored, together=[("c", "d")], apart=[("a", "b")]) == [("a",), ("b",), ("c", "d")]
    assert cluster("abcd", scored, together=[("a", "b"), ("c", "d")], apart=[("b", "a")])[:2] == [("a",), ("b",)]


def test_apart_holds_through_others() -> None:
    agreed = [(one, other, 1.0) for one, other in combinations("abcde", 2)]
    for group in cluster("abcde", agreed, apart=[("a", "b")]):
        assert not {"a", "b"} <= set(group)
    bound = cluster("abc", [], together=[("a", "b"), ("b", "c")], apart=[("a", "c")])
    assert bound == [("a", "b"), ("c",)]


def test_of_two_scores_of_one_pair_the_lower_counts() -> None:
    for scored in ([("a", "b", 1.0), ("b", "a", 0.0)], [("a", "b", 0.0), ("b", "a", 1.0)]):
        assert cluster("ab", scored) == [("a",), ("b",)]


def test_a_pair_of_an_unknown_record_is_an_error() -> None:
    with pytest.raises(KeyError):
        cluster("ab", [("a", "c", 1.0)])


@pytest.mark.parametrize(
    ("verdict", "score", "by", "expected"),
    [
        ("same", 1.0, "rule", 1.0),
        ("same", 0.2, "vectors", 0.6),
        ("related", 0.9, "vectors", 0.45),
        ("different", 0.0, "rule", 0.0),
        ("broader", 0.9, "rule", APART),
        ("narrower", 0.9, "model", APART),
        ("different", 0.9, "person", APART),
    ],
)
def test_only_the_same_speaks_for_joining(verdict: Verdict, score: float, by: DecidedBy, expected: float) -> None:
    assert affinity(Judgement(verdict, score, decided_by=by)) == expected


NAMES = "abcdefgh"
PAIRS = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES))
SCORED = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from([0.0, 0.3, 0.5, 0.7, 1.0, APART]))
)
FEW = st.lists(PAIRS.filter(lambda pair: pair[0] != pair[1]), max_size=3)


@settings(deadline=None)
@given(SCORED, FEW, FEW, st.randoms(use_true_random=False))
def test_the_order_of_what_is_given_does_not_matter(
    scored: list[Scored], together: list[tuple[str, str]], apart: list[tuple[str, str]], rng: random.Random
) -> None:
    expected = cluster(NAMES, scored, together=together, apart=apart)
    turned = [(two, one, score) if rng.random() < 0.5 else (one, two, score) for one, two, score in scored]
    bound, never = rng.sample(together, len(together)), rng.sample(apart, len(apart))
    found = cluster(rng.sample(NAMES, len(NAMES)), rng.sample(turned, len(turned)), together=bound, apart=never)
    assert found == expected


@settings(deadline=None)
@given(SCORED, FEW, FEW)
def test_every_record_is_in_one_cluster_and_nothing_that_is_apart_in_the_same(
    scored: list[Scored], together: list[tuple[str, str]], apart: list[tuple[str, str]]
) -> None:
    clusters = cluster(NAMES, scored, together=together, apart=apart)
    assert sorted(name for group in clusters for name in group) == list(NAMES)
    never = {frozenset(pair) for pair in apart} | {frozenset(one[:2]) for one in scored if one[2] == APART}
    assert [group for group in clusters for pair in combinations(group, 2) if frozenset(pair) in never] == []


@settings(deadline=None)
@given(SCORED)
def test_no_two_clusters_are_more_alike_than_not_and_no_record_is_better_elsewhere(scored: list[Scored]) -> None:
    clusters = cluster(NAMES, scored)
    lowest: dict[frozenset[str], float] = {}
    for one, other, score in scored:
        if one != other:
            lowest[frozenset((one, other))] = min(score, lowest.get(frozenset((one, other)), 1.0))

    def worth(left: tuple[str, ...], right: tuple[str, ...]) -> float:
        return sum(lowest.get(frozenset((one, other)), 0.0) - 0.5 for one in left for other in right)

    for left, right in combinations(clusters, 2):
        assert worth(left, right) < 1e-5
    for group in clusters:
        for name in group:
            rest = tuple(other for other in group if other != name)
            elsewhere = [worth((name,), other) for other in clusters if other != group]
            assert max([0.0, *elsewhere]) <= worth((name,), rest) + 1e-5


@settings(deadline=None)
@given(SCORED)
def test_clustering_clusters_changes_nothing(scored: list[Scored]) -> None:
    clusters = cluster(NAMES, scored)
    together = [(group[0], other) for group in clusters for other in group[1:]]
    assert cluster(NAMES, scored, together=together) == clusters


def test_another_process_with_another_hash_seed_finds_the_same() -> None:
    script = (
        "import json; from decomposer.cluster import cluster; from tests.planting import planted;"
        "truth, scored = planted(300, seed=5); print(json.dumps(cluster(set(truth), set(scored))))"
    )
    (printed,) = printed_by_seeds(script)
    assert len(json.loads(printed)) < 300
