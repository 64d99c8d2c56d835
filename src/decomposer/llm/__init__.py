"""Language models: each kind is a module with `open_model(name, options)`, and `ModelOptions` is how it is asked."""

from dataclasses import dataclass, field
from typing import Literal

from decomposer.ports import Ledger

Mode = Literal["tools", "json_schema", "json"]


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """How a model is asked; every `open_model(name, options)` takes it and uses what concerns it.

    `base_url` is that of an OpenAI-compatible endpoint, None for OpenAI itself. `temperature` and `max_output_tokens`
    are only sent where they are set: some models refuse them. `timeout` is in seconds. `reasks` is how often an
    invalid answer is asked for again. `offline` answers from `ledger` alone and raises Unanswered for the rest.
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
