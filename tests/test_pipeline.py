"""From documents to an entry."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from pydantic import BaseModel

from decomposer.draft import Draft
from decomposer.errors import AnswerTooLong, Refused, Unanswered
from decomposer.merge import split
from decomposer.pipeline import Limits, decompose
from decomposer.ports import Answer
from decomposer.prompt import Template
from decomposer.records import Capability, Judgement, Prompt
from decomposer.text import seen
from tests.making import by_name, capability, draft, source

T = TypeVar("T", bound=BaseModel)
TEMPLATE = Template(
    "{% block system %}s{% endblock %}{% block user %}{{ mark }} {{ units }}{% endblock %}", version="extract/t"
)


class Fake:
    """A LanguageModel that answers with a function of the prompt."""

    name = "fake"

    def __init__(self, reply: Callable[[Prompt], Draft]) -> None:
        self.reply = reply
        self.asked: list[list[int]] = []

    def answer(self, prompt: Prompt, shape: type[T]) -> Answer[T]:
        self.asked.append([unit.number for unit in prompt.segment.units])
        value = shape.model_validate(self.reply(prompt).model_dump())
        return Answer(value, "fake", request_keys=(f"key{len(self.asked)}",), requests=1, prompt_tokens=10)


def sorting(prompt: Prompt) -> Draft:
    return draft(capability("Sorting files", "It sorts files.", [list(prompt.segment.numbered())[-1][0]]))


def test_an_entry_carries_evidence_verdicts_ids_and_provenance() -> None:
    entry = decompose(source("It sorts files.\n"), model=Fake(sorting), template=TEMPLATE)
    (found,) = entry.capabilities
    assert (found.id, found.state) == ("thing/sorting-files", "proposed")
    assert found.description is not None
    assert (found.description.support, found.description.evidence[0].quote) == ("supported", "It sorts files.")
    assert (found.provenance.model, found.provenance.prompt) == ("fake", "extract/t")
    assert found.provenance.request_keys == ("key1",)
    assert (entry.run.requests, entry.run.prompt_tokens, entry.run.cost_usd) == (1, 10, None)
    assert (entry.documents[0].chars, entry.documents[0].media_type) == (16, "text/markdown")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the document is empty (0 characters)"),
        ("\n \n", "the document holds no visible text"),
        ("![a picture](x.png)\n", "nothing in the document is text about the artifact: only pictures"),
    ],
)
def test_a_document_without_text_has_no_capabilities_and_is_not_asked_about(text: str, reason: str) -> None:
    model = Fake(sorting)
    entry = decompose(source(text), model=model, template=TEMPLATE)
    assert (entry.source_kind.kind, entry.source_kind.reason) == ("placeholder", reason)
    assert (entry.capabilities, model.asked) == ((), [])


def test_a_placeholder_has_no_capabilities_whatever_the_model_lists() -> None:
    model = Fake(lambda prompt: draft(capability("Sorting", "It sorts files.", [1]), kind="placeholder"))
    entry = decompose(source("It sorts files.\n"), model=model, template=TEMPLATE)
    assert (entry.source_kind.kind, entry.capabilities) == ("placeholder", ())


def test_an_index_of_tutorials_keeps_only_the_capabilities_of_the_index() -> None:
    links = "\n".join(f"- [tutorial {n}: how to train](https://youtu.be/{n})" for n in range(12))
    drafted = draft(
        capability("Tutorials on training", "Lists tutorials on how to train.", [2]),
        capability("Model training", "Train.", [2]),
    )
    entry = decompose(source(f"# Lessons\n\n{links}\n"), model=Fake(lambda prompt: drafted), template=TEMPLATE)
    assert [one.name for one in entry.capabilities] == ["Tutorials on training"]
    assert entry.source_kind.kind == "tutorial"
    assert entry.source_kind.reason.endswith("; left out because such a text can't have them: 1")


def test_a_template_has_no_capabilities_whatever_the_model_says_it_is() -> None:
    model = Fake(lambda prompt: draft(capability("Sorting", "It sorts files.", [2])))
    entry = decompose(source("# T\n\nMore information needed.\n"), model=model, template=TEMPLATE)
    assert (entry.source_kind.kind, entry.capabilities) == ("placeholder", ())


def test_several_segments_of_one_document_become_one_record() -> None:
    text = "\n\n".join(f"## Part {n}\n\nIt sorts files." for n in range(8))
    model = Fake(sorting)
    entry = decompose(source(text), model=model, template=TEMPLATE, limits=Limits(budget=40, workers=3))
    assert len(model.asked) > 2
    (found,) = entry.capabilities
    assert found.description is not None
    assert len(found.description.evidence) == len(model.asked)


def test_two_documents_are_one_entry_and_evidence_names_its_document() -> None:
    entry = decompose(
        source("It sorts files.\n", "# Readme\n\nIt sorts files.\n"), model=Fake(sorting), template=TEMPLATE
    )
    (found,) = entry.capabilities
    assert found.description is not None
    assert [span.document for span in found.description.evidence] == [0, 1]
    assert len(entry.documents) == 2


def test_an_answer_that_does_not_fit_is_asked_about_in_halves() -> None:
    def reply(prompt: Prompt) -> Draft:
        if len(prompt.segment.units) > 2:
            raise AnswerTooLong("cut off")
        return sorting(prompt)

    model = Fake(reply)
    decompose(
        source("It sorts files. It copies files. It moves files. It lists files.\n"), model=model, template=TEMPLATE
    )
    assert model.asked == [[1, 2, 3, 4], [1, 2], [3, 4]]


def test_a_single_unit_that_does_not_fit_is_the_documents_failure() -> None:
    def reply(prompt: Prompt) -> Draft:
        raise AnswerTooLong("cut off")

    with pytest.raises(AnswerTooLong):
        decompose(source("It sorts files.\n"), model=Fake(reply), template=TEMPLATE)


def test_a_refusal_is_the_documents_failure() -> None:
    def reply(prompt: Prompt) -> Draft:
        raise Refused("no")

    with pytest.raises(Refused):
        decompose(source("It sorts files.\n"), model=Fake(reply), template=TEMPLATE)


FOUR_PARTS = "\n\n".join(f"## Part {n}\n\nIt sorts files." for n in range(4))


@pytest.mark.parametrize("workers", [1, 3])
def test_every_segment_is_asked_about_before_a_missing_answer_is_told(workers: int) -> None:
    def reply(prompt: Prompt) -> Draft:
        raise Unanswered(f"no answer about unit {prompt.segment.units[0].number}", key="k")

    model = Fake(reply)
    with pytest.raises(Unanswered, match=r"about unit 1$"):
        decompose(source(FOUR_PARTS), model=model, template=TEMPLATE, limits=Limits(budget=40, workers=workers))
    assert sorted(asked[0] for asked in model.asked) == [1, 5]


@pytest.mark.parametrize("workers", [1, 3])
def test_another_error_is_told_before_a_missing_answer(workers: int) -> None:
    def reply(prompt: Prompt) -> Draft:
        raise Refused("no") if prompt.segment.units[0].number == 5 else Unanswered("no answer")

    with pytest.raises(Refused):
        decompose(source(FOUR_PARTS), model=Fake(reply), template=TEMPLATE, limits=Limits(budget=40, workers=workers))


def test_both_halves_are_asked_about_before_a_missing_answer_is_told() -> None:
    def reply(prompt: Prompt) -> Draft:
        raise AnswerTooLong("cut off") if len(prompt.segment.units) > 1 else Unanswered("no answer")

    model = Fake(reply)
    with pytest.raises(Unanswered):
        decompose(source("It sorts files. It copies files.\n"), model=model, template=TEMPLATE)
    assert model.asked == [[1, 2], [1], [2]]


TWO_PARTS = "## One\n\nIt clones voices from audio clips.\n\n## Two\n\nVoice cloning from a clip of audio.\n"


def in_other_words(prompt: Prompt) -> Draft:
    number, unit = list(prompt.segment.numbered())[-1]
    name = "Clones voices" if unit.number < 4 else "Voice cloning from audio"
    return draft(capability(name, seen(unit, prompt.segment.document), [number]))


def test_what_two_parts_say_in_other_words_is_one_record() -> None:
    found = decompose(source(TWO_PARTS), model=Fake(in_other_words), template=TEMPLATE, limits=Limits(budget=20))
    (joined,) = found.capabilities
    assert {part.name for part in split(joined)} == {"Clones voices", "Voice cloning from audio"}
    apart = decompose(
        source(TWO_PARTS), model=Fake(in_other_words), template=TEMPLATE, judge=by_name, limits=Limits(budget=20)
    )
    assert len(apart.capabilities) == 2


def test_drafting_and_drafting_again_load_nothing_heavy() -> None:
    script = (
        "import sys; from tests.making import source; from tests.test_pipeline import TEMPLATE, TWO_PARTS, sorting;"
        "from tests.test_pipeline import Fake, decompose, in_other_words;"
        "one = source(TWO_PARTS); first = decompose(one, model=Fake(in_other_words), template=TEMPLATE);"
        "decompose(one, model=Fake(in_other_words), template=TEMPLATE, previous=first);"
        "print(sorted({'numpy', 'scipy', 'sklearn', 'wordllama', 'sqlalchemy', 'openai'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]
    )
    assert done.stdout == "[]\n"


def test_progress_is_told_after_each_segment() -> None:
    told: list[tuple[int, int]] = []
    text = "\n\n".join(f"## Part {n}\n\nIt sorts files." for n in range(4))
    decompose(
        source(text),
        model=Fake(sorting),
        template=TEMPLATE,
        limits=Limits(budget=40),
        on_segment=lambda done, of: told.append((done, of)),
    )
    assert told == [(n, len(told)) for n in range(1, len(told) + 1)]


def test_drafting_again_changes_nothing() -> None:
    first = decompose(source("It sorts files.\n"), model=Fake(sorting), template=TEMPLATE)
    again = decompose(source("It sorts files.\n"), model=Fake(sorting), template=TEMPLATE, previous=first)
    assert again.capabilities == first.capabilities


def test_what_is_general_names_its_special_cases_by_id() -> None:
    def judge(one: Capability, other: Capability) -> Judgement:
        general = "Sorting", "Sorting files"
        return Judgement("broader" if (one.name, other.name) == general else "different", 0.5)

    drafted = draft(
        capability("Sorting", "It sorts.", [1]),
        capability("Sorting files", "It sorts files.", [2]),
    )
    entry = decompose(
        source("It sorts. It sorts files.\n"), model=Fake(lambda prompt: drafted), template=TEMPLATE, judge=judge
    )
    assert {one.id: one.broader_than for one in entry.capabilities} == {
        "thing/sorting": ("thing/sorting-files",),
        "thing/sorting-files": (),
    }
