"""Put in place again what you took back."""

import click

from decomposer.cli.deciding import deciding_options
from decomposer.cli.options import Form


@click.command("redo", short_help="Put in place again what you took back.")
@deciding_options
def command(*, form: Form, **flags: str | None) -> int:
    """Put in place again what was taken back last, as long as nothing else was decided about it since.

    \b
    Example:
      decomposer redo
    """
    from decomposer.cli.deciding import seat, told

    with seat(flags) as desk:
        return told(desk.redo(), form, nothing="there is nothing to put in place again")
