"""Take a merged record apart."""

import click

from decomposer.cli.deciding import deciding_options, reason_option
from decomposer.cli.options import Form


@click.command("split", short_help="Take a merged record apart; no draft joins it again.")
@click.argument("identity", metavar="ID")
@reason_option
@deciding_options
def command(identity: str, *, reason: str, form: Form, **flags: str | None) -> int:
    """Split the record ID into what it was made of. From then on these are held apart.

    \b
    Example:
      decomposer split clip/image-search --reason "search and captioning are two things"
    """
    from decomposer.cli.deciding import seat, told

    with seat(flags) as desk:
        return told(desk.split(identity, reason=reason), form)
