"""Read answers that people bring back: find them, check them against the form asked for, and keep the good ones."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from decomposer.cli.asking import Asked, pasted, read_requests
from decomposer.errors import UsageError
from decomposer.llm.exchange import LONGEST_ANSWER, object_in
from decomposer.llm.wire import read
from decomposer.ports import Ledger, Reply

LINES = "answers.jsonl"
_FILE = re.compile(r".*?-?([0-9a-f]{12})(\.answer\.md|\.md|\.json|\.txt)", re.IGNORECASE)
_ID = re.compile(r"([0-9a-f]{12,64})(?:-\d+)?")
_LARGEST = 10_000_000  # bytes of one file


@dataclass(frozen=True, slots=True)
class Brought:
    """One answer as it was found: `place` says where, `wrong` what is wrong with it before anybody looks inside."""

    place: str
    short: str
    text: str = ""
    wrong: str = ""


@dataclass
class Imported:
    """What an import did: answers that are `new` or were `known` before, `bad` ones with what to do about each."""

    new: int = 0
    known: int = 0
    open: int = 0
    bad: list[str] = field(default_factory=list)


def take_answers(folder: Path, ledger: Ledger) -> Imported:
    """Write the good answers in `folder` to the ledger and tell the bad ones. Raises UsageError for no requests.

    A request that has an answer keeps it, so that importing again changes nothing.
    """
    try:
        requests, wrong = read_requests(folder)
        brought = list(_brought(folder))
    except OSError as error:
        raise UsageError(f"{folder}: can't be read ({error.strerror})", hint="name the exported folder") from error
    if not requests and not wrong:
        raise UsageError(f"{folder}: holds no requests", hint="`decomposer ask export` writes them")
    done = Imported(bad=wrong)
    asked = {one.short: one for one in requests}
    answered: Counter[str] = Counter()
    for one in brought:
        if one.short not in asked:
            done.bad.append(f"{one.place}: {one.wrong or 'answers no request here; correct its name or key'}")
            continue
        try:
            kept = _keep(asked[one.short], one, ledger)
        except ValueError as error:
            done.bad.append(f"{one.place}: {error}")
            continue
        answered[one.short] += 1
        done.new += kept
        done.known += not kept
    done.open = len(asked) - len(answered)
    return done


def _keep(asked: Asked, brought: Brought, ledger: Ledger) -> bool:
    """Write an answer to the ledger and say whether it is new. Raises ValueError that says what is wrong with it."""
    if brought.wrong:
        raise ValueError(brought.wrong)
    text = answer_in(brought.text, asked.shape)
    request = asked.request
    if any(attempt.state == "answered" for attempt in ledger.attempts(request.key)):
        return False
    attempt = ledger.begin(request)
    said = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
    raw = {
        "id": f"by-hand-{asked.short}",
        "object": "chat.completion",
        "created": 0,
        "model": request.model,
        "choices": [said],
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
    }
    ledger.finish(
        request.key,
        attempt,
        Reply(request.key, json.dumps(raw), prompt_tokens=0, completion_tokens=0, cost_usd=Decimal(0)),
    )
    return True


def answer_in(text: str, shape: type[BaseModel]) -> str:
    """Return the last JSON object in a text that has the asked form. Raises ValueError: where, why, what to do."""
    if len(text) > LONGEST_ANSWER:
        raise ValueError(f"has {len(text):,} characters, and {LONGEST_ANSWER:,} are read; paste the answer alone")
    try:
        return object_in(text, shape)
    except ValidationError as error:
        raise ValueError(_told(error, shape)) from None
    except ValueError as error:
        raise ValueError(f"{error}; paste the whole answer, from {{ to }}") from None


def _told(error: ValidationError, shape: type[BaseModel]) -> str:
    first = error.errors(include_url=False)[0]
    where = ".".join(map(str, first["loc"])) or "the answer"
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"is no {shape.__name__}: {where}: {first['msg']}{more}; correct it, or ask the model to, and import again"


# --- where answers are found


def _brought(folder: Path) -> Iterator[Brought]:
    for path in sorted(folder.iterdir()):
        named = _FILE.fullmatch(path.name)
        if path.name == LINES:
            yield from _lines(path)
        elif named:
            short, ending = named[1].lower(), named[2].lower()
            text, wrong = _text(path)
            found = pasted(text, short) if ending == ".md" and not wrong else text.strip()
            if found is None:
                wrong = f"has lost its last heading; put `## Answer {short}` above the answer"
            if wrong or found:
                yield Brought(path.name, short, found or "", wrong)


def _lines(path: Path) -> Iterator[Brought]:
    text, wrong = _text(path, limit=50 * _LARGEST)
    if wrong:
        yield Brought(path.name, "", wrong=wrong)
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            place = f"{path.name}, line {number}"
            try:
                held = json.loads(line)
                named = _ID.fullmatch(str(held.get("key") or held.get("custom_id")))
                answer = held["answer"] if "answer" in held else held["response"]
            except (ValueError, KeyError, AttributeError, RecursionError):
                yield Brought(place, "", wrong='is no answer; write {"key": ..., "answer": ...} on one line')
                continue
            yield Brought(place, named[1][:12] if named else "", _said(answer))


def _said(answer: Any) -> str:
    """Return the text of an answer: as it is, an object, or a chat completion, also as a batch file wraps it."""
    if isinstance(answer, Mapping) and isinstance(answer.get("body"), Mapping):
        answer = answer["body"]
    if isinstance(answer, Mapping) and "choices" in answer:
        said = read(json.dumps(answer))
        return said.text if said.arguments is None else said.arguments
    return answer.strip() if isinstance(answer, str) else json.dumps(answer)


def _text(path: Path, *, limit: int = _LARGEST) -> tuple[str, str]:
    """Return the text of a file, and what is wrong where it can't be read."""
    try:
        if path.stat().st_size > limit:
            return "", f"has more than {limit:,} bytes; paste the answer alone"
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"), ""
    except OSError as error:
        return "", f"can't be read ({error.strerror}); make it a readable file"
    except UnicodeDecodeError:
        return "", "is not UTF-8; save it as UTF-8"
