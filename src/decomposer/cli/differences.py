"""Show what became of capabilities: the words that changed, and the lines before and after."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any, get_args

from decomposer.cli.entry import SUPPORT, Places, TextOf, title
from decomposer.cli.notes import counted
from decomposer.cli.output import Shown
from decomposer.cli.screen import Piece, Screen
from decomposer.publish.markdown import escape
from decomposer.records import FIELDS, LISTS, Capability, Change, Evidence, Fate, Statement
from decomposer.text.changed import Kept, marked, word_changes
from decomposer.wiring.diffing import Compared

_STYLES: dict[Fate, str] = {"kept": "dim", "reworded": "cyan", "changed": "yellow", "new": "green", "gone": "red"}
_MARKS: dict[Kept, tuple[str, str, str]] = {
    "same": ("", "", ""),
    "gone": ("[-", "-]", "red"),
    "new": ("{+", "+}", "green"),
}
_INDENT, _TEXT, _QUOTE = "   ", "     ", "     │ "


def shown(found: Compared, text_of: TextOf) -> Iterator[Shown]:
    """Yield each change ready to be written, kept ones too; what was found and left out comes last."""
    places = Places(found.old, text_of), Places(found.new, text_of)
    for change in found.changes.each:
        yield _shown(change, places, left_out=False)
    for change in found.changes.left_out:
        yield _shown(change, places, left_out=True)


def summary(found: Compared) -> str:
    """Return how many capabilities had which fate, in a line."""
    fates = Counter(change.fate for change in found.changes.each)
    told = [f"{fates[fate]:,} {fate}" for fate in get_args(Fate) if fates[fate]]
    told += [f"{len(found.changes.left_out):,} left out"] if found.changes.left_out else []
    waits = sum(change.open for change in found.changes.each)
    waiting = f"; {counted(waits, 'change')} to what a person has settled" if waits else ""
    return (", ".join(told) or "no capabilities") + waiting


def _shown(change: Change, places: tuple[Places, Places], *, left_out: bool) -> Shown:
    return Shown(
        value=lambda: _value(change, left_out),
        table=partial(_show, change, places, left_out),
        md=lambda: _markdown(change, left_out),
    )


def _value(change: Change, left_out: bool) -> dict[str, Any]:
    words = {
        field: [{"kept": kept, "text": text} for kept, text in word_changes(old, new)]
        for field, old, new in _texts(change)
        if old != new
    }
    plain = change.model_dump(mode="json")
    return {**plain, "open": change.open and not left_out, "left_out": left_out, "words": words}


def _texts(change: Change) -> Iterator[tuple[str, str, str]]:
    """Yield the name and the fields of both sides, less those that neither has."""
    old, new = change.before, change.after
    yield "name", old.name if old else "", new.name if new else ""
    for field in FIELDS:
        before, after = (said.text if (said := _statement(side, field)) else "" for side in (old, new))
        if before or after:
            yield field, before, after
    for field in LISTS:
        notes = ["; ".join(note.text for note in getattr(side, field)) if side else "" for side in (old, new)]
        if any(notes):
            yield field, notes[0], notes[1]


# --- for people


def _show(change: Change, places: tuple[Places, Places], left_out: bool, screen: Screen) -> None:
    fate = "left out" if left_out else change.fate
    held = change.before or change.after
    name: list[Piece] = [("  ", ""), (held.name, "bold")] if held else []
    screen.line((f"{fate:<8}", _STYLES[change.fate]), *name, (f"  {change.id}", "dim"), hang=10)
    if change.fate == "kept" and not left_out:
        return
    screen.line((change.reason, "dim"), indent=_INDENT)
    for field, old, new in _texts(change):
        alone = change.before is None or change.after is None
        if (field == "name" and alone) or (old == new and not _verdicts(change, field)):
            continue
        screen.line((title(field), "bold"), *_verdicts(change, field), indent=_INDENT)
        screen.line(*_pieces(change, old, new), indent=_TEXT)
        for side, at, capability in (("before", 0, change.before), ("after", 1, change.after)):
            for span in _evidence(capability, field):
                screen.line((f"{side}, {places[at].of(span)}  ", "cyan"), f"“{span.quote}”", indent=_QUOTE)
    screen.line()


def _pieces(change: Change, old: str, new: str) -> Iterator[Piece]:
    if change.before is None or change.after is None:
        yield old or new
        return
    for kept, text in word_changes(old, new):
        before, after, style = _MARKS[kept]
        yield (f"{before}{text}{after}", style)


def _verdicts(change: Change, field: str) -> list[Piece]:
    """Return the verdict on a field where it is another now, or there is only one."""
    old, new = (_statement(side, field) for side in (change.before, change.after))
    if old and new and old.support == new.support:
        return []
    told = [SUPPORT[one.support][1] for one in (old, new) if one]
    return [f"  {', now '.join(told)}"] if told else []


def _statement(side: Capability | None, field: str) -> Statement | None:
    return getattr(side, field) if side and field in FIELDS else None


def _evidence(side: Capability | None, field: str) -> list[Evidence]:
    if side is None or field == "name":
        return []
    said = _statement(side, field)
    spans = (
        said.evidence
        if said
        else []
        if field in FIELDS
        else [x for note in getattr(side, field) for x in note.evidence]
    )
    return list(dict.fromkeys(spans))


def _markdown(change: Change, left_out: bool) -> str:
    held = change.before or change.after
    called = escape(held.name) if held else escape(change.id)
    lines = [f"* **{called}**: {'left out' if left_out else change.fate} ({escape(change.reason)})"]
    if change.fate == "kept" and not left_out:
        return lines[0] + "\n"
    for field, old, new in _texts(change):
        if old != new:
            both = change.before is not None and change.after is not None
            lines.append(f"  * {title(field)}: {escape(marked(old, new) if both else old or new)}")
            for side, capability in (("before", change.before), ("after", change.after)):
                lines += [
                    f"    * {side}: {escape(' '.join(span.quote.split()))}" for span in _evidence(capability, field)
                ]
    return "\n".join(lines) + "\n"
