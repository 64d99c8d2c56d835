"""Whoever looks at all waiting references holds them meanwhile, and gives back what has not ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from decomposer.batch import lease
from decomposer.batch.lease import Lease
from decomposer.ports import Outcome, RunPlan, Runs
from decomposer.store.engine import open_database
from decomposer.store.runs import SqlRuns


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    engine = open_database(str(tmp_path / "catalog.db"))
    held = SqlRuns(engine)
    record = held.open(RunPlan("f", "test", "m", "p"))
    held.feed(record.id, [f"r{number}" for number in range(150)], digest="", complete=True)
    yield held
    engine.dispose()


def test_every_reference_is_seen_once_and_what_has_not_ended_waits_again(runs: Runs) -> None:
    with Lease(runs, 1, "me") as held:
        blocks = list(held.items())
        assert [len(block) for block in blocks] == [64, 64, 22]
        assert runs.claim(1, "you", count=5, seconds=30) == []
        held.settle([Outcome(item.position, item.ref, "ok") for item in blocks[0]])
        assert runs.tally(1).held == 86
    tally = runs.tally(1)
    assert (tally.ended["ok"], tally.waiting, tally.held) == (64, 86, 0)


def test_what_others_keep_is_left_to_them(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "_LOOKS", 1)
    runs.claim(1, "you", count=100, seconds=3600)
    with Lease(runs, 1, "me") as held:
        assert sum(len(block) for block in held.items()) == 50


def test_what_others_lost_is_taken_over(runs: Runs) -> None:
    runs.claim(1, "you", count=100, seconds=0)
    with Lease(runs, 1, "me") as held:
        assert sum(len(block) for block in held.items()) == 150


def test_an_error_gives_everything_back(runs: Runs) -> None:
    def fail() -> None:
        with Lease(runs, 1, "me") as held:
            next(held.items())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert runs.tally(1).waiting == 150
