"""The suite of the Ledger port."""

import os
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from decomposer.errors import CatalogError
from decomposer.ports import Attempt, Ledger, ModelUse, Reply, Request
from decomposer.store import tables
from decomposer.store.engine import open_database
from decomposer.store.ledger import SqlLedger

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return SqlLedger(engine)


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
    assert ledger.attempts(request.key) == [Attempt(request.key, 1, "sent")]


def test_every_attempt_keeps_its_own_row(ledger: Ledger) -> None:
    request = a_request()
    ledger.fail(request.key, ledger.begin(request), "429: later")
    ledger.finish(request.key, ledger.begin(request), a_reply(request, '{"refusal": "no"}'), refused=True)
    ledger.finish(request.key, ledger.begin(request), a_reply(request))
    assert ledger.attempts(request.key) == [
        Attempt(request.key, 1, "failed", error="429: later"),
        Attempt(request.key, 2, "refused", '{"refusal": "no"}', None, 10, 2),
        Attempt(request.key, 3, "answered", '{"choices": []}', None, 10, 2),
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
    counted = {"requests": 2, "answered": 1, "refused": 0, "failed": 1, "in_doubt": 1}
    refused = {"requests": 1, "answered": 0, "refused": 1, "failed": 0, "in_doubt": 0}
    assert ledger.use() == [
        ModelUse(first.endpoint, "m", **counted, prompt_tokens=10, completion_tokens=2),
        ModelUse(first.endpoint, "other", **refused, prompt_tokens=0, completion_tokens=0),
    ]


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
    assert {column.name for column in tables.requests.columns} == {field.name for field in fields(Request)}


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
from decomposer.store.ledger import SqlLedger

ledger = SqlLedger(open_database(sys.argv[1]))
done, open_ = a_request("done"), a_request("open")
ledger.begin(open_)
ledger.finish(done.key, ledger.begin(done), a_reply(done))
print("ready", flush=True)
time.sleep(60)
"""


def test_a_killed_process_loses_no_finished_answer_and_leaves_the_rest_in_doubt(database_url: str) -> None:
    command = [sys.executable, "-c", _KILLED, database_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.kill(process.pid, signal.SIGKILL)
    engine = open_database(database_url)
    ledger, done, in_doubt = SqlLedger(engine), a_request("done"), a_request("open")
    assert ledger.attempts(done.key) == [Attempt(done.key, 1, "answered", '{"choices": []}', None, 10, 2)]
    assert ledger.attempts(in_doubt.key) == [Attempt(in_doubt.key, 1, "sent")]
    assert ledger.begin(in_doubt) == 2
    assert list(ledger.verify()) == []
    engine.dispose()
