"""Weights keep their sign, thresholds hold on clusters that were not seen, and what was learned says where from."""

import json
from dataclasses import replace
from math import isclose
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from decomposer.errors import ConfigurationError, UsageError
from decomposer.same.learned import FILE, WORDS, Scorer, read, stored, write
from decomposer.same.learning import SIGNS, Example, Lesson, Target, cross_validated, fit, learn
from decomposer.same.measuring import (
    average_precision,
    best_f1,
    highest_for_recall,
    lowest_for_precision,
    recall_at_precision,
)

TARGET = Target(precision=0.95, recall=0.95)
SCORED = st.lists(st.tuples(st.booleans(), st.integers(0, 8).map(lambda n: n / 8)), min_size=1, max_size=30)


def examples(count: int = 200, clusters: int = 20) -> tuple[Example, ...]:
    """Return pairs of planted clusters: one cluster is the same, and near misses share words but differ."""
    chance = Random(7)
    made = []
    for _ in range(count):
        a = chance.randrange(clusters)
        b = a if chance.random() < 0.4 else chance.randrange(clusters)
        hard = a == b and chance.random() < 0.3
        near = 0.7 if a == b else 0.2
        values = {name: min(1.0, max(0.0, near + chance.gauss(0, 0.1))) for name in SIGNS}
        made.append(Example({**values, "difference": float(hard)}, a == b and not hard, (str(a), str(b)), hard))
    return tuple(made)


EXAMPLES = examples()


# --- measures


def test_measures_of_a_ranking_worked_out_by_hand() -> None:
    truths, scores = [True, False, True, False], [0.9, 0.8, 0.7, 0.1]
    assert average_precision(truths, scores) == pytest.approx((1 + 2 / 3) / 2)
    assert best_f1(truths, scores) == pytest.approx(0.8)
    assert lowest_for_precision(truths, scores, 0.95) == 0.9
    assert lowest_for_precision(truths, scores, 0.6) == 0.7
    assert highest_for_recall(truths, scores, 1.0) == 0.7
    assert recall_at_precision(truths, scores, 0.95) == 0.5


def test_measures_where_nothing_can_be_found() -> None:
    assert (average_precision([False], [0.5]), best_f1([False], [0.5]), best_f1([], [])) == (0.0, 0.0, 0.0)
    assert lowest_for_precision([False], [0.5], 0.9) is None
    assert highest_for_recall([False], [0.5], 0.9) is None


@given(SCORED)
def test_average_precision_is_what_others_call_so(scored: list[tuple[bool, float]]) -> None:
    truths, scores = [truth for truth, _ in scored], [score for _, score in scored]
    if any(truths):
        assert isclose(average_precision(truths, scores), average_precision_score(truths, scores))


# --- learning


def test_weights_keep_their_sign_even_where_chance_says_otherwise() -> None:
    upside_down = [replace(one, same=not one.same) for one in EXAMPLES]
    assert set(fit(upside_down, "wordllama").weights.values()) <= {
        0.0,
        -0.0,
        fit(upside_down, "wordllama").weights["difference"],
    }
    assert fit(upside_down).weights["difference"] == 0.0


def test_what_was_learned_separates_and_a_near_miss_is_never_reached() -> None:
    scorer = learn(Lesson(EXAMPLES), TARGET)
    merged = [one for one in EXAMPLES if scorer.score(one.features) >= scorer.merge and not one.features["difference"]]
    assert all(one.same for one in merged)
    assert len(merged) >= 0.8 * sum(one.same for one in EXAMPLES)
    assert 0 < scorer.propose <= scorer.merge <= 1
    assert "vectors" not in scorer.weights
    assert "vectors" in learn(Lesson(EXAMPLES, vectors="wordllama"), TARGET).weights


def test_the_order_of_the_examples_does_not_matter_to_the_weights() -> None:
    one, other = fit(EXAMPLES), fit(EXAMPLES[::-1])
    assert one.weights == pytest.approx(other.weights, abs=1e-3)


def test_a_poorer_vocabulary_that_sees_no_difference_raises_the_threshold() -> None:
    blind = tuple(replace(one, features={**one.features, "difference": 0.0}) for one in EXAMPLES)
    assert learn(Lesson(EXAMPLES, thinned=(blind,)), TARGET).merge > learn(Lesson(EXAMPLES), TARGET).merge


def test_a_pair_is_judged_by_what_has_seen_neither_of_its_clusters() -> None:
    odd = replace(EXAMPLES[0], clusters=("odd", "odd"), same=False, features={**EXAMPLES[0].features, "words": 1.0})
    scorers = cross_validated(Lesson((*EXAMPLES, odd)), TARGET)
    assert len(scorers) == len(EXAMPLES) + 1
    flipped = cross_validated(Lesson((*EXAMPLES, replace(odd, same=True))), TARGET)
    assert scorers[-1] == flipped[-1]
    assert scorers != flipped


@pytest.mark.parametrize(
    ("some", "message"),
    [
        ([one for one in EXAMPLES if one.same], "need both labels"),
        ([replace(one, clusters=("a", "b")) for one in EXAMPLES], "pairs of 2 clusters can't be cross-validated"),
    ],
)
def test_too_little_to_learn_from_is_said(some: list[Example], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        learn(Lesson(tuple(some)), TARGET)


# --- what is stored


def test_stored_values_say_when_from_what_and_for_which_precision() -> None:
    values = stored()
    assert values.source() == (
        f"learned {values.date} from {values.data} "
        "for precision 0.95 of what is merged and recall 0.95 of what is proposed"
    )
    assert set(values.scorers) == {WORDS, "wordllama"}
    assert values.word("zzzunheard") == values.words[""] >= max(values.words.values())


def test_values_come_back_as_they_were_written(tmp_path: Path) -> None:
    write(stored(), tmp_path / "values.json")
    assert read(tmp_path / "values.json") == stored()
    assert (tmp_path / "values.json").read_bytes() == FILE.read_bytes()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"scorers": {"words": {}}}', json.dumps({"scorers": {}})])
def test_another_file_holds_no_learned_values(tmp_path: Path, content: str) -> None:
    (tmp_path / "values.json").write_text(content)
    with pytest.raises(ConfigurationError, match=r"no learned values .*; write it with `decomposer learn`"):
        read(tmp_path / "values.json")


def test_a_score_stays_between_0_and_1_however_large_the_weights() -> None:
    scorer = Scorer({"words": 1e6}, -1.0, merge=0.5, propose=0.1)
    assert 0 <= scorer.score({"words": 0.0}) < scorer.score({"words": 1.0}) <= 1
