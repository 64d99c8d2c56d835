"""The terms that bring a record together with others."""

from decomposer.same.blocks import BITS, TERMS, rarest, term


def test_the_rarest_terms_count_and_those_that_are_new() -> None:
    words = {f"w{at:02}": 1.0 for at in range(30)}
    held = {f"w{at:02}": at for at in range(20)}
    found = rarest(words, held)
    assert found[:TERMS] == tuple(term(f"w{at:02}") for at in range(1, TERMS + 1))
    assert found[TERMS:] == tuple(term(f"w{at:02}") for at in (0, *range(20, 30)))
    assert rarest({"a": 1.0, "b": 2.0}, {"a": 5, "b": 5}) == (term("b"), term("a"))
    assert rarest({}, {}) == ()


def test_a_term_is_the_same_number_in_every_process() -> None:
    assert term("transcript") == 26_425_515_363_808
    assert 0 <= term("\ud800") < 1 << BITS
