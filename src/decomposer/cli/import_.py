"""Take existing entries into the catalog."""

from pathlib import Path

import click

from decomposer.cli.options import Form, db_option, format_option, settings


@click.command("import", short_help="Take existing entries into the catalog.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="[NAME=]REF",
    help="Where an entry can be redrafted from; with its name where FILE has several.",
)
@db_option
@format_option
def command(files: tuple[Path, ...], *, sources: tuple[str, ...], form: Form, **flags: str | None) -> int:
    """Take the entries of each FILE into the catalog, so that they can be reviewed and redrafted.

    FILE holds JSON of `draft`, `list` or `export` (one entry, an array, or JSON lines), an unfragile.yml, or the text
    of a compare page. JSON keeps ids, states and evidence; the other two become proposals without evidence. Importing
    a file again changes nothing, and what was decided stays as it is.

    \b
    Examples:
      decomposer import data/*.json
      decomposer import unfragile.yml --source gh:owner/repo
      decomposer import page.txt --source "Papertrail=gh:owner/papertrail" --source "Scanwise=hf:org/scanwise"
    """
    from decomposer.cli.importing import Import, chosen_sources
    from decomposer.cli.notes import note
    from decomposer.cli.output import Output
    from decomposer.wiring import Workspace

    wanted = chosen_sources(sources, files)
    with Workspace(settings(flags)) as workspace, Output(form, many=True) as output:
        run = Import(workspace, wanted)
        for taken in run.entries(files):
            output.write(taken)
    note(run.summary())
    return 1 if run.failed else 0
