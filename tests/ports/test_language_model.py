"""What every LanguageModel keeps: the asked form, its name, and errors of ours."""

from collections.abc import Iterator
from typing import TypeVar

import pytest
from pydantic import BaseModel

from decomposer.draft import Draft
from decomposer.errors import DecomposerError, InvalidAnswer
from decomposer.llm import ModelOptions
from decomposer.llm.extractive import ExtractiveModel
from decomposer.llm.openai import open_model
from decomposer.llm.scripted import ScriptedModel
from decomposer.ports import Answer, LanguageModel
from decomposer.records import Prompt
from tests.asking import ANSWER, EXPECTED, prompt_about
from tests.standin import Standin

pytestmark = pytest.mark.block_network(allowed_hosts=["127.0.0.1"])

T = TypeVar("T", bound=BaseModel)


class Fake:
    """The least that a LanguageModel can be: it gives what it holds."""

    name = "fake"

    def answer(self, prompt: Prompt, shape: type[T]) -> Answer[T]:
        if shape is not Draft:
            raise InvalidAnswer("it holds a Draft", raw=EXPECTED.model_dump_json())
        return Answer(shape.model_validate(ANSWER), self.name)


@pytest.fixture(params=["fake", "scripted", "extractive", "openai"])
def model(request: pytest.FixtureRequest) -> Iterator[LanguageModel]:
    """A model that answers; all but the extractive one give the draft that they hold."""
    if request.param == "openai":
        with Standin(answer=ANSWER) as server:
            yield open_model("lantern", ModelOptions(base_url=server.url))
    else:
        others: dict[str, LanguageModel] = {
            "fake": Fake(),
            "scripted": ScriptedModel(lambda _: ANSWER),
            "extractive": ExtractiveModel(),
        }
        yield others[request.param]


class Verdict(BaseModel):
    """Whether two texts say the same."""

    same: bool


def test_an_answer_is_a_value_of_exactly_the_asked_form(model: LanguageModel) -> None:
    value = model.answer(prompt_about(), Draft).value
    assert type(value) is Draft
    assert value == Draft.model_validate(value.model_dump())


def test_an_answer_carries_the_name_of_its_model(model: LanguageModel) -> None:
    assert model.answer(prompt_about(), Draft).model == model.name


def test_the_same_question_gets_the_same_answer(model: LanguageModel) -> None:
    assert model.answer(prompt_about(), Draft).value == model.answer(prompt_about(), Draft).value


def test_a_form_that_it_can_not_give_is_an_error_of_ours(model: LanguageModel) -> None:
    with pytest.raises(DecomposerError):
        model.answer(prompt_about(), Verdict)


def test_what_an_answer_took_adds_up(model: LanguageModel) -> None:
    answer = model.answer(prompt_about(), Draft)
    assert answer.requests + answer.cached == len(answer.request_keys)
    assert answer.requests > 0 or answer.prompt_tokens + answer.completion_tokens == 0


def test_an_answer_can_be_stored_and_read_again(model: LanguageModel) -> None:
    value = model.answer(prompt_about(), Draft).value
    assert Draft.model_validate_json(value.model_dump_json()) == value
