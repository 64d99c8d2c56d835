"""Ask any OpenAI-compatible endpoint: the SDK sends one attempt at a time, instructor prepares, checks and re-asks."""

import logging
from functools import cache
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError, create_model

from decomposer.errors import ConfigurationError, TransportError
from decomposer.llm import ModelOptions
from decomposer.llm.endpoint import Endpoint
from decomposer.llm.exchange import Exchange
from decomposer.llm.recorded import Recorded
from decomposer.llm.retry import Retry
from decomposer.llm.wire import parse, read, sendable, tokens
from decomposer.ports import Answer, Completion, Reply, Request
from decomposer.records import Prompt

if TYPE_CHECKING:
    from openai import Omit, OpenAI
    from openai.types.chat import ChatCompletion

T = TypeVar("T", bound=BaseModel)


def open_model(name: str, options: ModelOptions) -> "OpenAIModel":
    """Return the model `name` at `options.base_url`, with retries and the ledger under it.

    Azure: its `/openai/v1` endpoint speaks the plain protocol; an older base URL with `?api-version=` works as well.
    Raises ConfigurationError where the name, base URL or key can't be used.
    """
    if not name:
        raise ConfigurationError("no model is named", hint="write openai/NAME, such as openai/gpt-5")
    endpoint = Endpoint(options.base_url, key=options.api_key)
    completion: Completion = SdkCompletion(endpoint, timeout=options.timeout)
    if options.ledger is not None:
        completion = Recorded(completion, options.ledger, offline=options.offline)
    elif options.offline:
        raise ConfigurationError("offline answers come from the ledger, and none is open", hint="set DECOMPOSER_DB")
    return OpenAIModel(name, Retry(completion), endpoint=endpoint.url, options=options)


class OpenAIModel:
    """A LanguageModel over a completion: a prompt and a form go in, a checked value comes out."""

    def __init__(self, name: str, completion: Completion, *, endpoint: str, options: ModelOptions) -> None:
        self._model = name
        self._completion = completion
        self._endpoint = endpoint
        self._mode = options.mode
        self._reasks = options.reasks
        self._parameters = _parameters(endpoint, options)

    @property
    def name(self) -> str:
        """The name that provenance records."""
        return f"openai/{self._model}"

    def answer(self, prompt: Prompt, shape: type[T]) -> Answer[T]:
        """Return the answer. Raises AnswerTooLong, Refused, InvalidAnswer, TransportError or Unanswered."""
        instructor = _instructor()
        exchange = Exchange(self._completion, self._endpoint, self._model, self._mode, shape)

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
            raise exchange.failure(error.__cause__) from None
        return exchange.answer(self.name, value, shape)


class SdkCompletion:
    """A completion over the wire: one attempt, no retries. Safe for several threads, which share its connections.

    `timeout` is in seconds, for connecting and for every pause in between. Without a key no Authorization header is
    sent.
    """

    def __init__(self, endpoint: Endpoint, *, timeout: float = 120.0) -> None:
        self._endpoint = endpoint
        self._timeout = timeout
        self._lock = Lock()
        self._opened: OpenAI | None = None

    def complete(self, request: Request) -> Reply:
        """Return the reply, its body as it arrived. Raises TransportError, and ConfigurationError for bad proxies."""
        import openai

        url = self._endpoint.url
        try:
            client, headers = self._client()
            body = {"model": request.model, **request.body}
            raw = client.post("/chat/completions", cast_to=str, body=body, options={"headers": headers})
        except openai.APIStatusError as error:
            response = error.response
            if read(response.text).declined:  # a filter on the prompt answers 400, and is an answer
                return Reply(request.key, response.text)
            raise self._endpoint.rejected(error.status_code, response.headers, response.text) from None
        except openai.APITimeoutError:
            raise TransportError(
                f"{url} did not answer in {self._timeout:g} s",
                hint="allow more time, or ask about less",
                retryable=True,
            ) from None
        except openai.APIConnectionError as error:
            reason = self._endpoint.scrubbed(f"{type(error.__cause__).__name__}: {error.__cause__}")
            raise TransportError(
                f"no reply from {url}: {reason}", hint="is a server running there?", retryable=True
            ) from None
        return self._reply(request, raw)

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        with self._lock:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()

    def _client(self) -> tuple["OpenAI", dict[str, "str | Omit"]]:
        """Return the one client, and the headers that differ from what it sends by itself."""
        from openai import Omit

        with self._lock:
            if self._opened is None:
                self._opened = self._open()
        headers: dict[str, str | Omit] = {**self._endpoint.headers()}
        return self._opened, headers if self._endpoint.key else {"Authorization": Omit()}

    def _open(self) -> "OpenAI":
        from openai import OpenAI

        try:
            return OpenAI(
                api_key=self._endpoint.key or "none",
                base_url=self._endpoint.base,
                max_retries=0,
                timeout=self._timeout,
                default_query=self._endpoint.query,
            )
        except (ValueError, ImportError) as error:
            raise ConfigurationError(
                f"no connection to {self._endpoint.url} can be set up: {self._endpoint.scrubbed(str(error))}",
                hint="check HTTPS_PROXY and SSL_CERT_FILE",
            ) from None

    def _reply(self, request: Request, raw: str) -> Reply:
        try:
            body = parse(raw)
        except ValueError as error:
            raise self._endpoint.garbled(raw, str(error)) from None
        if body.get("error") and not body.get("choices") and not read(raw).declined:
            raise self._endpoint.complained(body)
        return Reply(request.key, raw, False, *tokens(body))


def _parameters(endpoint: str, options: ModelOptions) -> dict[str, Any]:
    parameters: dict[str, Any] = {}
    if options.temperature is not None:
        parameters["temperature"] = options.temperature
    if options.max_output_tokens is not None:
        # OpenAI's reasoning models refuse the old name, which is the only one that some servers know.
        newer = (urlsplit(endpoint).hostname or "").endswith(("openai.com", "azure.com"))
        parameters["max_completion_tokens" if newer else "max_tokens"] = options.max_output_tokens
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
    return cast(type[T], prepared)


def _completed(message: dict[str, Any]) -> "ChatCompletion":
    """Return a message as the completion that instructor reads; what else a reply says is settled before."""
    from openai.types.chat import ChatCompletion

    choice = {"index": 0, "finish_reason": "stop", "message": message}
    return ChatCompletion.model_validate(
        {"id": "reply", "object": "chat.completion", "created": 0, "model": "", "choices": [choice]}
    )
