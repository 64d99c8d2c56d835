"""Review in the browser: the queue, a record beside its source, and decisions, saved before the next is drawn."""

from dataclasses import replace
from datetime import UTC, datetime

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from decomposer.errors import UsageError
from decomposer.ports import Queued
from decomposer.records import FIELDS, LISTS, Aspect
from decomposer.review import Desk, Done, Sheet
from decomposer.web.ahead import following
from decomposer.web.pages import counted
from decomposer.web.titles import ASKED, ORDERS
from decomposer.web.views import record_view
from decomposer.web.visit import MOST_CONTEXT, Id, Visit, Visiting, field

router = APIRouter()
ROWS = 50
STEP = 5
REASONS = (
    "not a capability", "not in the source", "too vague", "a duplicate", "marketing", "about another artifact",
)  # fmt: skip
EDITABLE: tuple[Aspect, ...] = ("name", "description", "unique", "vs_alternatives")
NOTHING = "there was nothing to do"
_LISTS = str(len(FIELDS) + 1)


# --- what there is to see


@router.get("/")
def start() -> Response:
    """Lead to the queue."""
    return RedirectResponse("/queue", 303)


@router.get("/queue")
def queue(visit: Visiting, start: Id = "") -> Response:
    """List what waits, from a place on; nothing is leased by looking."""
    place = visit.place
    try:
        desk = visit.desk()
    except UsageError as error:
        return _queue(visit, [], waiting=0, notice=str(error))
    first = desk.place(start) if start else None
    after = desk.place(place.after) if place.after and first is None else first
    found = desk.page(after, count=ROWS + 1)
    rows = [*([first] if first is not None and first.waits else []), *found][:ROWS]
    more = place.behind(rows[-1].id).at("/queue") if len(found) >= ROWS and rows else ""
    return _queue(
        visit, rows, waiting=desk.waiting(), more=more if len(found) > ROWS or first else "", ranging=bool(first)
    )


def _queue(
    visit: Visit, rows: list[Queued], *, waiting: int, more: str = "", ranging: bool = False, notice: str = ""
) -> Response:
    return visit.page(
        "queue.html", tab="queue", rows=rows, more=more, waiting=waiting, ranging=ranging, notice=notice,
        orders=ORDERS, conditions=ASKED,
    )  # fmt: skip


@router.get("/next")
def onward(visit: Visiting) -> Response:
    """Lease the next record behind a place, and show it."""
    desk = visit.desk()
    return _next(visit, desk, desk.place(visit.place.after) if visit.place.after else None)


@router.get("/previous")
def previous(visit: Visiting) -> Response:
    """Show the record before a place; it is only looked at."""
    desk = visit.desk()
    after = desk.place(visit.place.after)
    found = desk.page(after, count=1, backwards=True) if after is not None else []
    if found:
        return _record(visit, desk, found[0].id)
    return _record(visit, desk, visit.place.after, notice="this is the first one")


@router.get("/record")
def record(visit: Visiting, id: Id = "", edit: int = 0) -> Response:
    """Show one record, whether it waits or not."""
    return _record(visit, visit.desk(), id, edit=bool(edit))


# --- what is decided


@router.post("/decide")
def decide(visit: Visiting) -> Response:
    """Save a decision about the record that was shown, then draw the next one."""
    desk, op, identity = visit.desk(), field(visit.form, "op"), field(visit.form, "id")
    if op in ("undo", "redo"):
        return _back(visit, desk, desk.undo() if op == "undo" else desk.redo(), identity)
    before = desk.place(identity)
    if before is None:
        return _gone(visit, desk, identity)
    done = _decided(visit, desk, op, before)
    if op in ("merge", "split", "flag") or not done.decisions:
        return _stay(visit, desk, done, identity)
    if op in ("take", "dismiss") and (now := desk.place(identity)) is not None and now.waits:
        return _stay(visit, desk, done, identity)
    return _next(visit, desk, before, notice=done.text)


@router.post("/edit")
def edit(visit: Visiting) -> Response:
    """Save a text that a person wrote, and show the record with its new verdict."""
    desk, identity, name = visit.desk(), field(visit.form, "id"), field(visit.form, "field")
    aspect = next((one for one in EDITABLE if one == name), None)
    if aspect is None:
        raise UsageError("that is no field that can be edited", hint="open the record again")
    text = field(visit.form, "text").replace("\r\n", "\n").strip()
    return _stay(visit, desk, desk.edit(identity, aspect, text, version=_version(visit)), identity)


@router.post("/bulk")
def bulk(visit: Visiting) -> Response:
    """Save a decision about every record that was chosen in the list, in one batch."""
    desk, op = visit.desk(), field(visit.form, "op")
    chosen = _chosen(visit)
    if op in ("undo", "redo"):
        done = desk.undo() if op == "undo" else desk.redo()
    elif not chosen:
        return visit.go(visit.place.at("/queue"), "nothing is chosen: tick records, or press v and then j or k")
    elif op == "accept":
        done = desk.accept(list(chosen), versions=chosen)
    elif op == "reject":
        done = desk.reject(list(chosen), versions=chosen, reason=_reason(visit))
    else:
        raise UsageError("that can't be done to a list", hint="accept or reject")
    return visit.go(visit.place.at("/queue"), done.text or NOTHING)


def _decided(visit: Visit, desk: Desk, op: str, before: Queued) -> Done:
    identity, version = before.id, _version(visit)
    versions = {} if version is None else {identity: version}
    shown_at = _time(field(visit.form, "shown_at"))
    match op:
        case "accept":
            dropped = _dropped(visit)
            drop = {} if dropped is None else {identity: dropped}
            return desk.accept([identity], dropped=drop, versions=versions, shown_at=shown_at)
        case "reject":
            return desk.reject([identity], reason=_reason(visit), versions=versions, shown_at=shown_at)
        case "flag":
            return desk.flag([identity], on=not before.flagged, reason=_reason(visit))
        case "take":
            return desk.take(identity, version=version)
        case "dismiss":
            return desk.dismiss(identity, version=version)
        case "split":
            return desk.split(identity, version=version)
        case "all":
            return desk.accept_passing(before.entry)
        case "merge":
            other = field(visit.form, "other") or _twin(desk, identity)
            return desk.merge([identity, other], versions=versions) if other else Done(text="there is no twin")
    raise UsageError("that is no decision", hint="open the record again")


def _twin(desk: Desk, identity: str) -> str:
    twin = desk.sheet(identity).twin
    return twin.other.id if twin is not None else ""


# --- what the form says


def _version(visit: Visit) -> int | None:
    text = field(visit.form, "version")
    return int(text) if text.isdecimal() and len(text) < 16 else None


def _reason(visit: Visit) -> str:
    return field(visit.form, "reason").strip()[:500]


def _dropped(visit: Visit) -> list[str] | None:
    """Return the fields to leave out; None where the person changed nothing of what was proposed."""
    kept = {one for one in visit.form.getlist("keep") if isinstance(one, str)}
    if kept == set(field(visit.form, "usual").split()):
        return None
    given = field(visit.form, "given").split()
    numbers = {name: str(number) for number, name in enumerate(FIELDS, start=1)} | dict.fromkeys(LISTS, _LISTS)
    return [name for name in given if name in numbers and numbers[name] not in kept]


def _chosen(visit: Visit) -> dict[str, int]:
    """Return the records that were ticked, each with the version that the list showed."""
    chosen = {}
    for one in visit.form.getlist("chosen"):
        version, _, identity = str(one).partition(" ")
        if version.isdecimal() and len(version) < 16 and identity:
            chosen[identity] = int(version)
    return chosen


def _time(text: str) -> str | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC).isoformat(timespec="milliseconds") if text else None
    except (ValueError, OverflowError):
        return None


# --- which page comes then


def _next(visit: Visit, desk: Desk, after: Queued | None, *, notice: str = "") -> Response:
    found = following(desk, visit.session, visit.place, after)
    if found is not None:
        return _record(visit, desk, found.queued.id, notice=notice, sheet=found)
    whole = replace(visit.place, after="")
    left = desk.waiting()
    return visit.page(
        "end.html", tab="queue", notice=notice, left=counted(left, "record") if left else "",
        again=whole.at("/next"), whole=whole.at("/queue"), narrowed=bool(whole.where or whole.entry),
        address=visit.place.at("/next") if after is None else visit.place.behind(after.id).at("/next"),
    )  # fmt: skip


def _stay(visit: Visit, desk: Desk, done: Done, identity: str) -> Response:
    """Show the record that is there now: the one decided about, or the one that it became part of."""
    ids = [identity, *(one for one in done.ids if one != identity)]
    here = next((one for one in ids if desk.place(one) is not None), None)
    if here is None:
        return _gone(visit, desk, identity)
    return _record(visit, desk, here, notice=done.text or NOTHING)


def _back(visit: Visit, desk: Desk, done: Done, identity: str) -> Response:
    if not done.decisions and not done.conflicts and not done.refused:
        notice = "there is nothing of yours to take back, or to do again"
        return _stay(visit, desk, replace(done, text=notice), identity) if identity else visit.go("/queue", notice)
    there = next((one for one in done.ids if desk.place(one) is not None), identity)
    if desk.place(there) is None:
        return _gone(visit, desk, there)
    return _record(visit, desk, there, notice=done.text)


def _gone(visit: Visit, desk: Desk, identity: str) -> Response:
    notice = f"{identity[:200]} is not there any more: it was merged, or its entry was drafted again"
    return _next(visit, desk, None, notice=notice)


def _record(
    visit: Visit, desk: Desk, identity: str, *, notice: str = "", edit: bool = False, sheet: Sheet | None = None
) -> Response:
    place = visit.place.behind("")
    address = place.at("/record", id=identity)
    if visit.request.method == "POST" and not visit.swaps:
        return visit.go(address, notice)
    sheet = sheet or desk.sheet(identity)
    shown = record_view(sheet, context=place.context)
    usual = [str(one.number) for one in shown.fields if one.given and one.keep]
    at = {"id": identity}
    return visit.page(
        "record.html", tab="queue", notice=notice, address=address, r=shown, edit=edit, reasons=REASONS,
        usual=" ".join([*usual, *([_LISTS] if shown.lists and shown.keep_lists else [])]),
        given=" ".join(one.name for one in (*sheet.fields, *sheet.lists)),
        shown_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        less=replace(place, context=max(0, place.context - STEP)).at("/record", **at),
        more=replace(place, context=min(MOST_CONTEXT, place.context + STEP)).at("/record", **at),
    )  # fmt: skip
