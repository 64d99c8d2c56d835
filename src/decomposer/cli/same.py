"""Say that records of two entries are one canonical capability."""

import click

from decomposer.cli.deciding import deciding_options, reason_option
from decomposer.cli.options import Form, settings


@click.command("same", short_help="Say that records of two entries are one capability.")
@click.argument("one", metavar="ID_A")
@click.argument("other", metavar="ID_B")
@reason_option
@deciding_options
def command(one: str, other: str, *, reason: str, form: Form, **flags: str | None) -> int:
    """Keep that the records ID_A and ID_B of two entries are one canonical capability; `undo` takes it back.

    Neither record changes: `list --shared` and `show capability://...` follow it, whatever the texts are. Records of
    one entry are made one by `merge`. What contradicts an earlier word is refused, and that word is named.

    \b
    Example:
      decomposer same clip/image-search lynx/finding-pictures --reason "both rank pictures by a text"
    """
    from decomposer.cli.deciding import told
    from decomposer.wiring import Workspace
    from decomposer.wiring.reviewing import link

    with Workspace(settings(flags)) as workspace:
        return told(link(workspace, one, other, same=True, reason=reason), form)
