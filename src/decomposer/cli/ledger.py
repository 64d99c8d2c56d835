"""Look into the ledger of model requests."""

import click

from decomposer.cli.options import Form, db_option, format_option, settings


@click.group("ledger", short_help="Look into the ledger of model requests.")
def command() -> None:
    """Look into the ledger: every request to a model and its reply, kept so that nothing is asked twice.

    \b
    Example:
      decomposer ledger stats
    """


@command.command("stats", short_help="Say what the ledger holds.")
@db_option
@format_option
def stats(*, form: Form, **flags: str | None) -> None:
    """Say for each endpoint and model how many requests were answered, refused or failed, and what they cost.

    What is in doubt was sent, and nobody wrote down what came of it: each such attempt is listed with its age and the
    most that it may have cost.

    \b
    Example:
      decomposer ledger stats --format json
    """
    from decomposer.cli.bookkeeping import by_model, shown
    from decomposer.cli.notes import note
    from decomposer.cli.output import Output
    from decomposer.wiring import Workspace

    with Workspace(settings(flags)) as workspace:
        used = workspace.ledger.use()
        doubts = by_model(workspace.ledger.in_doubt())
        doubts = by_model(workspace.ledger.in_doubt())
        with Output(form, many=True) as output:
            for use in used:
                output.write(shown(use, doubts.get((use.endpoint, use.model), [])))
        if not used:
            note(f"{workspace.settings.shown('db')}: no request has been made")


@command.command("verify", short_help="Check the ledger for damage.")
@db_option
def verify(**flags: str | None) -> int:
    """Check that every key fits its request and every reply can be read. Ends with 1 where something is wrong.

    \b
    Example:
      decomposer ledger verify
    """
    from decomposer.cli.notes import counted, note
    from decomposer.display import display_safe
    from decomposer.wiring import Workspace

    faults = 0
    with Workspace(settings(flags)) as workspace:
        for line in workspace.ledger.verify():
            click.echo(display_safe(line))
            faults += 1
        where = workspace.settings.shown("db")
    found = f"{counted(faults, 'fault')}; restore a backup, or delete the rows and ask again" if faults else "no fault"
    note(f"{where}: {found}")
    return 1 if faults else 0
