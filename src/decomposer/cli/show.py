"""Show one entry with its evidence."""

import click

from decomposer.cli.options import Form, State, db_option, format_option, settings


@click.command("show", short_help="Show one entry with its evidence.")
@click.argument("entry", required=False)
@click.option(
    "--state",
    type=click.Choice(["proposed", "accepted", "rejected", "retired"]),
    help="Show only the capabilities in this state [all].",
)
@click.option("--stale", is_flag=True, help="List the evidence that the present source no longer holds.")
@db_option
@format_option
def command(entry: str | None, *, state: State | None, stale: bool, form: Form, **flags: str | None) -> None:
    """Show the entry with the slug ENTRY, capabilities of every state included.

    With --stale, list the evidence that is gone since the source was last read: of ENTRY, or of all entries.

    \b
    Examples:
      decomposer show clip
      decomposer show clip --state accepted --format json
      decomposer show --stale
    """
    from decomposer.cli.entry import shown
    from decomposer.cli.gone import gone
    from decomposer.cli.output import Output
    from decomposer.wiring import Workspace, only

    if stale:
        with Workspace(settings(flags)) as workspace, Output(form, many=True) as output:
            for one in workspace.stale(entry):
                output.write(gone(one))
        return
    if entry is None:
        raise click.UsageError("Missing argument 'ENTRY'.")
    with Workspace(settings(flags)) as workspace, Output(form) as output:
        found = workspace.entry(entry)
        output.write(shown(only(found, state) if state else found, workspace.catalog.text))
