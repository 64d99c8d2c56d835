"""Show what was decided about a record, an entry, or by somebody."""

from typing import TYPE_CHECKING

import click

from decomposer.cli.options import Form, db_option, format_option, settings

if TYPE_CHECKING:
    from decomposer.cli.output import Shown
    from decomposer.records import Decision


@click.command("history", short_help="Show what was decided, by whom, when and why.")
@click.argument("identity", metavar="[ID|ENTRY]", required=False)
@click.option("--by", metavar="NAME", help="Only what this reviewer decided.")
@click.option("--batch", metavar="ID", help="Only what was done at once.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Only the newest N.")
@db_option
@format_option
def command(
    identity: str | None, *, by: str | None, batch: str | None, limit: int | None, form: Form, **flags: str | None
) -> None:
    """Show the decisions about the record ID or the entry ENTRY, or all of them, the newest first.

    Nothing is ever removed: what was taken back says so, and undoing is a decision of its own.

    \b
    Examples:
      decomposer history clip/image-search
      decomposer history --by ann --limit 20
    """
    from itertools import islice

    from decomposer.cli.notes import note
    from decomposer.cli.output import Output
    from decomposer.wiring import Workspace

    entry = identity if identity and "/" not in identity else None
    record = identity if identity and "/" in identity else None
    with Workspace(settings(flags)) as workspace, Output(form, many=True) as output:
        if entry is not None:
            entry = workspace.entry(entry).artifact.slug
        found = workspace.reviews.history(entry=entry, capability=record, batch=batch, actor=by, backwards=True)
        count = 0
        for decision in islice(found, limit):
            output.write(_shown(decision))
            count += 1
        if not count:
            note("nothing was decided" + (f" about {identity}" if identity else ""))


def _shown(decision: "Decision") -> "Shown":
    from decomposer.cli.deciding import dumped, summary
    from decomposer.cli.output import Shown
    from decomposer.publish.markdown import escape

    line = summary(decision)
    return Shown(lambda: dumped(decision), lambda screen: screen.line(line, hang=3), lambda: f"* {escape(line)}\n")
