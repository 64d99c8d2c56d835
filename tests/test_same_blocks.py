"""Blocks of rare terms: who stands where is settled by who is there, not by the order in which they came."""

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decomposer.same import blocks
from decomposer.same.blocks import CROWD, TERMS, Blocks, key, rarest, term

LETTERS = [term(letter) for letter in "abcdefg"]
RECORDS = st.lists(st.lists(st.sampled_from(LETTERS), max_size=6, unique=True), max_size=30)


class Kept:
    """Blocks that are kept in memory, and written after every change."""

    def __init__(self) -> None:
        self.blocks: dict[int, list[int]] = {}
        self.terms: dict[int, Sequence[int]] = {}

    def enter(self, number: int, terms: Sequence[int]) -> dict[int, float]:
        self.terms[number] = terms
        made = self._made()
        met = made.enter(number, terms, records=len(self.terms))
        self._write(made)
        return met

    def leave(self, number: int) -> None:
        made = self._made()
        made.leave(number, self.terms.pop(number))
        self._write(made)

    def _made(self) -> Blocks:
        return Blocks(
            lambda keys: {at: array("i", self.blocks[at]) for at in keys if at in self.blocks},
            lambda numbers: {number: self.terms[number] for number in numbers},
        )

    def _write(self, made: Blocks) -> None:
        for at in made.changed:
            members = made.block(at)
            if members is None:
                del self.blocks[at]
            else:
                self.blocks[at] = members.tolist()


def by_law(records: Mapping[int, Sequence[int]], crowd: int) -> dict[int, set[int]]:
    """Return the blocks of records by what the law says, looking at every set of terms."""
    sets: defaultdict[tuple[int, ...], set[int]] = defaultdict(set)
    for number, terms in records.items():
        for size in (1, 2, 3):
            for one in combinations(sorted(terms), size):
                sets[one].add(number)
    return {
        key(one): members if len(members) <= crowd else set()
        for one, members in sets.items()
        if all(len(sets[part]) > crowd for size in range(1, len(one)) for part in combinations(one, size))
    }


@settings(max_examples=100, deadline=None)
@given(RECORDS, st.randoms(use_true_random=False))
def test_records_stand_where_the_law_says_in_whatever_order_they_come(records: list[list[int]], random: object) -> None:
    order = list(range(len(records)))
    random.shuffle(order)  # type: ignore[attr-defined]
    kept = Kept()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "CROWD", 3)
        for number in order:
            kept.enter(number, records[number])
    found = {at: set(members) for at, members in kept.blocks.items()}
    assert found == by_law(dict(enumerate(records)), 3)


def test_blocks_that_share_their_first_term_lie_together_and_every_set_has_a_key_of_its_own() -> None:
    ordered = sorted(LETTERS)
    sets = [one for size in (1, 2, 3) for one in combinations(ordered, size)]
    keys = sorted((key(one), one) for one in sets)
    assert len({at for at, _ in keys}) == len(sets)
    assert all(0 < at < 1 << 63 for at, _ in keys)
    assert [one[0] for _, one in keys] == sorted(one[0] for one in sets)


@given(RECORDS)
def test_what_leaves_is_in_no_block(records: list[list[int]]) -> None:
    kept = Kept()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "CROWD", 3)
        for number, terms in enumerate(records):
            kept.enter(number, terms)
        for number in range(0, len(records), 2):
            kept.leave(number)
    assert not {number for members in kept.blocks.values() for number in members if number % 2 == 0}


def test_records_meet_by_what_few_have_and_the_rarer_counts_more() -> None:
    kept = Kept()
    rare, seldom, common = LETTERS[:3]
    for number in range(CROWD + 1):
        kept.enter(number, [common])
    kept.enter(100, [rare, common])
    for number in (101, 102, 103):
        kept.enter(number, [seldom, common])
    met = kept.enter(104, [rare, seldom, common])
    assert met.keys() == {100, 101, 102, 103}
    assert met[100] > met[101] == met[102] > 0


def test_the_rarest_terms_count_and_those_that_are_new() -> None:
    words = {f"w{at:02}": 1.0 for at in range(30)}
    held = {f"w{at:02}": at for at in range(20)}
    found = rarest(words, held)
    assert found[:TERMS] == tuple(term(f"w{at:02}") for at in range(1, TERMS + 1))
    assert found[TERMS:] == tuple(term(f"w{at:02}") for at in (0, *range(20, 30)))
    assert rarest({"a": 1.0, "b": 2.0}, {"a": 5, "b": 5}) == (term("b"), term("a"))
    assert rarest({}, {}) == ()
