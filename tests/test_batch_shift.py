"""A shift leases references, writes how they ended, and gives back the rest, whatever happens."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text

from decomposer.batch import shift as module
from decomposer.batch.shift import Hooks, Shift, owner, work_off
from decomposer.errors import BudgetReached, CatalogError
from decomposer.ports import Item, Outcome, RunPlan
from decomposer.store.engine import open_database
from decomposer.store.runs import SqlRuns


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[SqlRuns]:
    engine = open_database(tmp_path / "catalog.db")
    held = SqlRuns(engine)
    held.open(RunPlan("f", "refs.txt", "m", "v1"))
    yield held
    engine.dispose()


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_TICK", "_LOOK_AGAIN", "_SOON"):
        monkeypatch.setattr(module, name, 0.02)


def feed(runs: SqlRuns, count: int) -> None:
    runs.feed(1, [f"r{number}" for number in range(count)], digest="d", complete=True)


def well(item: Item) -> Outcome:
    return Outcome(item.position, item.ref, "ok")


def test_every_reference_ends_and_is_written(runs: SqlRuns) -> None:
    feed(runs, 200)
    assert len(list(work_off(runs, Shift(1, "me", 4), well, Hooks()))) == 200
    tally = runs.tally(1)
    assert (tally.ended["ok"], tally.waiting, tally.held) == (200, 0, 0)


def test_a_lease_takes_so_many_and_goes(runs: SqlRuns) -> None:
    feed(runs, 100)
    assert len(list(work_off(runs, Shift(1, "me", 4, most=64), well, Hooks()))) == 64
    assert (runs.tally(1).waiting, runs.tally(1).held) == (36, 0)


def test_what_ends_the_run_gives_back_what_has_not_ended(runs: SqlRuns) -> None:
    feed(runs, 200)

    def work(item: Item) -> Outcome:
        if item.position == 20:
            raise BudgetReached("enough")
        return well(item)

    closed = Event()

    class Closing(Hooks):
        def close(self) -> None:
            closed.set()

    ended: list[Outcome] = []
    with pytest.raises(BudgetReached):
        ended.extend(work_off(runs, Shift(1, "me", 2), work, Closing()))
    tally = runs.tally(1)
    assert closed.is_set()
    assert 19 <= len(ended) <= 21
    assert (tally.ended["ok"], tally.waiting, tally.held) == (len(ended), 200 - len(ended), 0)


def test_leaving_early_writes_and_gives_back_too(runs: SqlRuns) -> None:
    feed(runs, 100)
    work = work_off(runs, Shift(1, "me", 2), well, Hooks())
    next(work)
    work.close()
    tally = runs.tally(1)
    assert tally.ended["ok"] >= 1
    assert (tally.ended["ok"] + tally.waiting, tally.held) == (100, 0)


def test_references_that_are_still_being_fed_are_waited_for(runs: SqlRuns) -> None:
    class Feeding(Hooks):
        looks = 0

        def more(self) -> bool:
            self.looks += 1
            if self.looks == 3:
                feed(runs, 5)
            return self.looks <= 3

    assert len(list(work_off(runs, Shift(1, "me", 2), well, Feeding()))) == 5


def test_what_a_lost_worker_held_is_taken_over_when_its_lease_runs_out(runs: SqlRuns) -> None:
    feed(runs, 6)
    assert len(runs.claim(1, "lost", count=4, seconds=0.2)) == 4
    assert sorted(one.position for one in work_off(runs, Shift(1, "me", 2), well, Hooks())) == [0, 1, 2, 3, 4, 5]


def test_the_leases_of_a_worker_that_is_slow_are_renewed(runs: SqlRuns, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEASE_SECONDS", 0.3)
    monkeypatch.setattr(module, "_RENEWAL", 1)
    feed(runs, 1)
    renewed = Event()
    renew = runs.renew

    def renewing(run: int, owner: str, *, seconds: float) -> None:
        renew(run, owner, seconds=seconds)
        renewed.set()

    monkeypatch.setattr(runs, "renew", renewing)

    def slow(item: Item) -> Outcome:
        for _ in range(20):  # much longer than the lease holds by itself
            renewed.clear()
            assert renewed.wait(10)
        assert runs.claim(1, "other", count=1, seconds=9) == []
        return well(item)

    assert len(list(work_off(runs, Shift(1, "me", 1), slow, Hooks()))) == 1


def test_a_catalog_that_can_not_be_written_ends_the_run(runs: SqlRuns, tmp_path: Path) -> None:
    feed(runs, 500)
    engine = open_database(tmp_path / "catalog.db")

    def work(item: Item) -> Outcome:
        if item.position == 10:
            with engine.begin() as connection:
                connection.execute(text("ALTER TABLE work RENAME TO away"))
        return well(item)

    with pytest.raises(CatalogError, match="no such table: work"):
        list(work_off(runs, Shift(1, "me", 2), work, Hooks()))
    engine.dispose()


def test_nobody_else_has_the_name_of_an_owner() -> None:
    assert owner() != owner()
