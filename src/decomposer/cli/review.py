"""Decide on what waits in the catalog: in the terminal, in plain lines, or by a program."""

import gc
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import click

from decomposer.cli.deciding import actor_option
from decomposer.cli.options import db_option, settings

if TYPE_CHECKING:
    from decomposer.review import Desk

    OpenDesk = Callable[[str], Desk]

Order = Literal["risk", "entry", "oldest", "cluster"]
_ORDERS = ["risk", "entry", "oldest", "cluster"]


def share(_context: click.Context, _parameter: click.Parameter, value: str) -> float:
    """Return a share from 0 to 1, written as 5% or 0.05."""
    try:
        share = float(value.removesuffix("%")) / (100 if value.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise click.BadParameter(f"{value!r} is no share; write 5% or 0.05")
    return share


@click.command("review", short_help="Decide on what waits, with one key each.")
@click.argument("entry", required=False)
@click.option("--where", metavar="QUERY", default="", help='Only some records, such as "category=image.visual".')
@click.option("--order", type=click.Choice(_ORDERS), default="risk", show_default=True, help="What comes first.")
@click.option(
    "--overlap", metavar="SHARE", default="0", callback=share, help="Share of records that two people decide [0%]."
)
@actor_option
@click.option("--plain", is_flag=True, help="Lines without colour, for screen readers and slow connections.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdin and stdout, for programs.")
@db_option
def command(
    entry: str | None, *, where: str, order: Order, overlap: float, plain: bool, as_json: bool, **flags: str | None
) -> None:
    """Decide on the records that wait, of ENTRY or of the whole catalog: a accepts, x rejects, u takes back, ? helps.

    Every decision is saved before the next record is shown, and can be taken back at any time.

    \b
    Examples:
      decomposer review
      decomposer review clip --order entry
      decomposer review --where "category=image.visual" --plain
    """
    if plain and as_json:
        raise click.UsageError("--plain and --json exclude each other: leave one out")
    face = "plain" if plain else "json" if as_json else "terminal"
    if face == "terminal":
        gc.disable()  # until the first record is shown: half a second is not long, and what is imported stays
    from decomposer.wiring import Workspace
    from decomposer.wiring.reviewing import desk

    with Workspace(settings(flags)) as workspace:

        def open_desk(query: str) -> "Desk":
            return desk(workspace, entry=entry, query=query, order=order, overlap=overlap)

        _FACES[face](open_desk, where)


def _in_terminal(open_desk: "OpenDesk", query: str) -> None:
    from decomposer.cli.notes import counted, note
    from decomposer.tui.start import review

    decided = review(open_desk, query=query)
    if decided:
        note(f"{counted(decided, 'decision')} saved; `decomposer undo` takes the last one back")


def _in_lines(open_desk: "OpenDesk", query: str) -> None:
    from decomposer.cli.review_plain import review

    review(open_desk, query=query)


def _for_programs(open_desk: "OpenDesk", query: str) -> None:
    from decomposer.cli.review_json import review

    review(open_desk, query=query)


_FACES: dict[str, Callable[["OpenDesk", str], None]] = {
    "terminal": _in_terminal,
    "plain": _in_lines,
    "json": _for_programs,
}
