"""Take back what you decided last."""

import click

from decomposer.cli.deciding import deciding_options
from decomposer.cli.options import Form


@click.command("undo", short_help="Take back what you decided last.")
@deciding_options
def command(*, form: Form, **flags: str | None) -> int:
    """Take back what was decided last and still holds: one record, or all of a bulk decision.

    Again for the one before, as far as you like, also after a restart; what others decided since on the same
    field is shown and stays.

    \b
    Example:
      decomposer undo
    """
    from decomposer.cli.deciding import seat, told

    with seat(flags) as desk:
        return told(desk.undo(), form, nothing="there is nothing to take back")
