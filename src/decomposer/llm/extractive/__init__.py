"""The extractive model: no LLM, the source's own sentences. It is the floor that every real model is compared with."""

from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel

from decomposer.draft import Draft, DraftKind
from decomposer.errors import ConfigurationError
from decomposer.kind import kind_of
from decomposer.llm import ModelOptions
from decomposer.llm.extractive.picking import pick, pick_index
from decomposer.llm.extractive.reading import read
from decomposer.ports import Answer
from decomposer.records import Prompt, Segment

T = TypeVar("T", bound=BaseModel)


class ExtractiveModel:
    """A LanguageModel that reads units instead of messages: deterministic, offline, free."""

    name = "extractive"

    def answer(self, prompt: Prompt, shape: type[T]) -> Answer[T]:
        """Return the draft of the prompt's segment. Raises ConfigurationError for any task but drafting."""
        if not issubclass(shape, Draft):
            raise ConfigurationError(
                f"the extractive model can't do the task {prompt.task!r}", hint="name another model for it"
            )
        value: Any = extract(prompt.segment)
        return Answer(value=value, model=self.name, cost_usd=Decimal(0))


def extract(segment: Segment) -> Draft:
    """Return what the units of a segment state, in their own words: linear in the segment's length."""
    ruled = kind_of(segment.document, segment.units)
    kind = DraftKind(kind=ruled.kind, reason=ruled.reason)
    if kind.kind == "placeholder":
        return Draft(source_kind=kind, capabilities=[])
    lines = read(segment)
    chosen = pick_index(lines) if kind.kind in ("list", "tutorial") else pick(lines)
    return Draft(source_kind=kind, capabilities=chosen)


def open_model(name: str, options: ModelOptions) -> ExtractiveModel:
    """Return the extractive model; it has no variants and needs no options."""
    return ExtractiveModel()
