"""Language models: each kind is a module with `open_model(name, options)`, and `ModelOptions` is how it is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from decomposer.llm.gate import Gate
from decomposer.llm.under_way import UnderWay
from decomposer.ports import Attempt, Ledger, Price, Request

Mode = Literal["tools", "json_schema", "json"]
DoubtPolicy = Literal["retry", "hold"]


@dataclass(frozen=True, slots=True)
class Asking:
    """How the requests of one run are sent; models that share one share its gate.

    `run` is the batch run that they belong to and that pays by `price`. What was sent and never ended is asked again
    (`retry`) or left alone (`hold`). With `on_miss` nothing is sent: it is told each request that the ledger can't
    answer, in any thread, before Unanswered is raised, and `on_hit` the attempts at each that it can. `ceiling` bounds
    the tokens of an answer where nothing else does, `attempts` is how often a request is sent at most where no reply
    comes. `under_way` are the requests that have reserved money.
    """

    gate: Gate | None = None
    run: int | None = None
    price: Price | None = None
    in_doubt: DoubtPolicy = "retry"
    on_miss: Callable[[Request], None] | None = None
    on_hit: Callable[[Sequence[Attempt]], None] | None = None
    ceiling: int | None = None
    attempts: int = 5
    under_way: UnderWay = field(default_factory=UnderWay, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """How a model is asked; every `open_model(name, options)` takes it and uses what concerns it.

    `base_url` is that of an OpenAI-compatible endpoint, None for OpenAI itself. `temperature` and `max_output_tokens`
    are only sent where they are set: some models refuse them. `timeout` is in seconds. `reasks` is how often an
    invalid answer is asked for again. `offline` answers from `ledger` alone and raises Unanswered for the rest.
    `asking` is what the models of one run have in common.
    The key, and a base URL that may hold a password, are left out of the representation.
    """

    base_url: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)
    mode: Mode = "tools"
    temperature: float | None = None
    max_output_tokens: int | None = None
    timeout: float = 120.0
    reasks: int = 2
    ledger: Ledger | None = None
    offline: bool = False
    asking: Asking = field(default_factory=Asking)
