"""The Files and Batches API, against a local server that speaks it."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BytesIO

import pytest

from decomposer.errors import DecomposerError, EndpointRefused, TransportError
from decomposer.llm.endpoint import Endpoint
from decomposer.llm.openai_batch import OpenAIBatches
from decomposer.ports import BatchLine
from tests.standin import Standin

pytestmark = pytest.mark.block_network(allowed_hosts=["127.0.0.1"])

KEY = "sk-lantern-4711"


class Bench:
    """A stand-in server and a client of its batch mode."""

    def __init__(self, server: Standin, client: OpenAIBatches) -> None:
        self.server, self.api, self.client = server, server.batches, client

    def submitted(self, *questions: str, mark: str = "run-1-a") -> str:
        return self.client.submit(BytesIO(lines(*questions)), mark=mark).id

    def ended(self, *questions: str) -> list[BatchLine]:
        self.api.polls = 1
        return list(self.client.results(self.client.find(self.submitted(*questions))))


def lines(*questions: str) -> bytes:
    made = [
        {"custom_id": f"id-{number}", "method": "POST", "url": "/v1/chat/completions",
         "body": {"model": "m", "messages": [{"role": "user", "content": question}]}}
        for number, question in enumerate(questions)
    ]  # fmt: skip
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in made).encode()


@pytest.fixture
def bench() -> Iterator[Callable[..., Bench]]:
    with ExitStack() as stack:

        def started(*call_faults: str, answer: str = '{"ok": 1}', key: str = KEY) -> Bench:
            server = stack.enter_context(Standin(answer=answer))
            server.batches.call_faults = list(call_faults)
            client = OpenAIBatches(Endpoint(server.url, key=key))
            stack.callback(client.close)
            return Bench(server, client)

        yield started


Started = Callable[..., Bench]


def test_a_file_is_uploaded_under_its_mark_and_a_batch_carries_the_mark(bench: Started) -> None:
    at = bench()
    batch = at.client.find(at.submitted("Hällo\u2028there"))
    (file,) = at.api.files.values()
    assert file == ("run-1-a.jsonl", lines("Hällo\u2028there"))
    assert (batch.status, batch.ended, batch.mark, batch.source) == ("in_progress", False, "run-1-a", "file-1")


def test_a_batch_goes_through_its_states_and_ends(bench: Started) -> None:
    at = bench()
    remote = at.submitted("a", "b")
    states = [at.client.find(remote) for _ in range(3)]
    assert [(batch.status, batch.ended) for batch in states] == [
        ("in_progress", False), ("finalizing", False), ("completed", True),
    ]  # fmt: skip
    found = {line.custom_id: line for line in at.client.results(states[-1])}
    assert set(found) == {"id-0", "id-1"}
    assert json.loads(found["id-0"].raw or "")["choices"][0]["message"]["content"] == '{"ok": 1}'
    assert (found["id-0"].refused, found["id-0"].error) == (False, "")
    assert (found["id-0"].prompt_tokens or 0) > 0


@pytest.mark.slow
def test_the_batches_of_an_account_are_listed_newest_first_over_all_pages(bench: Started) -> None:
    at = bench()
    made = [at.submitted("a", mark=f"mark-{n}") for n in range(230)]
    assert [(batch.id, batch.mark) for batch in at.client.recent()] == [
        (remote, f"mark-{n}") for n, remote in reversed(list(enumerate(made)))
    ]
    assert at.api.calls.count("GET /v1/batches") == 3


def test_every_kind_of_line_is_told_apart(bench: Started) -> None:
    at = bench()
    at.api.line_faults = ["ok", "refusal", "500", "expired", "missing", "malformed", "unknown"]
    found = at.ended(*"abcdefg")
    told = {line.custom_id: (line.raw is not None, line.refused, line.error[:70]) for line in found}
    assert told == {
        "id-0": (True, False, ""),
        "id-1": (True, True, ""),
        "id-2": (False, False, "500: planned error"),
        "id-3": (False, False, "batch_expired: This request could not be executed before the batch exp"),
        "": (False, False, "a line of 24 bytes can't be read: Unterminated string starting at: lin"),
        "id-6?": (True, False, ""),
    }  # fmt: skip


def test_a_filter_that_answers_400_declines(bench: Started) -> None:
    at = bench()
    remote = at.submitted("a")
    body = {"error": {"code": "content_filter", "message": "no"}}
    line = {"custom_id": "id-0", "response": {"status_code": 400, "body": body}, "error": None}
    at.api.files["errors"] = ("errors.jsonl", json.dumps(line).encode())
    at.api.batches[remote] |= {"status": "completed", "error_file_id": "errors"}
    (found,) = at.client.results(at.client.find(remote))
    assert (found.raw, found.refused) == (json.dumps(body), True)


@pytest.mark.parametrize(
    "line",
    [b"[]", b"{}", b'{"custom_id": 4}', b'{"custom_id": "x"}', b"\xff\xfe", b'{"custom_id": "x", "response": []}',
     b'{"custom_id": "x", "response": {"status_code": "200", "body": []}}', b"[" * 100_000,
     b'{"custom_id": "x", "error": {"code": 5, "message": ["a"]}, "response": {"body": {"error": 1}}}'],
)  # fmt: skip
def test_a_strange_line_is_told_and_breaks_nothing(bench: Started, line: bytes) -> None:
    at = bench()
    remote = at.submitted("a")
    at.api.files["out"] = ("out.jsonl", line)
    at.api.batches[remote] |= {"status": "completed", "output_file_id": "out"}
    (found,) = at.client.results(at.client.find(remote))
    assert (found.raw, found.custom_id in ("", "x"), bool(found.error)) == (None, True, True)


def test_a_batch_that_is_turned_down_says_why(bench: Started) -> None:
    at = bench()
    at.api.polls, at.api.batch_faults = 1, ["failed"]
    batch = at.client.find(at.submitted("a"))
    assert (batch.ended, batch.trouble) == (True, "token_limit_exceeded: Enqueued token limit reached")
    assert list(at.client.results(batch)) == []


def test_the_files_of_a_batch_are_deleted_and_deleting_again_is_no_error(bench: Started) -> None:
    at = bench()
    at.api.polls, at.api.line_faults = 1, ["ok", "500"]
    batch = at.client.find(at.submitted("a", "b"))
    assert len(at.api.files) == 3
    at.client.forget(batch)
    at.client.forget(batch)
    assert at.api.files == {}


@pytest.mark.parametrize(
    ("fault", "kind"), [("500", TransportError), ("429", TransportError), ("lost", TransportError)]
)
def test_what_goes_wrong_on_the_wire_is_told_as_any_failure(
    bench: Started, fault: str, kind: type[DecomposerError]
) -> None:
    at = bench(fault)
    with pytest.raises(kind) as caught:
        at.submitted("a")
    assert at.server.url in str(caught.value)
    assert KEY not in str(caught.value)


def test_a_key_that_is_refused_ends_everything(bench: Started) -> None:
    with pytest.raises((EndpointRefused, TransportError), match="401"):
        bench("401").submitted("a")


def test_without_a_key_no_credentials_are_sent(bench: Started) -> None:
    at = bench(key="")
    assert at.submitted("a") == "batch_1"


def test_a_download_that_breaks_off_is_told(bench: Started) -> None:
    at = bench()
    at.api.polls = 1
    batch = at.client.find(at.submitted("a"))
    at.api.call_faults = ["lost"]
    with pytest.raises(TransportError, match="no reply from"):
        list(at.client.results(batch))
