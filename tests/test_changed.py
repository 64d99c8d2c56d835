"""Which words of a text changed."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from decomposer.text.changed import marked, word_changes

WORDS = st.lists(st.sampled_from(["it", "reads", "40", "pages", ",", "  ", "\n", "é", "页"]), max_size=30).map("".join)


def test_a_changed_word_is_shown_between_those_that_stayed() -> None:
    assert word_changes("up to 40 pages", "up to 90 pages!") == [
        ("same", "up to "), ("gone", "40"), ("new", "90"), ("same", " pages"), ("new", "!"),
    ]  # fmt: skip
    assert marked("up to 40 pages", "up to 90 pages!") == "up to [-40-]{+90+} pages{+!+}"
    assert marked("", "new") == "{+new+}"
    assert marked("same {x}", "same {x}") == "same {x}"


def test_texts_too_long_to_compare_are_shown_whole() -> None:
    old, new = "a " * 3000, "b " * 3000
    assert word_changes(old, new) == [("gone", old), ("new", new)]
    assert word_changes(old, old) == [("same", old)]


@given(st.one_of(WORDS, st.text(max_size=200)), st.one_of(WORDS, st.text(max_size=200)))
def test_the_pieces_make_up_both_texts(before: str, after: str) -> None:
    pieces = word_changes(before, after)
    assert "".join(text for kept, text in pieces if kept != "new") == before
    assert "".join(text for kept, text in pieces if kept != "gone") == after
    assert all(text for _, text in pieces)
    assert all(one[0] != other[0] for one, other in pairwise(pieces))
