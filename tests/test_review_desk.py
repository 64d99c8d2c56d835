"""A reviewer at a desk: what is shown, what is decided, and what comes of it when two decide at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from decomposer.errors import UsageError
from decomposer.publish.files import published
from decomposer.review import Selector
from decomposer.review.marks import second_wanted
from tests.reviewing import (
    DRY_RUN,
    FINDS,
    INVENTED,
    JOURNAL,
    PLUGINS,
    READS,
    SORTS,
    TEXT,
    Bench,
    a_record,
    bench,
    drafted,
    ids,
    joined,
    texts,
)

A, B, C, D = "lynx/good", "lynx/half", "lynx/bad", "lynx/none"


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as opened:
        opened.add(
            a_record("Good", FINDS),
            a_record("Half", READS, unique=INVENTED),
            a_record("Bad", INVENTED),
            a_record("None", None, unique=SORTS),
        )
        yield opened


def marks(held: Bench, identity: str) -> tuple[str, tuple[str, ...], bool]:
    one = held.one(identity)
    return one.state, one.dropped, one.disputed


# --- what is seen


def test_a_sheet_shows_each_field_with_its_key_its_sentences_and_what_they_rest_on(held: Bench) -> None:
    sheet = held.desk().sheet(B)
    assert [(one.name, one.number, one.passes, one.dropped) for one in sheet.fields] == [
        ("description", 1, True, False),
        ("unique", 2, False, True),
    ]
    (sentence,) = sheet.fields[0].sentences
    assert (sentence.text, sentence.support) == (READS, "supported")
    assert [(span.quote, span.field) for span in sheet.evidence] == [(READS, "description")]
    assert [shown.text for shown in sheet.documents] == [TEXT]
    assert (sheet.model, sheet.prompt, sheet.version, sheet.dropped) == ("m", "v1", held.queued(B).version, ("unique",))
    assert (sheet.revision, sheet.twin, sheet.opinions, sheet.nearest) == (None, None, (), ())


def test_what_is_nowhere_is_said_so_in_plain_words(held: Bench) -> None:
    desk = held.desk()
    for wrong in ("lynx/gone", "puma/good", "nothing", ""):
        with pytest.raises(UsageError, match="no record is called"):
            desk.sheet(wrong)
        assert desk.place(wrong) is None
        assert desk.accept([wrong]).text.endswith("the catalog does not hold it")


def test_the_neighbours_of_a_record_are_those_of_its_entry_that_live(held: Bench) -> None:
    desk = held.desk()
    desk.reject([C])
    assert [one.id for one in desk.others(A)] == [B, D]


def test_two_reviewers_are_never_given_the_same_records(held: Bench) -> None:
    ann, bob = held.desk("ann"), held.desk("bob")
    mine, theirs = ann.window(count=2), bob.window(count=9)
    assert len(mine) == len(theirs) == 2
    assert {one.id for one in mine} | {one.id for one in theirs} == {A, B, C, D}
    assert ann.touch() == 2
    ann.leave()
    assert len(bob.window(count=9)) == 4


# --- accepting


def test_accepting_leaves_out_what_does_not_pass(held: Bench) -> None:
    assert held.desk().accept([A, B]).text == "accepted good, half, 1 of them without a field"
    assert (marks(held, A), marks(held, B)) == (("accepted", (), False), ("accepted", ("unique",), False))


def test_a_record_whose_description_does_not_pass_is_left_unless_a_person_insists(held: Bench) -> None:
    desk = held.desk()
    done = desk.accept([C, D])
    assert (done.decisions, [one.id for one in done.refused]) == ((), [C, D])
    assert "its description does not pass" in done.text
    assert desk.accept([C, D], dropped={C: (), D: ()}).refused == ()
    assert (marks(held, C)[0], marks(held, D)[0]) == ("accepted", "accepted")


def test_a_person_says_which_fields_are_left_out(held: Bench) -> None:
    desk = held.desk()
    assert desk.accept([B], dropped={B: []}).text == "accepted half"
    assert marks(held, B) == ("accepted", (), False)
    assert desk.accept([B], dropped={B: ["unique", "intents"]}).text == "accepted half, without unique, intents"
    assert desk.accept([B], dropped={B: ["unique", "intents"]}).text == "half: it is accepted already"


def test_what_is_left_out_is_not_published_and_what_is_disputed_is_a_proposal(held: Bench) -> None:
    held.desk().accept([A, B])
    desk = held.desk("bob")
    desk.reject([A], versions={A: 1})
    shown = published(held.entry())
    assert shown is not None
    by_id = {one.id: one for one in shown.capabilities}
    assert (by_id[B].unique, by_id[B].dropped, by_id[B].state) == (None, (), "accepted")
    assert (by_id[A].state, by_id[A].disputed) == ("proposed", False)


def test_everything_that_passes_in_an_entry_is_accepted_at_once_and_taken_back_at_once(held: Bench) -> None:
    desk = held.desk()
    assert desk.accept_passing("lynx").text == "accepted good"
    assert desk.undo().text == "taken back: accepted good"
    assert marks(held, A) == ("proposed", (), False)


def test_what_is_flagged_is_not_accepted_with_the_rest(held: Bench) -> None:
    desk = held.desk()
    desk.flag([A])
    assert desk.accept_passing("lynx").decisions == ()
    assert marks(held, A)[0] == "proposed"


def test_how_long_a_person_looked_is_kept(held: Bench) -> None:
    desk = held.desk()
    desk.sheet(A)
    (decision,) = desk.accept([A], reason="fine").decisions
    assert (decision.shown_at, decision.reason) == ("2026-11-21T10:00:00+00:00", "fine")
    assert decision.decided_at == "2026-11-21T10:00:01+00:00"


# --- editing


def test_an_edited_text_is_checked_again(held: Bench) -> None:
    desk = held.desk()
    desk.edit(A, "description", SORTS)
    said = held.one(A).description
    assert said is not None
    assert (said.support, [span.quote for span in said.evidence]) == ("supported", [SORTS])
    desk.edit(A, "description", INVENTED)
    said = held.one(A).description
    assert said is not None
    assert said.support == "unsupported"
    assert desk.accept([A]).decisions == ()
    assert desk.accept([A], dropped={A: ()}).text == "accepted good"
    desk.edit(A, "description", PLUGINS)
    assert marks(held, A)[0] == "accepted"
    desk.edit(A, "description", INVENTED)
    assert marks(held, A)[0] == "proposed"


def test_a_list_is_edited_line_by_line_and_nothing_empties_it(held: Bench) -> None:
    desk = held.desk()
    desk.edit(A, "best_for", f"  {SORTS}\n\nflying   to the moon\n{SORTS}")
    assert [(one.text, len(one.evidence)) for one in held.one(A).best_for] == [(SORTS, 1), ("flying to the moon", 0)]
    desk.edit(A, "best_for", "\n")
    assert held.one(A).best_for == ()
    assert desk.edit(A, "description", "x" * 20_001).text.startswith("good: a text of 20,001 characters is too long")
    assert desk.edit(A, "name", "  ").text == "good: a record needs a name"


def test_a_text_whose_document_is_not_held_is_not_believed(held: Bench) -> None:
    desk = held.desk()
    desk._means = desk._means.__class__(desk._means.clock, desk._means.new_batch, lambda source: None)
    desk.edit(A, "description", SORTS)
    said = held.one(A).description
    assert said is not None
    assert (said.support, said.sentences[0].reason) == (
        "unsupported",
        "the catalog holds no text that it could be checked against",
    )


# --- merging


def test_records_are_made_one_under_the_accepted_one(held: Bench) -> None:
    desk = held.desk()
    desk.accept([B])
    assert desk.merge([A, B]).text == "merged half, good"
    one = held.one(B)
    assert (texts([one]), one.state, [part.id for part in one.merged]) == ([READS], "accepted", [B, A])
    assert {span.quote for span in one.evidence()} >= {READS, FINDS}
    assert A not in [one.id for one in held.entry().capabilities]


def test_what_can_not_be_merged_is_refused(held: Bench) -> None:
    held.add(a_record("Good", FINDS), slug="puma")
    desk = held.desk()
    desk.reject([C])
    assert desk.merge([A, A]).text == "good: it takes two records to merge"
    assert desk.merge([A, "puma/good"]).text == "good: records of different entries are never made one"
    assert desk.merge([A, C]).text == "good: lynx/bad is rejected"
    assert desk.split(A).text == "good: it was not merged of several records"


def test_a_split_part_without_an_id_of_its_own_gets_one_that_nobody_had(tmp_path: Path) -> None:
    with bench(tmp_path) as fresh:
        nameless = a_record("Dry run", DRY_RUN)
        fresh.add(joined(a_record("Journal", JOURNAL), nameless), a_record("Dry run", SORTS))
        fresh.desk().split("lynx/journal")
        assert ids(fresh.entry()) == ["journal", "dry-run-2", "dry-run"]


def test_a_split_that_was_taken_back_says_nothing_of_where_records_stood(tmp_path: Path) -> None:
    with bench(tmp_path) as fresh:
        fresh.add(a_record("Find"), a_record("Journal", JOURNAL), a_record("Sort", SORTS), a_record("Read", READS))
        desk = fresh.desk()
        first = desk.merge(["lynx/read", "lynx/journal"]).decisions[0].batch
        desk.split("lynx/read")
        desk.undo()
        desk.merge(["lynx/find", "lynx/sort"])
        desk.revert(Selector(batch=first))
        desk.undo()
        assert ids(fresh.entry()) == ["find", "journal", "sort", "read"]


# --- taking back


def test_undo_and_redo_go_through_everything_across_desks(held: Bench) -> None:
    held.desk().accept([A])
    held.desk().reject([B], reason="no")
    desk = held.desk()
    assert [desk.undo().text, desk.undo().text, desk.undo().text] == [
        "taken back: rejected half",
        "taken back: accepted good",
        "nothing was decided",
    ]
    held.desk().accept([C], dropped={C: ()})
    assert [desk.redo().text, desk.redo().text, desk.redo().text] == [
        "in place again: accepted good",
        "in place again: rejected half",
        "nothing was decided",
    ]
    assert [marks(held, one)[0] for one in (A, B, C)] == ["accepted", "rejected", "accepted"]


def test_what_somebody_else_decided_since_stands_in_the_way(held: Bench) -> None:
    ann, bob = held.desk("ann"), held.desk("bob")
    ann.accept([A, B])
    bob.reject([A])
    done = ann.undo()
    assert [(one.id, one.reason) for one in done.conflicts] == [(A, "bob has decided about it since")]
    assert [one.actor for one in done.conflicts[0].decisions] == ["bob"]
    assert (marks(held, A)[0], marks(held, B)[0]) == ("rejected", "proposed")


def test_one_decision_of_many_is_reverted_by_its_number_and_a_persons_all_at_once(held: Bench) -> None:
    ann, bob = held.desk("ann"), held.desk("bob")
    seq = {one.capability: one.seq for one in [*ann.accept([A, B]).decisions] for one in held.reviews.named([one.uid])}
    assert bob.revert(Selector(seq=seq[B])).text.startswith("taken back: accepted half")
    assert (marks(held, A)[0], marks(held, B)) == ("accepted", ("proposed", (), False))
    bob.reject([C])
    bob.revert(Selector(actor="ann"))
    assert [marks(held, one)[0] for one in (A, C)] == ["proposed", "rejected"]
    with pytest.raises(UsageError, match="nothing says"):
        bob.revert(Selector())
    assert bob.revert(Selector(since="2099")).text == "nothing was decided"
    assert bob.revert(Selector(run="none")).text == "nothing was decided"


# --- two at once


def test_two_who_say_otherwise_make_a_record_disputed_and_both_are_kept(held: Bench) -> None:
    ann, bob = held.desk("ann"), held.desk("bob")
    ann.sheet(A), bob.sheet(A)
    ann.accept([A])
    assert "now disputed" in bob.reject([A], reason="wrong").text
    assert marks(held, A) == ("accepted", (), True)
    assert held.queued(A).waits == "disputed"
    sheet = ann.sheet(A)
    assert [(one.actor, one.field) for one in sheet.opinions] == [("ann", "state"), ("bob", "second")]
    assert ann.accept([A]).refused == ()
    assert (marks(held, A), held.queued(A).waits) == (("accepted", (), False), None)


def test_two_who_say_the_same_agree(held: Bench) -> None:
    ann, bob = held.desk("ann"), held.desk("bob")
    ann.sheet(B), bob.sheet(B)
    ann.accept([B])
    assert bob.accept([B]).text == "gave a second opinion on half"
    assert marks(held, B) == ("accepted", ("unique",), False)
    assert ann.undo().conflicts == ()


def test_a_dispute_is_settled_by_rejecting_and_that_is_taken_back(held: Bench) -> None:
    ann, bob = held.desk("ann"), held.desk("bob")
    ann.accept([A])
    bob.reject([A], versions={A: 1})
    held.desk("cat").reject([A])
    assert marks(held, A) == ("rejected", (), False)
    held.desk("cat").undo()
    assert marks(held, A) == ("accepted", (), True)


def test_what_was_changed_since_it_was_seen_is_to_be_looked_at_again(held: Bench) -> None:
    ann, bob = held.desk("ann"), held.desk("bob")
    ann.sheet(A)
    bob.edit(A, "description", SORTS)
    for done in (ann.accept([A]), ann.edit(A, "description", READS), ann.merge([A, B])):
        assert done.decisions == ()
        assert [one.reason for one in done.conflicts] in (
            ["bob has changed it since you saw it: look again"],
            ["bob has decided about it since you saw it: look again"],
        )
    ann.sheet(A)
    assert ann.accept([A]).conflicts == ()


def test_ones_own_decisions_of_another_window_are_no_conflict(held: Bench) -> None:
    one, other = held.desk("ann"), held.desk("ann")
    one.sheet(A)
    other.flag([A])
    assert one.accept([A]).conflicts == ()
    assert marks(held, A)[0] == "accepted"


# --- a second opinion


def test_the_share_that_two_decide_about_is_the_same_everywhere() -> None:
    chosen = [second_wanted(f"lynx/{number}", 0.05) for number in range(4000)]
    assert 150 < sum(chosen) < 250
    assert all(second_wanted(f"lynx/{n}", 0.5) for n, one in enumerate(chosen) if one)
    assert (second_wanted("lynx/1", 0.0), second_wanted("lynx/1", 1.0)) == (False, True)


def test_a_second_opinion_is_blind_and_not_asked_of_the_same_person(held: Bench) -> None:
    ann, bob = held.desk("ann", overlap=1.0), held.desk("bob", overlap=1.0)
    ann.accept([B])
    assert (held.queued(B).waits, held.queued(B).second) == ("second", "ann")
    assert B not in [one.id for one in ann.page()]
    shown = next(one for one in bob.page() if one.id == B)
    assert (shown.state, shown.dropped, bob.history(B)) == ("proposed", (), [])
    sheet = bob.sheet(B)
    assert (sheet.capability.state, sheet.capability.dropped, sheet.queued.state) == ("proposed", (), "proposed")
    assert bob.accept([B]).text == "gave a second opinion on half"
    assert (marks(held, B), held.queued(B).waits) == (("accepted", ("unique",), False), None)
    assert len(bob.history(B)) == 4


def test_a_second_opinion_that_differs_disputes_the_record_and_can_be_taken_back(held: Bench) -> None:
    ann, bob = held.desk("ann", overlap=1.0), held.desk("bob", overlap=1.0)
    ann.accept([A])
    assert bob.reject([A]).text.startswith("gave a second opinion on good; 1 now disputed")
    assert held.queued(A).waits == "disputed"
    assert bob.undo().conflicts == ()
    assert (marks(held, A), held.queued(A).waits) == (("accepted", (), False), "second")
    bob.redo()
    assert marks(held, A)[2]
    assert [one.reason for one in ann.undo().conflicts] == ["bob has decided about it since"]


def test_the_samples_are_reviewed_from_the_first_to_the_last(tmp_path: Path) -> None:
    with drafted(tmp_path, "pebblesort") as (workspace, its):
        desk = its.desk()
        while window := desk.window(count=3):
            desk.accept([one.id for one in window], dropped={one.id: () for one in window})
        assert {one.state for one in workspace.entry("pebblesort").capabilities} == {"accepted"}
        while desk.undo().decisions:
            pass
        assert {one.state for one in workspace.entry("pebblesort").capabilities} == {"proposed"}
