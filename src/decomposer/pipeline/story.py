"""Tell the story on one page: cut the documents, ask about each part, and conclude."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from typing import ParamSpec, Protocol, TypeVar

from decomposer.draft import Draft
from decomposer.errors import AnswerTooLong
from decomposer.pipeline.asking import each
from decomposer.pipeline.concluding import Found, conclude
from decomposer.ports import LanguageModel
from decomposer.prompt import Template
from decomposer.records import Entry, Judge, Run, Segment, Source
from decomposer.segment import BUDGET, divide, halve, units_of

Progress = Callable[[int, int], None]
P = ParamSpec("P")
R = TypeVar("R")


class Call(Protocol):
    """Calls a pure function, here or in another process."""

    def __call__(self, function: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
        """Return what the function returns."""
        ...


def here(function: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
    """Call a function here."""
    return function(*args, **named)


@dataclass(frozen=True, slots=True)
class Limits:
    """How the work is done: tokens of document text in a request, requests in flight, and who calls pure functions."""

    budget: int = BUDGET
    workers: int = 4
    call: Call = here


def decompose(
    source: Source,
    *,
    model: LanguageModel,
    template: Template,
    previous: Entry | None = None,
    limits: Limits = Limits(),
    judge: Judge | None = None,
    on_segment: Progress | None = None,
) -> Entry:
    """Return the catalog entry that the documents of `source` support.

    A pure function of the documents and of the answers of the model and the judge; without a `judge` it is words that
    say what is the same. `on_segment` is told (done, all) requests. Raises the first ModelError; answers that came in
    before it are in the ledger. Unanswered is raised after everything has been asked, so that one call finds all that
    is missing, and only where nothing else went wrong.
    """
    units = [limits.call(units_of, document) for document in source.documents]
    segments = [
        segment
        for index, document in enumerate(source.documents)
        for segment in divide(document, units[index], budget=limits.budget, index=index)
    ]
    found = _ask_all(segments, model, template, limits.workers, on_segment)
    run = _run(found, model, template)
    return limits.call(conclude, source, units, found, run=run, previous=previous, judge=judge)


def _ask_all(
    segments: Sequence[Segment], model: LanguageModel, template: Template, workers: int, on_segment: Progress | None
) -> list[Found]:
    def told(done: int) -> None:
        if on_segment:
            on_segment(done, len(segments))

    if len(segments) <= 1 or workers <= 1:
        return each(segments, lambda one: _ask(one, model, template), told)
    with ThreadPoolExecutor(min(workers, len(segments))) as pool:
        asked = [pool.submit(_ask, segment, model, template) for segment in segments]
        try:
            return each(asked, lambda one: one.result(), told)
        finally:
            for future in asked:
                future.cancel()


def _ask(segment: Segment, model: LanguageModel, template: Template) -> list[Found]:
    """Ask about a segment; where the answer does not fit, about its halves."""
    try:
        return [Found(segment, model.answer(template.render(segment), Draft))]
    except AnswerTooLong:
        halves = halve(segment)
        if halves is None:
            raise
        return each(halves, lambda half: _ask(half, model, template))


def _run(found: Iterable[Found], model: LanguageModel, template: Template) -> Run:
    answers = [one.answer for one in found]
    costs = [answer.cost_usd for answer in answers]
    known = [cost for cost in costs if cost is not None]
    return Run(
        model=model.name,
        prompt=template.version,
        requests=sum(answer.requests for answer in answers),
        cached=sum(answer.cached for answer in answers),
        prompt_tokens=sum(answer.prompt_tokens for answer in answers),
        completion_tokens=sum(answer.completion_tokens for answer in answers),
        cost_usd=sum(known, Decimal(0)) if len(known) == len(costs) else None,
    )
