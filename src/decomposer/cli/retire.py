"""Take an entry out of what is published."""

import click

from decomposer.cli.options import db_option, settings


@click.command("retire", short_help="Take an entry out of what is published.")
@click.argument("entry")
@click.option("--reason", default="", metavar="TEXT", help="Why, kept with the decision.")
@db_option
def command(entry: str, *, reason: str, **flags: str | None) -> None:
    """Retire the entry with the slug ENTRY. It stays in the catalog with its history and is published no more.

    \b
    Example:
      decomposer retire clip --reason "the repository is gone"
    """
    from decomposer.cli.notes import counted, note
    from decomposer.wiring import Workspace

    with Workspace(settings(flags)) as workspace:
        retired = workspace.retire(entry, reason=reason)
        capabilities = counted(len(retired.capabilities), "capability", "capabilities")
        note(f"{retired.artifact.slug}: retired, with {capabilities}")
