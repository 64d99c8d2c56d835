"""Folding decisions into an entry, and making them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from decomposer.decide import (
    Blocked,
    Stamp,
    Unfit,
    blockers,
    dismiss,
    edit,
    fold,
    join,
    overlapping,
    part,
    redo,
    shown,
    take,
    take_back,
    value,
)
from decomposer.merge import join as joined_of
from decomposer.ports import Acted, Held
from decomposer.records import Aspect, Capability, Decision, Entry, Evidence, Note, State, Statement
from decomposer.risk import failing
from tests.reviewing import DRY_RUN, FINDS, INVENTED, JOURNAL, SORTS, a_record, entry_of, ids, joined, source_of, texts

STAMP = Stamp("b1", "ann", "2026-11-21T10:00:00+00:00")
FIND, SORT, JOURNALS = a_record("Find", FINDS), a_record("Sort", SORTS), a_record("Journal", JOURNAL)
ENTRY = entry_of(source_of(), FIND, SORT, JOURNALS)


def held(entry: Entry = ENTRY, *decisions: Decision) -> Held:
    return Held(entry, {one.id: 3 for one in entry.capabilities}, decisions)


def mark(identity: str, after: JsonValue, field: Aspect = "state", **more: object) -> Decision:
    told = {"op": "accept", "entry": "lynx", "capability": f"lynx/{identity}", "field": field, "after": after}
    return Decision.model_validate(told | more)


def stored(acted: Acted, *, since: int = 0) -> list[Decision]:
    """Return decisions as a store gives them back."""
    return [
        one.model_copy(update={"seq": seq, "live": one.target is None})
        for seq, one in enumerate(acted.decisions, start=since + 1)
    ]


def states(entry: Entry) -> list[State]:
    return [one.state for one in entry.capabilities]


# --- folding


def test_no_decision_changes_nothing() -> None:
    assert fold(ENTRY, []) == ENTRY


def test_a_decision_puts_one_aspect_of_one_record_in_place() -> None:
    decided = fold(
        ENTRY, [mark("sort", "accepted"), mark("find", ["unique"], "dropped"), mark("find", True, "flagged")]
    )
    assert states(decided) == ["proposed", "accepted", "proposed"]
    assert (decided.capabilities[0].dropped, decided.capabilities[0].flagged) == (("unique",), True)


def test_the_last_word_holds() -> None:
    assert states(fold(ENTRY, [mark("find", "accepted"), mark("find", "rejected")]))[0] == "rejected"


def test_decisions_about_what_is_gone_or_elsewhere_are_ignored() -> None:
    assert fold(ENTRY, [mark("nobody", "accepted"), mark("find", "accepted", entry="puma")]) == ENTRY


def test_an_opinion_is_no_part_of_an_entry() -> None:
    assert fold(ENTRY, [mark("find", "ann", "second")]) == ENTRY


any_marks = st.lists(
    st.one_of(
        st.builds(
            mark, st.sampled_from(["find", "sort", "none"]), st.sampled_from(["accepted", "rejected", "proposed"])
        ),
        st.builds(mark, st.sampled_from(["find", "sort"]), st.booleans(), st.sampled_from(["flagged", "disputed"])),
        st.builds(mark, st.just("find"), st.lists(st.sampled_from(["unique"]), max_size=1), st.just("dropped")),
    ),
    max_size=8,
)


@given(first=any_marks, then=any_marks)
def test_folding_in_two_steps_is_folding_in_one(first: list[Decision], then: list[Decision]) -> None:
    assert fold(fold(ENTRY, first), then) == fold(ENTRY, first + then)


@given(decisions=any_marks)
def test_folding_the_same_decisions_again_changes_nothing(decisions: list[Decision]) -> None:
    once = fold(ENTRY, decisions)
    assert fold(once, decisions) == once


# --- acts


def test_what_an_act_makes_of_an_entry_is_the_fold_of_its_decisions() -> None:
    acts = [
        edit(held(), "lynx/find", "description", Statement(text="Else."), STAMP, passes=False),
        join(held(), joined_of([FIND, SORT]), ["lynx/sort"], STAMP),
    ]
    for acted in acts:
        assert fold(ENTRY, acted.decisions) == acted.entry != ENTRY
        assert [one.number for one in acted.decisions] == list(range(len(acted.decisions)))
        assert {(one.batch, one.actor, one.base_version, one.model) for one in acted.decisions} == {
            ("b1", "ann", 3, "m")
        }


def test_an_edit_is_marked_as_a_persons_and_taken_back_without_a_trace() -> None:
    acted = edit(held(), "lynx/find", "name", "Picture search", STAMP, passes=True)
    assert acted.entry.capabilities[0].provenance.edited == ("name",)
    back = take_back(held(acted.entry, *stored(acted)), stored(acted), STAMP)
    assert back.entry == ENTRY
    assert [(one.op, one.target) for one in back.decisions] == [("undo", "b1:0")]
    again = redo(held(back.entry, *stored(acted)), stored(acted), STAMP)
    assert again.entry == acted.entry


def test_a_list_is_edited_and_taken_back_with_its_evidence() -> None:
    span = Evidence(document=0, start=2, end=6, quote="Lynx", how="cited")
    start = fold(
        ENTRY, edit(held(), "lynx/find", "intents", (Note(text="see", evidence=(span,)),), STAMP, passes=True).decisions
    )
    acted = edit(held(start), "lynx/find", "intents", (), STAMP, passes=True)
    assert acted.entry.capabilities[0].intents == ()
    assert take_back(held(acted.entry), stored(acted), STAMP).entry == start


def test_an_accepted_text_that_no_longer_passes_is_a_proposal_again() -> None:
    accepted = fold(ENTRY, [mark("find", "accepted"), mark("find", ["unique"], "dropped")])
    acted = edit(held(accepted), "lynx/find", "description", Statement(text="Else."), STAMP, passes=False)
    assert [(one.field, one.after) for one in acted.decisions][1:] == [("state", "proposed")]
    fine = edit(held(accepted), "lynx/find", "unique", Statement(text="Else."), STAMP, passes=True)
    assert (fine.entry.capabilities[0].dropped, fine.entry.capabilities[0].state) == ((), "accepted")


@pytest.mark.parametrize(
    ("identity", "field", "said", "why"),
    [
        ("lynx/gone", "name", "X", "not in its entry"),
        ("lynx/find", "name", "", "needs a name"),
        ("lynx/find", "category", "cats", "no category"),
        ("lynx/find", "state", "accepted", "no field"),
        ("lynx/find", "name", "Find", "says that already"),
    ],
)
def test_what_can_not_be_edited_is_refused_with_the_reason(identity: str, field: Aspect, said: str, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        edit(held(), identity, field, said, STAMP, passes=True)


def test_a_newer_draft_is_taken_without_what_does_not_pass_and_dismissed_for_good() -> None:
    newer = a_record("Find", SORTS, unique=INVENTED).model_copy(update={"id": FIND.id})
    one = FIND.model_copy(update={"state": "accepted", "revision": newer})
    entry = ENTRY.model_copy(update={"capabilities": (one, SORT)})
    taken = take(held(entry), FIND.id, STAMP, failing=failing).entry.capabilities[0]
    assert (texts([taken]), taken.dropped, taken.state, taken.revision) == ([SORTS], ("unique",), "accepted", None)
    kept = dismiss(held(entry), FIND.id, STAMP)
    first = kept.entry.capabilities[0]
    assert (texts([first]), first.revision, len(first.dismissed)) == ([FINDS], None, 1)
    assert take_back(held(kept.entry), stored(kept), STAMP).entry == entry
    with pytest.raises(Unfit, match="no other draft"):
        take(held(), FIND.id, STAMP, failing=failing)
    with pytest.raises(Unfit, match="no other draft"):
        dismiss(held(), FIND.id, STAMP)


def test_an_accepted_record_whose_newer_description_does_not_pass_is_a_proposal_again() -> None:
    newer = a_record("Find", INVENTED)
    one = FIND.model_copy(update={"state": "accepted", "revision": newer})
    entry = ENTRY.model_copy(update={"capabilities": (one,)})
    assert states(take(held(entry), FIND.id, STAMP, failing=failing).entry) == ["proposed"]


# --- merging, splitting, and back


def test_a_merge_is_marked_keeps_the_parts_and_comes_apart_in_their_places() -> None:
    acted = join(held(), joined_of([FIND, JOURNALS]), ["lynx/journal"], STAMP)
    one = acted.entry.capabilities[0]
    assert (ids(acted.entry), one.merged, one.provenance.edited) == (["find", "sort"], (FIND, JOURNALS), ("merged",))
    back = take_back(held(acted.entry, *stored(acted)), stored(acted), STAMP)
    assert back.entry == ENTRY.model_copy(update={"apart": (("lynx/find", "lynx/journal"),)})
    again = redo(held(back.entry), stored(acted), STAMP)
    assert again.entry == acted.entry


def test_what_was_taken_apart_and_is_made_one_again_is_held_apart_again_when_that_is_taken_back() -> None:
    apart = ENTRY.model_copy(update={"apart": (("lynx/find", "lynx/sort"),)})
    acted = join(held(apart), joined_of([FIND, SORT]), ["lynx/sort"], STAMP)
    assert acted.entry.apart == ()
    back = take_back(held(acted.entry), stored(acted), STAMP)
    assert back.entry == apart
    assert redo(held(back.entry), stored(acted), STAMP).entry == acted.entry


def test_merges_are_taken_back_in_any_order_and_every_record_finds_its_place() -> None:
    four = entry_of(source_of(), FIND, SORT, JOURNALS, a_record("Dry run", DRY_RUN))
    by_id = {one.id: one for one in four.capabilities}
    first = join(held(four), joined_of([by_id["lynx/find"], by_id["lynx/journal"]]), ["lynx/journal"], STAMP)
    second = join(held(first.entry), joined_of([by_id["lynx/sort"], by_id["lynx/dry-run"]]), ["lynx/dry-run"], STAMP)
    done = [*stored(first), *stored(second, since=9)]
    places = [one for one in done if one.field == "record"]
    for order in ([first, second], [second, first]):
        entry = second.entry
        for acted in order:
            entry = take_back(held(entry), stored(acted), STAMP, places=places).entry
        assert ids(entry) == ids(four)
        assert entry.capabilities == four.capabilities


def test_a_split_gives_the_parts_back_and_holds_them_apart() -> None:
    both = joined(JOURNALS, a_record("Dry run", DRY_RUN))
    entry = entry_of(source_of(), both, FIND)
    acted = part(held(entry), "lynx/journal", both.merged, STAMP)
    assert (ids(acted.entry), acted.entry.apart) == (
        ["journal", "dry-run", "find"],
        (("lynx/dry-run", "lynx/journal"),),
    )
    assert [one.provenance.edited for one in acted.entry.capabilities] == [("split",), ("split",), ()]
    assert take_back(held(acted.entry), stored(acted), STAMP).entry == entry
    with pytest.raises(Unfit, match="not merged"):
        part(held(), FIND.id, [FIND], STAMP)


def test_evidence_of_a_document_that_is_gone_supports_nothing_when_a_text_comes_back() -> None:
    acted = edit(held(), "lynx/find", "description", Statement(text="Else."), STAMP, passes=False)
    elsewhere = acted.entry.model_copy(update={"documents": source_entry("Another text.").documents})
    back = take_back(held(elsewhere), stored(acted), STAMP, find=lambda span, sha256: None)
    said = back.entry.capabilities[0].description
    assert said is not None
    assert (said.text, said.support, said.evidence) == (FINDS, "unsupported", ())
    assert said.sentences[0].reason == "its evidence is not found in the text as it is now"


def test_evidence_goes_with_its_document_when_that_has_another_place() -> None:
    acted = edit(held(), "lynx/find", "description", Statement(text="Else."), STAMP, passes=False)
    two = (*source_entry("Another text.").documents, *ENTRY.documents)
    back = take_back(held(acted.entry.model_copy(update={"documents": two})), stored(acted), STAMP)
    assert {span.document for span in back.entry.capabilities[0].evidence()} == {1}


def source_entry(text: str) -> Entry:
    return entry_of(source_of("other", text))


# --- what stands in the way


def test_later_decisions_about_the_same_stand_in_the_way_and_others_do_not() -> None:
    mine = mark("find", "accepted", batch="b1", seq=1)
    same = mark("find", "rejected", batch="b2", seq=2)
    assert blockers(mine, [same]) == (same,)
    harmless = [
        same.model_copy(update={"live": False}),
        same.model_copy(update={"batch": "b1"}),
        same.model_copy(update={"op": "undo"}),
        same.model_copy(update={"seq": 0}),
        mark("sort", "rejected", batch="b2", seq=2),
        mark("find", True, "flagged", batch="b2", seq=2),
    ]
    assert blockers(mine, harmless) == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("state", "state", True), ("state", "name", False), ("record", "name", True), ("record", "apart", False)],
)
def test_a_whole_record_overlaps_all_that_is_said_of_it(one: Aspect, other: Aspect, same: bool) -> None:
    assert overlapping(mark("find", None, one), mark("find", None, other)) is same
    assert overlapping(mark("find", None, other), mark("find", None, one)) is same
    assert not overlapping(mark("find", None, one), mark("sort", None, one))


def test_what_can_not_be_taken_back_names_what_stands_in_the_way() -> None:
    acted = edit(held(), "lynx/find", "name", "Search", STAMP, passes=True)
    later = mark("find", {"value": "X", "edited": True, "documents": []}, "name", op="edit", batch="b2", seq=9)
    with pytest.raises(Blocked) as blocked:
        take_back(held(acted.entry, later), stored(acted), STAMP)
    assert blocked.value.later == (later,)
    with pytest.raises(Blocked) as changed:
        take_back(held(ENTRY), stored(acted), STAMP)
    assert changed.value.later == ()
    with pytest.raises(Blocked):
        redo(held(acted.entry), stored(acted), STAMP)


# --- values


def test_values_are_shown_in_plain_words() -> None:
    assert shown("state", "accepted") == "accepted"
    assert shown("dropped", ["unique", "intents"]) == "unique, intents"
    assert (shown("dropped", []), shown("revision", None), shown("flagged", True)) == ("nothing", "nothing", "yes")
    assert shown("description", value(ENTRY, "lynx/find", "description")) == FINDS
    assert shown("record", value(ENTRY, "lynx/find", "record")) == "Find"
    assert shown("intents", value(ENTRY, "lynx/find", "intents")) == "nothing"


def test_a_record_that_is_not_there_has_no_value() -> None:
    assert value(ENTRY, "lynx/gone", "state") is None


def test_a_joined_record_keeps_what_a_person_settled_in_the_survivor() -> None:
    settled: Capability = a_record("Find", INVENTED).model_copy(update={"state": "accepted"})
    assert texts([joined_of([settled, SORT])]) == [INVENTED]
    assert texts([joined_of([a_record("Find", INVENTED), SORT])]) == [SORTS]
