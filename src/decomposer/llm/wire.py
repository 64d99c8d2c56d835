"""Read chat completions: what a response body says, whatever an endpoint made of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from decomposer.ports import Request

REFUSALS = 2  # a request that was refused so often is not asked again
_FILTERS = frozenset({"content_filter", "content_policy_violation"})
_MOST_TOKENS = 2**31 - 1  # what the ledger's integer columns hold
_MOST_FAILURES = 50


@dataclass(frozen=True, slots=True)
class Said:
    """What a reply says: `text`, or the `arguments` of the tool that it calls.

    `call` is that tool call as it came, which some endpoints want back unchanged; `declined` is the reason where
    the model or a filter refused, else empty; `finish` is the finish reason.
    """

    text: str = ""
    arguments: str | None = None
    call: dict[str, Any] | None = None
    finish: str = ""
    declined: str = ""


def parse(raw: str) -> dict[str, Any]:
    """Return the JSON object in a response body. Raises ValueError where there is none."""
    try:
        body = json.loads(raw)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(body, dict):
        raise ValueError(f"it is a JSON {type(body).__name__}, not an object")  # noqa: TRY004 - bad data, not a bad call
    return body


def read(raw: str) -> Said:
    """Return what a reply says; nothing at all where the body is not a chat completion. Never raises."""
    try:
        body = parse(raw)
    except ValueError:
        return Said()
    error = _object(body.get("error"))
    if _filtered(error):
        return Said(declined=_text(error.get("message")) or "content filter")
    choices = body.get("choices")
    choice = _object(choices[0]) if isinstance(choices, list) and choices else {}
    message = _object(choice.get("message"))
    finish = _text(choice.get("finish_reason"))
    declined = _text(message.get("refusal")) or ("content filter" if finish == "content_filter" else "")
    call, arguments = _called(message.get("tool_calls"))
    return Said(_text(message.get("content")), arguments, call, finish, declined)


def tokens(body: dict[str, Any]) -> tuple[int | None, int | None, int | None]:
    """Return the prompt and completion tokens that a response body states, and how many of the prompt's were cached.

    Each is None where it does not say.
    """
    usage = _object(body.get("usage"))
    cheap = _object(usage.get("prompt_tokens_details")).get("cached_tokens")
    return _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens")), _count(cheap)


def body_of(request: Request) -> dict[str, Any]:
    """Return the body of a request as it is sent, its ceiling in it where nothing else bounds the answer."""
    body = {"model": request.model, **request.body}
    if request.ceiling is not None and answer_bound(request) is request.ceiling:
        body[bound_at(request.endpoint)] = request.ceiling
    return body


def bound_at(endpoint: str) -> str:
    """Return the parameter that bounds an answer.

    OpenAI's reasoning models refuse the old name, which is the only one that some servers know.
    """
    newer = (urlsplit(endpoint).hostname or "").endswith(("openai.com", "azure.com"))
    return "max_completion_tokens" if newer else "max_tokens"


def answer_bound(request: Request) -> int | None:
    """Return the most tokens that the answer may have, None where nothing bounds it."""
    stated = [request.body.get(name) for name in ("max_completion_tokens", "max_tokens")]
    bounds = [value for value in stated if isinstance(value, int)]
    return max(bounds) if bounds else request.ceiling


def objects(text: str) -> Iterator[str]:
    """Yield the JSON objects in a text, bare, fenced or amid prose, outermost only and in order.

    Gives up after some braces that open none, so that a hostile text costs linear time.
    """
    decoder = json.JSONDecoder()
    failures = 0
    at = text.find("{")
    while at >= 0 and failures < _MOST_FAILURES:
        try:
            _, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            failures += 1
            end = at + 1
        else:
            yield text[at:end]
        at = text.find("{", end)


def sendable(text: str) -> str:
    """Return a text that UTF-8 can carry: half surrogate pairs, as from broken file names, become U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _filtered(error: dict[str, Any]) -> bool:
    """Say whether an error is about what the document says: the next one may pass."""
    metadata = _object(error.get("metadata"))
    named = any(isinstance(name, str) and name in _FILTERS for name in (error.get("code"), error.get("type")))
    return named or bool(metadata.get("flagged_input") or metadata.get("reasons"))


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    if isinstance(value, list):  # content in parts, of which some are text
        value = "".join(_text(_object(part).get("text")) for part in value)
    return sendable(value) if isinstance(value, str) else ""


def _called(calls: Any) -> tuple[dict[str, Any] | None, str | None]:
    """Return the first tool call, made well-formed, and its arguments as JSON text."""
    call = _object(calls[0]) if isinstance(calls, list) and calls else {}
    function = _object(call.get("function"))
    if not function:
        return None, None
    arguments = function.get("arguments")
    text = json.dumps(arguments) if isinstance(arguments, dict) else _text(arguments)
    function = {**function, "name": _text(function.get("name")), "arguments": text}
    return {**call, "id": _text(call.get("id")) or "call", "type": "function", "function": function}, text


def _count(value: Any) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value <= _MOST_TOKENS else None
