"""Review by a program: one JSON object a line on standard input, one answer a line on standard output."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, cast

from decomposer.cli.deciding import dumped, value
from decomposer.display import json_safe
from decomposer.errors import DecomposerError, UsageError

if TYPE_CHECKING:
    from decomposer.ports import Queued
    from decomposer.review import Desk, Field, Sheet

_LONGEST = 4_000_000  # characters of a line
_OPS = (
    "next", "sheet", "list", "waiting", "accept", "reject", "flag", "edit", "take", "keep", "merge", "split", "undo",
    "redo", "history", "quit",
)  # fmt: skip

Asked = Mapping[str, Any]


def review(open_desk: "Callable[[str], Desk]", *, query: str) -> None:
    """Answer until the input ends or says quit; leases are given back at the end."""
    desk = open_desk(query)
    try:
        Protocol(desk, cast(IO[str], sys.stdout)).serve(cast(IO[str], sys.stdin))
    finally:
        desk.leave()


class Protocol:
    """What a program may ask, by `op`. Every answer has `ok`; where that is false, `error` says why and what to do."""

    def __init__(self, desk: "Desk", out: IO[str]) -> None:
        self._desk = desk
        self._out = out
        self._last: Queued | None = None

    def serve(self, lines: IO[str]) -> None:
        """Answer each line."""
        while line := lines.readline(_LONGEST):
            if not line.strip():
                continue
            try:
                asked = _asked(line)
                if asked["op"] == "quit":
                    return
                answer = {"ok": True, **self._answer(asked)}
            except DecomposerError as error:
                answer = {"ok": False, "error": str(error)}
            self._out.write(json_safe(json.dumps(answer)) + "\n")
            self._out.flush()

    def _answer(self, asked: Asked) -> dict[str, Any]:
        op, desk = asked["op"], self._desk
        desk.touch()
        match op:
            case "next":
                found = desk.window(self._last, count=1) or desk.window(count=1)
                self._last = found[0] if found else None
                return {"record": sheet_value(desk.sheet(found[0].id)) if found else None}
            case "sheet":
                return {"record": sheet_value(desk.sheet(_text(asked, "id")))}
            case "list":
                after = desk.place(_text(asked, "after")) if asked.get("after") else None
                return {"records": [line_value(one) for one in desk.page(after, count=_count(asked))]}
            case "waiting":
                return {"waiting": desk.waiting()}
            case "history":
                return {"decisions": [dumped(one) for one in desk.history(_text(asked, "id"))]}
        return {"done": value(self._decided(op, asked))}

    def _decided(self, op: str, asked: Asked) -> Any:
        desk, reason = self._desk, _text(asked, "reason", "")
        match op:
            case "undo":
                return desk.undo()
            case "redo":
                return desk.redo()
            case "accept":
                return desk.accept(_ids(asked), dropped=_dropped(asked), reason=reason)
            case "reject":
                return desk.reject(_ids(asked), reason=reason)
            case "flag":
                return desk.flag(_ids(asked), reason=reason, on=asked.get("on", True) is not False)
            case "merge":
                return desk.merge(_ids(asked), reason=reason)
        identity = _text(asked, "id")
        match op:
            case "edit":
                return desk.edit(identity, cast(Any, _text(asked, "field")), _text(asked, "text"), reason=reason)
            case "take":
                return desk.take(identity, reason=reason)
            case "keep":
                return desk.dismiss(identity, reason=reason)
        return desk.split(identity, reason=reason)


def sheet_value(sheet: "Sheet") -> dict[str, Any]:
    """Return a record laid out, as plain data."""
    twin = sheet.twin
    return {
        **line_value(sheet.queued),
        "artifact": {"slug": sheet.artifact.slug, "name": sheet.artifact.name, "type": sheet.artifact.type},
        "name": sheet.capability.name,
        "fields": [_field_value(one) for one in (*sheet.fields, *sheet.lists)],
        "documents": [{"uri": one.uri, "sha256": one.sha256} for one in sheet.entry.documents],
        "revision": None
        if sheet.revision is None
        else [{"field": one.field, "before": one.before, "after": one.after} for one in sheet.revision],
        "twin": None
        if twin is None
        else {"id": twin.other.id, "name": twin.other.name, "score": twin.twin.score, "reasons": twin.twin.reasons},
        "opinions": [dumped(one) for one in sheet.opinions],
    }


def line_value(queued: "Queued") -> dict[str, Any]:
    """Return the line of a record in the queue, as plain data."""
    names = ("id", "entry", "name", "version", "waits", "state", "risk", "category", "support", "flags", "failing")
    return {name: getattr(queued, name) for name in (*names, "passing", "model", "prompt", "since", "dropped")}


def _field_value(field: "Field") -> dict[str, Any]:
    return {
        "name": field.name,
        "number": field.number,
        "text": field.text,
        "passes": field.passes,
        "dropped": field.dropped,
        "sentences": [
            {
                "text": one.text,
                "support": one.support,
                "reason": one.reason,
                "evidence": [
                    {"document": span.document, "start": span.start, "end": span.end, "quote": span.quote}
                    for span in one.spans
                ],
            }
            for one in field.sentences
        ],
        "flags": [flag.model_dump(mode="json") for flag in field.flags],
    }


# --- what is asked


def _asked(line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the line is not JSON ({error})", hint='write {"op": "next"}') from error
    if not isinstance(asked, dict) or asked.get("op") not in _OPS:
        raise UsageError("the line names no `op`", hint=f"one of {', '.join(_OPS)}")
    return asked


def _text(asked: Asked, name: str, default: str | None = None) -> str:
    found = asked.get(name, default)
    if not isinstance(found, str):
        raise UsageError(
            f"{asked['op']}: `{name}` is missing or no text", hint="the documentation lists what each op takes"
        )
    return found


def _ids(asked: Asked) -> Sequence[str]:
    found = asked.get("ids", [asked.get("id")])
    if not isinstance(found, list) or not found or not all(isinstance(one, str) for one in found):
        raise UsageError(f"{asked['op']}: `id` or `ids` is missing", hint="name records by their ids")
    return found


def _dropped(asked: Asked) -> dict[str, list[str]]:
    found = asked.get("dropped")
    if found is None:
        return {}
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise UsageError("accept: `dropped` is no list of fields", hint='write "dropped": ["unique"], or leave it out')
    return dict.fromkeys(_ids(asked), found)


def _count(asked: Asked) -> int:
    found = asked.get("count", 50)
    if isinstance(found, bool) or not isinstance(found, int) or not 1 <= found <= 1000:
        raise UsageError("list: `count` is not 1 to 1000", hint="leave it out for 50")
    return found
