"""Hold one exchange with a model: what is asked, what of each reply is an answer, and what is wrong with it."""

import re
from collections import deque
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from decomposer.errors import AnswerTooLong, InvalidAnswer, Refused
from decomposer.llm import Mode
from decomposer.llm.wire import REFUSALS, Said, objects, read
from decomposer.ports import Answer, Completion, Reply, Request, Took

T = TypeVar("T", bound=BaseModel)

LONGEST_ANSWER = 1_000_000  # characters; one that is longer is a model gone astray, and a re-ask would send it back
_LONGEST_COMPLAINT = 4_000
_MOST_CANDIDATES = 20
_LINK = re.compile(r"\n\s*For further information visit \S+")


@dataclass
class Exchange:
    """The requests of one answer in the form `shape`: the first, and those that ask again, each under `ceiling`."""

    completion: Completion
    endpoint: str
    model: str
    mode: Mode
    shape: type[BaseModel]
    ceiling: int | None = None
    replies: list[Reply] = field(default_factory=list)
    given: int = 0

    def ask(self, messages: list[dict[str, Any]], body: dict[str, Any]) -> dict[str, Any]:
        """Return the message of the model, with a JSON object where the mode has its answer.

        Raises ValueError where there is none, and adds to `messages` what tells the model so. Also raises Refused,
        AnswerTooLong, InvalidAnswer and what the completion raises.
        """
        if not self.replies:
            self.given = len(messages)
        asked = [*messages[: self.given], *map(_tidied, messages[self.given :])]
        content = {"messages": asked, **body}
        said = self._said(Request(self.endpoint, self.model, self.mode, content, ceiling=self.ceiling))
        answer = said.text if said.arguments is None else said.arguments
        if len(answer) > LONGEST_ANSWER:
            raise self.invalid(f"the answer has {len(answer):,} characters, and {LONGEST_ANSWER:,} are read")
        placed = said.arguments is not None or self.mode != "tools"
        if placed and _is_object(answer):
            return self._message(answer, said.call)
        try:
            return self._message(object_in(answer, self.shape), None)
        except ValueError as error:
            messages += self._correction(answer, error)
            raise

    def answer(self, name: str, value: BaseModel, shape: type[T]) -> Answer[T]:
        """Return the checked value as an answer of the model `name`, without what instructor hung on it."""
        fields = {key: getattr(value, key) for key in shape.model_fields}
        took = self.took()
        return Answer(
            shape.model_construct(value.model_fields_set, **fields),
            name,
            request_keys=tuple(dict.fromkeys(reply.key for reply in self.replies)),
            requests=took.requests,
            cached=took.cached,
            prompt_tokens=took.prompt_tokens,
            completion_tokens=took.completion_tokens,
            cost_usd=took.cost_usd,
        )

    def took(self) -> Took:
        """Return what the replies so far took."""
        sent = [reply for reply in self.replies if not reply.cached]
        costs = [reply.cost_usd for reply in sent if reply.cost_usd is not None]
        return Took(
            len(sent),
            len(self.replies) - len(sent),
            sum(reply.prompt_tokens or 0 for reply in sent),
            sum(reply.completion_tokens or 0 for reply in sent),
            sum(costs, Decimal(0)) if len(costs) == len(sent) else None,
        )

    def failure(self, cause: BaseException | None) -> Exception:
        """Return the error to raise where no answer was right in the end; `cause` is what was wrong with the last."""
        if isinstance(cause, ValidationError):
            first = cause.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"])) or "the answer"
            return self.invalid(f"{where}: {first['msg']} ({cause.error_count()} errors)")
        if isinstance(cause, ValueError):
            return self.invalid(str(cause))
        return cause if isinstance(cause, Exception) else self.invalid("it was not read")

    def invalid(self, reason: str) -> InvalidAnswer:
        """Return the error that says why the last answer can't be used."""
        asked = len(self.replies)
        return InvalidAnswer(
            f"{self.model} gave no valid {self.shape.__name__} in {asked} answer{'s' if asked > 1 else ''}: {reason}",
            hint="try another model, or another --mode",
            raw=self.replies[-1].raw,
        )

    def _said(self, request: Request) -> Said:
        """Return what the model says to a request; one that is refused is asked once more."""
        for _ in range(REFUSALS):
            reply = self.completion.complete(request)
            self.replies.append(reply)
            said = read(reply.raw)
            if reply.cached or not said.declined:
                break
        if said.declined:
            raise Refused(
                f"{self.model} refused to answer: {said.declined[:300]}",
                hint="try another model, or draft it by hand",
                raw=reply.raw,
            )
        if said.finish == "length":
            raise AnswerTooLong(
                f"{self.model} reached its length limit before the answer was complete",
                hint="ask about less text, or allow more output tokens",
                raw=reply.raw,
            )
        return said

    def _correction(self, text: str, error: ValueError) -> list[dict[str, Any]]:
        """Return the messages that tell the model what was wrong.

        Broken tool calls go back as the text that they are: some servers parse every call of a conversation, and fail.
        """
        form = f"call the function {self.shape.__name__}" if self.mode == "tools" else "give one JSON object"
        return [
            {"role": "assistant", "content": text[:_LONGEST_COMPLAINT] or "(no answer)"},
            {"role": "user", "content": f"Your answer can't be used: {error}\nAnswer again: {form}, nothing else."},
        ]

    def _message(self, answer: str, call: dict[str, Any] | None) -> dict[str, Any]:
        if self.mode != "tools":
            return {"role": "assistant", "content": answer}
        function = {"name": self.shape.__name__, "arguments": answer}
        return {
            "role": "assistant",
            "tool_calls": [call or {"id": "call", "type": "function", "function": function}],
        }


def object_in(text: str, shape: type[BaseModel]) -> str:
    """Return the last JSON object in a text that has the form `shape`. Raises ValueError that says what is wrong."""
    wrong = ValueError("it holds no JSON object" if text.strip() else "it is empty")
    candidates = deque(objects(text), maxlen=_MOST_CANDIDATES)
    if text.lstrip().startswith("{"):  # meant to be one as a whole, so its own error is the one to tell
        candidates.appendleft(text)
    for candidate in reversed(candidates):
        try:
            shape.model_validate_json(candidate)
        except ValidationError as error:
            wrong = error
        else:
            return candidate
    raise wrong


def _is_object(text: str) -> bool:
    if not text.lstrip().startswith("{"):
        return False
    try:
        from_json(text)
    except ValueError:
        return False
    return True


def _tidied(message: dict[str, Any]) -> dict[str, Any]:
    """Return a re-ask message without pydantic's links, which differ by its version, and of bearable length."""
    content = message.get("content")
    if message["role"] == "assistant" or not isinstance(content, str):
        return message
    content = _LINK.sub("", content)
    cut = f"{content[:_LONGEST_COMPLAINT]} ..." if len(content) > _LONGEST_COMPLAINT else content
    return {**message, "content": cut}
