"""Words on records of different entries never contradict each other, in whatever order they are said."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from decomposer.cluster import APART as NEVER
from decomposer.decide.standing import APART, SAME, after, against, between, holding, pair
from decomposer.ports import Linked
from decomposer.records import Decision
from decomposer.registry.ruling import shared

IDS = [f"{entry}/it" for entry in "abcdef"]
PAIRS = st.tuples(st.sampled_from(IDS), st.sampled_from(IDS), st.booleans()).filter(lambda one: one[0] != one[1])


def word(one: str, other: str, *, same: bool, **fields: Any) -> Decision:
    first, last = sorted((one, other))
    op, field = ("same", SAME) if same else ("apart", APART)
    told = {"op": op, "entry": first[0], "capability": first, "field": field, "after": last}
    return Decision.model_validate({**told, **fields})


@given(st.lists(PAIRS, max_size=14))
def test_what_was_taken_never_makes_one_of_what_is_apart(words: list[tuple[str, str, bool]]) -> None:
    linked = Linked()
    for one, other, same in words:
        said = word(one, other, same=same)
        if not against(linked, one, other, said.field) and not holding(linked, one, other, said.field):
            linked = after(linked, said)
    for said in linked.words:
        ends = pair(said)
        assert ends is not None
        assert bool(between(linked, *ends)) == (said.field == SAME)
        back = word(*ends, same=said.field == SAME, op="undo", before=ends[1], after=None)
        assert after(linked, back).words == tuple(one for one in linked.words if one != said)


@given(st.lists(PAIRS, max_size=14), st.randoms(use_true_random=False))
def test_whether_a_word_stands_against_others_does_not_depend_on_their_order(
    words: list[tuple[str, str, bool]], random: Any
) -> None:
    said = list({(*sorted(one[:2]), one[2]): word(*one[:2], same=one[2]) for one in words}.values())
    shuffled = random.sample(said, len(said))
    for field in (SAME, APART):
        one, other = (bool(against(Linked(tuple(held)), "a/it", "f/it", field)) for held in (said, shuffled))
        assert one == other


def test_what_can_be_no_word_is_none() -> None:
    assert pair(word("a/it", "b/it", same=True)) == ("a/it", "b/it")
    for wrong in (
        {"after": None}, {"after": 7}, {"after": "b"}, {"after": "a/other"}, {"capability": "c/it"}, {"entry": "b"},
        {"field": "apart"}, {"op": "apart"}, {"op": "undo"}, {"op": "accept"}, {"after": {"id": "b/it"}},
    ):  # fmt: skip
        assert pair(word("a/it", "b/it", same=True, **wrong)) is None


def test_what_is_like_one_of_two_that_are_one_is_like_both_and_what_is_apart_is_apart_from_both() -> None:
    scores = {(1, 2): 1.0, (1, 3): 0.9, (2, 3): 0.1, (1, 4): NEVER, (2, 4): 0.9, (3, 4): 0.2}
    found = shared([1, 2, 3, 4], scores, [(1, 2)])
    assert (found[1, 3], found[2, 3]) == (0.9, 0.9)
    assert (found[1, 4], found[2, 4]) == (NEVER, NEVER)
    assert (found[1, 2], found[3, 4]) == (1.0, 0.2)
    assert shared([1, 2, 3, 4], scores, []) == scores
