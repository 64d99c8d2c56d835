"""Say that records of two entries are not one canonical capability."""

import click

from decomposer.cli.deciding import deciding_options, reason_option
from decomposer.cli.options import Form, settings


@click.command("apart", short_help="Say that records of two entries are two capabilities.")
@click.argument("one", metavar="ID_A")
@click.argument("other", metavar="ID_B")
@reason_option
@deciding_options
def command(one: str, other: str, *, reason: str, form: Form, **flags: str | None) -> int:
    """Keep that the records ID_A and ID_B of two entries are two capabilities; `undo` takes it back.

    Neither record changes: they are never of one canonical capability again, however alike their texts are. What
    contradicts an earlier word is refused, and that word is named.

    \b
    Example:
      decomposer apart clip/image-search lynx/inpainting
    """
    from decomposer.cli.deciding import told
    from decomposer.wiring import Workspace
    from decomposer.wiring.reviewing import link

    with Workspace(settings(flags)) as workspace:
        return told(link(workspace, one, other, same=False, reason=reason), form)
