"""The seams to the world: what the pipeline needs of models, ledgers, catalogs and the network, as protocols."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel

from decomposer.records import Decision, Entry, Prompt, Source, State

T = TypeVar("T", bound=BaseModel)


# --- asking a model


@dataclass(frozen=True, slots=True)
class Request:
    """One request exactly as it goes over the wire. `body` is JSON: messages, tools or response_format, parameters.

    `sample` tells apart requests that are meant to be asked more than once. `key` is the sha256 of all of it.
    """

    endpoint: str
    model: str
    mode: str
    body: Mapping[str, Any]
    sample: int = 0
    key: str = field(init=False)

    def __post_init__(self) -> None:
        content = [self.endpoint, self.model, self.mode, self.body, self.sample]
        canonical = dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        object.__setattr__(self, "key", sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest())


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: `raw` is the response body as it arrived, before anything was parsed out of it.

    `cached` replies come from the ledger and cost nothing. Token counts are None where the endpoint did not say.
    """

    key: str
    raw: str
    cached: bool = False
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class Completion(Protocol):
    """One attempt at one request over the wire. Wrappers (retry, ledger) are completions themselves."""

    def complete(self, request: Request) -> Reply:
        """Return the reply. Raises TransportError where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """A model's answer in the asked form, and what it took: `requests` were sent, `cached` came from the ledger."""

    value: T
    model: str
    request_keys: tuple[str, ...] = ()
    requests: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: Decimal | None = None


class LanguageModel(Protocol):
    """Answers prompts in an asked form. `name` is what provenance records, such as `openai/gpt-5`."""

    @property
    def name(self) -> str:
        """The name that provenance records."""
        ...

    def answer(self, prompt: Prompt, shape: type[T]) -> Answer[T]:
        """Return the answer. Raises AnswerTooLong, Refused, InvalidAnswer, TransportError or Unanswered."""
        ...


# --- remembering what was asked

AttemptState = Literal["sent", "answered", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One row of the ledger. `sent` without an end is in doubt: the process died before the reply was written."""

    key: str
    attempt: int
    state: AttemptState
    raw: str | None = None
    error: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What the ledger holds for one model."""

    endpoint: str
    model: str
    requests: int
    answered: int
    refused: int
    failed: int
    in_doubt: int
    prompt_tokens: int
    completion_tokens: int


class Ledger(Protocol):
    """Every attempt at every request, by content. Safe for several threads and processes."""

    def attempts(self, key: str) -> list[Attempt]:
        """Return the attempts at a request, oldest first."""
        ...

    def begin(self, request: Request) -> int:
        """Write the intent to send `request` and return its attempt number, 1 and up. It is durable on return."""
        ...

    def finish(self, key: str, attempt: int, reply: Reply, *, refused: bool = False) -> None:
        """Write the raw reply to an attempt. It is durable on return."""
        ...

    def fail(self, key: str, attempt: int, error: str) -> None:
        """Close an attempt that got no reply and costs nothing."""
        ...

    def use(self) -> list[ModelUse]:
        """Return what the ledger holds, one row for each endpoint and model."""
        ...

    def verify(self) -> Iterator[str]:
        """Yield a line for everything that is wrong: keys that differ from their content, replies that don't parse."""
        ...


# --- keeping entries


@dataclass(frozen=True, slots=True)
class Listing:
    """One line of the catalog: an entry without its texts. `states` counts its capabilities by state."""

    slug: str
    name: str
    type: str
    kind: str
    source: str
    states: Mapping[State, int]
    updated: str


Change = Callable[[Entry | None, str], Entry]


class Catalog(Protocol):
    """The entries, their documents and the decisions about them. Safe for several threads and processes."""

    def find(self, slug: str) -> Entry | None:
        """Return the entry, or None."""
        ...

    def listings(self, *, limit: int | None = None) -> Iterator[Listing]:
        """Yield the entries by slug, streaming."""
        ...

    def entries(self) -> Iterator[Entry]:
        """Yield whole entries by slug, streaming."""
        ...

    def revise(self, source: Source, change: Change) -> Entry:
        """Store and return `change(previous entry or None, slug)` in one transaction, with the documents' texts.

        The previous entry is the one of the same source; the slug is `source.artifact.slug`, or the first free of
        `-2`, `-3`, ... where another source has it.
        """
        ...

    def decide(self, decision: Decision, change: Callable[[Entry], Entry]) -> Entry:
        """Append the decision and store `change(entry)` in one transaction. Raises CatalogError for no such entry."""
        ...

    def decisions(self, slug: str) -> list[Decision]:
        """Return the decisions about an entry, oldest first."""
        ...

    def text(self, sha256: str) -> str | None:
        """Return the text of a stored document."""
        ...


# --- reading sources and publishing entries


@dataclass(frozen=True, slots=True)
class Fetched:
    """A fetched body: `url` is the last one after redirects, `media_type` the bare type in lower case or empty."""

    url: str
    body: bytes
    media_type: str = ""
    charset: str | None = None


class Fetch(Protocol):
    """Gets a URL. Raises SourceError; `missing_ok` turns 404 into None."""

    def __call__(self, url: str, *, accept: str = "*/*", missing_ok: bool = False) -> Fetched | None:
        """Return the body, or None where there is none and `missing_ok` is set."""
        ...


Loader = Callable[[str, Fetch], Source]
Exporter = Callable[[Iterator[Entry], Path], list[Path]]
