"""Lay out a record: what is said of it, sentence by sentence with its verdict, and all that helps to decide."""

from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher

from rich.text import Text

from decomposer.records import FIELDS
from decomposer.review import Differing, Field, Sheet
from decomposer.review.sheet import LIST_NUMBER
from decomposer.tui.cited import cited, place
from decomposer.tui.paragraphs import Piece, rows, short, styled
from decomposer.tui.signs import BOLD, DIM, LEFT_OUT, NEW, OLD, PLAIN, SIGNS, STATES, WARNING, title

_WAITS = {"revision": "a newer draft says something else", "disputed": "two people decided differently",
          "second": "a second opinion is wanted"}  # fmt: skip
_COMPARED = 400  # words of a text that are compared: what is longer is told apart by its beginning


Row = tuple[Text, int, int]  # what is said, its indent, and how far its further rows hang


def record_rows(sheet: Sheet, *, out: Collection[str], fate: str, width: int, height: int) -> list[Text]:
    """Return the rows of a record, with some air between its parts where the height allows it.

    `out` are the names of the fields that an accept would leave out.
    """
    parts: list[list[Text]] = []
    for text, indent, hang in _lines(sheet, out, fate):
        laid = rows(text, width, indent=indent, hang=hang)
        if indent or not parts:
            parts[-1:] = [[*(parts[-1] if parts else []), *laid]]
        else:
            parts.append(laid)
    airy = [row for part in parts for row in (*part, Text())]
    return airy[:-1] if len(airy) - 1 <= height else [row for part in parts for row in part]


def headline(sheet: Sheet, width: int) -> str:
    """Return the entry and the name of a record on one line."""
    return short(f"{sheet.artifact.name}: {sheet.capability.name}", width)


def _lines(sheet: Sheet, out: Collection[str], fate: str) -> Iterator[Row]:
    record = sheet.capability
    yield styled((record.name, BOLD)), 0, 2
    yield styled((fate or record.state, STATES[record.state]), (f" · {record.category} · {record.id}", DIM)), 2, 0
    yield from _marks(sheet)
    if sheet.twin is not None:
        twin = sheet.twin.twin
        why = f"{twin.score:.2f}" + "".join(f"; {reason}" for reason in twin.reasons)
        said: list[Piece] = [("= ", WARNING), f"may be one with “{sheet.twin.other.name}” ", (f"({why}) ", DIM)]
        yield styled(*said, ("m merges", BOLD)), 0, 2
    numbers = {(one.document, one.start, one.end): one.number for one in cited(sheet)}
    there = {one.name: one for one in sheet.fields}
    for number, name in enumerate(FIELDS, start=1):
        if name in there:
            yield from _field(there[name], numbers, on=name not in out)
        else:
            yield styled((f"{number} [ ] {title(name)}: the source does not say", DIM)), 0, 6
    yield from _lists(sheet.lists, out)
    if sheet.revision is not None:
        yield from _revision(sheet.revision)
    yield from _aside(sheet)


def _marks(sheet: Sheet) -> Iterator[Row]:
    queued = sheet.queued
    marks = ["somebody asks for another look"] if queued.flagged else []
    marks += [_WAITS[queued.waits]] if queued.waits in _WAITS else []
    if marks:
        yield styled(("! " + "; ".join(marks), WARNING)), 0, 2
    for one in sheet.opinions:
        reason = f" “{one.reason}”" if one.reason else ""
        yield styled((f"{one.actor}: {one.op} {title(one.field)}{reason}", DIM)), 4, 2


def _aside(sheet: Sheet) -> Iterator[Row]:
    record = sheet.capability
    if record.merged:
        yield styled(("joined from ", DIM), ", ".join(part.name for part in record.merged), ("  s splits", BOLD)), 0, 2
    written = " · ".join(part for part in (sheet.model, sheet.prompt and f"prompt {sheet.prompt}") if part)
    artifact = sheet.artifact
    yield styled((f"by {written or 'nobody known'} for {artifact.name} ({artifact.type})", DIM)), 0, 2


def _field(one: Field, numbers: dict[tuple[int, int, int], int], *, on: bool) -> Iterator[Row]:
    support = max((part.support or "supported" for part in one.sentences), key=list(SIGNS).index)
    sign = SIGNS[support]
    head: list[Piece] = [
        (f"{one.number} {_box(on)} {title(one.name)}  ", BOLD),
        (f"{sign.mark} {sign.word}", sign.style),
    ]
    yield styled(*head, *([] if one.passes else [("  does not pass", WARNING)])), 0, 6
    for part in one.sentences:
        sign = SIGNS[part.support or "supported"]
        cites = "".join(f" [{number}]" for number in sorted({numbers[place(span)] for span in part.spans}))
        yield (
            styled((f"{sign.mark} ", sign.style), (part.text.strip(), sign.style if on else LEFT_OUT), (cites, BOLD)),
            4,
            2,
        )
        if part.support != "supported" and part.reason:
            yield styled((part.reason, DIM)), 6, 0
    told = {(part.text.strip(), part.reason) for part in one.sentences}
    for flag in (flag for flag in one.flags if (flag.text.strip(), flag.note) not in told):
        yield styled((f"! {flag.kind} ", WARNING), f"“{flag.text}”: {flag.note}"), 4, 2


def _lists(lists: Sequence[Field], out: Collection[str]) -> Iterator[Row]:
    if not lists:
        yield styled((f"{LIST_NUMBER} [ ] lists: none", DIM)), 0, 6
        return
    yield styled((f"{LIST_NUMBER} {_box(any(one.name not in out for one in lists))} lists", BOLD)), 0, 6
    for one in lists:
        yield styled((f"{title(one.name)}: ", DIM), (one.text, LEFT_OUT if one.name in out else PLAIN)), 4, 2


def _revision(differing: Sequence[Differing]) -> Iterator[Row]:
    yield styled(("The newest draft says instead:  ", WARNING), ("n takes it, N keeps the old", BOLD)), 0, 2
    for one in differing:
        yield styled((f"{title(one.field)}: ", DIM), *_changes(one.before, one.after)), 4, 2


def _changes(before: str, after: str) -> Iterator[Piece]:
    """Yield the words of both, what went and what came marked by signs and styles."""
    left, right = before.split()[:_COMPARED], after.split()[:_COMPARED]
    for what, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if what == "equal":
            yield " ".join(left[i:j]) + " "
            continue
        if i < j:
            yield (f"[-{' '.join(left[i:j])}-]", OLD)
            yield " "
        if k < m:
            yield (f"{{+{' '.join(right[k:m])}+}}", NEW)
            yield " "


def _box(on: bool) -> str:
    return "[x]" if on else "[ ]"
