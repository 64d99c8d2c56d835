"""The suite of the Runs port."""

import tracemalloc
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, event

from decomposer.errors import CatalogError
from decomposer.ports import Ending, Item, Outcome, RunPlan, RunRecord, Runs, Tally
from decomposer.store.runs import SqlRuns

NOW = "2026-01-02T03:04:05+00:00"
PLAN = RunPlan("f", "refs.txt", "openai/m", "v1", '{"workers": 4}', Decimal("1.5"))
ENDED: dict[Ending, int] = {"ok": 0, "empty": 0, "unchanged": 0, "failed": 0}


@pytest.fixture
def runs(engine: Engine) -> Runs:
    return SqlRuns(engine, now=lambda: NOW)


def fed(runs: Runs, refs: Sequence[str] = ("a", "b", "c", "d"), *, plan: RunPlan = PLAN) -> int:
    run = runs.open(plan)
    runs.feed(run.id, refs, digest=f"d{len(refs)}", complete=True)
    return run.id


def an_outcome(position: int, state: Ending = "ok", **more: Any) -> Outcome:
    return Outcome(position, "abcd"[position % 4], state, **more)


# --- runs


def test_there_are_no_runs_at_first(runs: Runs) -> None:
    assert runs.find(1) is None
    assert runs.all() == []


def test_a_run_is_what_was_planned(runs: Runs) -> None:
    run = runs.open(PLAN)
    assert run == RunRecord(1, PLAN, "open", 0, "", False, NOW, NOW)
    assert runs.find(1) == run
    assert runs.all() == [run]


def test_an_unfinished_run_is_found_by_its_fingerprint_and_takes_the_new_limit(runs: Runs) -> None:
    first = runs.open(PLAN)
    runs.beat(first.id, progress='{"done": 1}', state="stopped")
    again = runs.open(replace(PLAN, max_cost_usd=Decimal(3)))
    assert again == replace(first, plan=replace(PLAN, max_cost_usd=Decimal(3)), progress='{"done": 1}')
    assert runs.open(replace(PLAN, fingerprint="g")).id == 2
    assert runs.open(PLAN, fresh=True).id == 3
    assert [run.id for run in runs.all()] == [3, 2, 1]
    assert runs.open(PLAN).id == 3


def test_after_a_finished_run_comes_a_new_one(runs: Runs) -> None:
    first = runs.open(PLAN)
    runs.beat(first.id, progress="{}", state="done")
    assert runs.open(PLAN).id == 2


def test_threads_that_open_one_plan_at_once_get_one_run(runs: Runs) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert {run.id for run in pool.map(runs.open, [PLAN] * 16)} == {1}


def test_a_beat_says_how_far_it_is(engine: Engine) -> None:
    times = iter("abcdef")
    runs = SqlRuns(engine, now=lambda: next(times))
    run = runs.open(PLAN)
    runs.beat(run.id, progress='{"done": 7}')
    assert runs.find(run.id) == replace(run, beat="c", progress='{"done": 7}')
    runs.beat(run.id, progress='{"done": 8}', state="done")
    assert runs.find(run.id) == replace(run, beat="d", progress='{"done": 8}', state="done")


def test_a_run_that_there_is_not_is_named(runs: Runs) -> None:
    for call in (
        lambda: runs.feed(7, ["a"], digest="x"),
        lambda: runs.beat(7, progress="{}"),
        lambda: runs.reopen(7),
    ):
        with pytest.raises(CatalogError, match="there is no run 7; `decomposer batch status` lists the runs"):
            call()


# --- feeding


def test_references_are_fed_in_blocks_and_come_back_as_they_were(runs: Runs) -> None:
    run = runs.open(PLAN)
    odd = ['{"ref": "a", "name": "看图 😀"}', "\0 \u202e", "\ud800", "", "'; DROP TABLE work; --"]
    runs.feed(run.id, odd, digest="d1")
    runs.feed(run.id, ["last"], digest="d2", complete=True)
    assert runs.find(run.id) == replace(run, fed=6, digest="d2", complete=True)
    assert runs.claim(run.id, "me", count=9, seconds=60) == [Item(n, ref) for n, ref in enumerate([*odd, "last"])]


def test_a_run_may_be_complete_without_references(runs: Runs) -> None:
    run = runs.open(PLAN)
    runs.feed(run.id, [], digest="d0", complete=True)
    assert runs.find(run.id) == replace(run, digest="d0", complete=True)
    assert runs.tally(run.id) == Tally(ENDED, 0, 0)


def test_two_cannot_feed_one_run(engine: Engine, runs: Runs) -> None:
    run, other = runs.open(PLAN), SqlRuns(engine, now=lambda: NOW)
    assert other.open(PLAN).id == run.id
    runs.feed(run.id, ["a", "b"], digest="d2")
    with pytest.raises(
        CatalogError, match=r"run 1: somebody else has fed it in the meantime \(2 references\); run the"
    ):
        other.feed(run.id, ["a"], digest="d1")
    assert runs.find(run.id) == replace(run, fed=2, digest="d2")
    runs.feed(run.id, ["c"], digest="d3")
    assert other.open(PLAN).fed == 3
    other.feed(run.id, ["d"], digest="d4", complete=True)
    with pytest.raises(CatalogError, match="somebody else has fed it"):
        runs.feed(run.id, ["d"], digest="d4")
    assert runs.tally(run.id).waiting == 4


# --- leases


def test_a_reference_is_leased_to_one_owner_at_a_time(runs: Runs) -> None:
    run = fed(runs)
    assert runs.claim(run, "me", count=3, seconds=60) == [Item(0, "a"), Item(1, "b"), Item(2, "c")]
    assert runs.claim(run, "you", count=3, seconds=60) == [Item(3, "d")]
    assert runs.claim(run, "she", count=3, seconds=60) == []
    assert runs.tally(run) == Tally(ENDED, waiting=0, held=4)


def test_runs_do_not_share_their_references(runs: Runs) -> None:
    run, other = fed(runs), fed(runs, ["x"], plan=replace(PLAN, fingerprint="g"))
    assert runs.claim(other, "me", count=9, seconds=60) == [Item(0, "x")]
    runs.release(run, "me")
    assert runs.claim(other, "me", count=9, seconds=60) == []


def test_a_lease_that_has_run_out_is_taken_over(runs: Runs) -> None:
    run = fed(runs)
    runs.claim(run, "lost", count=2, seconds=-1)
    runs.claim(run, "alive", count=1, seconds=60)
    assert runs.claim(run, "me", count=9, seconds=60) == [Item(1, "b"), Item(2, "c"), Item(3, "d")]


def test_a_lease_is_renewed_by_its_owner_alone(runs: Runs) -> None:
    run = fed(runs)
    runs.claim(run, "me", count=1, seconds=-1)
    runs.claim(run, "you", count=1, seconds=60)
    runs.renew(run, "nobody", seconds=60)
    runs.renew(run, "you", seconds=-1)
    assert runs.claim(run, "she", count=2, seconds=60) == [Item(0, "a"), Item(1, "b")]
    runs.renew(run, "me", seconds=-1)
    assert runs.claim(run, "he", count=1, seconds=60) == [Item(2, "c")]


def test_what_is_given_back_waits_again(runs: Runs) -> None:
    run = fed(runs)
    runs.claim(run, "me", count=3, seconds=60)
    runs.settle(run, [an_outcome(1)])
    runs.release(run, "me")
    assert runs.tally(run) == Tally(ENDED | {"ok": 1}, waiting=3, held=0)
    assert runs.claim(run, "you", count=9, seconds=60) == [Item(0, "a"), Item(2, "c"), Item(3, "d")]


def test_threads_that_claim_at_once_never_hold_the_same_reference(engine: Engine) -> None:
    runs = SqlRuns(engine)
    run = fed(runs, [str(n) for n in range(200)])

    def work(owner: str) -> list[int]:
        mine: list[int] = []
        while items := runs.claim(run, owner, count=3, seconds=60):
            runs.settle(run, [Outcome(item.position, item.ref, "ok") for item in items])
            mine += [item.position for item in items]
        return mine

    with ThreadPoolExecutor(8) as pool:
        done = [place for mine in pool.map(work, map(str, range(8))) for place in mine]
    assert sorted(done) == list(range(200))
    assert runs.tally(run) == Tally(ENDED | {"ok": 200}, 0, 0)


_CLAIMING = """
import sys
from decomposer.ports import Outcome
from decomposer.store.engine import open_database
from decomposer.store.runs import SqlRuns

engine = open_database(sys.argv[1])
runs = SqlRuns(engine)
while items := runs.claim(1, sys.argv[2], count=3, seconds=60):
    print(*(item.position for item in items))
    runs.settle(1, [Outcome(item.position, item.ref, "ok", slug=sys.argv[2]) for item in items[:2]])
engine.dispose()
"""


def test_processes_that_claim_at_once_never_hold_the_same_reference(
    runs: Runs, race: Callable[[str, list[str]], list[str]]
) -> None:
    run = fed(runs, [str(n) for n in range(100)])
    claimed = [int(place) for output in race(_CLAIMING, ["one", "two"]) for place in output.split()]
    assert sorted(claimed) == list(range(100))
    tally = runs.tally(run)
    assert tally.ended["ok"] + tally.held == 100


# --- endings


def test_an_outcome_comes_back_as_it_was(runs: Runs) -> None:
    run = fed(runs)
    spent: dict[str, Any] = {"requests": 2, "cached": 1, "prompt_tokens": 900, "completion_tokens": 40, "seconds": 1.25}
    outcomes = [
        an_outcome(0, slug="lynx", capabilities=3, cost_usd=Decimal("0.000000000001"), **spent),
        an_outcome(1, "empty", reason="it is a placeholder", cost_usd=None),
        an_outcome(2, "unchanged", slug="l"),
        an_outcome(3, "failed", reason="no answer", raw='{"\ud800 \0'),
    ]
    runs.settle(run, list(reversed(outcomes)))
    assert list(runs.outcomes(run)) == outcomes
    assert list(runs.outcomes(run, endings=["failed"])) == outcomes[3:]
    assert list(runs.outcomes(run, endings=["empty", "unchanged"])) == outcomes[1:3]
    assert list(runs.outcomes(run, endings=[])) == []


def test_the_sums_of_a_run_are_exact_and_unknown_costs_are_counted(runs: Runs) -> None:
    run = fed(runs, list("abcdefg"))
    cost = Decimal("0.100000000001")
    runs.settle(run, [an_outcome(n, cost_usd=cost, requests=2, cached=1, capabilities=3) for n in range(3)])
    runs.settle(run, [an_outcome(3, "failed", cost_usd=None, prompt_tokens=7, completion_tokens=2, requests=1)])
    runs.claim(run, "me", count=1, seconds=60)
    expected = Tally(ENDED | {"ok": 3, "failed": 1}, waiting=2, held=1, requests=7, cached=3)
    expected = replace(expected, prompt_tokens=7, completion_tokens=2, cost_usd=Decimal("0.300000000003"))
    assert runs.tally(run) == replace(expected, unpriced=1, capabilities=9)


def test_writing_the_same_again_changes_nothing(runs: Runs) -> None:
    run = fed(runs)
    ended = [an_outcome(0, slug="lynx", requests=1), an_outcome(1, "failed", reason="no answer")]
    for _ in range(2):
        runs.settle(run, ended)
        assert list(runs.outcomes(run)) == ended
    runs.settle(run, [])
    assert runs.tally(run) == Tally(ENDED | {"ok": 1, "failed": 1}, waiting=2, held=0, requests=1)


def test_a_worker_that_comes_too_late_does_not_undo_an_end(runs: Runs) -> None:
    run = fed(runs)
    runs.settle(run, [an_outcome(0, slug="lynx", requests=1)])
    runs.settle(run, [an_outcome(0, "failed", reason="too late")])
    assert list(runs.outcomes(run)) == [an_outcome(0, slug="lynx", requests=1)]


def test_a_later_success_takes_the_place_of_a_failure(runs: Runs) -> None:
    run = fed(runs)
    runs.settle(run, [an_outcome(0, "failed", reason="no answer", raw="{}")])
    runs.settle(run, [an_outcome(0, slug="lynx")])
    assert list(runs.outcomes(run)) == [an_outcome(0, slug="lynx")]


def test_an_outcome_of_another_run_is_refused_with_its_whole_group(runs: Runs) -> None:
    run = fed(runs)
    with pytest.raises(CatalogError, match="run 1: has no reference 9"):
        runs.settle(run, [an_outcome(0), an_outcome(9)])
    assert runs.tally(run) == Tally(ENDED, waiting=4, held=0)


def test_what_failed_is_done_again_when_the_run_is_reopened(runs: Runs) -> None:
    run = fed(runs)
    runs.settle(run, [an_outcome(0), an_outcome(1, "failed", raw="{}", requests=2), an_outcome(2, "empty")])
    runs.beat(run, progress="{}", state="done")
    assert runs.reopen(run) == 1
    assert runs.tally(run) == Tally(ENDED | {"ok": 1, "empty": 1}, waiting=2, held=0)
    assert runs.claim(run, "me", count=9, seconds=60) == [Item(1, "b"), Item(3, "d")]
    assert runs.reopen(run, ["empty", "ok"]) == 2
    assert runs.reopen(run) == 0
    assert (runs.open(PLAN).id, runs.open(PLAN).state) == (run, "open")


# --- many


def test_outcomes_are_read_a_little_at_a_time(runs: Runs) -> None:
    run = fed(runs, [str(n) for n in range(20_000)])
    for start in range(0, 20_000, 1000):
        runs.settle(run, [an_outcome(n, "failed", raw="x" * 2000) for n in range(start, start + 1000)])
    tracemalloc.start()
    assert Counter(outcome.state for outcome in runs.outcomes(run)) == {"failed": 20_000}
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12_000_000


@pytest.mark.parametrize(("call", "index"), [("claim", "ix_work_open"), ("reopen", "ix_work_failed")])
def test_finding_work_never_reads_what_is_finished(engine: Engine, call: str, index: str) -> None:
    runs, asked = SqlRuns(engine), []
    run = fed(runs, [str(n) for n in range(2000)])
    runs.settle(run, [an_outcome(n) for n in range(1999)])

    def listen(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", listen)
    if call == "claim":
        runs.claim(run, "me", count=64, seconds=60)
    else:
        runs.reopen(run)
    event.remove(engine, "before_cursor_execute", listen)
    statement, parameters = next(one for one in asked if "work" in one[0])
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with engine.connect() as connection:
        plan = "\n".join(str(row) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters))
    assert index in plan
