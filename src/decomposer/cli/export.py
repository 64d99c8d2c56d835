"""Publish the catalog as files."""

from pathlib import Path

import click

from decomposer.cli.options import State, db_option, settings
from decomposer.plugins import names


@click.command("export", short_help="Publish the catalog as files.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--as", "exporter", type=click.Choice(names("exporters")), required=True, help="The form to publish in.")
@click.option("--state", type=click.Choice(["accepted", "proposed"]), help="Publish only capabilities in this state.")
@click.option("--base-url", metavar="URL", help="Where the site will be, for its sitemap (html only).")
@click.option("--title", help="What the site is called (html only).")
@db_option
def command(
    folder: Path, *, exporter: str, state: State | None, base_url: str | None, title: str | None, **flags: str | None
) -> None:
    """Write the accepted and proposed capabilities of every entry into DIR, proposals labelled as such.

    The names of the written files are printed; those that would be as they are stay untouched, and those of an earlier
    export that are no longer published are removed. What the form can't hold is named on stderr.

    \b
    Examples:
      decomposer export site --as html --base-url https://catalog.example.org
      decomposer export pages --as markdown
      decomposer export data --as json --state accepted
      decomposer export manifests --as unfragile
    """
    from decomposer.cli.notes import counted, note, working
    from decomposer.display import display_safe, one_line
    from decomposer.ports import LeftOut
    from decomposer.wiring import Workspace
    from decomposer.wiring.exporting import export, site

    told = site(exporter, title=title, base_url=base_url)
    left_out = {"record": 0, "entry": 0}

    def leave_out(one: LeftOut) -> None:
        left_out["record" if one.capability else "entry"] += 1
        note(f"left out: {one_line(one.capability or one.entry)}: {one.reason}")

    with Workspace(settings(flags)) as workspace, working("exporting") as showing:
        done = export(workspace, exporter, folder, state=state, site=told, on_left_out=leave_out, on_progress=showing)
    for path in done.written:
        click.echo(display_safe(str(path)))
    missing = [counted(left_out["record"], "record")] if left_out["record"] else []
    missing += [counted(left_out["entry"], "entry", "entries")] if left_out["entry"] else []
    if missing:
        note(f"{' and '.join(missing)} left out")
    unchanged = len(done.files) - len(done.written)
    note(f"{counted(len(done.written), 'file')} written" + (f", {unchanged:,} unchanged" if unchanged else ""))
