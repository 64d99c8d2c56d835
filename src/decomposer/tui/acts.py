"""What each key does: acts on the sitting, moves of the view, and what is asked over the screen."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from decomposer.display import display_safe
from decomposer.records import Aspect
from decomposer.review import Sheet
from decomposer.tui.asking import Choosing, Editing, Reading, Writing
from decomposer.tui.keys import KEYS, REASONS
from decomposer.tui.paragraphs import Piece, styled
from decomposer.tui.signs import BOLD, DIM, SIGNS, title

if TYPE_CHECKING:
    from decomposer.tui.app import Canvas

Act = Callable[["Canvas", str], Awaitable[None]]
_TEXTS: tuple[Aspect, ...] = ("description", "unique", "vs_alternatives")
QUERY_HINT = "such as: category=image.visual model=NAME risk>500; nothing shows all again"


def _deciding(name: str) -> Act:
    """Return the act that calls a method of the sitting."""

    async def act(canvas: "Canvas", _key: str) -> None:
        await canvas.do(getattr(canvas.frame.sitting, name))

    return act


def _moving(name: str, **amount: int) -> Act:
    """Return the act that moves what the frame shows, by an amount for each key or else by 1."""

    async def act(canvas: "Canvas", key: str) -> None:
        getattr(canvas.frame, name)(amount.get(key, 1))
        canvas.look()

    return act


def _stepping(by: int) -> Act:
    async def act(canvas: "Canvas", key: str) -> None:
        # with the whole source in sight, the arrows and j and k move in it
        if canvas.frame.whole:
            canvas.frame.scroll_source(by)
            canvas.look()
        else:
            await canvas.do(partial(canvas.frame.sitting.step, by))

    return act


async def _toggle(canvas: "Canvas", key: str) -> None:
    canvas.frame.sitting.toggle(int(key))
    canvas.look()


async def _range(canvas: "Canvas", _key: str) -> None:
    canvas.frame.sitting.range()
    canvas.look()


async def _whole(canvas: "Canvas", _key: str) -> None:
    canvas.frame.whole = not canvas.frame.whole and canvas.frame.sitting.sheet is not None
    canvas.look()


async def _keys(canvas: "Canvas", _key: str) -> None:
    lines = [styled((f"{' '.join(one.keys):>18}  ", BOLD), one.text) for one in KEYS]
    lines += [Text(), styled(*_legend())]
    canvas.app.push_screen(Reading("keys", lines))


def _legend() -> list[Piece]:
    pieces: list[Piece] = []
    for sign in SIGNS.values():
        pieces += [(f"{sign.mark} {sign.word}", sign.style), "   "]
    return pieces


async def _history(canvas: "Canvas", _key: str) -> None:
    sheet = canvas.frame.sitting.sheet
    if sheet is None:
        return
    lines: list[Text] = []

    def read() -> None:
        for one in canvas.frame.sitting.desk.history(sheet.capability.id):
            taken_back = "" if one.live or one.target else "  (taken back)"
            why = f"  “{one.reason}”" if one.reason else ""
            what = f"{one.op} {title(one.field)}"
            lines.append(
                styled((f"{one.seq}  {one.decided_at}  ", DIM), (what, BOLD), f"  by {one.actor}{why}{taken_back}")
            )

    await canvas.do(read)
    canvas.app.push_screen(Reading("history", lines or [Text("nothing was decided about this record yet")]))


async def _neighbours(canvas: "Canvas", _key: str) -> None:
    sheet = canvas.frame.sitting.sheet
    if sheet is None:
        return
    lines: list[Text] = []

    def read() -> None:
        for near in sheet.nearest:
            lines.append(styled((near.name, BOLD), (f"  {near.id}", DIM)))
            lines.extend(styled((f"  {title(name)}: ", DIM), said.text) for name, said in near.statements())

    await canvas.do(read)
    canvas.app.push_screen(Reading("the nearest published records", lines or [Text("nothing near is published")]))


async def _reject_because(canvas: "Canvas", _key: str) -> None:
    if canvas.frame.sitting.sheet is None:
        return
    options = [(reason, reason) for reason in REASONS]
    asked = Choosing("why is it rejected?", options, free="or write a reason")
    canvas.app.push_screen(asked, _then(canvas, canvas.frame.sitting.reject))


async def _merge_with(canvas: "Canvas", _key: str) -> None:
    sheet = canvas.frame.sitting.sheet
    if sheet is None:
        return
    options: list[tuple[str, str]] = []

    def read() -> None:
        there = canvas.frame.sitting.desk.others(sheet.queued.id)
        options.extend((one.id, f"{one.name}  ({one.state})") for one in there)

    await canvas.do(read)
    if not options:
        canvas.frame.sitting.say("the entry has no other record to merge with")
        canvas.look()
        return
    asked = Choosing("merge with", options)
    canvas.app.push_screen(asked, _then(canvas, canvas.frame.sitting.merge))


async def _filter(canvas: "Canvas", _key: str) -> None:
    asked = Writing("show only", value=canvas.frame.sitting.query, hint=QUERY_HINT)
    canvas.app.push_screen(asked, _then(canvas, canvas.frame.sitting.filter))


async def _edit(canvas: "Canvas", _key: str) -> None:
    sheet = canvas.frame.sitting.sheet
    if sheet is None:
        return
    said = {one.name: one.text for one in sheet.fields}
    texts = [(name, f"{number} {title(name)}", said.get(name, "")) for number, name in enumerate(_TEXTS, start=1)]
    asked = Editing(texts, first=_first_to_edit(sheet))
    canvas.app.push_screen(asked, _then(canvas, canvas.frame.sitting.edit))


async def _edit_outside(canvas: "Canvas", _key: str) -> None:
    sheet = canvas.frame.sitting.sheet
    if sheet is None:
        return
    name = _first_to_edit(sheet)
    shown = display_safe(next((one.text for one in sheet.fields if one.name == name), ""))
    try:
        with canvas.app.suspend():
            written = click.edit(shown + "\n", extension=".txt")
    except click.ClickException as error:
        canvas.frame.sitting.say(error.format_message(), warning=True)
        canvas.look()
        return
    canvas.app.refresh(layout=True)
    if written is not None and written.strip() != shown.strip():
        await canvas.do(partial(canvas.frame.sitting.edit, {name: display_safe(written.strip())}))
    else:
        canvas.look()


def _first_to_edit(sheet: Sheet) -> Aspect:
    """Return the first field whose text does not pass, or the description."""
    failing = {one.name for one in sheet.fields if not one.passes}
    return next((name for name in _TEXTS if name in failing), "description")


async def _leave(canvas: "Canvas", _key: str) -> None:
    canvas.app.exit()


def _then(canvas: "Canvas", act: Callable[[Any], None]) -> Callable[[Any], Awaitable[None]]:
    """Return what does something with an answer, unless none was given."""

    async def answered(answer: Any) -> None:
        if answer is not None and answer != {}:
            await canvas.do(partial(act, answer))

    return answered


ACTS: dict[str, Act] = {
    "accept": _deciding("accept"),
    "toggle": _toggle,
    "reject": _deciding("reject"),
    "reject_because": _reject_because,
    "skip": _deciding("skip"),
    "undo": _deciding("undo"),
    "redo": _deciding("redo"),
    "edit": _edit,
    "edit_outside": _edit_outside,
    "merge": _deciding("merge"),
    "merge_with": _merge_with,
    "split": _deciding("split"),
    "flag": _deciding("flag"),
    "take": _deciding("take"),
    "dismiss": _deciding("dismiss"),
    "next": _stepping(1),
    "back": _stepping(-1),
    "range": _range,
    "accept_entry": _deciding("accept_entry"),
    "filter": _filter,
    "neighbours": _neighbours,
    "history": _history,
    "whole": _whole,
    "evidence": _moving("evidence"),
    "evidence_back": _moving("evidence", **{"shift+tab": -1}),
    "context_before": _moving("paragraph", **{"{": -1}),
    "context_after": _moving("paragraph"),
    "scroll_source": _moving("scroll_source", left=-1),
    "page": _moving("page", pageup=-1),
    "keys": _keys,
    "leave": _leave,
}
