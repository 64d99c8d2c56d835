"""A run in a provider's batch mode, from submit to the last entry, against a server that speaks the Batches API."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from decomposer.batch.rounds import NEVER_SENT, Asked, Round
from decomposer.errors import ConfigurationError, DecomposerError, TransportError
from decomposer.ports import Item, Outcome
from decomposer.settings import Settings
from decomposer.wiring.orders import Order
from decomposer.wiring.references import Naming
from decomposer.wiring.rounds import BatchMode, Files, Inquiry
from decomposer.wiring.workspace import Workspace
from tests.standin import Body, Standin, drafted

pytestmark = pytest.mark.block_network(allowed_hosts=["127.0.0.1"])

AS_LARGE_AS_ALLOWED = Files()
INVALID = '{"source_kind": {"kind": "novel", "reason": "?"}}'


class Bench:
    """A stand-in server and a folder with a catalog and documents. `said` is what people were told."""

    def __init__(self, server: Standin, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.server.batches.polls = 1
        self.settings = Settings(model="openai/lantern", base_url=server.url, db=str(folder / "catalog.db"))
        self.said: list[str] = []

    def documents(self, count: int) -> tuple[str, ...]:
        for number in range(count):
            (self.folder / f"doc{number}.md").write_text(f"# Tool {number}\n\nIt sorts files of kind {number}.\n")
        return tuple(str(self.folder / f"doc{number}.md") for number in range(count))

    def submit(self, *refs: str, files: Files = AS_LARGE_AS_ALLOWED, **order: Any) -> Round:
        return self._played(Order(Naming(refs), **order), files=files)

    def collect(self, *, send: bool = True, files: Files = AS_LARGE_AS_ALLOWED) -> Round:
        return self._played(Order(Naming()), resume=1, send=send, files=files)

    def _played(self, order: Order, *, send: bool = True, **options: Any) -> Round:
        with BatchMode(self.settings, order, tell=self.said.append, **options) as mode:
            return mode.play(send=send)

    def until_over(self, most: int = 12) -> int:
        """Collect until nothing is left, and return how often."""
        for times in range(1, most + 1):
            if self.collect().over:
                return times
        raise AssertionError(f"not over after {most} rounds: {self.said}")

    def outcomes(self) -> list[Outcome]:
        with Workspace(self.settings) as workspace:
            return list(workspace.runs.outcomes(1))

    def states(self) -> dict[str, int]:
        with Workspace(self.settings) as workspace:
            record = workspace.runs.find(1)
            assert record is not None
            tally = workspace.runs.tally(1)
        counts = [*tally.ended.items(), ("waiting", tally.waiting), ("held", tally.held), (record.state, 1)]
        return {name: count for name, count in counts if count}

    def jobs(self) -> list[str]:
        with Workspace(self.settings) as workspace:
            return [job.state for job in workspace.jobs.jobs(1)]

    def paid_twice(self) -> int:
        return sum(count - 1 for count in self.server.answered.values())


Started = Callable[..., Bench]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Started]:
    with ExitStack() as stack:
        yield lambda **options: Bench(stack.enter_context(Standin(**options)), tmp_path)


def test_what_is_submitted_is_collected_and_drafted_and_nothing_is_asked_directly(bench: Started) -> None:
    at = bench()
    first = at.submit(*at.documents(5))
    assert (first.jobs, first.lines, first.waiting, first.ended) == (1, 5, 1, 0)
    assert (at.states(), at.jobs()) == ({"waiting": 5, "stopped": 1}, ["submitted"])
    second = at.collect()
    assert (second.ended, second.failed, second.over) == (5, 0, True)
    assert (at.states(), at.jobs()) == ({"ok": 5, "done": 1}, ["collected"])
    assert (at.server.requests, sum(at.server.answered.values()), at.paid_twice()) == ([], 5, 0)
    assert at.server.batches.files == {}


def test_what_has_not_ended_is_waited_for(bench: Started) -> None:
    at = bench()
    at.server.batches.polls = 3
    at.submit(*at.documents(2))
    assert [at.collect().waiting for _ in range(3)] == [1, 1, 0]
    assert at.states() == {"ok": 2, "done": 1}
    assert at.server.batches.calls.count("POST /v1/batches") == 1


def test_while_nothing_has_ended_no_document_is_looked_at(bench: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    at, asked = bench(), 0
    ask = Inquiry.ask

    def counting(self: Inquiry, item: Item) -> Asked:
        nonlocal asked
        asked += 1
        return ask(self, item)

    monkeypatch.setattr(Inquiry, "ask", counting)
    at.server.batches.polls = 3
    at.submit(*at.documents(2))
    seen = []
    for _ in range(3):
        at.collect()
        seen.append(asked)
    assert seen == [2, 2, 4]


def test_what_was_not_sent_goes_out_although_another_job_waits(bench: Started) -> None:
    at = bench()
    at.server.batches.line_faults = ["500"]
    at.submit(*at.documents(2), files=Files(lines=1))
    with Workspace(at.settings) as workspace:
        at.server.batches.batches[workspace.jobs.jobs(1)[1].remote]["status"] = "paused"
    held = at.collect(send=False)
    assert (held.waiting, held.left) == (1, 1)
    assert at.collect().lines == 1


def test_the_same_command_again_submits_nothing_that_waits(bench: Started) -> None:
    at = bench()
    at.submit(*at.documents(3))
    again = at.submit(*at.documents(3))
    assert (again.jobs, again.over) == (0, True)
    assert at.server.batches.calls.count("POST /v1/batches") == 1
    assert at.states() == {"ok": 3, "done": 1}


def test_an_invalid_answer_is_asked_for_again_in_the_next_round(bench: Started) -> None:
    def answer(body: Body) -> Body | str:
        return drafted(body) if len(body["messages"]) > 2 else INVALID

    at = bench(answer=answer)
    at.submit(*at.documents(3))
    second = at.collect()
    assert (second.ended, second.jobs, second.lines) == (0, 1, 3)
    assert at.collect().over
    assert (at.states(), at.paid_twice()) == ({"ok": 3, "done": 1}, 0)


def test_refused_failed_expired_and_lost_lines_go_out_again(bench: Started) -> None:
    at = bench()
    at.server.batches.line_faults = ["refusal", "500", "expired", "missing", "malformed", "unknown", "ok"]
    at.submit(*at.documents(7))
    second = at.collect()
    assert (second.ended, second.lines) == (1, 6)
    assert at.collect().over
    assert at.states() == {"ok": 7, "done": 1}
    told = [line for line in at.said if line.startswith("job 1:")]
    assert len(told) == 2
    assert "can't be read" in told[0]
    assert "no request of it is called" in told[1]


def test_a_document_that_is_refused_twice_is_a_named_failure(bench: Started) -> None:
    at = bench()
    at.server.batches.line_faults = ["refusal"] * 2
    at.submit(*at.documents(1))
    at.until_over()
    (outcome,) = at.outcomes()
    assert (outcome.state, outcome.reason.partition(":")[0]) == ("failed", "lantern refused to answer")
    assert "refusal" in outcome.raw


def test_a_request_that_fails_three_times_makes_its_document_a_named_failure(bench: Started) -> None:
    at = bench()
    at.server.batches.line_faults = ["500", "ok", "500", "expired"]
    at.submit(*at.documents(2))
    at.until_over()
    (failed,) = [outcome for outcome in at.outcomes() if outcome.state == "failed"]
    assert "failed 3 times in batch mode, the last time with 'batch_expired" in failed.reason
    assert "`decomposer batch run --resume 1` asks it directly" in failed.reason
    assert at.states() == {"ok": 1, "failed": 1, "done": 1}


def test_a_batch_that_expires_half_way_keeps_what_was_answered(bench: Started) -> None:
    at = bench()
    at.server.batches.batch_faults = ["expired"]
    at.submit(*at.documents(6))
    assert (at.collect().lines, at.collect().over) == (3, True)
    assert (at.states(), at.paid_twice()) == ({"ok": 6, "done": 1}, 0)


def test_a_batch_that_is_turned_down_is_told_and_not_sent_again_at_once(bench: Started) -> None:
    at = bench()
    at.server.batches.batch_faults = ["failed"]
    at.submit(*at.documents(2))
    second = at.collect()
    assert (second.turned_down, second.jobs, second.left) == (1, 0, 2)
    assert at.said == ["job 1 was turned down by the provider: token_limit_exceeded: Enqueued token limit reached"]
    assert at.collect().jobs == 1
    assert at.collect().over


def test_a_document_that_fails_does_not_hold_up_the_others(bench: Started) -> None:
    at = bench()
    first = at.submit(*at.documents(1), str(at.folder / "missing.md"))
    assert (first.ended, first.failed, first.lines) == (1, 1, 1)
    at.until_over()
    assert at.states() == {"ok": 1, "failed": 1, "done": 1}


def test_what_waits_in_a_job_of_another_run_is_not_sent_again(bench: Started) -> None:
    at = bench()
    at.server.batches.polls = 2
    refs = at.documents(2)
    at.submit(*refs)
    second = at.submit(*refs, fresh=True)
    assert (second.jobs, second.elsewhere, second.waiting) == (0, 2, 0)
    at.until_over()
    assert at.submit(*refs, fresh=True).ended == 2
    assert at.paid_twice() == 0


def test_the_same_document_named_twice_is_asked_about_once(bench: Started) -> None:
    at = bench()
    (one,) = at.documents(1)
    (at.folder / "copy.md").write_text((at.folder / "doc0.md").read_text())
    assert at.submit(one, str(at.folder / "copy.md")).lines == 1
    at.until_over()
    assert (at.states(), at.paid_twice()) == ({"ok": 2, "done": 1}, 0)


def test_without_sending_what_is_there_is_brought_home(bench: Started) -> None:
    at = bench()
    at.server.batches.line_faults = ["ok", "500"]
    at.submit(*at.documents(2))
    second = at.collect(send=False)
    assert (second.ended, second.jobs, second.left) == (1, 0, 1)
    assert at.states() == {"ok": 1, "waiting": 1, "stopped": 1}


# --- cut into files


def test_files_have_at_most_so_many_lines_and_bytes(bench: Started) -> None:
    at = bench()
    by_lines = at.submit(*at.documents(5), files=Files(lines=2))
    assert (by_lines.jobs, by_lines.lines) == (3, 5)
    contents = [content.count(b"\n") for _, content in at.server.batches.files.values()]
    assert contents == [2, 2, 1]


def test_no_file_has_more_bytes_than_allowed_unless_it_is_one_line(bench: Started) -> None:
    at = bench()
    at.submit(*at.documents(4), files=Files(size=1))
    assert [content.count(b"\n") for _, content in at.server.batches.files.values()] == [1, 1, 1, 1]


def test_what_would_be_too_many_tokens_at_once_goes_out_when_the_first_have_ended(bench: Started) -> None:
    at = bench()
    at.submit(*at.documents(1))
    (body,) = [content for _, content in at.server.batches.files.values()]
    room = Files(queued_tokens=len(body) // 2)
    at.collect()
    run = at.submit(*at.documents(4), files=room)
    assert 0 < run.lines < 3
    assert run.lines + run.left == 3 + (0 if run.ended else 1)


def test_each_file_is_about_one_model(bench: Started) -> None:
    def answer(body: Body) -> Body:
        return {"opinions": []} if body["tools"][0]["function"]["name"] == "Opinions" else drafted(body)

    at = bench(answer=answer)
    at.submit(*at.documents(2), verify="openai/judge")
    assert at.collect().lines == 2
    at.until_over()
    with Workspace(at.settings) as workspace:
        jobs = [(job.model, job.lines) for job in workspace.jobs.jobs(1)]
    assert jobs == [("lantern", 2), ("judge", 2)]
    assert (at.states(), at.server.requests) == ({"ok": 2, "done": 1}, [])


def test_a_model_that_asks_nobody_has_no_batch_mode(bench: Started) -> None:
    with pytest.raises(ConfigurationError, match="extractive asks nobody"):
        Inquiry(Settings(model="extractive"))


# --- money

PRICES = {"as_of": "2026-11-01", "source": "test", "models": {
    "openai/lantern": {"input": "4", "output": "8", "batch_input": "2", "batch_output": "4"},
}}  # fmt: skip


def priced(at: Bench) -> Bench:
    (at.folder / "prices.json").write_text(json.dumps(PRICES))
    at.settings = replace(at.settings, prices=str(at.folder / "prices.json"))
    return at


def test_answers_are_paid_at_batch_prices_and_counted_for_their_documents(bench: Started) -> None:
    at = priced(bench())
    at.server.batches.line_faults = ["refusal"]
    at.submit(*at.documents(3))
    at.until_over()
    prompt, completion = at.server.prompt_tokens, at.server.completion_tokens
    paid = (Decimal(2) * prompt + Decimal(4) * completion) / 1_000_000
    outcomes = at.outcomes()
    assert sum(outcome.cost_usd or 0 for outcome in outcomes) == paid
    assert sorted((outcome.requests, outcome.cached) for outcome in outcomes) == [(1, 0), (1, 0), (2, 0)]
    assert sum(outcome.prompt_tokens for outcome in outcomes) == prompt
    assert sum(outcome.completion_tokens for outcome in outcomes) == completion
    with Workspace(at.settings) as workspace:
        (use,) = workspace.ledger.use(run=1)
    assert (use.cost_usd, use.unpriced, use.queued) == (paid, 0, 0)


def test_a_run_never_goes_over_its_limit_and_goes_on_when_answers_cost_less_than_was_reserved(bench: Started) -> None:
    at = priced(bench())
    refs = at.documents(4)
    first = at.submit(*refs, max_cost=Decimal("0.12"))
    assert first.short_of is not None
    assert 0 < first.lines < 4
    assert first.left == 4 - first.lines
    at.until_over()
    with Workspace(at.settings) as workspace:
        record = workspace.runs.find(1)
    assert record is not None
    assert record.spent_usd <= Decimal("0.12")
    assert record.reserved_usd == 0
    assert at.states() == {"ok": 4, "done": 1}


def test_what_no_limit_can_pay_for_is_told_and_a_higher_one_goes_on(bench: Started) -> None:
    at = priced(bench())
    first = at.submit(*at.documents(2), max_cost=Decimal("0.000001"))
    assert (first.jobs, first.left, first.short_of is not None) == (0, 2, True)
    assert at.server.batches.calls == []
    again = at.submit(*at.documents(2), max_cost=Decimal(1))
    assert (again.lines, again.short_of) == (2, None)


def test_a_limit_needs_a_price(bench: Started) -> None:
    at = bench()
    refs = at.documents(1)
    with pytest.raises(ConfigurationError, match="--max-cost can't be kept"):
        at.submit(*refs, max_cost=Decimal(1))


# --- crashes


class Crash(BaseException):
    """The process dies here."""


STEPS = ["prepare", "begin_all", "upload", "create", "created", "note"]


def crashing(monkeypatch: pytest.MonkeyPatch, at: Bench, step: str) -> None:
    """Let the next submit die: before `prepare`, ... `created` is after the provider has begun the batch."""
    from decomposer.llm.openai_batch import OpenAIBatches
    from decomposer.store.jobs import SqlJobs
    from decomposer.store.ledger import SqlLedger

    def dies(*_: object, **__: object) -> None:
        raise Crash(step)

    def dies_after(*arguments: Any, **named: Any) -> None:
        submit(*arguments, **named)
        raise Crash(step)

    submit = OpenAIBatches.submit
    if step == "create":
        at.server.batches.call_faults = ["ok", "500"]
    elif step == "created":
        at.server.batches.call_faults = ["ok", "lost"]
    else:
        owner = {"prepare": SqlJobs, "begin_all": SqlLedger, "upload": OpenAIBatches, "note": OpenAIBatches}[step]
        name = {"upload": "submit", "note": "submit"}.get(step, step)
        monkeypatch.setattr(owner, name, dies_after if step == "note" else dies)


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_between_the_first_line_and_the_receipt_pays_nothing_twice(
    bench: Started, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    at = bench()
    with monkeypatch.context() as patched:
        crashing(patched, at, step)
        with pytest.raises((Crash, TransportError)):
            at.submit(*at.documents(4))
    reached = step in ("created", "note")
    at.until_over()
    assert (at.states(), at.paid_twice()) == ({"ok": 4, "done": 1}, 0)
    assert at.server.batches.calls.count("POST /v1/batches") == 1
    assert at.jobs() == {"prepare": ["collected"], "note": ["collected"], "created": ["collected"]}.get(
        step, ["lost", "collected"]
    )
    assert any("is taken over" in line for line in at.said) == reached


def test_what_was_never_sent_does_not_count_as_a_failure(bench: Started) -> None:
    at = bench()
    refs = at.documents(1)
    for before in ([], ["ok"], ["ok"], ["ok"]):  # the calls that find out what became of the job before
        at.server.batches.call_faults = [*before, "500"]
        with pytest.raises(DecomposerError):
            at.submit(*refs)
    at.until_over()
    assert at.states() == {"ok": 1, "done": 1}
    with Workspace(at.settings) as workspace:
        (key,) = [
            key for outcome in workspace.catalog.entries() for key in outcome.capabilities[0].provenance.request_keys
        ]
        errors = [attempt.error for attempt in workspace.ledger.attempts(key)]
    assert errors == [NEVER_SENT] * 4 + [None]


@pytest.mark.parametrize("died_at", [0, 1, 2, 3])
def test_a_crash_while_collecting_loses_no_answer_and_pays_none_twice(
    bench: Started, monkeypatch: pytest.MonkeyPatch, died_at: int
) -> None:
    from decomposer.store.ledger import SqlLedger

    at = bench()
    at.submit(*at.documents(4))
    finish, times = SqlLedger.finish, iter(range(100))

    def dying(*arguments: Any, **named: Any) -> None:
        if next(times) == died_at:
            raise Crash
        finish(*arguments, **named)

    with monkeypatch.context() as patched:
        patched.setattr(SqlLedger, "finish", dying)
        with pytest.raises(Crash):
            at.collect()
    assert at.collect().over
    assert (at.states(), at.paid_twice()) == ({"ok": 4, "done": 1}, 0)
    assert at.said == []


def test_a_job_that_another_process_is_sending_is_left_alone(bench: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    from decomposer.wiring import rounds

    at = bench()
    at.server.batches.call_faults = ["500"]
    with pytest.raises(DecomposerError):
        at.submit(*at.documents(2))
    with monkeypatch.context() as patched:
        patched.setattr(rounds, "_busy", lambda attempt: True)
        again = at.collect()
    assert (again.jobs, again.waiting, at.jobs()) == (0, 1, ["prepared"])
    assert "is just being sent by process" in at.said[0]
    at.until_over()
    assert (at.states(), at.paid_twice()) == ({"ok": 2, "done": 1}, 0)


def test_files_that_can_not_be_deleted_at_the_provider_are_told(bench: Started) -> None:
    at = bench()
    at.submit(*at.documents(1))
    at.server.batches.call_faults = ["ok", "ok", "500"]
    assert at.collect().over
    assert at.said[0].startswith("job 1: its files at the provider could not be deleted: ")
