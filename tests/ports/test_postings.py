"""The postings of a registry: who has which terms, as transactions read and change them."""

from array import array
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, func, select

from decomposer.same.blocks import CROWD, NEAREST, term
from decomposer.store import postings as module
from decomposer.store.engine import writing
from decomposer.store.postings import Postings, packed, unpacked
from decomposer.store.registry_tables import leads, postings

LETTERS = [term(letter) for letter in "abcdef"]
TERMS = st.lists(st.sampled_from(LETTERS), max_size=6, unique=True)
STEPS = st.lists(st.tuples(st.integers(0, 9), st.none() | TERMS, st.booleans()), max_size=25)


def entered(connection: Connection, records: dict[int, Sequence[int]]) -> Postings:
    """Enter new records in order of number, and keep them."""
    made = Postings(connection)
    for number, terms in records.items():
        made.enter(number, terms, new=True)
    made.keep()
    return made


def held(connection: Connection) -> dict[int, set[int]]:
    """Return which records are kept for each term."""
    found: dict[int, set[int]] = {}
    for key, numbers in connection.execute(select(postings)):
        members = unpacked("i", numbers).tolist()
        assert len(set(members)) == len(members) > 0
        found.setdefault(key >> 16, set()).update(members)
    return found


def test_a_record_meets_those_of_earlier_transactions_and_of_its_own(engine: Engine) -> None:
    with writing(engine) as connection:
        entered(connection, {1: LETTERS[:2], 2: LETTERS[1:3]})
    with writing(engine) as connection:
        made = Postings(connection)
        assert made.enter(3, LETTERS[:1], new=True) == [1]
        assert made.enter(4, LETTERS[:2], new=True) == [1, 2, 3]
        assert made.enter(5, [], new=True) == []


def test_those_that_share_the_rarest_are_the_nearest_and_few_are_told(engine: Engine) -> None:
    with writing(engine) as connection:
        made = entered(connection, dict.fromkeys(range(1, CROWD + 1), LETTERS[:1]))
        assert made.enter(21, LETTERS[:1], new=True) == list(range(1, NEAREST + 1))
        assert made.enter(22, LETTERS[:1], new=True) == []
        made.enter(23, LETTERS[1:2], new=True)
        assert made.enter(24, LETTERS[:2], new=True) == [23]


def test_what_a_term_of_many_records_has_is_kept_in_several_rows(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_ROW", 4)
    with writing(engine) as connection:
        entered(connection, dict.fromkeys(range(1, 11), LETTERS[:1]))
        assert connection.scalar(select(func.count()).select_from(postings)) == 3
        made = Postings(connection)
        assert made.enter(11, LETTERS[:1], new=True) == list(range(1, 11))
        for number in range(1, 8):
            made.leave(number)
        made.keep()
        assert held(connection) == {LETTERS[0]: {8, 9, 10, 11}}
        assert connection.scalar(select(func.count()).select_from(postings)) == 1


def test_a_record_that_comes_again_stands_once_and_does_not_meet_itself(engine: Engine) -> None:
    with writing(engine) as connection:
        made = entered(connection, {1: LETTERS[:2], 2: LETTERS[:1]})
        assert made.enter(1, LETTERS[:2], new=False) == [2]
        made.keep()
        assert held(connection) == {LETTERS[0]: {1, 2}, LETTERS[1]: {1}}
        assert made.terms_of([1, 2, 3]) == {1: array("q", LETTERS[:2]), 2: array("q", LETTERS[:1])}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_comes_and_goes_what_is_kept_is_who_is_there_with_its_terms(
    engine: Engine, steps: list[tuple[int, list[int] | None, bool]]
) -> None:
    records: dict[int, list[int]] = {}
    with pytest.MonkeyPatch.context() as patch, writing(engine) as connection:
        patch.setattr(module, "_ROW", 2)
        patch.setattr(module, "_AT_ONCE", 5)
        for table in (postings, leads):
            connection.execute(delete(table))
        made = Postings(connection)
        for number, terms, keep in steps:
            made.leave(number)
            records.pop(number, None)
            if terms is not None:
                made.enter(number, terms, new=False)
                records[number] = terms
            if keep:
                made.keep()
        made.keep()
        assert held(connection) == {
            one: having for one in LETTERS if (having := {number for number, terms in records.items() if one in terms})
        }
        kept = {row.number: unpacked("q", row.terms).tolist() for row in connection.execute(select(leads))}
        assert kept == records


def test_numbers_are_packed_as_few_bytes_the_lowest_first() -> None:
    assert packed(array("i", [1, 258])) == bytes([1, 0, 0, 0, 2, 1, 0, 0])
    assert unpacked("q", packed(array("q", [1 << 40, 7]))).tolist() == [1 << 40, 7]
