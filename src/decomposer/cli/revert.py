"""Take back every decision that is meant, however long ago."""

import click

from decomposer.cli.deciding import deciding_options, reason_option
from decomposer.cli.options import Form


@click.command("revert", short_help="Take back decisions by number, batch, reviewer, run or time.")
@click.argument("seq", required=False, type=click.IntRange(1), metavar="[SEQ]")
@click.option("--batch", metavar="ID", help="What was done at once.")
@click.option("--by", metavar="NAME", help="What this reviewer decided.")
@click.option("--run", metavar="N", help="What was decided about records that this batch run drafted, by its number.")
@click.option("--since", metavar="TIME", help="What was decided from then on: 2026-11-21 or 2026-11-21T14:00.")
@reason_option
@deciding_options
def command(
    seq: int | None, *, batch: str | None, by: str | None, run: str | None, since: str | None, reason: str,
    form: Form, **flags: str | None,
) -> int:  # fmt: skip
    """Take back the decision SEQ (`history` prints the numbers), or every decision that all of the options mean.

    Newest first. What somebody decided later about the same field stands in the way: it is named, and stays. `redo`
    puts all of it in place again.

    \b
    Examples:
      decomposer revert 128
      decomposer revert --by ann --since 2026-11-20
    """
    from decomposer.cli.deciding import seat, told
    from decomposer.review import Selector

    meant = Selector(seq=seq, batch=batch, actor=by, run=run, since=_time(since))
    with seat(flags) as desk:
        return told(desk.revert(meant, reason=reason), form, nothing="nothing that is meant holds")


def _time(since: str | None) -> str | None:
    """Return a time as decisions are dated, in UTC; one without an offset is that of this machine."""
    if since is None:
        return None
    from datetime import UTC, datetime

    try:
        return datetime.fromisoformat(since).astimezone(UTC).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(f"{since!r} is no time; write 2026-11-21 or 2026-11-21T14:00") from error
