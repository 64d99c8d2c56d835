"""How far reviewers agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.records import Decision
from decomposer.review.agreement import agreement, interval, kappa


def first(identity: str, state: str, actor: str = "ann", *, live: bool = True, looked: int | None = None) -> Decision:
    told = {"op": "accept" if state == "accepted" else "reject", "entry": "lynx", "capability": identity}
    times = {"shown_at": f"2026-11-21T10:00:{60 - looked:02}+00:00"} if looked else {}
    return Decision.model_validate(
        {**told, **times, "actor": actor, "after": state, "live": live, "decided_at": "2026-11-21T10:01:00+00:00"}
    )


def second(identity: str, state: str, actor: str = "bob") -> Decision:
    told = {"op": "second", "entry": "lynx", "capability": identity, "field": "second", "actor": actor}
    return Decision.model_validate({**told, "after": {"opinion": state, "dropped": []}})


def test_kappa_is_that_of_the_textbook() -> None:
    # 20 both yes, 5 and 10 mixed, 15 both no: 0.7 agreed, 0.5 by chance, so 0.4.
    pairs = [("accepted", "accepted")] * 20 + [("accepted", "rejected")] * 5
    pairs += [("rejected", "accepted")] * 10 + [("rejected", "rejected")] * 15
    assert kappa(pairs) == pytest.approx(0.4)
    low, high = interval(pairs, seed=1)
    assert low is not None
    assert high is not None
    assert 0.12 < low < 0.18 < 0.4 < 0.6 < high < 0.68
    assert interval(pairs, seed=1) == (low, high) != interval(pairs, seed=2)


def test_kappa_is_not_defined_where_nobody_ever_says_otherwise() -> None:
    assert (kappa([]), interval([])) == (None, (None, None))
    same = [("accepted", "accepted")] * 9
    assert (kappa(same), interval(same)) == (None, (None, None))


@given(st.lists(st.tuples(*[st.sampled_from(["accepted", "rejected"])] * 2), min_size=1, max_size=40))
def test_kappa_does_not_care_who_was_first_and_is_one_where_all_agree(pairs: list[tuple[str, str]]) -> None:
    value, turned = kappa(pairs), kappa([(b, a) for a, b in pairs])
    assert value == pytest.approx(turned) if value is not None else turned is None
    assert value is None or -1 <= value <= 1
    if value is not None and all(a == b for a, b in pairs):
        assert value == 1


def test_pairs_are_first_and_second_opinions_of_different_people_that_hold() -> None:
    found = agreement(
        [
            first("1", "accepted", looked=4), second("1", "accepted"),
            first("2", "accepted", looked=10), second("2", "rejected"),
            first("3", "rejected", live=False), second("3", "rejected"),
            first("4", "rejected", looked=6), second("4", "rejected", actor="ann"),
            first("5", "rejected", actor="cat"),
        ]
    )  # fmt: skip
    assert (found.pairs, found.agreed, found.kappa) == (2, 1, 0.0)
    assert [(one.name, one.decided, round(one.accepted, 2), one.seconds) for one in found.reviewers] == [
        ("ann", 4, 0.5, 6.0),
        ("bob", 3, 0.33, None),
        ("cat", 1, 0.0, None),
    ]


def test_times_that_make_no_sense_are_left_out() -> None:
    wrong = first("1", "accepted").model_copy(update={"shown_at": "yesterday"})
    later = first("2", "accepted").model_copy(update={"shown_at": "2027-01-01T00:00:00+00:00"})
    bare = first("3", "accepted").model_copy(update={"shown_at": "2026-11-21T10:00:00"})
    assert [one.seconds for one in agreement([wrong, later, bare]).reviewers] == [None]
