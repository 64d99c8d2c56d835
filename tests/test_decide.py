"""Folding decisions into an entry."""

from hypothesis import given
from hypothesis import strategies as st

from decomposer.decide import fold
from decomposer.records import Artifact, Capability, Decision, Entry, Provenance, Run, SourceKind, State


def an_entry(*states: State) -> Entry:
    provenance = Provenance(model="m", prompt="v")
    capabilities = tuple(
        Capability(id=f"lynx/{place}", name=f"{place}", category="other", state=state, provenance=provenance)
        for place, state in enumerate(states)
    )
    return Entry(
        artifact=Artifact(slug="lynx", name="Lynx", type="repo", source="gh:acme/lynx"),
        documents=(),
        source_kind=SourceKind(kind="software", reason="it is"),
        capabilities=capabilities,
        run=Run(model="m", prompt="v"),
    )


def accept(place: int | None) -> Decision:
    return Decision(op="accept", entry="lynx", capability=None if place is None else f"lynx/{place}")


def reject(place: int | None) -> Decision:
    return Decision(op="reject", entry="lynx", capability=None if place is None else f"lynx/{place}")


RETIRE_ALL = Decision(op="retire", entry="lynx")


def test_no_decision_changes_nothing() -> None:
    assert fold(an_entry("proposed", "accepted"), []) == an_entry("proposed", "accepted")


def test_a_decision_is_about_one_capability() -> None:
    assert fold(an_entry("proposed", "proposed"), [accept(1)]) == an_entry("proposed", "accepted")
    assert fold(an_entry("proposed", "proposed"), [reject(0)]) == an_entry("rejected", "proposed")


def test_a_decision_without_a_capability_is_about_all_of_them() -> None:
    assert fold(an_entry("proposed", "rejected"), [accept(None)]) == an_entry("accepted", "accepted")


def test_retiring_an_entry_retires_all_its_capabilities() -> None:
    assert fold(an_entry("proposed", "accepted", "rejected"), [RETIRE_ALL]) == an_entry("retired", "retired", "retired")


def test_the_last_word_holds() -> None:
    assert fold(an_entry("proposed", "proposed"), [accept(0), RETIRE_ALL, reject(0)]) == an_entry("rejected", "retired")


def test_decisions_about_what_is_gone_are_ignored() -> None:
    elsewhere = Decision(op="retire", entry="puma")
    same_id_elsewhere = Decision(op="retire", entry="puma", capability="lynx/0")
    assert fold(an_entry("proposed"), [accept(7), elsewhere, same_id_elsewhere]) == an_entry("proposed")


any_decisions = st.lists(
    st.builds(
        Decision,
        op=st.sampled_from(["accept", "reject", "retire"]),
        entry=st.sampled_from(["lynx", "lynx", "puma"]),
        capability=st.sampled_from([None, "lynx/0", "lynx/1", "lynx/9"]),
    ),
    max_size=6,
)


@given(first=any_decisions, then=any_decisions)
def test_folding_in_two_steps_is_folding_in_one(first: list[Decision], then: list[Decision]) -> None:
    entry = an_entry("proposed", "accepted", "rejected")
    assert fold(fold(entry, first), then) == fold(entry, first + then)


@given(decisions=any_decisions)
def test_folding_the_same_decisions_again_changes_nothing(decisions: list[Decision]) -> None:
    once = fold(an_entry("proposed", "proposed"), decisions)
    assert fold(once, decisions) == once
