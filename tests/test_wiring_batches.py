"""A batch run ends every document in a named state, goes on where it stopped, and pays nothing twice."""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from decomposer.batch import shift
from decomposer.errors import BudgetReached, CatalogError, ConfigurationError, EndpointRefused, Stopped, UsageError
from decomposer.ports import Outcome, RunRecord
from decomposer.review import Selector
from decomposer.settings import Settings, read_settings
from decomposer.store import engine
from decomposer.wiring import Workspace
from decomposer.wiring.batches import Batch
from decomposer.wiring.orders import Order
from decomposer.wiring.references import Naming
from decomposer.wiring.reviewing import desk
from tests.standin import Standin, drafted

pytestmark = pytest.mark.block_network(allowed_hosts=["127.0.0.1"])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(shift, "_TICK", 0.02)
    monkeypatch.setattr(shift, "_LOOK_AGAIN", 0.02)
    return tmp_path


@pytest.fixture
def standin() -> Iterator[Standin]:
    with Standin() as server:
        yield server


def documents(count: int, *, extra: str = "") -> Naming:
    for number in range(count):
        text = f"# Heron {number}\n\nHeron {number} counts birds in photographs.{extra}\n"
        Path(f"heron{number}.md").write_text(text, encoding="utf-8")
    Path("refs.txt").write_text("".join(f"heron{number}.md\n" for number in range(count)), encoding="utf-8")
    return Naming(listed="refs.txt")


def held(standin: Standin, **flags: Any) -> Settings:
    given = {"db": "catalog.db", "model": "openai/standin", "base_url": standin.url, "workers": "4", **flags}
    return read_settings(given, environ={}, folder=Path.cwd())


def priced() -> str:
    """Write a price file and return its name: 1 dollar a token of the prompt, 2 of the answer, per million."""
    price = {"input": "1", "output": "2"}
    known = {"as_of": "2026-11-01", "source": "test", "models": {"openai/standin": price}}
    Path("prices.json").write_text(json.dumps(known), encoding="utf-8")
    return "prices.json"


def run(settings: Settings, order: Order, *, resume: int | None = None) -> tuple[list[Outcome], RunRecord]:
    with Batch(settings, order, resume=resume) as batch:
        outcomes = sorted(batch.outcomes(), key=lambda outcome: outcome.position)
        return outcomes, batch.report().record


def begun(settings: Settings, naming: Naming) -> None:
    """Begin a run that stops before anything is sent."""
    with Batch(settings, Order(naming)) as batch:
        batch.stop()
        with pytest.raises(Stopped):
            list(batch.outcomes())


def stopped_after(count: int, batch: Batch, ended: list[int]) -> None:
    """Stop a run when so many have ended; `ended` gets the positions of all that end."""
    for outcome in batch.outcomes():
        ended.append(outcome.position)
        if len(ended) == count:
            batch.stop()


def states(outcomes: list[Outcome]) -> Counter[str]:
    return Counter(outcome.state for outcome in outcomes)


def test_every_document_is_drafted_saved_and_counted(standin: Standin) -> None:
    outcomes, record = run(held(standin), Order(documents(10)))
    assert states(outcomes) == {"ok": 10}
    assert (record.state, record.fed, record.complete) == ("done", 10, True)
    assert len(standin.requests) == 10
    assert standin.max_in_flight <= 4
    with Workspace(held(standin)) as workspace:
        assert [entry.artifact.slug for entry in workspace.catalog.entries()] == [f"heron{n}" for n in range(10)]
        (use,) = workspace.ledger.use(run=record.id)
        assert (use.requests, use.answered) == (10, 10)
        assert use.prompt_tokens == sum(one.prompt_tokens for one in outcomes) == standin.prompt_tokens
        assert use.completion_tokens == sum(one.completion_tokens for one in outcomes) == standin.completion_tokens


def test_a_second_run_asks_nothing(standin: Standin) -> None:
    order = Order(documents(5))
    _, first = run(held(standin), order)
    outcomes, second = run(held(standin), order)
    assert (second.id, states(outcomes)) == (first.id + 1, {"unchanged": 5})
    assert len(standin.requests) == 5
    assert outcomes[0].slug == "heron0"


def test_only_what_changed_is_asked_again(standin: Standin) -> None:
    order = Order(documents(5))
    run(held(standin), order)
    Path("heron3.md").write_text("# Heron 3\n\nHeron 3 counts fish.\n", encoding="utf-8")
    outcomes, _ = run(held(standin), order)
    assert [outcome.state for outcome in outcomes] == ["unchanged"] * 3 + ["ok", "unchanged"]
    assert len(standin.requests) == 6


def test_each_ends_in_a_named_state_and_none_ends_the_run(standin: Standin) -> None:
    naming = documents(2)
    Path("empty.md").write_text("", encoding="utf-8")
    lines = [
        "heron0.md",
        "missing.md",
        "empty.md",
        "{bad",
        '{"text": "# Stork\\n\\nIt counts storks.", "name": "Stork"}',
    ]
    Path("refs.txt").write_text("\n".join([*lines, "-", "heron1.md"]), encoding="utf-8")
    outcomes, _ = run(held(standin), Order(naming))
    assert [one.state for one in outcomes] == ["ok", "failed", "empty", "failed", "ok", "failed", "ok"]
    assert outcomes[1].reason == "missing.md: no such file or folder; check the spelling"
    assert outcomes[2].reason == "placeholder: the document is empty (0 characters)"
    assert "not valid JSON" in outcomes[3].reason
    assert outcomes[4].slug == "stork"
    assert "standard input can't be one of many" in outcomes[5].reason


def test_a_line_may_say_more_of_an_artifact_than_its_document(standin: Standin) -> None:
    documents(1)
    line = '{"ref": "heron0.md", "slug": "My Heron", "name": "The Heron", "type": "app"}'
    run(held(standin), Order(Naming((line,))))
    with Workspace(held(standin)) as workspace:
        artifact = workspace.entry("my-heron").artifact
    assert (artifact.name, artifact.type) == ("The Heron", "app")


def test_documents_that_failed_are_tried_again_when_the_run_is_resumed(standin: Standin) -> None:
    standin.faults = ["400"]
    outcomes, first = run(held(standin), Order(documents(3)))
    assert states(outcomes) == {"ok": 2, "failed": 1}
    again, second = run(held(standin), Order(Naming()), resume=first.id)
    assert (second.id, second.state, [one.state for one in again]) == (first.id, "done", ["ok"])


def test_a_failed_document_keeps_the_last_reply_and_what_was_spent(standin: Standin) -> None:
    invalid = '{"source_kind": {"kind": "novel", "reason": "?"}}'
    standin.answer = lambda body: invalid if "Heron 1 counts" in json.dumps(body) else drafted(body)
    outcomes, record = run(held(standin), Order(documents(3)))
    (failed,) = (one for one in outcomes if one.state == "failed")
    assert (failed.ref, failed.requests) == ("heron1.md", 3)
    assert "novel" in failed.raw
    assert sum(one.prompt_tokens for one in outcomes) == standin.prompt_tokens
    with Workspace(held(standin)) as workspace:
        (kept,) = workspace.runs.outcomes(record.id, endings=["failed"])
    assert kept.raw == failed.raw


def test_a_run_that_is_stopped_goes_on_by_the_same_command(standin: Standin) -> None:
    order = Order(documents(30))
    with Batch(held(standin), order) as batch:
        ended: list[int] = []
        with pytest.raises(Stopped):
            stopped_after(5, batch, ended)
        report = batch.report()
    assert report.state == "stopped"
    assert report.figures.tally.held == 0
    assert report.in_doubt == 0
    sent = len(standin.requests)
    outcomes, record = run(held(standin), order)
    assert (record.id, record.state) == (report.record.id, "done")
    assert sorted([*ended, *(one.position for one in outcomes)]) == list(range(30))
    assert len(standin.requests) == 30
    assert sent == len(ended)


def test_the_newest_unfinished_run_is_resumed_with_what_shaped_its_answers(standin: Standin) -> None:
    begun(held(standin, language="de"), documents(8))
    outcomes, record = run(held(standin, model=None), Order(Naming()), resume=0)
    assert (states(outcomes), record.state) == ({"ok": 8}, "done")
    with Workspace(held(standin)) as workspace:
        shaped = json.loads(record.plan.settings)
        assert shaped["language"] == "de"
        recipes = {entry.run.recipe for entry in workspace.catalog.entries()}
    with Workspace(held(standin, language="de")) as workspace:
        assert recipes == {workspace.recipe}
    with pytest.raises(UsageError, match="begun with language de, not fr"):
        run(held(standin, language="fr"), Order(Naming()), resume=record.id)
    with pytest.raises(UsageError, match="no unfinished run"):
        run(held(standin), Order(Naming()), resume=0)
    with pytest.raises(UsageError, match="there is no run 99"):
        run(held(standin), Order(Naming()), resume=99)


def test_another_list_under_the_same_name_is_noticed(standin: Standin) -> None:
    begun(held(standin), documents(8))
    Path("refs.txt").write_text("heron7.md\n", encoding="utf-8")
    with pytest.raises(UsageError, match="not the references that run 1 was begun with"):
        run(held(standin), Order(Naming(listed="refs.txt")))
    outcomes, record = run(held(standin), Order(Naming(listed="refs.txt"), fresh=True))
    assert (len(outcomes), record.id) == (1, 2)


def test_an_endpoint_that_refuses_ends_the_run_at_once_and_loses_nothing(standin: Standin) -> None:
    standin.faults = ["ok", "ok", *["401"] * 50]
    ended: list[Outcome] = []
    with Batch(held(standin, workers="2"), Order(documents(40))) as batch:
        with pytest.raises(EndpointRefused):
            ended.extend(batch.outcomes())
        report = batch.report()
    assert len(standin.requests) <= 4 + 2
    tally = report.figures.tally
    assert (report.state, tally.held, tally.ended["failed"]) == ("stopped", 0, 0)
    assert tally.waiting == 40 - len(ended)
    standin.faults = []
    outcomes, _ = run(held(standin), Order(Naming(listed="refs.txt")))
    assert states(outcomes) == {"ok": 40 - len(ended)}


def test_a_budget_is_kept_and_the_run_goes_on_with_a_higher_one(standin: Standin) -> None:
    settings = held(standin, prices=priced(), workers="3")
    order = Order(documents(30), max_cost=Decimal("0.05"))
    with Batch(settings, order) as batch:
        with pytest.raises(BudgetReached):
            list(batch.outcomes())
        report = batch.report()
    (use,) = report.models
    spent = Decimal(standin.prompt_tokens + 2 * standin.completion_tokens) / 1_000_000
    assert use.cost_usd == report.figures.tally.cost_usd == report.record.spent_usd == spent <= Decimal("0.05")
    assert 0 < use.answered < 30
    assert (report.state, report.record.reserved_usd) == ("stopped", Decimal(0))
    outcomes, record = run(settings, Order(Naming(), max_cost=Decimal(5)), resume=report.record.id)
    assert (record.state, len(outcomes)) == ("done", 30 - use.answered)
    assert len(standin.requests) == 30


def test_a_limit_on_money_needs_a_price(standin: Standin) -> None:
    with pytest.raises(ConfigurationError, match="--max-cost can't be kept: the price of standin is unknown"):
        run(held(standin), Order(documents(1), max_cost=Decimal(1)))
    assert standin.requests == []


@pytest.mark.slow
def test_faults_end_no_run_and_every_document_has_a_state(standin: Standin) -> None:
    standin.faults = ["ok", "429:0", "ok", "500", "broken", "ok", "refusal", "refusal", "ok", "no_choices", "503:0"]
    standin.repeat = True
    outcomes, record = run(held(standin), Order(documents(24)))
    assert sum(states(outcomes).values()) == 24
    assert record.state == "done"
    assert standin.max_in_flight <= 4
    assert all(one.reason for one in outcomes if one.state == "failed")
    with Workspace(held(standin)) as workspace:
        (use,) = workspace.ledger.use(run=record.id)
    assert use.answered + use.refused + use.failed == len(standin.requests)
    assert use.in_doubt == 0
    assert use.answered + use.refused == sum(one.requests for one in outcomes)


def test_entries_of_the_catalog_can_be_redrafted(standin: Standin) -> None:
    run(held(standin), Order(documents(4)))
    changed = Path("heron2.md")
    changed.write_text("# Heron 2\n\nHeron 2 counts geese.\n", encoding="utf-8")
    outcomes, _ = run(held(standin), Order(Naming(entries="slug=heron*")))
    assert [(one.state, one.slug) for one in outcomes] == [
        ("unchanged", "heron0"), ("unchanged", "heron1"), ("ok", "heron2"), ("unchanged", "heron3"),
    ]  # fmt: skip
    changed.write_text("# Heron 2\n\nHeron 2 counts ducks.\n", encoding="utf-8")
    stale, _ = run(held(standin, language="de"), Order(Naming(entries="stale")))
    assert [one.state for one in stale] == ["unchanged", "unchanged", "ok", "unchanged"]


def test_on_a_full_disk_nothing_more_is_sent_and_the_run_goes_on_when_there_is_room(
    standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    naming, settings = documents(60, extra=" It counts." * 200), held(standin)
    begun(settings, naming)
    pages = Path("catalog.db").stat().st_size // 4096
    prepare, most = engine._prepare, [pages + 60]

    def prepared(connection: Any, record: object) -> None:
        prepare(connection, record)
        connection.execute(f"PRAGMA max_page_count={most[0]}")

    monkeypatch.setattr(engine, "_prepare", prepared)
    with pytest.raises(CatalogError, match="the disk is full; free some space and run again"):
        run(settings, Order(naming), resume=0)
    sent = len(standin.requests)
    assert 1 <= sent < 60
    most[0] = 1 << 20
    with Workspace(settings) as workspace:
        doubts = sum(1 for _ in workspace.ledger.in_doubt())
        begun_requests = sum(use.requests for use in workspace.ledger.use())
    assert sent <= begun_requests  # each was written down before it left
    outcomes, record = run(settings, Order(naming, in_doubt="retry"), resume=0)
    assert record.state == "done"
    assert {outcome.state for outcome in outcomes} <= {"ok", "empty", "unchanged"}
    assert len(standin.requests) <= 60 + doubts


def test_what_a_run_drafted_can_be_told_by_its_number_and_its_decisions_taken_back(standin: Standin) -> None:
    settings = held(standin)
    run(settings, Order(documents(2)))
    with Workspace(settings) as workspace:
        ids = [one.id for entry in workspace.catalog.entries() for one in entry.capabilities]
        runs = {one.provenance.run for entry in workspace.catalog.entries() for one in entry.capabilities}
        assert (len(ids) >= 2, runs) == (True, {"1"})
        reviewer = desk(workspace, reviewer="ann")
        assert len(reviewer.reject(ids).ids) == len(ids)
        assert reviewer.revert(Selector(run="2")).decisions == ()
        assert len(reviewer.revert(Selector(run="1")).ids) == len(ids)
