"""Show ranks: a line each, or every part with its inputs, its formula, its reason, and what would raise it."""

from functools import partial
from typing import Any

from decomposer.cli.output import Shown
from decomposer.cli.screen import Screen
from decomposer.publish.markdown import escape
from decomposer.records import Input, Part, Rank
from decomposer.wiring.ranking import Ranked

_WIDTHS = (4, 9, 5, 5, 5, 5, 5, 9)
_HEADER = ("rank", "range", "adopt", "qual", "eco", "match", "fresh", "type", "entry")
_LABEL = 11
_INDENT = "   "


def shown(found: Ranked, *, explain: bool, first: bool) -> Shown:
    """Return a rank ready to be written."""
    return Shown(
        value=lambda: value(found),
        table=partial(_explain if explain else partial(_line, first), found.rank),
        md=lambda: _page(found.rank) if explain else _row(found.rank, first=first),
    )


def value(found: Ranked) -> dict[str, Any]:
    """Return a rank as plain data, with all that it follows from."""
    return {
        **found.rank.model_dump(mode="json"),
        "artifact": found.entry.artifact.model_dump(mode="json"),
        "measured": found.measured.model_dump(mode="json"),
        "norms": found.norms.model_dump(mode="json"),
    }


def _line(first: bool, rank: Rank, screen: Screen) -> None:
    if first:
        screen.cells(*_HEADER, widths=_WIDTHS, style="bold")
    points = (f"{part.points}{'' if part.known else '?'}" for part in rank.parts)
    cells = (f"{rank.points}", f"{rank.low} to {rank.high}", *points, rank.type, rank.entry)
    screen.cells(*cells, widths=_WIDTHS)


def _explain(rank: Rank, screen: Screen) -> None:
    screen.rule()
    screen.line((rank.entry, "bold"), f"  {rank.points}/100", (f"  {_range(rank)}", "dim"))
    screen.line((f"{rank.type} · on {rank.as_of}", "dim"))
    for part in rank.parts:
        screen.line()
        screen.line((f"{part.name:<{_LABEL}}", "bold"), f"{part.points}/{part.most}", (f"  {_range(part)}", "dim"))
        for label, text in (("because", part.reason), ("formula", part.formula), ("raised by", part.raised_by)):
            screen.line((f"{label:<{_LABEL}}", "dim"), text, indent=_INDENT, hang=_LABEL)
        for one in part.inputs:
            screen.line((f"{one.name:<{_LABEL}}", "cyan"), _input(one), indent=_INDENT, hang=_LABEL)
    screen.line()
    total = " + ".join(str(part.points) for part in rank.parts)
    screen.line(f"{total} = {rank.points}")


def _range(found: Rank | Part) -> str:
    if isinstance(found, Part) and not found.known:
        return f"a prior: nothing is known, {found.low} to {found.high}"
    parts = found.parts if isinstance(found, Rank) else (found,)
    if all(one.score is not None for part in parts for one in part.inputs):
        return "all of it is known"
    return f"{found.low} to {found.high} with what is unknown"


def _input(one: Input) -> str:
    weight = f"weight {one.weight:g}"
    if one.score is None:
        return f"unknown ({weight}): {one.why}"
    origin = ", ".join(filter(None, (one.source, one.as_of and f"as of {one.as_of}")))
    return f"{one.value}, score {one.score:.3f} ({weight}): {one.why}" + (f" [{origin}]" if origin else "")


def _row(rank: Rank, *, first: bool) -> str:
    head = "| " + " | ".join(("entry", "type", "rank", "range", *(part.name for part in rank.parts))) + " |\n"
    head += "|" + "---|" * (4 + len(rank.parts)) + "\n"
    cells = [rank.entry, rank.type, f"{rank.points}", f"{rank.low} to {rank.high}"]
    cells += [f"{part.points}/{part.most}" + ("" if part.known else " (a prior)") for part in rank.parts]
    return (head if first else "") + "| " + " | ".join(map(escape, cells)) + " |"


def _page(rank: Rank) -> str:
    blocks = [f"# {escape(rank.entry)}: {rank.points}/100", f"{_range(rank)}; {rank.type}, on {rank.as_of}"]
    for part in rank.parts:
        lines = [("Because", part.reason), ("Formula", part.formula), ("Raised by", part.raised_by)]
        blocks.append(f"## {part.name.capitalize()}: {part.points}/{part.most}")
        blocks.append(_range(part))
        blocks.append("\n".join(f"* {label}: {escape(text)}" for label, text in lines))
        blocks.append("\n".join(f"* {one.name}: {escape(_input(one))}" for one in part.inputs))
    return "\n\n".join(blocks) + "\n"
