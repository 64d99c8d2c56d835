"""Feeding goes on where it stopped, and notices that the list is another one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from decomposer.batch.feeding import Feed
from decomposer.errors import UsageError
from decomposer.ports import RunPlan, RunRecord
from decomposer.store.engine import open_database
from decomposer.store.runs import SqlRuns


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[SqlRuns]:
    engine = open_database(tmp_path / "catalog.db")
    yield SqlRuns(engine)
    engine.dispose()


PLAN = RunPlan("f", "refs.txt", "m", "v1")


def fed(runs: SqlRuns, blocks: list[list[str]], *, most: int = 1_000_000) -> RunRecord:
    """Feed blocks into the run as one process would that stops before more than `most` are fed."""
    feed = Feed(runs, runs.open(PLAN))
    feed.all(feed.rest(blocks), wait=lambda count: count < most)
    found = runs.find(1)
    assert found is not None
    assert (found.fed, found.complete) == (feed.fed, feed.over)
    return found


def refs(runs: SqlRuns) -> list[str]:
    return [item.ref for item in runs.claim(1, "me", count=100, seconds=9)]


def test_all_references_are_fed_once_and_the_run_is_complete(runs: SqlRuns) -> None:
    assert fed(runs, [["a", "b"], ["c"]]).complete
    assert refs(runs) == ["a", "b", "c"]


def test_no_references_are_a_complete_run_too(runs: SqlRuns) -> None:
    assert fed(runs, []).complete


@pytest.mark.parametrize("again", [[["a", "b"], ["c", "d"]], [["a", "b", "c", "d"]], [["a"], ["b", "c"], ["d"]]])
def test_feeding_goes_on_where_it_stopped_however_the_blocks_fall(runs: SqlRuns, again: list[list[str]]) -> None:
    assert not fed(runs, [["a", "b"], ["c", "d"]], most=1).complete
    assert fed(runs, again).complete
    assert refs(runs) == ["a", "b", "c", "d"]


def test_a_complete_run_is_fed_no_more(runs: SqlRuns) -> None:
    first = fed(runs, [["a", "b"]])
    assert fed(runs, [["a"], ["b"]]).digest == first.digest
    assert refs(runs) == ["a", "b"]


@pytest.mark.parametrize("other", [[["a", "x"]], [["a"]], [[]], [["a", "b", "c"]], [["a", "b"], ["c"]]])
def test_another_list_is_noticed_and_nothing_is_fed(runs: SqlRuns, other: list[list[str]]) -> None:
    fed(runs, [["a", "b"]])
    with pytest.raises(UsageError, match="not the references that run 1 was begun with; --resume 1 goes on"):
        fed(runs, other)
    assert refs(runs) == ["a", "b"]


def test_a_list_that_got_longer_before_it_was_fed_is_fed_to_its_end(runs: SqlRuns) -> None:
    fed(runs, [["a", "b"], ["c"]], most=1)
    assert fed(runs, [["a", "b", "c"], ["d"]]).complete
    assert refs(runs) == ["a", "b", "c", "d"]


def test_whoever_does_not_feed_sees_how_far_others_are(runs: SqlRuns) -> None:
    looking = Feed(runs, runs.open(PLAN))
    fed(runs, [["a", "b"]])
    looking.look()
    assert (looking.fed, looking.over) == (2, True)
