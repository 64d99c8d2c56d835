"""Answer from a script: a list, a function or a file of answers, for tests and for replaying what experts wrote."""

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from decomposer.errors import ConfigurationError, InvalidAnswer, UsageError
from decomposer.llm import ModelOptions
from decomposer.ports import Answer
from decomposer.records import Prompt

T = TypeVar("T", bound=BaseModel)
Scripted = BaseModel | dict[str, Any] | str | Exception


class ScriptedModel:
    """A LanguageModel that gives `answers` in order, or what a function of the prompt returns.

    An answer is a value of the asked form, an object or JSON text that is checked as a model's answer would be, or an
    exception, which is raised.
    """

    def __init__(self, answers: Iterable[Scripted] | Callable[[Prompt], Scripted], *, name: str = "scripted") -> None:
        self._next = answers if callable(answers) else _in_order(list(answers), name)
        self._name = name

    @property
    def name(self) -> str:
        """The name that provenance records."""
        return self._name

    def answer(self, prompt: Prompt, shape: type[T]) -> Answer[T]:
        """Return the next answer. Raises InvalidAnswer where it has not the asked form, UsageError after the last."""
        scripted = self._next(prompt)
        if isinstance(scripted, Exception):
            raise scripted
        try:
            value = shape.model_validate_json(scripted) if isinstance(scripted, str) else shape.model_validate(scripted)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise InvalidAnswer(
                f"{self._name}: the answer is no {shape.__name__}: {where}: {first['msg']}",
                hint="correct the script",
                raw=scripted if isinstance(scripted, str) else repr(scripted),
            ) from None
        return Answer(value, self._name, cost_usd=Decimal(0))


def open_model(name: str, options: ModelOptions) -> ScriptedModel:
    """Return the model that gives the answers in the file `name`: one JSON object, an array of them, or JSON lines.

    Raises ConfigurationError where the file is missing or is none of these.
    """
    del options
    try:
        text = Path(name).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigurationError(
            f"{name or 'scripted/'}: the answers can't be read: {reason}", hint="name a file: scripted/FILE"
        ) from None
    return ScriptedModel(_answers(name, text), name=f"scripted/{Path(name).name}")


def _in_order(answers: list[Scripted], name: str) -> Callable[[Prompt], Scripted]:
    remaining = iter(answers)
    lock = Lock()

    def following(prompt: Prompt) -> Scripted:
        with lock:
            for answer in remaining:
                return answer
        raise UsageError(
            f"{name}: the script has {len(answers)} answers and one more was asked for",
            hint=f"add the answer to {prompt.segment.document.uri}, part {prompt.segment.part}",
        )

    return following


def _answers(name: str, text: str) -> list[Scripted]:
    try:
        try:
            whole = json.loads(text)
            found = whole if isinstance(whole, list) else [whole]
        except json.JSONDecodeError as error:
            if error.msg != "Extra data":
                raise
            found = [json.loads(line) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(
            f"{name}: the answers are not valid JSON: {str(error) or 'nested too deeply'}",
            hint="write one object, an array of objects, or one object a line",
        ) from None
    if not all(isinstance(answer, dict) for answer in found):
        raise ConfigurationError(
            f"{name}: every answer must be a JSON object", hint="write one object, an array of objects, or JSON lines"
        )
    return found
