"""Write requests as files: one readable page each, to be pasted into any chat, and all of them as JSON lines."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from decomposer.display import display_safe, json_safe, one_line
from decomposer.draft import Draft, Opinions, Rewording, Selection
from decomposer.errors import UsageError
from decomposer.ports import Request
from decomposer.publish.markdown import escape, fenced

REQUESTS = "requests.jsonl"
SHAPES: tuple[type[BaseModel], ...] = (Draft, Opinions, Selection, Rewording)
_STEPS = """\
1. Copy everything from "{first}" down to the end of "The form of the answer" into a chat with the model.
2. Paste its answer under the last heading of this file, as it is: text around the JSON does no harm.
   Or save the answer beside this file as `{name}.json`, `{name}.txt` or `{name}.answer.md`.
3. `decomposer ask import {folder}` checks the answer and keeps it."""
_PLACE = "<!-- paste the answer below this line -->"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request and the form that its answer must have."""

    request: Request
    shape: type[BaseModel]

    @property
    def short(self) -> str:
        """The name that its files carry."""
        return self.request.key[:12]


class Desk:
    """The folder that requests are written to. Nothing that lies there already is overwritten.

    `written` counts the new requests, `kept` those whose page was there. Raises UsageError where it can't be used.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written = self.kept = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._listed = {asked.request.key for asked in read_requests(folder)[0]}
        except OSError as error:
            raise UsageError(f"{folder}: can't be written to ({error.strerror})", hint="name a folder") from error

    def put(self, request: Request, *, slug: str, about: str) -> None:
        """Write one request; `slug` and `about` say which artifact and source it is about.

        Raises UsageError where a file can't be written.
        """
        asked = asked_in(request)
        stem = f"{re.sub(r'[^a-z0-9]+', '-', slug.lower())[:40].strip('-') or 'request'}-{asked.short}"
        try:
            if request.key not in self._listed:
                with (self.folder / REQUESTS).open("a", encoding="utf-8", newline="\n") as file:
                    file.write(json_safe(json.dumps(_line(request), ensure_ascii=False)) + "\n")
                self._listed.add(request.key)
            with (self.folder / f"{stem}.md").open("x", encoding="utf-8", newline="\n") as file:
                file.write(_page(asked, stem=stem, about=about, folder=self.folder))
            self.written += 1
        except FileExistsError:
            self.kept += 1
        except OSError as error:
            raise UsageError(
                f"{self.folder}: can't be written to ({error.strerror})", hint="free the disk, or name another folder"
            ) from error


def read_requests(folder: Path) -> tuple[list[Asked], list[str]]:
    """Return the requests that `folder` lists, and what is wrong with each line that is none. Raises OSError."""
    found: dict[str, Asked] = {}
    wrong = []
    path = folder / REQUESTS
    lines = path.read_bytes().split(b"\n") if path.exists() else []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                asked = _listed(line)
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
                wrong.append(f"{path.name}, line {number}: is no request ({error}); export again to restore it")
            else:
                found[asked.request.key] = asked
    return list(found.values()), wrong


def asked_in(request: Request) -> Asked:
    """Return a request with the form of its answer. Raises ValueError where it asks for none that we know."""
    name = _form(request.body)[0]
    for shape in SHAPES:
        titled = f'"title": "{shape.__name__}"'
        if name == shape.__name__ or (not name and titled in str(request.body["messages"][0]["content"])):
            return Asked(request, shape)
    raise ValueError(f"it asks for {name or 'an unknown form'}")


def heading(short: str) -> str:
    """Return the last heading of a page: no document can hold it, because it is a digest over the document."""
    return f"## Answer {short}"


def _form(body: Any) -> tuple[str, dict[str, Any] | None]:
    """Return the name and the JSON Schema that a request asks for; JSON mode has both in its messages alone."""
    if body.get("tools"):
        function = body["tools"][0]["function"]
        return str(function["name"]), function["parameters"]
    form = body.get("response_format", {}).get("json_schema")
    return (str(form["name"]), form["schema"]) if form else ("", None)


def _line(request: Request) -> dict[str, Any]:
    """Return a request as a line of a batch file, with what its key is made of beside it."""
    return {
        "custom_id": request.key,
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": {"model": request.model, **request.body},
        "endpoint": request.endpoint,
        "mode": request.mode,
        "sample": request.sample,
    }


def _listed(line: bytes) -> Asked:
    held = json.loads(line)
    body = dict(held["body"])
    endpoint, model, mode, sample = held["endpoint"], body.pop("model"), held["mode"], held["sample"]
    if not all(isinstance(text, str) for text in (endpoint, model, mode)) or not isinstance(sample, int):
        raise ValueError("a field has the wrong type")
    request = Request(endpoint, model, mode, body, sample)
    if request.key != held["custom_id"]:
        raise ValueError("its content was changed")
    return asked_in(request)


def _page(asked: Asked, *, stem: str, about: str, folder: Path) -> str:
    request = asked.request
    titles = {"system": "Instructions", "user": "Message", "assistant": "Earlier answer"}
    parts = [(titles.get(str(m["role"]), "Message"), str(m["content"])) for m in request.body["messages"]]
    steps = _STEPS.format(first=parts[0][0], name=stem, folder=one_line(str(folder)))
    blocks = [
        f"# {asked.shape.__name__} of {escape(one_line(about, limit=200))}",
        f"One request for {escape(one_line(request.model, limit=100))}.",
        steps,
    ]
    for title, content in parts:
        blocks += [f"## {title}", fenced(display_safe(content))]
    blocks.append("## The form of the answer\n\nAnswer with one JSON object of this JSON Schema, and nothing else.")
    schema = _form(request.body)[1] or asked.shape.model_json_schema()
    blocks += [fenced(json.dumps(schema, ensure_ascii=False, indent=1)), heading(asked.short), _PLACE]
    return "\n\n".join(blocks) + "\n\n"


def pasted(page: str, short: str) -> str | None:
    """Return what stands under the last heading of a page, empty where nothing does, None where it is gone."""
    _, found, answer = page.rpartition(f"\n{heading(short)}\n")
    return answer.replace(_PLACE, "").strip() if found else None
