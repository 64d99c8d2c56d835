"""Keep what records say, whatever a newer draft says of them."""

import click

from decomposer.cli.deciding import deciding_options, reason_option
from decomposer.cli.options import Form


@click.command("keep", short_help="Keep a record's text; the newer draft that waits is put aside.")
@click.argument("identity", metavar="ID")
@reason_option
@deciding_options
def command(identity: str, *, reason: str, form: Form, **flags: str | None) -> int:
    """Put aside what a newer draft says of the record ID (`accept` takes it instead, `diff ENTRY` shows it).

    \b
    Example:
      decomposer keep clip/image-search
    """
    from decomposer.cli.deciding import seat, told

    with seat(flags) as desk:
        return told(desk.dismiss(identity, reason=reason), form)
