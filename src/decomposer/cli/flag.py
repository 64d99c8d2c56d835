"""Ask for another look at records."""

import click

from decomposer.cli.deciding import deciding_options, reason_option
from decomposer.cli.options import Form


@click.command("flag", short_help="Ask for another look at records.")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--off", is_flag=True, help="Take the flag off.")
@reason_option
@deciding_options
def command(ids: tuple[str, ...], *, off: bool, reason: str, form: Form, **flags: str | None) -> int:
    """Flag records: they come first in the queue, and nothing else is decided about them.

    \b
    Example:
      decomposer flag clip/image-search --reason "is this still true of version 2?"
    """
    from decomposer.cli.deciding import seat, told

    with seat(flags) as desk:
        return told(desk.flag(ids, reason=reason, on=not off), form)
