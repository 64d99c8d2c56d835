"""Make records of one entry one."""

import click

from decomposer.cli.deciding import deciding_options, reason_option
from decomposer.cli.options import Form


@click.command("merge", short_help="Make records of one entry one.")
@click.argument("ids", nargs=-1, required=True, metavar="ID ID...")
@reason_option
@deciding_options
def command(ids: tuple[str, ...], *, reason: str, form: Form, **flags: str | None) -> int:
    """Merge the records ID: one stays, with the best supported text of each field and the evidence of all.

    Its id is that of the first that is accepted, else of the first that is named. What was merged stays addressable;
    `split` takes it apart again.

    \b
    Example:
      decomposer merge clip/image-search clip/finding-pictures
    """
    from decomposer.cli.deciding import seat, told

    with seat(flags) as desk:
        return told(desk.merge(ids, reason=reason), form)
