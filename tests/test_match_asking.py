"""What the full text is asked for: laws of the choice, whatever the words."""

from hypothesis import given
from hypothesis import strategies as st

from decomposer.match.asking import Asked, Known, Room, asked, rarity, worth

TOTAL = 1_000_000
ROOM = Room(group=1_000, records=3_000, places=500_000)
COUNTS = st.dictionaries(st.sampled_from([f"w{n}" for n in range(30)]), st.integers(1, TOTAL), min_size=1, max_size=25)


def chosen(counts: dict[str, int], *, within: float = 1.0, bound: int | None = None) -> Asked:
    known = worth(dict.fromkeys(counts, 1.0), counts, TOTAL, name=1.6)
    return asked(known, TOTAL, ROOM, within=within, bound=bound)


@given(COUNTS)
def test_something_is_asked_for_and_nothing_twice(counts: dict[str, int]) -> None:
    groups = [frozenset(group) for group in chosen(counts).groups]
    assert groups
    assert set().union(*groups) <= set(counts)
    assert not any(one < other for one in groups for other in groups)
    assert len(set(groups)) == len(groups) <= ROOM.groups


@given(COUNTS)
def test_what_is_asked_for_has_room(counts: dict[str, int]) -> None:
    found = chosen(counts)
    if len(found.groups) > 1:
        assert found.alone + found.expected <= ROOM.records
        assert sum(min(counts[word] for word in group) for group in found.groups) <= ROOM.places


@given(COUNTS)
def test_the_order_of_words_makes_no_difference(counts: dict[str, int]) -> None:
    assert chosen(counts) == chosen(dict(sorted(counts.items(), reverse=True)))


def test_rare_words_are_asked_for_alone_and_common_ones_together() -> None:
    assert chosen({"rare": 5, "image": 300_000}).groups == (("rare",),)
    assert chosen({"photo": 9_000, "image": 20_000}).groups == (("photo", "image"),)


def test_words_that_are_all_too_common_are_asked_for_together() -> None:
    assert chosen({"text": 500_000, "image": 600_000}).groups == (("text", "image"),)
    assert chosen({"text": 500_000}).groups == (("text",),)


def test_names_go_before_and_a_word_is_not_asked_for_with_its_own_name() -> None:
    groups = chosen({"text": 300_000, ":text": 900, "image": 300_000}).groups
    assert groups[0] == (":text",)
    assert not any({"text", ":text"} <= set(group) for group in groups)


def test_a_filter_that_lets_little_through_has_every_word_asked_for_alone() -> None:
    found = chosen({"text": 300_000, "image": 200_000}, within=0.0002, bound=200)
    assert set(found.groups) == {("text",), ("image",)}


def test_what_was_found_says_how_often_words_stand_together() -> None:
    found = chosen({"photo": 9_000, "image": 20_000})
    assert found.expected == 540
    assert found.together(3.0, 540) == 3.0
    assert 0.3 <= found.together(3.0, 0) < 3.0 < found.together(3.0, 2_000) <= 30.0
    assert chosen({"rare": 5}).together(3.0, 0) == 3.0


def test_rarer_words_are_worth_more_and_none_is_worth_nothing() -> None:
    assert rarity(1, 10) > rarity(2, 10) > rarity(10, 10) > 0
    assert rarity(11, 10) > 0
    assert worth({"a": 1.0, "b": 2.0, "c": 1.0}, {"a": 5, ":a": 1, "b": 5, "c": 0}, 10, name=1.5) == [
        Known("b", 2 * rarity(5, 10), 5),
        Known(":a", 1.5 * rarity(5, 10), 1),
        Known("a", rarity(5, 10), 5),
    ]
