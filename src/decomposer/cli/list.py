"""List the entries of the catalog, or the capabilities that they share."""

import click

from decomposer.cli.options import Form, db_option, format_option, settings


@click.command("list", short_help="List the entries of the catalog.")
@click.option("--shared", is_flag=True, help="List the capabilities that two artifacts or more have instead.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Stop after N entries or capabilities.")
@db_option
@format_option
def command(*, shared: bool, limit: int | None, form: Form, **flags: str | None) -> None:
    """List the entries of the catalog by slug. JSON forms have whole entries, the others one line an entry.

    With --shared, list the canonical capabilities that two artifacts or more have, the most shared first.

    \b
    Examples:
      decomposer list
      decomposer list --format jsonl --limit 10
      decomposer list --shared --limit 20
    """
    from decomposer.wiring import Workspace

    with Workspace(settings(flags)) as workspace:
        if shared:
            from decomposer.cli.canonical import print_shared, up_to_date

            print_shared(up_to_date(workspace), form, limit=limit)
            return
        from decomposer.cli.listing import print_entries, print_lines

        if form in ("json", "jsonl"):
            print_entries(workspace.catalog, form, limit=limit)
        else:
            print_lines(workspace.catalog, form, limit=limit)
