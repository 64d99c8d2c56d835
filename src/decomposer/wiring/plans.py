"""Plan a batch run with a model that sends nothing; neither the catalog nor the ledger is written."""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from decomposer.batch.planning import Plan, Planned, answer_size, plan
from decomposer.batch.references import reference
from decomposer.batch.sampling import draw
from decomposer.batch.window import ENDS_THE_RUN
from decomposer.errors import InDoubt, Unanswered
from decomposer.ports import Answer, Item, LanguageModel, Request
from decomposer.records import Prompt
from decomposer.settings import Settings
from decomposer.text import tokens
from decomposer.wiring.models import model_place, price_of
from decomposer.wiring.orders import Order
from decomposer.wiring.references import named as references
from decomposer.wiring.references import source_of, standing
from decomposer.wiring.workspace import Workspace

SAMPLE = 1_000  # documents
T = TypeVar("T", bound=BaseModel)
OnPlanned = Callable[[int, int], None]


def planned_run(
    settings: Settings,
    order: Order,
    *,
    sample: int | None = SAMPLE,
    on_planned: OnPlanned = lambda done, all: None,
) -> Plan:
    """Return what a run would do. Every document is looked at where `sample` is None, else so many at most.

    `on_planned` is told (done, all). Raises UsageError, ConfigurationError and CatalogError.
    """
    with _catalog(settings) as held:
        drafter = _Drafter(replace(held, workers=1), order)
        with drafter.workspace as workspace:
            workspace.prepare(save=True)
            drawn = draw(references(order.naming, workspace), sample)
            found = []
            for done, item in enumerate(drawn.items):
                on_planned(done, len(drawn.items))
                found.append(drafter.plan(item))
            endpoint, model = _place(held)
            answer = answer_size(workspace.ledger.use(), endpoint=endpoint, model=model, most=held.max_output_tokens)
            price = price_of(held.chosen_model()[0], held)
    return replace(plan(drawn, found, answer=answer, price=price.price), price_note=price.note)


class _Drafter:
    """Drafts from the ledger alone, and notes what is missing there."""

    def __init__(self, settings: Settings, order: Order) -> None:
        from decomposer.llm import Asking

        self._missed: dict[str, Request] = {}
        asking = Asking(on_miss=self._miss, in_doubt=order.in_doubt)
        self.workspace = Workspace(settings, verify=order.verify, asking=asking)
        self.workspace.model = self._asked = _Counting(self.workspace.model)

    def plan(self, item: Item) -> Planned:
        """Return what drafting a reference would ask."""
        self._missed.clear()
        self._asked.cached = 0
        try:
            named = reference(item.ref)
            source = source_of(named, self.workspace)
            if standing(named, source, self.workspace) is not None:
                return Planned(item, "unchanged")
            self.workspace.draft(source, save=False)
        except (Unanswered, InDoubt):
            missed = self._missed.values()
            return Planned(item, "asks", len(missed), self._asked.cached, sum(map(prompt_tokens, missed)))
        except ENDS_THE_RUN:
            raise
        except Exception as error:  # noqa: BLE001 (one document must not end the plan, whatever is wrong with it)
            return Planned(item, "failed", reason=str(error) or type(error).__name__)
        return Planned(item, "answered", cached=self._asked.cached)

    def _miss(self, request: Request) -> None:
        self._missed[request.key] = request


class _Counting:
    """A model that counts the answers that it has from the ledger."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self.cached = 0

    @property
    def name(self) -> str:
        """The name that provenance records."""
        return self._model.name

    def answer(self, prompt: Prompt, shape: type[T]) -> Answer[T]:
        """Return the model's answer."""
        answer = self._model.answer(prompt, shape)
        self.cached += answer.cached
        return answer


def prompt_tokens(request: Request) -> int:
    """Return about how many tokens a request is charged for before its answer: messages and the form of the answer."""
    body = request.body
    form = [body[name] for name in ("tools", "response_format") if name in body]
    said = [message.get("content") or "" for message in body.get("messages", ())]
    return sum(_tokens(text) for text in [*said, json.dumps(form, separators=(",", ":")) if form else ""])


@lru_cache(maxsize=64)  # all but the document is the same in every request
def _tokens(text: str) -> int:
    return tokens(text)


def _place(settings: Settings) -> tuple[str, str]:
    """Return the endpoint and the model that the ledger knows the answers under."""
    from decomposer import plugins
    from decomposer.llm.endpoint import Endpoint

    _, name = model_place(settings.chosen_model()[0], plugins.names("models"))
    return Endpoint(settings.base_url).url, name


@contextmanager
def _catalog(settings: Settings) -> Iterator[Settings]:
    """Give the settings with a catalog that is there: an empty one for the time being, where none has been made yet."""
    if "://" in settings.db or Path(settings.db).exists():
        yield settings
        return
    with tempfile.TemporaryDirectory() as folder:
        yield replace(settings, db=str(Path(folder, "empty.db")))
