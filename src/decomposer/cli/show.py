"""Show one entry with its evidence, or what several artifacts share."""

import click

from decomposer.cli.options import Form, State, db_option, format_option, settings


@click.command("show", short_help="Show one entry with its evidence.")
@click.argument("entry", required=False, metavar="[ENTRY|CANONICAL]")
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

    CANONICAL is an address that starts with capability:// (that may be left out), or the id of a capability. It shows
    what several artifacts have in common: the definition and whose it is, other names and addresses, what is broader
    and narrower, and the members, with the reasons for which they joined.

    \b
    Examples:
      decomposer show clip
      decomposer show capability://image.visual/image-search
      decomposer show clip/search-by-text
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
    if "/" in entry:  # no slug has one
        if state:
            raise click.UsageError("--state is for entries.")
        from decomposer.cli.canonical import print_canonical, up_to_date

        with Workspace(settings(flags)) as workspace:
            print_canonical(up_to_date(workspace), entry, form)
        return
    with Workspace(settings(flags)) as workspace, Output(form) as output:
        found = workspace.entry(entry)
        output.write(shown(only(found, state) if state else found, workspace.catalog.text))
