import json
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from threading import Barrier

import pytest
from pydantic import BaseModel

from decomposer.draft import Draft
from decomposer.errors import (
    AnswerTooLong,
    ConfigurationError,
    DecomposerError,
    EndpointRefused,
    InvalidAnswer,
    Refused,
    Stopped,
    TransportError,
    Unanswered,
)
from decomposer.llm import Asking, Mode, ModelOptions
from decomposer.llm.endpoint import Endpoint
from decomposer.llm.gate import Gate
from decomposer.llm.openai import OpenAIModel, SdkCompletion, open_model
from decomposer.llm.recorded import Recorded
from decomposer.llm.remembered import Offline, Remembered
from decomposer.llm.retry import Retry
from decomposer.ports import Pace, Price, Reply, Request
from tests.asking import ANSWER, EXPECTED, MemoryLedger, prompt_about
from tests.standin import Answer, Body, Standin

pytestmark = pytest.mark.block_network(allowed_hosts=["127.0.0.1"])

MODES: tuple[Mode, ...] = ("tools", "json_schema", "json")
KEY = "sk-lantern-4711"


class Bench:
    """A stand-in server, a ledger, and models between the two that never sleep. `naps` is how long they would."""

    def __init__(self, server: Standin, close: Callable[[Callable[[], object]], object]) -> None:
        self.server = server
        self.ledger = MemoryLedger()
        self.naps: list[float] = []
        self._close = close

    def model(self, *, query: str = "", **options: object) -> OpenAIModel:
        held = replace(ModelOptions(base_url=self.server.url + query, ledger=self.ledger), **options)  # type: ignore[arg-type]
        endpoint = Endpoint(held.base_url, key=held.api_key)
        if held.offline:
            return OpenAIModel("lantern", Offline(self.ledger), endpoint=endpoint.url, options=held)
        sdk = SdkCompletion(endpoint, timeout=held.timeout)
        self._close(sdk.close)
        recorded = Recorded(sdk, self.ledger, price=held.asking.price)
        remembered = Remembered(recorded, self.ledger, sleep=self.naps.append)
        return OpenAIModel("lantern", Retry(remembered, sleep=self.naps.append), endpoint=endpoint.url, options=held)


@pytest.fixture
def bench() -> Iterator[Callable[..., Bench]]:
    with ExitStack() as stack:

        def started(*faults: str, answer: Answer = ANSWER, latency: float = 0.0) -> Bench:
            server = stack.enter_context(Standin(answer=answer, faults=faults, latency=latency))
            return Bench(server, stack.callback)

        yield started


Started = Callable[..., Bench]


# --- the right answer


@pytest.mark.parametrize("mode", MODES)
def test_an_answer_has_the_asked_form_and_says_what_it_took(bench: Started, mode: Mode) -> None:
    at = bench()
    answer = at.model(mode=mode).answer(prompt_about(), Draft)
    (row,) = at.ledger.rows
    assert answer.value == EXPECTED
    assert type(answer.value) is Draft
    assert (answer.model, answer.requests, answer.cached) == ("openai/lantern", 1, 0)
    assert answer.request_keys == (row.key,)
    assert (answer.prompt_tokens, answer.completion_tokens) == (at.server.prompt_tokens, at.server.completion_tokens)
    assert (row.prompt_tokens, row.completion_tokens) == (at.server.prompt_tokens, at.server.completion_tokens)


def test_the_second_run_makes_no_request(bench: Started) -> None:
    at = bench()
    first = at.model().answer(prompt_about(), Draft)
    second = at.model(offline=True).answer(prompt_about(), Draft)
    assert len(at.server.requests) == 1
    assert second.value == first.value
    assert second.request_keys == first.request_keys
    assert (second.requests, second.cached, second.prompt_tokens, second.completion_tokens) == (0, 1, 0, 0)


def test_offline_names_the_request_that_is_missing(bench: Started) -> None:
    at = bench()
    with pytest.raises(Unanswered) as caught:
        at.model(offline=True).answer(prompt_about(), Draft)
    assert len(caught.value.key) == 64
    assert at.server.requests == []
    assert at.ledger.rows == []


@pytest.mark.parametrize("mode", MODES)
def test_a_document_with_template_marks_arrives_unchanged(bench: Started, mode: Mode) -> None:
    at = bench()
    prompt = prompt_about("Use {{ bos_token }} and {% raw %} first.\n  {# not a comment #} {{ 7 * 7 }}\n")
    at.model(mode=mode).answer(prompt, Draft)
    assert at.server.requests[0]["messages"][-1] == {"role": "user", "content": prompt.messages[-1].content}


def test_a_broken_file_name_in_a_prompt_can_be_sent(bench: Started) -> None:
    at = bench()
    at.model().answer(prompt_about("From caf\udce9.md.\n"), Draft)
    assert "caf\ufffd.md" in at.server.requests[0]["messages"][-1]["content"]


def test_what_is_recorded_is_what_was_sent(bench: Started) -> None:
    at = bench()
    at.model().answer(prompt_about(), Draft)
    (request,) = at.ledger.asked.values()
    assert {"model": request.model, **request.body} == at.server.requests[0]
    assert (request.endpoint, request.mode) == (at.server.url, "tools")


def test_parameters_are_sent_only_where_they_are_set(bench: Started) -> None:
    at = bench()
    at.model().answer(prompt_about(), Draft)
    at.model(temperature=0.0, max_output_tokens=900).answer(prompt_about(), Draft)
    plain, full = at.server.requests
    assert set(plain) == {"model", "messages", "tools", "tool_choice"}
    assert {name: full[name] for name in set(full) - set(plain)} == {"temperature": 0.0, "max_tokens": 900}
    assert len({row.key for row in at.ledger.rows}) == 2


@pytest.mark.parametrize(("own", "sent"), [(None, 700), (900, 900)])
def test_a_ceiling_is_sent_where_nothing_else_bounds_the_answer(bench: Started, own: int | None, sent: int) -> None:
    at = bench()
    at.model(asking=Asking(ceiling=700), max_output_tokens=own).answer(prompt_about(), Draft)
    at.model(max_output_tokens=own).answer(prompt_about(), Draft)
    assert [body["max_tokens"] for body in at.server.requests] == [sent]


def test_the_cost_of_an_answer_is_that_of_its_replies_and_nothing_when_they_are_cached(bench: Started) -> None:
    at = bench("schema")
    asking = Asking(price=Price(Decimal(2), Decimal(8)))
    prompt, completion = Decimal(2), Decimal(8)
    first = at.model(asking=asking).answer(prompt_about(), Draft)
    assert first.cost_usd == (prompt * first.prompt_tokens + completion * first.completion_tokens) / 1_000_000
    assert first.cost_usd == sum(row.cost_usd or 0 for row in at.ledger.rows)
    assert at.model(asking=asking).answer(prompt_about(), Draft).cost_usd == 0
    assert at.model().answer(prompt_about("Other."), Draft).cost_usd is None


def test_what_a_failure_took_comes_with_it(bench: Started) -> None:
    at = bench("schema", "schema", "401")
    with pytest.raises(InvalidAnswer) as caught:
        at.model(reasks=1).answer(prompt_about(), Draft)
    assert caught.value.took is not None
    assert (caught.value.took.requests, caught.value.took.cached) == (2, 0)
    assert caught.value.took.prompt_tokens == at.server.prompt_tokens


def test_what_a_reply_says_of_limits_and_cached_tokens_is_read() -> None:
    left = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "120ms"}
    with Standin(answer=ANSWER, limits=left) as server:
        sdk = SdkCompletion(Endpoint(server.url))
        try:
            reply = sdk.complete(Request(server.url, "lantern", "tools", {"messages": []}))
        finally:
            sdk.close()
    assert reply.pace == Pace(requests_left=0, requests_reset=0.12)
    assert reply.cheap_tokens is None


@pytest.mark.parametrize(("fault", "arrived"), [("truncated", True), ("reset", True), ("slow:9", True), ("500", False)])
def test_only_what_was_answered_somehow_may_have_been_billed(fault: str, arrived: bool) -> None:
    with Standin(faults=[fault]) as server:
        sdk = SdkCompletion(Endpoint(server.url), timeout=0.3)
        try:
            with pytest.raises(TransportError) as caught:
                sdk.complete(Request(server.url, "lantern", "tools", {"messages": []}))
        finally:
            sdk.close()
    assert caught.value.arrived is arrived


def test_a_server_that_is_not_there_bills_nothing() -> None:
    with Standin() as gone:
        url = gone.url
    with pytest.raises(TransportError) as caught:
        SdkCompletion(Endpoint(url)).complete(Request(url, "lantern", "tools", {"messages": []}))
    assert caught.value.arrived is False


def test_what_the_ledger_has_no_answer_to_is_told(bench: Started) -> None:
    at = bench()
    missed: list[Request] = []
    options = ModelOptions(at.server.url, ledger=at.ledger, offline=True, asking=Asking(on_miss=missed.append))
    with pytest.raises(Unanswered) as caught:
        open_model("lantern", options).answer(prompt_about(), Draft)
    assert [request.key for request in missed] == [caught.value.key]
    assert at.server.requests == []


def test_requests_wait_at_the_gate(bench: Started) -> None:
    at = bench(latency=0.05)
    gate = Gate(2)
    model = open_model("lantern", ModelOptions(at.server.url, ledger=at.ledger, asking=Asking(gate=gate)))
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: model.answer(prompt_about(f"Document {n}."), Draft), range(6)))
    assert (at.server.max_in_flight, gate.figures().most_in_flight, gate.figures().sent) == (2, 2, 6)
    gate.close()
    with pytest.raises(Stopped):
        model.answer(prompt_about("One more."), Draft)


def test_threads_with_the_same_question_pay_once(bench: Started) -> None:
    at = bench(latency=0.05)
    model = at.model()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: model.answer(prompt_about(), Draft), range(8)))
    assert len(at.server.requests) == 1
    assert [answer.value for answer in answers] == [EXPECTED] * 8
    assert sorted(answer.requests for answer in answers) == [0] * 7 + [1]


def test_threads_with_different_questions_ask_at_the_same_time(bench: Started) -> None:
    all_here = Barrier(4)

    def answer(_: Body) -> Body:
        all_here.wait(timeout=30)
        return ANSWER

    at = bench(answer=answer)
    model = at.model()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: model.answer(prompt_about(f"Document {n}."), Draft), range(4)))
    assert (len(at.server.requests), at.server.max_in_flight) == (4, 4)


# --- keys and addresses


def test_without_a_key_no_credentials_are_sent(bench: Started) -> None:
    at = bench()
    at.model().answer(prompt_about(), Draft)
    assert {"authorization", "api-key"} & set(at.server.headers[0]) == set()


def test_a_key_is_sent_as_bearer(bench: Started) -> None:
    at = bench()
    at.model(api_key=KEY).answer(prompt_about(), Draft)
    assert at.server.headers[0]["authorization"] == f"Bearer {KEY}"


def test_an_address_with_an_api_version_gets_the_key_as_azure_wants_it(bench: Started) -> None:
    at = bench()
    at.model(query="?api-version=2026-01-01", api_key=KEY).answer(prompt_about(), Draft)
    (request,) = at.ledger.asked.values()
    assert at.server.paths == ["/v1/chat/completions?api-version=2026-01-01"]
    assert at.server.headers[0]["api-key"] == KEY
    assert request.endpoint == at.server.url


@pytest.mark.parametrize("fault", ["401", "gateway:401", "500"])
def test_a_key_that_the_server_repeats_is_kept_out_of_errors_ledger_and_logs(
    bench: Started, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], fault: str
) -> None:
    at = bench(*[fault] * 5)
    with caplog.at_level(logging.INFO), pytest.raises((TransportError, EndpointRefused)) as caught:
        at.model(api_key=KEY).answer(prompt_about(), Draft)
    seen = [str(caught.value), repr(caught.value), repr(at.ledger.rows), repr(at.ledger.asked), caplog.text]
    assert [text for text in seen if KEY in text] == []
    assert capfd.readouterr() == ("", "")


def test_options_do_not_show_their_secrets() -> None:
    shown = repr(ModelOptions(base_url="https://ann:pass@models.example/v1", api_key=KEY))
    assert KEY not in shown
    assert "pass" not in shown


def test_a_model_without_a_name_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no model is named"):
        open_model("", ModelOptions())


def test_offline_without_a_ledger_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="none is open"):
        open_model("lantern", ModelOptions(offline=True))


def test_an_opened_model_answers(bench: Started) -> None:
    at = bench()
    model = open_model("lantern", ModelOptions(base_url=at.server.url, ledger=at.ledger))
    assert model.answer(prompt_about(), Draft).value == EXPECTED
    assert (model.name, at.ledger.states) == ("openai/lantern", ["answered"])


# --- faults of the wire


@pytest.mark.parametrize("fault", ["429:7", "408", "409", "500", "503", "reset", "truncated", "html", "gateway:502"])
def test_a_passing_fault_is_asked_again(bench: Started, fault: str) -> None:
    at = bench(fault)
    answer = at.model().answer(prompt_about(), Draft)
    assert answer.value == EXPECTED
    assert answer.requests == 1
    assert len(at.server.requests) == 2
    assert [(row.attempt, row.state) for row in at.ledger.rows] == [(1, "failed"), (2, "answered")]
    assert len(at.naps) == 1


def test_retry_after_is_obeyed(bench: Started) -> None:
    at = bench("429:7")
    at.model().answer(prompt_about(), Draft)
    assert 7 <= at.naps[0] <= 8


def test_a_server_that_asks_to_wait_an_hour_is_not_waited_for(bench: Started) -> None:
    at = bench("429:3600")
    with pytest.raises(TransportError, match="asks to wait 3600 s") as caught:
        at.model().answer(prompt_about(), Draft)
    assert (caught.value.status, caught.value.retryable, caught.value.retry_after) == (429, True, 3600.0)
    assert (at.ledger.states, at.naps) == (["failed"], [])


def test_a_slow_server_is_a_timeout_and_asked_again(bench: Started) -> None:
    at = bench("slow:5")
    assert at.model(timeout=0.5).answer(prompt_about(), Draft).value == EXPECTED
    assert at.ledger.states == ["failed", "answered"]
    assert "did not answer in 0.5 s" in (at.ledger.rows[0].error or "")


def test_a_request_that_the_endpoint_cannot_take_is_not_asked_again(bench: Started) -> None:
    at = bench("400")
    with pytest.raises(TransportError, match="another --mode") as caught:
        at.model().answer(prompt_about(), Draft)
    assert (caught.value.status, caught.value.retryable) == (400, False)
    assert at.ledger.states == ["failed"]
    assert at.ledger.rows[0].error == str(caught.value)


@pytest.mark.parametrize(
    ("fault", "hint"),
    [
        ("401", "set OPENAI_API_KEY"),
        ("402", "no credit left"),
        ("403", "set OPENAI_API_KEY"),
        ("404", "check the model name"),
        ("gateway:404", "check the model name"),
    ],
)
def test_what_is_wrong_for_every_request_is_a_matter_of_configuration(bench: Started, fault: str, hint: str) -> None:
    at = bench(fault)
    with pytest.raises(EndpointRefused, match=hint) as caught:
        at.model().answer(prompt_about(), Draft)
    assert (caught.value.status, caught.value.exit_code) == (int(fault[-3:]), 3)
    assert at.ledger.states == ["failed"]
    assert at.ledger.rows[0].error == str(caught.value)


def test_five_failures_are_the_end(bench: Started) -> None:
    at = bench(*["500"] * 6)
    with pytest.raises(TransportError, match="answered 500 Internal Server Error: planned error") as caught:
        at.model().answer(prompt_about(), Draft)
    assert caught.value.retryable
    assert at.ledger.states == ["failed"] * 5
    assert len(at.naps) == 4


def test_a_server_that_is_not_there_is_named(bench: Started) -> None:
    at = bench()
    with Standin() as gone:
        url = gone.url
    with pytest.raises(TransportError, match=f"no reply from {url}: .*; is a server running there"):
        at.model(base_url=url).answer(prompt_about(), Draft)
    assert at.ledger.states == ["failed"] * 5


# --- slips of the model


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("slip", ["bare", "fenced"])
def test_an_answer_in_plain_text_is_taken(bench: Started, slip: str, mode: Mode) -> None:
    at = bench(slip)
    assert at.model(mode=mode).answer(prompt_about(), Draft).value == EXPECTED
    assert at.ledger.states == ["answered"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("slip", "told"),
    [
        ("schema", "source_kind.kind\n  Input should be 'software', 'model', "),
        ("broken", "Invalid JSON: EOF while parsing a string at line 1 column 28"),
        ("deep", "Invalid JSON: recursion limit exceeded"),
        ("nan", "capabilities.0.description.units.1\n  Input should be a finite number"),
        ("number", "Invalid JSON: number out of range"),
        ("surrogate", "Invalid JSON: unexpected end of hex escape"),
        ("many_errors", "20001 validation errors for Draft"),
        ("prose", "it holds no JSON object"),
        ("null", "it is empty"),
        ("no_choices", "it is empty"),
    ],
)
def test_a_wrong_answer_is_asked_again_with_what_is_wrong(bench: Started, slip: str, told: str, mode: Mode) -> None:
    at = bench(slip)
    answer = at.model(mode=mode).answer(prompt_about(), Draft)
    first, second = at.server.requests
    added = second["messages"][len(first["messages"]) :]
    assert answer.value == EXPECTED
    assert (answer.requests, at.ledger.states) == (2, ["answered", "answered"])
    assert len(set(answer.request_keys)) == 2
    assert second["messages"][: len(first["messages"])] == first["messages"]
    assert [message["role"] for message in added] in (["assistant", "user"], ["assistant", "tool"])
    assert told in added[1]["content"]
    assert "errors.pydantic.dev" not in added[1]["content"]
    assert len(added[1]["content"]) < 5000


def test_half_a_character_in_an_answer_becomes_a_whole_one(bench: Started) -> None:
    at = bench("raw_surrogate")
    assert at.model().answer(prompt_about(), Draft).value.source_kind.reason == "\ufffd"


@pytest.mark.parametrize("slip", ["schema", "prose", "broken", "null", "no_choices"])
@pytest.mark.parametrize("mode", MODES)
def test_three_wrong_answers_are_the_end_and_replay_for_nothing(bench: Started, slip: str, mode: Mode) -> None:
    at = bench(*[slip] * 3)
    with pytest.raises(InvalidAnswer, match="lantern gave no valid Draft in 3 answers: ") as first:
        at.model(mode=mode).answer(prompt_about(), Draft)
    with pytest.raises(InvalidAnswer) as second:
        at.model(mode=mode, offline=True).answer(prompt_about(), Draft)
    assert at.ledger.states == ["answered"] * 3
    assert first.value.raw == at.ledger.rows[-1].raw
    assert str(second.value) == str(first.value)


def test_reasks_can_be_turned_off(bench: Started) -> None:
    at = bench("schema")
    with pytest.raises(InvalidAnswer, match=r"in 1 answer: source_kind.kind: Input should be .* \(2 errors\)"):
        at.model(reasks=0).answer(prompt_about(), Draft)
    assert len(at.server.requests) == 1


def test_a_wrong_answer_prints_nothing(bench: Started, capfd: pytest.CaptureFixture[str]) -> None:
    at = bench(*["schema"] * 3)
    with pytest.raises(InvalidAnswer):
        at.model().answer(prompt_about(), Draft)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("slip", ["refusal", "content_filter", "filtered"])
def test_a_refusal_is_asked_once_more_under_the_same_key(bench: Started, slip: str) -> None:
    at = bench(slip)
    answer = at.model().answer(prompt_about(), Draft)
    assert answer.value == EXPECTED
    assert (answer.requests, len(answer.request_keys)) == (2, 1)
    assert [(row.attempt, row.state) for row in at.ledger.rows] == [(1, "refused"), (2, "answered")]


@pytest.mark.parametrize(
    ("slip", "reason"),
    [("refusal", "I can't help"), ("content_filter", "content filter"), ("filtered", "the prompt was filtered")],
)
@pytest.mark.parametrize("mode", MODES)
def test_two_refusals_are_the_end_and_replay_for_nothing(bench: Started, slip: str, reason: str, mode: Mode) -> None:
    at = bench(slip, slip)
    with pytest.raises(Refused, match=reason) as first:
        at.model(mode=mode).answer(prompt_about(), Draft)
    with pytest.raises(Refused) as second:
        at.model(mode=mode).answer(prompt_about(), Draft)
    assert len(at.server.requests) == 2
    assert at.ledger.states == ["refused", "refused"]
    assert str(second.value) == str(first.value)


@pytest.mark.parametrize("mode", MODES)
def test_an_answer_that_was_cut_off_is_too_long_and_kept(bench: Started, mode: Mode) -> None:
    at = bench("length")
    for _ in range(2):
        with pytest.raises(AnswerTooLong):
            at.model(mode=mode).answer(prompt_about(), Draft)
    assert len(at.server.requests) == 1
    assert at.ledger.states == ["answered"]


def test_an_answer_of_ten_megabytes_is_kept_but_not_read(bench: Started) -> None:
    at = bench("huge")
    with pytest.raises(InvalidAnswer, match="characters, and 1,000,000 are read"):
        at.model().answer(prompt_about(), Draft)
    assert len(at.server.requests) == 1
    assert len(at.ledger.rows[0].raw or "") > 10_000_000


def test_of_several_objects_in_prose_the_last_that_fits_is_taken(bench: Started) -> None:
    other = {**ANSWER, "capabilities": []}
    at = bench(answer=f"Not {json.dumps(other)} but {json.dumps(ANSWER)}; see [4] and {{}}.")
    assert at.model(mode="json").answer(prompt_about(), Draft).value == EXPECTED


# --- interruptions


class Interrupted:
    """A completion that the user stops in the middle of a request."""

    def complete(self, request: Request) -> Reply:
        raise KeyboardInterrupt


def test_an_interrupted_request_stays_in_doubt_and_is_asked_anew(bench: Started) -> None:
    at = bench()
    options = ModelOptions(base_url=at.server.url)
    stopped = OpenAIModel("lantern", Retry(Recorded(Interrupted(), at.ledger)), endpoint=at.server.url, options=options)
    with pytest.raises(KeyboardInterrupt):
        stopped.answer(prompt_about(), Draft)
    assert at.ledger.states == ["sent"]
    assert at.model().answer(prompt_about(), Draft).value == EXPECTED
    assert at.ledger.states == ["sent", "answered"]


class Broke:
    """A completion that stops before sending, as a budget does."""

    def complete(self, request: Request) -> Reply:
        raise DecomposerError("no money left")


def test_what_a_completion_raises_comes_out_as_it_is(bench: Started) -> None:
    at = bench()
    options = ModelOptions(base_url=at.server.url)
    model = OpenAIModel("lantern", Recorded(Broke(), at.ledger), endpoint=at.server.url, options=options)
    with pytest.raises(DecomposerError, match="no money left"):
        model.answer(prompt_about(), Draft)
    assert [(row.state, row.error) for row in at.ledger.rows] == [("failed", "no money left")]


class Verdict(BaseModel):
    """Whether two texts say the same."""

    same: bool


def test_any_form_can_be_asked_for(bench: Started) -> None:
    at = bench(answer={"same": True})
    assert at.model().answer(prompt_about(), Verdict).value == Verdict(same=True)
    assert at.server.requests[0]["tools"][0]["function"]["name"] == "Verdict"
