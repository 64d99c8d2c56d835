import json
from decimal import Decimal
from pathlib import Path

import pytest

from decomposer.draft import Draft
from decomposer.errors import AnswerTooLong, ConfigurationError, InvalidAnswer, UsageError
from decomposer.llm import ModelOptions
from decomposer.llm.scripted import ScriptedModel, open_model
from decomposer.ports import Answer
from tests.asking import ANSWER, EXPECTED, prompt_about

EMPTY = {"source_kind": {"kind": "placeholder", "reason": "no text"}, "capabilities": []}


@pytest.fixture
def script(tmp_path: Path) -> Path:
    return tmp_path / "answers.json"


def test_answers_come_in_order_in_every_form() -> None:
    model = ScriptedModel([EXPECTED, ANSWER, json.dumps(ANSWER)], name="expert")
    assert [model.answer(prompt_about(), Draft) for _ in range(3)] == [
        Answer(EXPECTED, "expert", cost_usd=Decimal(0))
    ] * 3


def test_a_function_answers_from_the_prompt() -> None:
    kind = {"kind": "other", "reason": ""}
    model = ScriptedModel(lambda prompt: {"source_kind": kind | {"reason": prompt.task}, "capabilities": []})
    assert model.answer(prompt_about(), Draft).value.source_kind.reason == "extract"


def test_an_exception_is_raised() -> None:
    model = ScriptedModel([AnswerTooLong("too long"), ANSWER])
    with pytest.raises(AnswerTooLong):
        model.answer(prompt_about(), Draft)
    assert model.answer(prompt_about(), Draft).value == EXPECTED


@pytest.mark.parametrize("answer", [{"capabilities": []}, '{"capabilities": []}', "no JSON"])
def test_an_answer_in_another_form_is_invalid(answer: dict[str, object] | str) -> None:
    with pytest.raises(InvalidAnswer, match="scripted: the answer is no Draft: "):
        ScriptedModel([answer]).answer(prompt_about(), Draft)


def test_a_script_that_runs_out_says_what_was_asked_for() -> None:
    model = ScriptedModel([ANSWER])
    model.answer(prompt_about(), Draft)
    with pytest.raises(UsageError, match=r"the script has 1 answers and one more .* lanternfish.md, part 1"):
        model.answer(prompt_about(), Draft)


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        (json.dumps(ANSWER), 1),
        (json.dumps(ANSWER, indent=2), 1),
        ("\ufeff" + json.dumps([ANSWER, EMPTY]), 2),
        (json.dumps(ANSWER) + "\n\n" + json.dumps(EMPTY) + "\n", 2),
    ],
)
def test_a_file_holds_one_answer_or_many(script: Path, text: str, answers: int) -> None:
    script.write_text(text, encoding="utf-8")
    model = open_model(str(script), ModelOptions())
    expected = [EXPECTED, Draft.model_validate(EMPTY)][:answers]
    assert [model.answer(prompt_about(), Draft).value for _ in range(answers)] == expected
    assert model.name == "scripted/answers.json"


@pytest.mark.parametrize("text", ["", "{", "[1]", "1", '{"a": 1}\nnot JSON', "[" * 100_000])
def test_a_file_without_answers_is_refused(script: Path, text: str) -> None:
    script.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"answers\.json: "):
        open_model(str(script), ModelOptions())


def test_a_file_that_is_missing_or_unreadable_is_refused(tmp_path: Path, script: Path) -> None:
    script.write_bytes(b"\xff\xfe\xff")
    for path in (tmp_path / "none.json", tmp_path, script):
        with pytest.raises(ConfigurationError, match="can't be read"):
            open_model(str(path), ModelOptions())
