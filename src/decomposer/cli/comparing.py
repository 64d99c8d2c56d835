"""Show a comparison to people: the table, the verdict, and the capabilities with their evidence."""

from itertools import zip_longest
from textwrap import wrap

from decomposer.cli.entry import Places, TextOf
from decomposer.cli.output import Shown
from decomposer.cli.screen import Screen
from decomposer.display import one_line
from decomposer.publish.compare_markdown import page
from decomposer.publish.compare_words import UNKNOWN, Said, hidden, near, only, relation, reviewed, said
from decomposer.records import Alone, Capability, Comparison, Entry, Run, Side

_LABEL = 22
_INDENT, _TEXT, _QUOTE = "   ", "     ", "     │ "


def shown(found: Comparison, text_of: TextOf) -> Shown:
    """Return a comparison ready to be written; `text_of` gives a document's text by its sha256, or None."""
    return Shown(
        value=lambda: found.model_dump(mode="json"),
        table=lambda screen: _show(found, text_of, screen),
        md=lambda: page(found),
    )


def _show(found: Comparison, text_of: TextOf, screen: Screen) -> None:
    a, b = found.a, found.b
    places = _places(a, text_of), _places(b, text_of)
    screen.rule()
    screen.line((f"{a.name} vs {b.name}", "bold"))
    screen.line((f"on {found.as_of}; ranges in brackets: what it could be with what is unknown", "dim"))
    screen.line()
    _row("", a.name, b.name, screen, style="bold")
    for row in found.rows:
        _row(row.label, row.a or UNKNOWN, row.b or UNKNOWN, screen, style="dim" if row.differs is False else "")
    screen.line()
    for line in found.verdict:
        screen.line("* ", line.text, hang=2)
    if note := hidden(found):
        screen.line((note, "dim"))
    if found.shared:
        screen.line()
        screen.line((f"Both have ({len(found.shared)})", "bold"))
    for pair in found.shared:
        screen.line()
        screen.line((relation(pair, found), "cyan"), indent=_INDENT)
        for one, side, at in ((pair.a, a, places[0]), (pair.b, b, places[1])):
            _capability(one, side, at, screen)
    for records, side, other, at in ((found.only_a, a, b, places[0]), (found.only_b, b, a, places[1])):
        _alone(records, side, other, at, screen)
    screen.line()


def _row(label: str, a: str, b: str, screen: Screen, *, style: str) -> None:
    """Print a row of the table; a long cell goes on in the next line, nothing of it is cut."""
    column = max(12, (screen.width - _LABEL - 4) // 2)
    cells = [wrap(one_line(cell), column) or [""] for cell in (a, b)]
    for number, (one, other) in enumerate(zip_longest(*cells, fillvalue="")):
        screen.cells("" if number else label, one, other, widths=(_LABEL, column), style=style)


def _alone(records: tuple[Alone, ...], side: Side, other: Side, places: Places, screen: Screen) -> None:
    if not records:
        return
    screen.line()
    screen.line((f"Only {side.name} ({len(records)})", "bold"))
    screen.line((only(side, other), "dim"))
    for one in records:
        screen.line()
        _capability(one.capability, side, places, screen)
        if told := near(one, other):
            screen.line((told, "dim"), indent=_INDENT)


def _capability(one: Capability, side: Side, places: Places, screen: Screen) -> None:
    screen.line((one.name, "bold"), f"  {side.name}", (f"  {reviewed(one)}", "dim"), indent=_INDENT)
    for each in said(one, side):
        _said(each, places, screen)


def _said(one: Said, places: Places, screen: Screen) -> None:
    field = f"{one.field}: " if one.field else ""
    screen.line((field, "bold"), one.text, (f"  ({one.label})" if one.label else "", "dim"), indent=_TEXT)
    for span in one.evidence:
        screen.line((f"{places.of(span)}  ", "cyan"), f"“{span.quote}”", indent=_QUOTE)


def _places(side: Side, text_of: TextOf) -> Places:
    held = Entry(
        artifact=side.artifact, documents=side.documents, source_kind=side.source_kind, capabilities=(),
        run=Run(model="", prompt=""),
    )  # fmt: skip
    return Places(held, text_of)
