"""Ask for a second opinion on every claim of an entry: it lowers verdicts and raises none."""

from collections.abc import Callable, Sequence

from decomposer import verify
from decomposer.draft import Opinions
from decomposer.errors import AnswerTooLong
from decomposer.pipeline.asking import each, spent
from decomposer.ports import Answer, LanguageModel
from decomposer.prompt import Template
from decomposer.records import Capability, Document, Entry, Evidence, Prompt, Segment
from decomposer.segment import units_of
from decomposer.text import excerpt, visible
from decomposer.verify import Question


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


def _second_opinions(
    asked: Sequence[Question], prompt_of: Callable[[Sequence[Question]], Prompt], model: LanguageModel
) -> list[tuple[Sequence[Question], Answer[Opinions]]]:
    try:
        return [(asked, model.answer(prompt_of(asked), Opinions))]
    except AnswerTooLong:
        if len(asked) == 1:
            raise
        middle = len(asked) // 2
        return each((asked[:middle], asked[middle:]), lambda half: _second_opinions(half, prompt_of, model))


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
    keys = tuple(key for answer in answers for key in answer.request_keys)
    capabilities = tuple(_asked_with(capability, keys) for capability in entry.capabilities)
    return entry.model_copy(update={"capabilities": capabilities, "run": spent(entry.run, answers)})


def _asked_with(capability: Capability, keys: tuple[str, ...]) -> Capability:
    if capability.state != "proposed" or not any(statement.sentences for _, statement in capability.statements()):
        return capability
    held = capability.provenance
    asked = held.model_copy(update={"request_keys": tuple(dict.fromkeys((*held.request_keys, *keys)))})
    return capability.model_copy(update={"provenance": asked})
