"""Check the installation and say where each setting comes from."""

import click

from decomposer.cli.options import Form, db_option, format_option, model_options, prompt_options, settings


@click.command("doctor", short_help="Check the installation and say where each setting comes from.")
@model_options
@prompt_options
@db_option
@format_option
def command(*, form: Form, **flags: str | None) -> int:
    """Print each setting with its value and where it comes from, and check what commands need. Keys are masked.

    Ends with 0 where all is well, with 3 where something must be put right first. Nothing is sent anywhere.

    \b
    Example:
      decomposer doctor
    """
    from decomposer.cli.checkup import examine, shown
    from decomposer.cli.output import Output
    from decomposer.wiring import Workspace

    with Workspace(settings(flags)) as workspace, Output(form) as output:
        checkup = examine(workspace)
        output.write(shown(checkup))
    return 0 if checkup.healthy else 3
