"""Look further than the record: the whole source, versions, history, neighbours, and whom to merge it with."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Response

from decomposer.display import one_line
from decomposer.errors import UsageError
from decomposer.ports import Queued
from decomposer.records import FIELDS, LISTS, Capability, Decision
from decomposer.review import Differing
from decomposer.web.comparing import Kind, compared
from decomposer.web.passages import part
from decomposer.web.titles import done, title
from decomposer.web.views import Numbering
from decomposer.web.visit import Id, Visiting

router = APIRouter()
LINES = 1000
ROWS = 100
_TEXTS = ("name", "category", *FIELDS, *LISTS)


@dataclass(frozen=True, slots=True)
class Past:
    """A decision as a line of the history."""

    when: str
    actor: str
    what: str
    capability: str
    field: str
    change: str
    reason: str
    live: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """A field in two versions of a record."""

    title: str
    before: str
    after: str
    pieces: Sequence[tuple[Kind, str]]


@dataclass(frozen=True, slots=True)
class Versions:
    """Two versions of a record, `left` and `right`, by the fields in which they differ."""

    title: str
    note: str
    left: str
    right: str
    rows: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """Another record, and why it is shown."""

    id: str
    name: str
    text: str
    why: str = ""


@router.get("/source")
def source(visit: Visiting, id: Id = "", document: int = 0, line: int = 0) -> Response:
    """Show a whole document of a record, a part at a time, from the first evidence on where no line is named."""
    sheet = visit.desk().sheet(id)
    if not 0 <= document < len(sheet.documents):
        raise UsageError("the entry has no such document", hint="open the record again")
    numbered = Numbering(sheet)
    lines, marks = numbered.lines(document), numbered.inside(document)

    def at(first: int) -> str:
        return visit.place.at("/source", id=id, document=document, line=first)

    first = line
    if lines is not None and line < 1:
        evidence = lines.at(marks[0].start) if marks else 0
        first = evidence - evidence % LINES + 1
    shown = None if lines is None else part(lines, marks, first=first, count=LINES)
    total = shown.lines if shown is not None else 0
    first = min(first, total)
    return visit.page(
        "source.html", tab="queue", id=id, name=sheet.capability.name, excerpt=shown, first=first,
        last=min(total, first + LINES - 1), before=at(max(1, first - LINES)) if first > 1 else "",
        after=at(first + LINES) if first + LINES <= total else "",
        documents=[
            (one.source.uri, visit.place.at("/source", id=id, document=number), number == document)
            for number, one in enumerate(sheet.documents)
        ],
    )  # fmt: skip


@router.get("/diff")
def diff(visit: Visiting, id: Id = "") -> Response:
    """Show what the newest draft says otherwise, and what people changed in the text."""
    desk = visit.desk()
    sheet = desk.sheet(id)
    versions = []
    if sheet.revision:
        rows = tuple(map(_compared, sheet.revision))
        versions.append(Versions("The newest draft", "It waits for a decision.", "Now", "Newest draft", rows))
    for decision in reversed(desk.history(id)):
        rows = _rewritten(decision)
        if rows:
            who = f"{decision.actor or 'somebody'}, {decision.decided_at[:16].replace('T', ' ')}"
            what = done(decision)
            versions.append(Versions(f"{what[:1].upper()}{what[1:]}", who, "Before", "After", rows))
    return visit.page("diff.html", tab="queue", id=id, name=sheet.capability.name, versions=versions[:ROWS])


@router.get("/history")
def history(visit: Visiting, id: Id = "", before: int = 0) -> Response:
    """Show what was decided, the newest first: about one record, one entry, or everything."""
    place = visit.place
    if id:
        found = list(reversed(visit.desk().history(id)))[:ROWS]
        more, name = "", f"History of {id}"
    else:
        found = visit.faces.decided(visit.session.name, entry=place.entry or None, before=max(0, before), count=ROWS)
        more = place.at("/history", before=found[-1].seq or 0) if len(found) == ROWS else ""
        name = f"History of {place.entry}" if place.entry else "History"
    return visit.page(
        "history.html", tab="history", title=name, id=id, decisions=[_past(one) for one in found], more=more
    )


@router.get("/choose")
def choose(visit: Visiting, id: Id = "") -> Response:
    """Show the other records of the entry, to merge one of them with this."""
    desk = visit.desk()
    sheet = desk.sheet(id)
    texts = {one.id: one for one in sheet.entry.capabilities}
    rows = [_other(one, texts.get(one.id)) for one in desk.others(id)[:500]]
    text = "What the other one says is joined into this record; one undo takes them apart again."
    return visit.page(
        "choose.html", tab="queue", id=id, version=sheet.version, title=f"Merge {sheet.capability.name} with…",
        text=text, rows=rows, column="Merge", merging=True, back="M",
    )  # fmt: skip


@router.get("/neighbours")
def neighbours(visit: Visiting, id: Id = "") -> Response:
    """Show the published records that are most like this one."""
    sheet = visit.desk().sheet(id)
    rows = [Other(one.id, one.name, _described(one), one.state) for one in sheet.nearest]
    return visit.page(
        "choose.html", tab="queue", id=id, version=sheet.version, title=f"Like {sheet.capability.name}",
        text="The published records that are most like it, the nearest first.", rows=rows, column="State",
        merging=False, back="g",
    )  # fmt: skip


def _other(queued: Queued, held: Capability | None) -> Other:
    return Other(queued.id, queued.name, _described(held) if held is not None else "", queued.state)


def _described(one: Capability) -> str:
    return one.description.text if one.description is not None else ""


def _past(decision: Decision) -> Past:
    rows = _rewritten(decision)
    change = "\n".join(f"{row.title}: {row.before or 'nothing'} → {row.after or 'nothing'}" for row in rows)
    return Past(
        when=decision.decided_at[:16].replace("T", " "),
        actor=decision.actor,
        what=done(decision),
        capability=decision.capability,
        field=title(decision.field),
        change=one_line(change, limit=4000),
        reason=decision.reason,
        live=decision.live,
    )


def _compared(one: Differing) -> Compared:
    return Compared(title(one.field), one.before, one.after, compared(one.before, one.after))


def _rewritten(decision: Decision) -> tuple[Compared, ...]:
    """Return what a decision changed of the text; nothing where it did not."""
    if decision.field not in _TEXTS:
        return ()
    before, after = (_said(value) for value in (decision.before, decision.after))
    return () if before == after else (_compared(Differing(decision.field, before, after)),)


def _said(value: object) -> str:
    """Return the text of an aspect as a decision holds it, whatever shape it has."""
    if isinstance(value, dict):
        inner = value.get("value", value.get("text"))
        return _said(inner)
    if isinstance(value, list):
        return "; ".join(filter(None, map(_said, value)))
    return value if isinstance(value, str) else ""
