"""Ask a model: the request as it goes over the wire, the reply as it came back, and the answer in the asked form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from json import dumps
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from decomposer.measures import Pace
from decomposer.records import Prompt

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Request:
    """One request exactly as it goes over the wire. `body` is JSON: messages, tools or response_format, parameters.

    `sample` tells apart requests that are meant to be asked more than once. `key` is the sha256 of all of it.
    `ceiling` bounds the tokens of the answer where the body does not; it is no part of the key, because an answer that
    ended by itself is the same under any ceiling. `size` is how many bytes it has, a few more than are sent.
    """

    endpoint: str
    model: str
    mode: str
    body: Mapping[str, Any]
    sample: int = 0
    ceiling: int | None = None
    key: str = field(init=False)
    size: int = field(init=False)

    def __post_init__(self) -> None:
        content = [self.endpoint, self.model, self.mode, self.body, self.sample]
        canonical = dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        encoded = canonical.encode("utf-8", "surrogatepass")
        object.__setattr__(self, "key", sha256(encoded).hexdigest())
        object.__setattr__(self, "size", len(encoded))


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: `raw` is the response body as it arrived, before anything was parsed out of it.

    `cached` replies come from the ledger and cost nothing. Token counts are None where the endpoint did not say;
    `cheap_tokens` are those of the prompt that it charges at its cache price. `cost_usd` is None where no price is
    known, or the tokens are not.
    """

    key: str
    raw: str
    cached: bool = False
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cheap_tokens: int | None = None
    cost_usd: Decimal | None = None
    pace: Pace | None = None


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


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, in US dollars per million tokens.

    `cached_input` is the price of prompt tokens that the endpoint had cached, `batch_input` and `batch_output` those
    of its batch mode; each is None where it is not known, and then the full price counts.
    """

    input: Decimal
    output: Decimal
    cached_input: Decimal | None = None
    batch_input: Decimal | None = None
    batch_output: Decimal | None = None

    def of(self, prompt: int, completion: int, *, cheap: int = 0) -> Decimal:
        """Return what so many tokens cost, in US dollars; `cheap` of the prompt tokens were cached."""
        cheap = min(cheap, prompt)
        cheaper = self.input if self.cached_input is None else self.cached_input
        return (self.input * (prompt - cheap) + cheaper * cheap + self.output * completion) / 1_000_000

    def in_batch(self) -> "Price":
        """Return the price in the endpoint's batch mode."""
        return Price(
            self.input if self.batch_input is None else self.batch_input,
            self.output if self.batch_output is None else self.batch_output,
        )
