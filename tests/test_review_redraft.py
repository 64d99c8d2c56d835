"""What people decided stays decided when an entry is drafted again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from decomposer.records import Capability, Changes, Entry
from decomposer.revise import revise
from decomposer.same import Judging
from tests.reviewing import (
    DRY_RUN,
    FINDS,
    INVENTED,
    JOURNAL,
    READS,
    SORTS,
    TEXT,
    Bench,
    a_record,
    bench,
    entry_of,
    ids,
    joined,
    source_of,
    texts,
)


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as opened:
        yield opened


def redraft(held: Bench, *records: Capability, text: str = TEXT) -> Changes:
    """Draft the entry again: these records are found this time, and the result is stored."""
    source = source_of(text=text)
    found = entry_of(source, *(one.model_copy(update={"id": ""}) for one in records))
    found = found.model_copy(
        update={"capabilities": tuple(one.model_copy(update={"id": ""}) for one in found.capabilities)}
    )
    made: list[Changes] = []

    def change(previous: Entry | None, slug: str) -> Entry:
        made.append(revise(previous, found, source.documents, judge=Judging.of(source.artifact)))
        return made[0].entry

    held.catalog.revise(source, change)
    return made[0]


FIND, SORT = a_record("Picture search", FINDS), a_record("Date sorting", SORTS)


def test_a_rejected_record_does_not_come_back_not_even_in_other_words(held: Bench) -> None:
    held.add(FIND, SORT)
    desk = held.desk()
    desk.reject(["lynx/date-sorting"], reason="trivial")
    redraft(held, FIND, a_record("Sorting by date", SORTS))
    assert [(one.id, one.state) for one in held.entry().capabilities] == [
        ("lynx/picture-search", "proposed"),
        ("lynx/date-sorting", "rejected"),
    ]
    assert [one.id for one in desk.window()] == ["lynx/picture-search"]


def test_a_field_that_was_left_out_is_no_news_however_it_is_worded_next_time(held: Bench) -> None:
    held.add(a_record("Picture search", FINDS, unique=INVENTED))
    desk = held.desk()
    assert desk.accept(["lynx/picture-search"]).text == "accepted picture-search, without unique"
    changes = redraft(held, a_record("Picture search", FINDS, unique="It is the best of all cats."))
    (one,) = held.entry().capabilities
    assert (one.revision, one.dropped, one.unique and one.unique.text) == (None, ("unique",), INVENTED)
    assert [(change.fate, change.open) for change in changes.each] == [("kept", False)]
    assert desk.waiting() == 0


def test_what_an_accepted_record_says_otherwise_waits_and_is_taken_or_dismissed(held: Bench) -> None:
    held.add(FIND)
    desk = held.desk()
    desk.accept(["lynx/picture-search"])
    redraft(held, a_record("Picture search", SORTS))
    (waiting,) = desk.window()
    assert (waiting.waits, waiting.state) == ("revision", "accepted")
    assert [(d.field, d.before, d.after) for d in desk.sheet(waiting.id).revision or ()] == [
        ("description", FINDS, SORTS)
    ]
    assert desk.take(waiting.id).text == "took the newer draft of picture-search"
    assert texts(held.entry().capabilities) == [SORTS]
    assert desk.undo().text == "taken back: took the newer draft of picture-search"
    assert texts(held.entry().capabilities) == [FINDS]
    assert desk.sheet(waiting.id).revision is not None


def test_a_dismissed_draft_does_not_wait_again_and_another_one_does(held: Bench) -> None:
    held.add(FIND)
    desk = held.desk()
    desk.accept(["lynx/picture-search"])
    redraft(held, a_record("Picture search", SORTS))
    assert desk.dismiss("lynx/picture-search").text == "kept the text of picture-search"
    assert redraft(held, a_record("Picture search", SORTS)).each[0].fate == "kept"
    assert desk.waiting() == 0
    redraft(held, a_record("Picture search", JOURNAL))
    assert desk.waiting() == 1
    desk.dismiss("lynx/picture-search")
    desk.undo()
    assert desk.waiting() == 1


def test_accepting_a_record_that_is_accepted_takes_the_draft_that_waits(held: Bench) -> None:
    held.add(FIND)
    desk = held.desk()
    desk.accept(["lynx/picture-search"])
    redraft(held, a_record("Picture search", SORTS))
    assert desk.accept(["lynx/picture-search"]).text == "took the newer draft of picture-search"
    assert (texts(held.entry().capabilities), held.queued("lynx/picture-search").waits) == ([SORTS], None)


def test_records_that_a_person_made_one_stay_one(held: Bench) -> None:
    held.add(FIND, SORT, a_record("Journal", JOURNAL))
    desk = held.desk()
    desk.merge(["lynx/picture-search", "lynx/date-sorting"])
    before = held.entry()
    changes = redraft(held, FIND, SORT, a_record("Journal", JOURNAL))
    assert held.entry().capabilities == before.capabilities
    assert [change.reason for change in changes.left_out] == ["a person joined it into another record: Picture search"]
    assert held.queued("lynx/picture-search").waits == "proposed"
    reworded = redraft(held, FIND, a_record("Sorting by date", SORTS), a_record("Journal", JOURNAL))
    assert ids(reworded.entry) == ["picture-search", "journal"]


def test_what_a_person_took_apart_stays_apart(held: Bench) -> None:
    held.add(joined(a_record("Journal", JOURNAL), a_record("Dry run", DRY_RUN)), FIND)
    desk = held.desk()
    assert desk.split("lynx/journal").text == "split journal, dry-run"
    assert ids(held.entry()) == ["journal", "dry-run", "picture-search"]
    again = joined(a_record("Journal", JOURNAL), a_record("Dry run", DRY_RUN))
    redraft(held, again, FIND)
    assert sorted(ids(held.entry())) == ["dry-run", "journal", "picture-search"]
    assert all(not one.merged and one.revision is None for one in held.entry().capabilities)


def test_a_merge_that_was_taken_back_is_not_made_again(held: Bench) -> None:
    held.add(FIND, SORT)
    desk = held.desk()
    desk.merge(["lynx/picture-search", "lynx/date-sorting"])
    desk.undo()
    assert held.entry().apart == (("lynx/date-sorting", "lynx/picture-search"),)
    redraft(held, joined(FIND, SORT))
    assert sorted(ids(held.entry())) == ["date-sorting", "picture-search"]
    assert texts(held.entry().capabilities) == [FINDS, SORTS]


def test_a_merge_is_taken_back_after_the_text_has_changed_and_its_evidence_is_where_it_stands_now(held: Bench) -> None:
    held.add(FIND, SORT)
    desk = held.desk()
    desk.merge(["lynx/picture-search", "lynx/date-sorting"])
    moved = TEXT.replace("# Lynx\n", "# Lynx\n\nA new line before everything else that was there.\n")
    redraft(held, a_record("Picture search", FINDS, of=moved), a_record("Date sorting", SORTS, of=moved), text=moved)
    assert desk.undo().conflicts == ()
    entry = held.entry()
    for one in entry.capabilities:
        for span in one.evidence():
            text = held.catalog.text(entry.documents[span.document].sha256)
            assert text is not None
            assert text[span.start : span.end] == span.quote
            assert text == moved
    assert sorted(ids(entry)) == ["date-sorting", "picture-search"]


def test_an_edited_text_stays_and_a_flag_stays_on_a_proposal(held: Bench) -> None:
    held.add(FIND, SORT)
    desk = held.desk()
    desk.edit("lynx/picture-search", "description", READS)
    desk.flag(["lynx/date-sorting"], reason="is that all?")
    redraft(held, FIND, a_record("Date sorting", "It sorts folders by date, quickly."))
    assert texts(held.entry().capabilities) == [READS, "It sorts folders by date, quickly."]
    assert held.one("lynx/date-sorting").flagged
    assert held.one("lynx/picture-search").revision is not None
