"""The suite of the Ledger port."""

import os
import signal
import socket
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from decomposer.errors import BudgetReached, CatalogError
from decomposer.ports import Attempt, Doubt, Ledger, ModelUse, Reply, Request, RunPlan, Runs, Sending
from decomposer.store import tables
from decomposer.store.engine import open_database
from decomposer.store.ledger import SqlLedger
from decomposer.store.runs import SqlRuns

CHECKOUT = Path(__file__).parents[2]
NOW = "2026-01-02T03:04:05+00:00"
PLAN = RunPlan("f", "refs.txt", "openai/m", "v1")


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return SqlLedger(engine, now=lambda: NOW)


@pytest.fixture
def runs(engine: Engine) -> Runs:
    return SqlRuns(engine)


def a_request(content: str = "Hi", *, model: str = "m", sample: int = 0) -> Request:
    body: dict[str, Any] = {"messages": [{"role": "user", "content": content}], "temperature": 0.1}
    return Request("https://models.example/v1", model, "tools", body, sample)


def a_reply(request: Request, raw: str = '{"choices": []}') -> Reply:
    return Reply(request.key, raw, prompt_tokens=10, completion_tokens=2)


def test_a_request_that_was_never_sent_has_no_attempts(ledger: Ledger) -> None:
    assert ledger.attempts(a_request().key) == []
    assert ledger.use() == []
    assert list(ledger.verify()) == []


def test_an_intent_without_an_end_is_in_doubt(ledger: Ledger) -> None:
    request = a_request()
    assert ledger.begin(request) == 1
    (sent,) = ledger.attempts(request.key)
    assert sent == Attempt(request.key, 1, "sent", sent_at=NOW, host=socket.gethostname(), pid=os.getpid())
    doubt = Doubt(request.key, 1, request.endpoint, "m", NOW, socket.gethostname(), os.getpid())
    assert list(ledger.in_doubt()) == [doubt]


def test_a_request_comes_back_as_it_was_asked(ledger: Ledger) -> None:
    for request in (a_request("\ud800 \0 😀", sample=2), a_request()):
        assert ledger.request(request.key) is None
        ledger.begin(replace(request, ceiling=99))
        found = ledger.request(request.key)
        assert found == request
        assert found is not None
        assert found.key == request.key


def test_every_attempt_keeps_its_own_row(ledger: Ledger) -> None:
    request = a_request()
    ledger.fail(request.key, ledger.begin(request), "429: later")
    ledger.finish(request.key, ledger.begin(request), a_reply(request, '{"refusal": "no"}'), refused=True)
    ledger.finish(request.key, ledger.begin(request), a_reply(request))
    by_us: dict[str, Any] = {"sent_at": NOW, "host": socket.gethostname(), "pid": os.getpid()}
    assert ledger.attempts(request.key) == [
        Attempt(request.key, 1, "failed", error="429: later", cost_usd=Decimal(0), **by_us),
        Attempt(request.key, 2, "refused", '{"refusal": "no"}', None, 10, 2, **by_us),
        Attempt(request.key, 3, "answered", '{"choices": []}', None, 10, 2, **by_us),
    ]


@pytest.mark.parametrize("raw", ['"看图 😀 \u202e"', '" \0 not JSON', '"\ud83d"', ""])
def test_a_reply_comes_back_as_it_arrived(ledger: Ledger, raw: str) -> None:
    request = a_request()
    ledger.finish(request.key, ledger.begin(request), a_reply(request, raw))
    assert ledger.attempts(request.key)[0].raw == raw


def test_samples_and_models_are_different_requests(ledger: Ledger) -> None:
    asked = [a_request(), a_request(sample=1), a_request(model="other")]
    assert [ledger.begin(request) for request in asked] == [1, 1, 1]


def test_a_paid_answer_is_never_overwritten(ledger: Ledger) -> None:
    request = a_request()
    attempt = ledger.begin(request)
    ledger.finish(request.key, attempt, a_reply(request))
    ledger.finish(request.key, attempt, a_reply(request))
    with pytest.raises(CatalogError, match=r"has already ended \(answered\); what was written first is kept"):
        ledger.finish(request.key, attempt, a_reply(request, '{"other": 1}'))
    with pytest.raises(CatalogError, match="has already ended"):
        ledger.fail(request.key, attempt, "timeout")
    assert [attempt.raw for attempt in ledger.attempts(request.key)] == ['{"choices": []}']


def test_an_attempt_that_was_never_begun_cannot_end(ledger: Ledger) -> None:
    with pytest.raises(CatalogError, match="was never begun"):
        ledger.finish("0" * 64, 1, Reply("0" * 64, "{}"))


def test_use_is_added_up_for_each_model(ledger: Ledger) -> None:
    first, second, other = a_request("1"), a_request("2"), a_request(model="other")
    ledger.fail(first.key, ledger.begin(first), "timeout")
    ledger.finish(first.key, ledger.begin(first), a_reply(first))
    ledger.begin(second)
    ledger.finish(other.key, ledger.begin(other), Reply(other.key, "{}"), refused=True)
    counted: dict[str, Any] = {"requests": 2, "answered": 1, "refused": 0, "failed": 1, "in_doubt": 1}
    refused: dict[str, Any] = {"requests": 1, "answered": 0, "refused": 1, "failed": 0, "in_doubt": 0}
    assert ledger.use() == [
        ModelUse(first.endpoint, "m", **counted, prompt_tokens=10, completion_tokens=2, unpriced=1, in_doubt_usd=None),
        ModelUse(first.endpoint, "other", **refused, prompt_tokens=0, completion_tokens=0, unpriced=1),
    ]


def test_use_adds_up_money_to_the_picodollar_and_tells_what_waits_from_what_is_in_doubt(
    ledger: Ledger, runs: Runs
) -> None:
    run, tiny = runs.open(PLAN).id, Decimal("0.100000000001")
    asked = [a_request(str(n)) for n in range(5)]
    ledger.begin_all([(request, Sending(run, estimated_usd=tiny)) for request in asked[:3]])
    ledger.begin(asked[3], Sending(run, job=8, estimated_usd=tiny))
    ledger.begin(asked[4])
    ledger.finish(asked[0].key, 1, replace(a_reply(asked[0]), cost_usd=tiny))
    counted: dict[str, Any] = {"requests": 4, "answered": 1, "refused": 0, "failed": 0, "in_doubt": 2, "queued": 1}
    one_run = ModelUse(asked[0].endpoint, "m", **counted, prompt_tokens=10, completion_tokens=2, cost_usd=tiny)
    assert ledger.use(run=run) == [replace(one_run, in_doubt_usd=tiny * 2)]
    assert ledger.use() == [replace(one_run, requests=5, in_doubt=3, in_doubt_usd=None)]
    assert ledger.use(run=run + 1) == []


def test_what_waits_in_a_job_is_not_in_doubt(ledger: Ledger, runs: Runs) -> None:
    run = runs.open(PLAN).id
    first, second, alone = sorted((a_request(str(n)) for n in range(3)), key=lambda request: request.key)
    numbers = ledger.begin_all([(second, Sending(run, 8)), (first, Sending(run, 8, Decimal(1))), (second, Sending())])
    ledger.begin(alone, Sending(run, estimated_usd=Decimal(2)))
    assert numbers == [1, 1, 2]
    assert [(one.key, one.attempt, one.job, one.estimated_usd) for one in ledger.queued(8)] == [
        (first.key, 1, 8, Decimal(1)),
        (second.key, 1, 8, None),
    ]
    doubts = sorted((doubt.key, doubt.attempt, doubt.run, doubt.estimated_usd) for doubt in ledger.in_doubt())
    assert doubts == sorted([(second.key, 2, None, None), (alone.key, 1, run, Decimal(2))])
    ledger.fail(first.key, 1, "expired")
    ledger.finish(second.key, 1, a_reply(second))
    assert list(ledger.queued(8)) == []


def test_the_oldest_doubt_comes_first(engine: Engine) -> None:
    times = iter(["2026-01-02", "2026-01-01", "2026-01-03"])
    ledger = SqlLedger(engine, now=lambda: next(times))
    for n in range(3):
        ledger.begin(a_request(str(n)))
    assert [doubt.sent_at for doubt in ledger.in_doubt()] == ["2026-01-01", "2026-01-02", "2026-01-03"]


def test_many_requests_are_begun_together_or_not_at_all(ledger: Ledger) -> None:
    assert ledger.begin_all([]) == []
    many = [a_request(str(n)) for n in range(1200)]
    assert ledger.begin_all([(request, Sending()) for request in many]) == [1] * 1200
    assert ledger.begin_all([(request, Sending()) for request in many[:700] * 2]) == [2] * 700 + [3] * 700
    secret = Request("https://models.example", "m", "tools", {"api_key": "sk-1"})
    with pytest.raises(CatalogError, match="never stored"):
        ledger.begin_all([(a_request("new"), Sending()), (secret, Sending())])
    assert ledger.attempts(a_request("new").key) == []


# --- what a run may spend


def limited(runs: Runs, dollars: str) -> int:
    return runs.open(replace(PLAN, max_cost_usd=Decimal(dollars))).id


def books(runs: Runs, run: int) -> tuple[str, str]:
    """Return what a run has spent and reserved."""
    record = runs.find(run)
    assert record is not None
    return str(record.spent_usd), str(record.reserved_usd)


def test_what_a_request_may_cost_is_reserved_and_settled_at_what_it_did(ledger: Ledger, runs: Runs) -> None:
    run, request = limited(runs, "1"), a_request()
    attempt = ledger.begin(request, Sending(run, estimated_usd=Decimal("0.4")))
    assert books(runs, run) == ("0", "0.4")
    for _ in range(2):
        ledger.finish(request.key, attempt, replace(a_reply(request), cost_usd=Decimal("0.000000000001")))
        assert books(runs, run) == ("1E-12", "0")
    assert ledger.attempts(request.key)[0].cost_usd == Decimal("0.000000000001")


def test_a_reply_without_a_known_cost_settles_at_what_was_reserved(ledger: Ledger, runs: Runs) -> None:
    run, request = limited(runs, "1"), a_request()
    ledger.finish(request.key, ledger.begin(request, Sending(run, estimated_usd=Decimal("0.4"))), a_reply(request))
    assert books(runs, run) == ("0.4", "0")
    assert ledger.attempts(request.key)[0].cost_usd is None
    assert [(use.unpriced, use.cost_usd) for use in ledger.use()] == [(1, Decimal(0))]


@pytest.mark.parametrize(("billed", "spent", "cost"), [(False, "0", Decimal(0)), (True, "0.4", None)])
def test_a_failure_frees_what_was_reserved_unless_it_may_have_been_billed(
    ledger: Ledger, runs: Runs, billed: bool, spent: str, cost: Decimal | None
) -> None:
    run, request = limited(runs, "1"), a_request()
    attempt = ledger.begin(request, Sending(run, estimated_usd=Decimal("0.4")))
    ledger.fail(request.key, attempt, "timeout", billed=billed)
    assert books(runs, run) == (spent, "0")
    assert ledger.attempts(request.key)[0].cost_usd == cost


def test_what_would_go_over_the_limit_is_not_even_written(ledger: Ledger, runs: Runs) -> None:
    run = limited(runs, "1")
    ledger.begin(a_request("1"), Sending(run, estimated_usd=Decimal("0.6")))
    with pytest.raises(BudgetReached) as reached:
        ledger.begin(a_request("2"), Sending(run, estimated_usd=Decimal("0.400000000001")))
    assert str(reached.value) == (
        "run 1: of $1, $0 is spent and $0.6 reserved, and the next request may cost $0.400000000001; "
        "raise --max-cost and run the same command again"
    )
    two = [(a_request(str(n)), Sending(run, estimated_usd=Decimal("0.3"))) for n in (3, 4)]
    with pytest.raises(BudgetReached):
        ledger.begin_all(two)
    with pytest.raises(BudgetReached, match="nobody knows what the next request may cost"):
        ledger.begin(a_request("2"), Sending(run))
    assert [use.requests for use in ledger.use()] == [1]
    assert ledger.begin(a_request("2"), Sending(run, estimated_usd=Decimal("0.4"))) == 1
    assert books(runs, run) == ("0", "1")


def test_a_run_without_a_limit_reserves_nothing(ledger: Ledger, runs: Runs) -> None:
    run, request = runs.open(PLAN).id, a_request()
    attempt = ledger.begin(request, Sending(run, estimated_usd=Decimal(9)))
    ledger.finish(request.key, attempt, replace(a_reply(request), cost_usd=Decimal(8)))
    assert books(runs, run) == ("0", "0")


def test_a_limit_that_comes_later_counts_what_was_spent_before(ledger: Ledger, runs: Runs) -> None:
    run, estimate = runs.open(PLAN).id, Decimal("0.5")
    asked = [a_request(str(n)) for n in range(5)]
    for request in asked:
        ledger.begin(request, Sending(run, estimated_usd=estimate))
    ledger.finish(asked[0].key, 1, replace(a_reply(asked[0]), cost_usd=Decimal("0.25")))
    ledger.finish(asked[1].key, 1, a_reply(asked[1]))
    ledger.fail(asked[2].key, 1, "429")
    ledger.fail(asked[3].key, 1, "timeout", billed=True)
    assert limited(runs, "2") == run
    assert books(runs, run) == ("1.25", "0.5")
    assert limited(runs, "3") == run
    assert books(runs, run) == ("1.25", "0.5")


def test_a_run_that_there_is_not_cannot_spend(ledger: Ledger) -> None:
    with pytest.raises(CatalogError, match="there is no run 7"):
        ledger.begin(a_request(), Sending(7))
    assert ledger.use() == []


def test_threads_that_begin_at_once_never_go_over_the_limit(ledger: Ledger, runs: Runs) -> None:
    run, cost = limited(runs, "1"), Decimal("0.03")

    def ask(number: int) -> bool:
        request = a_request(str(number))
        try:
            attempt = ledger.begin(request, Sending(run, estimated_usd=cost))
        except BudgetReached:
            return False
        if number % 2:
            ledger.finish(request.key, attempt, replace(a_reply(request), cost_usd=cost))
        return True

    with ThreadPoolExecutor(16) as pool:
        begun = list(pool.map(ask, range(64)))
    record = runs.find(run)
    assert record is not None
    assert begun.count(True) == 33
    assert record.spent_usd + record.reserved_usd == Decimal("0.99")
    assert record.spent_usd == cost * sum(begun[1::2])


def test_requests_of_every_script_and_shape_verify(ledger: Ledger) -> None:
    for content in ("看图 😀", "\0 \u2028 \u202e", "\ud800", "\\ud800 {{ x }}", "'; DROP TABLE requests; --"):
        request = a_request(content)
        ledger.finish(request.key, ledger.begin(request), a_reply(request))
    assert list(ledger.verify()) == []


@pytest.mark.parametrize(
    ("damage", "lines"),
    [
        ("UPDATE requests SET model = 'n'", ["request {key}: its content has the key {other}"]),
        ("UPDATE requests SET body = '{'", ["request {key}: its content can't be read (JSONDecodeError)"]),
        ("DELETE FROM attempts", ["request {key}: no attempt belongs to it"]),
        ("UPDATE attempts SET raw = NULL", ["attempt 1 at request {key}: is answered but holds no reply"]),
        ("UPDATE attempts SET state = 'sent'", ["attempt 1 at request {key}: is sent but holds a reply"]),
    ],
)
def test_verify_names_what_is_wrong(ledger: Ledger, engine: Engine, damage: str, lines: list[str]) -> None:
    request = a_request()
    ledger.finish(request.key, ledger.begin(request), a_reply(request))
    with engine.begin() as connection:
        connection.execute(text(damage))
    other = a_request(model="n").key
    assert list(ledger.verify()) == [line.format(key=request.key, other=other) for line in lines]


@pytest.mark.parametrize(
    ("raw", "kind"),
    [("<html>", "JSONDecodeError"), ("", "JSONDecodeError"), ("[" * 100_000, "RecursionError")],
)
def test_verify_names_replies_that_do_not_parse(ledger: Ledger, raw: str, kind: str) -> None:
    request = a_request()
    ledger.finish(request.key, ledger.begin(request), a_reply(request, raw))
    assert list(ledger.verify()) == [f"attempt 1 at request {request.key}: the reply is not JSON ({kind})"]


def test_verify_names_attempts_without_their_request(ledger: Ledger, engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL does not let go of the request")
    request = a_request()
    ledger.begin(request)
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.executescript("PRAGMA foreign_keys=OFF; DELETE FROM requests; PRAGMA foreign_keys=ON")
    assert list(ledger.verify()) == [f"attempt 1 at request {request.key}: the request is missing"]


def test_verify_reads_a_little_at_a_time(ledger: Ledger) -> None:
    for number in range(100):
        request = a_request(f"{number}" + "x" * 200_000)
        ledger.begin(request)
    tracemalloc.start()
    assert list(ledger.verify()) == []
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12_000_000


def test_only_the_content_of_a_request_is_stored() -> None:
    content = {field.name for field in fields(Request)} - {"ceiling", "size"}
    assert {column.name for column in tables.requests.columns} == content


@pytest.mark.parametrize("name", ["extra_headers", "Authorization", "api_key", "headers"])
def test_a_request_that_carries_a_key_is_refused_and_not_stored(ledger: Ledger, name: str) -> None:
    request = Request("https://models.example", "m", "tools", {"messages": [], name: "Bearer sk-1"})
    with pytest.raises(CatalogError, match="never stored"):
        ledger.begin(request)
    assert ledger.use() == []


def test_an_address_with_a_password_is_refused_and_not_shown(ledger: Ledger) -> None:
    with pytest.raises(CatalogError, match="never stored") as refused:
        ledger.begin(Request("https://me:secret@models.example/v1", "m", "tools", {}))
    assert "secret" not in str(refused.value)
    assert ledger.use() == []


_BEGINNING = """
import sys
from tests.ports.test_ledger import a_request
from decomposer.store.engine import open_database
from decomposer.store.ledger import SqlLedger

engine = open_database(sys.argv[1])
ledger = SqlLedger(engine)
print(*(ledger.begin(a_request()) for _ in range(int(sys.argv[2]))))
engine.dispose()
"""


def test_attempts_of_several_processes_never_share_a_number(ledger: Ledger, race: Callable[..., list[str]]) -> None:
    outputs = race(_BEGINNING, ["20", "20", "20"])
    numbers = [int(number) for output in outputs for number in output.split()]
    assert sorted(numbers) == list(range(1, 61))


_KILLED = """
import sys, time
from tests.ports.test_ledger import a_reply, a_request
from decomposer.store.engine import open_database
from decimal import Decimal
from decomposer.ports import Sending
from decomposer.store.ledger import SqlLedger

ledger = SqlLedger(open_database(sys.argv[1]))
done, open_ = a_request("done"), a_request("open")
ledger.begin(open_, Sending(1, estimated_usd=Decimal("0.4")))
ledger.finish(done.key, ledger.begin(done), a_reply(done))
print("ready", flush=True)
time.sleep(60)
"""


def test_a_killed_process_loses_no_finished_answer_and_leaves_the_rest_in_doubt(database_url: str, runs: Runs) -> None:
    run = limited(runs, "1")
    command = [sys.executable, "-c", _KILLED, database_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.kill(process.pid, signal.SIGKILL)
    engine = open_database(database_url)
    ledger, done, in_doubt = SqlLedger(engine), a_request("done"), a_request("open")
    assert [(one.state, one.raw) for one in ledger.attempts(done.key)] == [("answered", '{"choices": []}')]
    assert [(one.key, one.pid, one.estimated_usd) for one in ledger.in_doubt()] == [
        (in_doubt.key, process.pid, Decimal("0.4"))
    ]
    assert books(runs, run) == ("0", "0.4")
    with pytest.raises(BudgetReached):
        ledger.begin(in_doubt, Sending(run, estimated_usd=Decimal("0.7")))
    assert ledger.begin(in_doubt) == 2
    assert list(ledger.verify()) == []
    engine.dispose()
