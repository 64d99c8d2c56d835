"""Show one entry with its evidence."""

import click

from decomposer.cli.options import Form, State, db_option, format_option, settings


@click.command("show", short_help="Show one entry with its evidence.")
@click.argument("entry")
@click.option(
    "--state",
    type=click.Choice(["proposed", "accepted", "rejected", "retired"]),
    help="Show only the capabilities in this state [all].",
)
@db_option
@format_option
def command(entry: str, *, state: State | None, form: Form, **flags: str | None) -> None:
    """Show the entry with the slug ENTRY, capabilities of every state included.

    \b
    Examples:
      decomposer show clip
      decomposer show clip --state accepted --format json
    """
    from decomposer.cli.entry import shown
    from decomposer.cli.output import Output
    from decomposer.wiring import Workspace, only

    with Workspace(settings(flags)) as workspace, Output(form) as output:
        found = workspace.entry(entry)
        output.write(shown(only(found, state) if state else found, workspace.catalog.text))
