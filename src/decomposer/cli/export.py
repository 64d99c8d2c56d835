"""Publish the catalog as files."""

from pathlib import Path

import click

from decomposer.cli.options import State, db_option, settings


@click.command("export", short_help="Publish the catalog as files.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--as", "exporter", metavar="FORM", required=True, help="json, markdown, or another installed exporter.")
@click.option("--state", type=click.Choice(["accepted", "proposed"]), help="Publish only capabilities in this state.")
@db_option
def command(folder: Path, *, exporter: str, state: State | None, **flags: str | None) -> None:
    """Write the accepted and proposed capabilities of every entry into DIR, proposals labelled as such.

    Files of an earlier export that are no longer published are removed. The names of the written files are printed.

    \b
    Examples:
      decomposer export site --as markdown
      decomposer export data --as json --state accepted
    """
    from decomposer.cli.notes import counted, note
    from decomposer.display import display_safe
    from decomposer.wiring import Workspace

    with Workspace(settings(flags)) as workspace:
        files = workspace.export(exporter, folder, state=state)
    for path in files:
        click.echo(display_safe(str(path)))
    note(f"{counted(len(files), 'file')} written")
