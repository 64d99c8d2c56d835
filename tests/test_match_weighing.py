"""What words weigh, and BM25 over many records at once beside the formula for one."""

from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from decomposer.match.asking import rarity
from decomposer.match.weighing import K1, MOST, USUAL, B, packed, scores, weighed

RECORDS = st.lists(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 300), max_size=8), max_size=8)


@given(RECORDS, st.dictionaries(st.sampled_from("abcdefghx"), st.floats(0.1, 9), max_size=9))
def test_scores_are_those_of_the_formula(records: list[dict[str, int]], weights: dict[str, float]) -> None:
    counts = {word: sum(word in one for one in records) for word in "abcdefgh"}
    found = scores([packed(one) for one in records], weights, counts, len(records))
    assert len(found) == len(records)
    for score, one in zip(found, records, strict=True):
        times = {word: min(count, 255) for word, count in one.items()}
        damping = K1 * (1 - B + B * sum(times.values()) / USUAL)
        right = sum(
            weight * rarity(counts[word], len(records)) * (K1 + 1) * times[word] / (times[word] + damping)
            for word, weight in weights.items()
            if word in times
        )
        assert isclose(score, right, rel_tol=1e-9)


def test_fields_add_up_in_the_order_of_their_words() -> None:
    times = weighed(((["image", "caption"], 3), (["caption"], 2), (["photo", "image", "photo"], 1)))
    assert list(times.items()) == [("image", 4), ("caption", 5), ("photo", 2)]


def test_so_many_words_of_a_record_count() -> None:
    assert len(weighed((([f"w{number}" for number in range(MOST + 9)], 1),))) == MOST


def test_nothing_scores_nothing() -> None:
    assert scores([], {"a": 1.0}, {"a": 1}, 1) == []
    assert scores([b"", packed({"a": 1}), b""], {"b": 1.0}, {"b": 3}, 3) == [0.0, 0.0, 0.0]
    assert packed({}) == b""
