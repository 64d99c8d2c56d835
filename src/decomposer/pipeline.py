"""The story of one artifact: from its documents to a catalog entry."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import yaml
from pydantic import ValidationError

from decomposer import support, verify
from decomposer.draft import Draft, Opinions
from decomposer.errors import AnswerTooLong, ConfigurationError
from decomposer.ground import ground
from decomposer.kind import fits, kind_of, settle
from decomposer.merge import merge
from decomposer.ports import Answer, LanguageModel
from decomposer.prompt import Example, Template
from decomposer.reconcile import reconcile
from decomposer.records import (
    Capability,
    Document,
    Entry,
    Evidence,
    Prompt,
    Provenance,
    Run,
    Segment,
    Source,
    SourceDocument,
    SourceKind,
    Unit,
)
from decomposer.same import same_name
from decomposer.segment import BUDGET, divide, halve, units_of
from decomposer.text import excerpt, visible
from decomposer.verify import Question

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is asked at once: tokens of document text in a request, and requests in flight."""

    budget: int = BUDGET
    workers: int = 4


@dataclass(frozen=True, slots=True)
class _Found:
    """What one request found in one segment."""

    segment: Segment
    answer: Answer[Draft]


def decompose(
    source: Source,
    *,
    model: LanguageModel,
    template: Template,
    previous: Entry | None = None,
    limits: Limits = Limits(),
    on_segment: Progress | None = None,
) -> Entry:
    """Return the catalog entry that the documents of `source` support.

    A pure function of the documents and of the model's answers. `on_segment` is told (done, all) requests. Raises the
    first ModelError; answers that came in before it are in the ledger.
    """
    units = [units_of(document) for document in source.documents]
    segments = [
        segment
        for index, document in enumerate(source.documents)
        for segment in divide(document, units[index], budget=limits.budget, index=index)
    ]
    found = _ask_all(segments, model, template, limits.workers, on_segment)
    kind = _kind(source, units, found)
    checked = [one for answer in found for one in _believe(answer, units[answer.segment.index], template)]
    fitting = [one for one in checked if fits(one, kind.kind)]
    if len(fitting) < len(checked):
        left = f"; left out because such a text can't have them: {len(checked) - len(fitting)}"
        kind = kind.model_copy(update={"reason": kind.reason + left})
    entry = Entry(
        artifact=source.artifact,
        documents=tuple(map(SourceDocument.of, source.documents)),
        source_kind=kind,
        capabilities=tuple(merge(fitting, same=same_name)),
        run=_run(found, model, template),
    )
    return reconcile(previous, entry).entry


def verified(entry: Entry, documents: Sequence[Document], *, model: LanguageModel, template: Template) -> Entry:
    """Return a drafted entry with the second opinion of `model` on every claim: it lowers verdicts and raises none.

    One request an entry, none for one without claims; where the answer does not fit, one for each half of the claims.
    `documents` are those that the evidence points into, `template` that of the task `verify`. What was asked is added
    to the run and to the provenance. Raises ModelError.
    """
    asked = verify.questions(entry)
    if not asked:
        return entry
    answers = _second_opinions(asked, _questionnaire(entry, documents, template), model)
    opinions = [
        opinion
        for part, answer in answers
        for opinion in answer.value.opinions
        if part[0].number <= opinion.claim <= part[-1].number
    ]
    return _accounted(verify.fold(entry, opinions, name=model.name), [answer for _, answer in answers])


def load_examples(text: str) -> list[Example]:
    """Return the worked examples of an examples.yaml, checked like any answer before they are ever sent.

    Raises ConfigurationError for one that our own grounding does not believe.
    """
    examples = []
    for number, item in enumerate(_yaml_list(text), start=1):
        document = Document(
            uri=f"example-{number}.md", text=str(item.get("document", "")), media_type="text/markdown", sha256=""
        )
        units = units_of(document)
        segments = divide(document, units)
        try:
            draft = Draft.model_validate(item.get("draft"))
        except ValidationError as error:
            raise ConfigurationError(f"example {number} is not a draft: {error.errors()[0]['msg']}") from error
        provenance = Provenance(model="expert", prompt="example")
        for capability in ground(draft, document, segments[0], provenance=provenance):
            for field, statement in support.check(capability, document, units).statements():
                if statement.support not in ("supported", "vendor_claim") or statement.flags:
                    why = "; ".join(sentence.reason for sentence in statement.sentences)
                    raise ConfigurationError(
                        f"example {number}, {capability.name!r}: {field} is {statement.support}: {why}"
                    )
        examples.append(Example(segments[0], draft))
    return examples


def _yaml_list(text: str) -> list[dict[str, Any]]:
    loaded = yaml.safe_load(text)
    if not isinstance(loaded, list) or not all(isinstance(item, dict) for item in loaded):
        raise ConfigurationError("examples.yaml is not a list of examples", hint="see prompts/extract/examples.yaml")
    return loaded


# --- asking


def _ask_all(
    segments: Sequence[Segment], model: LanguageModel, template: Template, workers: int, on_segment: Progress | None
) -> list[_Found]:
    found: list[_Found] = []
    if len(segments) <= 1 or workers <= 1:
        for done, segment in enumerate(segments, start=1):
            found += _ask(segment, model, template)
            if on_segment:
                on_segment(done, len(segments))
        return found
    with ThreadPoolExecutor(min(workers, len(segments))) as pool:
        for done, answers in enumerate(pool.map(lambda one: _ask(one, model, template), segments), start=1):
            found += answers
            if on_segment:
                on_segment(done, len(segments))
    return found


def _ask(segment: Segment, model: LanguageModel, template: Template) -> list[_Found]:
    """Ask about a segment; where the answer does not fit, about its halves."""
    try:
        return [_Found(segment, model.answer(template.render(segment), Draft))]
    except AnswerTooLong:
        halves = halve(segment)
        if halves is None:
            raise
        return [found for half in halves for found in _ask(half, model, template)]


# --- believing


def _believe(found: _Found, units: Sequence[Unit], template: Template) -> list[Capability]:
    segment, answer = found.segment, found.answer
    provenance = Provenance(
        model=answer.model,
        prompt=template.version,
        request_keys=answer.request_keys,
        segments=(f"{segment.index}:{segment.units[0].number}-{segment.units[-1].number}",),
    )
    grounded = ground(answer.value, segment.document, segment, provenance=provenance)
    return [support.check(capability, segment.document, units) for capability in grounded]


def _kind(source: Source, units: Sequence[Sequence[Unit]], found: Sequence[_Found]) -> SourceKind:
    """Return what the texts of a source are. Rules speak of the longest; one without a shown unit is a placeholder."""
    if not found:
        return SourceKind(kind="placeholder", reason=_why_nothing(source.documents, units))
    longest = max(range(len(units)), key=lambda index: sum(unit.shown for unit in units[index]))
    answered = [
        (one.answer.value.source_kind.kind, one.answer.value.source_kind.reason, _size(one.segment)) for one in found
    ]
    return settle(kind_of(source.documents[longest], units[longest]), answered)


def _size(segment: Segment) -> int:
    return sum(unit.end - unit.start for unit in segment.units)


def _why_nothing(documents: Sequence[Document], units: Sequence[Sequence[Unit]]) -> str:
    if not any(document.text for document in documents):
        return "the document is empty (0 characters)"
    kinds = {unit.kind for part in units for unit in part}
    if not kinds:
        return "the document holds no visible text"
    if kinds == {"front_matter"}:
        return "the document holds front matter only"
    named = {"alt": "pictures", "comment": "comments", "front_matter": "front matter"}
    left = sorted({named.get(unit.kind) or (unit.left_out or "hidden text") for part in units for unit in part})
    return f"nothing in the document is text about the artifact: only {', '.join(left)}"


def _run(found: Iterable[_Found], model: LanguageModel, template: Template) -> Run:
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


# --- a second opinion


def _second_opinions(
    asked: Sequence[Question], prompt_of: Callable[[Sequence[Question]], Prompt], model: LanguageModel
) -> list[tuple[Sequence[Question], Answer[Opinions]]]:
    try:
        return [(asked, model.answer(prompt_of(asked), Opinions))]
    except AnswerTooLong:
        if len(asked) == 1:
            raise
        middle = len(asked) // 2
        return [one for half in (asked[:middle], asked[middle:]) for one in _second_opinions(half, prompt_of, model)]


def _questionnaire(
    entry: Entry, documents: Sequence[Document], template: Template
) -> Callable[[Sequence[Question]], Prompt]:
    """Return what makes a prompt of questions; cited lines are shown under their headings, rows under their header."""
    units = [{unit.number: unit for unit in units_of(document)} for document in documents]
    places = [{(unit.start, unit.end): unit for unit in held.values()} for held in units]
    segment = Segment(documents[0], tuple(unit for unit in units[0].values() if unit.shown))

    def shown(span: Evidence) -> str:
        document = documents[span.document]
        unit = places[span.document].get((span.start, span.end))
        if unit is None:
            return visible(document.text, span.start, span.end, document.media_type)
        above = [number for number in (*unit.path, unit.parent, unit.header) if number is not None]
        return " > ".join(excerpt(units[span.document][number], document) for number in (*above, unit.number))

    return lambda asked: template.render_claims(
        verify.as_text(asked, artifact=entry.artifact.name, shown=shown), segment
    )


def _accounted(entry: Entry, answers: Sequence[Answer[Opinions]]) -> Entry:
    """Return the entry with what its second opinion took added to its run, and the requests to its capabilities."""
    run, costs = entry.run, [entry.run.cost_usd, *(answer.cost_usd for answer in answers)]
    known = [cost for cost in costs if cost is not None]
    spent = {
        "requests": run.requests + sum(answer.requests for answer in answers),
        "cached": run.cached + sum(answer.cached for answer in answers),
        "prompt_tokens": run.prompt_tokens + sum(answer.prompt_tokens for answer in answers),
        "completion_tokens": run.completion_tokens + sum(answer.completion_tokens for answer in answers),
        "cost_usd": sum(known, Decimal(0)) if len(known) == len(costs) else None,
    }
    keys = tuple(key for answer in answers for key in answer.request_keys)
    capabilities = tuple(_asked_with(capability, keys) for capability in entry.capabilities)
    return entry.model_copy(update={"capabilities": capabilities, "run": run.model_copy(update=spent)})


def _asked_with(capability: Capability, keys: tuple[str, ...]) -> Capability:
    if capability.state != "proposed" or not any(statement.sentences for _, statement in capability.statements()):
        return capability
    held = capability.provenance
    asked = held.model_copy(update={"request_keys": tuple(dict.fromkeys((*held.request_keys, *keys)))})
    return capability.model_copy(update={"provenance": asked})
