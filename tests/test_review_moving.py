"""Decisions that go from one catalog to another."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from decomposer.errors import UsageError
from decomposer.review.moving import apply, export, read
from tests.reviewing import DRY_RUN, FINDS, INVENTED, JOURNAL, READS, SORTS, TEXT, Bench, a_record, bench, joined

RECORDS = (
    a_record("Good", FINDS),
    a_record("Half", READS, unique=INVENTED),
    a_record("Sort", SORTS),
    joined(a_record("Journal", JOURNAL), a_record("Dry run", DRY_RUN)),
)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Bench, Bench]]:
    with ExitStack() as stack:
        benches = []
        for name in ("here", "there"):
            tmp_path.joinpath(name).mkdir()
            benches.append(stack.enter_context(bench(tmp_path / name)))
            benches[-1].add(*RECORDS)
        yield benches[0], benches[1]


def lines(held: Bench) -> list[str]:
    return list(export(held.reviews.history()))


def decide_everything(held: Bench) -> None:
    desk, other = held.desk("ann", overlap=1.0), held.desk("bob")
    desk.accept(["lynx/good", "lynx/half"])
    other.reject(["lynx/good"])
    desk.edit("lynx/sort", "description", INVENTED)
    desk.undo()
    desk.redo()
    desk.split("lynx/journal")
    desk.merge(["lynx/sort", "lynx/dry-run"])
    desk.undo()
    desk.flag(["lynx/journal"], reason="hm")


def test_applying_everything_gives_the_same_entry_and_doing_it_again_changes_nothing(two: tuple[Bench, Bench]) -> None:
    here, there = two
    decide_everything(here)
    moved = lines(here)
    done = apply(read(moved), there.reviews)
    assert (done.stored, done.known, done.conflicts) == (len(moved), 0, ())
    assert there.entry() == here.entry()
    assert [one.uid for one in there.reviews.history()] == [one.uid for one in here.reviews.history()]
    assert [one.live for one in there.reviews.history()] == [one.live for one in here.reviews.history()]
    again = apply(read(moved), there.reviews)
    assert (again.stored, again.known, again.conflicts) == (0, len(moved), ())
    assert there.desk("ann").undo().text == "taken back: flagged journal"


def test_what_does_not_fit_is_reported_and_the_rest_is_done(two: tuple[Bench, Bench]) -> None:
    here, there = two
    here.desk().accept(["lynx/good", "lynx/half"])
    here.desk().edit("lynx/sort", "name", "Sorting")
    there.desk("bob").reject(["lynx/good"])
    there.desk("bob").edit("lynx/sort", "name", "By date")
    done = apply(read(lines(here)), there.reviews)
    assert [(one.id, one.reason) for one in done.conflicts] == [
        ("lynx/good", "it says something else here"),
        ("lynx/sort", "it says something else here"),
    ]
    assert done.stored == 2
    assert [(one.state, one.name) for one in there.entry().capabilities][:3] == [
        ("rejected", "Good"),
        ("accepted", "Half"),
        ("proposed", "By date"),
    ]


def test_decisions_about_what_is_not_there_are_reported(two: tuple[Bench, Bench]) -> None:
    here, there = two
    here.add(*RECORDS, slug="puma")
    here.desk().accept(["puma/good"])
    here.desk().edit("puma/good", "name", "Better")
    done = apply(read(lines(here)), there.reviews)
    assert (done.stored, [one.id for one in done.conflicts]) == (0, ["puma/good", "puma"])


def test_evidence_points_into_the_documents_of_the_other_catalog(two: tuple[Bench, Bench]) -> None:
    here, there = two
    here.desk().edit("lynx/good", "description", SORTS)
    entry = there.entry()
    extra = entry.documents[0].model_copy(update={"uri": "other.md", "sha256": "f" * 64})
    moved = tuple(one.with_evidence(lambda span: span.model_copy(update={"document": 1})) for one in entry.capabilities)
    documents = (extra, *entry.documents)
    there.catalog.take(entry, lambda *_: entry.model_copy(update={"documents": documents, "capabilities": moved}))
    apply(read(lines(here)), there.reviews)
    (span,) = there.one("lynx/good").description.evidence  # type: ignore[union-attr]
    assert (span.document, TEXT[span.start : span.end]) == (1, SORTS)


def test_what_is_written_is_safe_to_print_and_says_nothing_of_this_catalog(two: tuple[Bench, Bench]) -> None:
    here, _ = two
    here.desk().reject(["lynx/good"], reason="\x1b]52;c;AAAA\x07 \u202e")
    (line,) = lines(here)
    assert line.isprintable()
    assert {"seq", "live"} & json.loads(line).keys() == set()
    assert json.loads(line)["reason"] == "\x1b]52;c;AAAA\x07 \u202e"


@pytest.mark.parametrize("line", ["{", "[]", '{"op": "fly"}', "1", '"x"', "[" * 100_000, '{"op":"accept","entry":"x"}'])
def test_a_line_that_is_no_decision_is_named(line: str) -> None:
    with pytest.raises(UsageError, match="line 2"):
        list(read(["", line]))
