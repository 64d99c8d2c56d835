"""Ask any OpenAI-compatible endpoint: the SDK sends one attempt at a time, instructor prepares, checks and re-asks."""

import logging
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import BaseModel, ValidationError, create_model

from decomposer.errors import ConfigurationError, ModelError
from decomposer.llm import ModelOptions
from decomposer.llm.endpoint import Endpoint
from decomposer.llm.exchange import Exchange
from decomposer.llm.gate import Gate
from decomposer.llm.limited import Limited
from decomposer.llm.pacing import pace_of
from decomposer.llm.recorded import Recorded
from decomposer.llm.remembered import Offline, Remembered
from decomposer.llm.retry import Retry
from decomposer.llm.sdk import Sdk
from decomposer.llm.wire import body_of, bound_at, parse, read, sendable, tokens
from decomposer.ports import Answer, Completion, Reply, Request
from decomposer.records import Prompt

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

T = TypeVar("T", bound=BaseModel)
_UNLIMITED = 1_024  # requests in flight, where nobody set a limit


def open_model(name: str, options: ModelOptions) -> "OpenAIModel":
    """Return the model `name` at `options.base_url`, with retries and the ledger under it.

    Azure: its `/openai/v1` endpoint speaks the plain protocol; an older base URL with `?api-version=` works as well.
    Raises ConfigurationError where the name, base URL or key can't be used.
    """
    if not name:
        raise ConfigurationError("no model is named", hint="write openai/NAME, such as openai/gpt-5")
    endpoint = Endpoint(options.base_url, key=options.api_key)
    return OpenAIModel(name, _stacked(endpoint, options), endpoint=endpoint.url, options=options)


def _stacked(endpoint: Endpoint, options: ModelOptions) -> Completion:
    """Return the completions over each other: retry, remember, limit, record, send."""
    asking, ledger = options.asking, options.ledger
    gate = asking.gate or Gate(_UNLIMITED)
    if options.offline:
        if ledger is None:
            raise ConfigurationError("offline answers come from the ledger, and none is open", hint="set DECOMPOSER_DB")
        return Offline(ledger, on_miss=asking.on_miss, on_hit=asking.on_hit, in_doubt=asking.in_doubt)
    completion: Completion = SdkCompletion(endpoint, timeout=options.timeout)
    if ledger is not None:
        completion = Recorded(
            completion, ledger, run=asking.run, price=asking.price, under_way=asking.under_way, check=gate.check
        )
    completion = Limited(completion, gate)
    if ledger is not None:
        completion = Remembered(completion, ledger, sleep=gate.nap, in_doubt=asking.in_doubt, timeout=options.timeout)
    return Retry(completion, attempts=asking.attempts, sleep=gate.nap)


class OpenAIModel:
    """A LanguageModel over a completion: a prompt and a form go in, a checked value comes out."""

    def __init__(self, name: str, completion: Completion, *, endpoint: str, options: ModelOptions) -> None:
        self._model = name
        self._completion = completion
        self._endpoint = endpoint
        self._mode = options.mode
        self._reasks = options.reasks
        self._ceiling = options.asking.ceiling
        self._parameters = _parameters(endpoint, options)

    @property
    def name(self) -> str:
        """The name that provenance records."""
        return f"openai/{self._model}"

    def answer(self, prompt: Prompt, shape: type[T]) -> Answer[T]:
        """Return the answer. Raises AnswerTooLong, Refused, InvalidAnswer, TransportError or Unanswered."""
        instructor = _instructor()
        exchange = Exchange(self._completion, self._endpoint, self._model, self._mode, shape, self._ceiling)

        def create(*, messages: list[dict[str, Any]], **body: Any) -> "ChatCompletion":
            try:
                return _completed(exchange.ask(messages, body))
            except ValidationError:
                raise
            except ValueError as error:  # the kind that instructor asks again for
                raise instructor.core.exceptions.ResponseParsingError(str(error), mode=self._mode) from None

        patched = instructor.patch(create=create, mode=instructor.Mode[self._mode.upper()])
        try:
            # Never `context=`: it would render every message, and with it the document, as a template.
            value = patched(
                response_model=_prepared(shape),
                max_retries=self._reasks,
                strict=False,
                messages=[{"role": m.role, "content": sendable(m.content)} for m in prompt.messages],
                **self._parameters,
            )
        except instructor.core.exceptions.InstructorRetryException as error:
            failure = exchange.failure(error.__cause__)
            if isinstance(failure, ModelError):
                failure.took = exchange.took()
            raise failure from None
        return exchange.answer(self.name, value, shape)


class SdkCompletion:
    """A completion over the wire: one attempt, no retries. Safe for several threads, which share its connections."""

    def __init__(self, endpoint: Endpoint, *, timeout: float = 120.0) -> None:
        self._endpoint = endpoint
        self._sdk = Sdk(endpoint, timeout=timeout)

    def complete(self, request: Request) -> Reply:
        """Return the reply, its body as it arrived.

        Raises TransportError, EndpointRefused where every request would fail, and ConfigurationError for bad proxies.
        """
        import openai
        from httpx2 import Response

        body, client, headers = body_of(request), self._sdk.client(), self._sdk.headers
        with self._sdk.calling():
            try:
                response = client.post("/chat/completions", cast_to=Response, body=body, options={"headers": headers})
            except openai.APIStatusError as error:
                if read(error.response.text).declined:  # a filter on the prompt answers 400, and is an answer
                    return Reply(request.key, error.response.text)
                raise
        return self._reply(request, response.text, response.headers)

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        self._sdk.close()

    def _reply(self, request: Request, raw: str, headers: Mapping[str, str]) -> Reply:
        try:
            body = parse(raw)
        except ValueError as error:
            raise self._endpoint.garbled(raw, str(error)) from None
        if body.get("error") and not body.get("choices") and not read(raw).declined:
            raise self._endpoint.complained(body)
        prompt, completion, cheap = tokens(body)
        return Reply(request.key, raw, False, prompt, completion, cheap, pace=pace_of(headers))


def _parameters(endpoint: str, options: ModelOptions) -> dict[str, Any]:
    parameters: dict[str, Any] = {}
    if options.temperature is not None:
        parameters["temperature"] = options.temperature
    if options.max_output_tokens is not None:
        parameters[bound_at(endpoint)] = options.max_output_tokens
    return parameters


@cache
def _instructor() -> ModuleType:
    """Import instructor once. It logs every failed answer as an error, down to stderr; ours are raised."""
    import instructor

    logging.getLogger("instructor").setLevel(logging.CRITICAL + 1)
    return instructor


@cache
def _prepared(shape: type[T]) -> type[T]:
    """Return the shape as instructor wants it, made once: with its name as title, which names the tool."""
    prepared = create_model(shape.__name__, __base__=(shape, _instructor().ResponseSchema), __doc__=shape.__doc__)
    schema = {"title": shape.__name__, **shape.model_json_schema()}
    prepared.model_json_schema = lambda *_, **__: dict(schema)
    # It looks for asynchronous validators below every field, six times a request: a third of all that one costs.
    for field in prepared.model_fields.values():
        field.annotation = object
    return cast(type[T], prepared)


def _completed(message: dict[str, Any]) -> "ChatCompletion":
    """Return a message as the completion that instructor reads; what else a reply says is settled before."""
    from openai.types.chat import ChatCompletion

    choice = {"index": 0, "finish_reason": "stop", "message": message}
    return ChatCompletion.model_validate(
        {"id": "reply", "object": "chat.completion", "created": 0, "model": "", "choices": [choice]}
    )
