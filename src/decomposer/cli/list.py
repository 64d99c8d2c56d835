"""List the entries of the catalog."""

import click

from decomposer.cli.options import Form, db_option, format_option, settings


@click.command("list", short_help="List the entries of the catalog.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Stop after N entries.")
@db_option
@format_option
def command(*, limit: int | None, form: Form, **flags: str | None) -> None:
    """List the entries of the catalog by slug. JSON forms have whole entries, the others one line an entry.

    \b
    Examples:
      decomposer list
      decomposer list --format jsonl --limit 10
    """
    from decomposer.cli.listing import print_entries, print_lines
    from decomposer.wiring import Workspace

    with Workspace(settings(flags)) as workspace:
        if form in ("json", "jsonl"):
            print_entries(workspace.catalog, form, limit=limit)
        else:
            print_lines(workspace.catalog, form, limit=limit)
