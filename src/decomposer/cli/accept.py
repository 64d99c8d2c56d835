"""Accept records, one by one or all that a query means."""

import click

from decomposer.cli.bulk import Bulk, bulk_options
from decomposer.cli.deciding import deciding_options, reason_option, where_option
from decomposer.cli.options import Form, gathering

_FIELDS = ("description", "unique", "vs_alternatives", "intents", "best_for", "limitations", "requires",
           "input_types", "output_types")  # fmt: skip


@click.command("accept", short_help="Accept records: they are published as reviewed.")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@where_option
@click.option("--without", multiple=True, type=click.Choice(_FIELDS), help="Leave a field out; may be repeated.")
@click.option("--with", "keep", multiple=True, type=click.Choice(_FIELDS), help="Accept a field that does not pass.")
@reason_option
@bulk_options
@gathering(Bulk, "bulk")
@deciding_options
def command(
    ids: tuple[str, ...], *, where: str | None, without: tuple[str, ...], keep: tuple[str, ...], reason: str,
    bulk: Bulk, form: Form, **flags: str | None,
) -> int:  # fmt: skip
    """Accept the records ID, or every record that waits and that --where means.

    What the source does not support is left out: the record stays, that field is not published. Accepting a record for
    which a newer draft waits takes that draft. With --where a random sample is shown first, and how wrong the rest may
    be is printed and kept; one `undo` takes all of it back.

    \b
    Examples:
      decomposer accept clip/image-search --without vs_alternatives
      decomposer accept --where "model=openai/m passing=yes"
      decomposer accept --where "entry=clip" --wrong 0 --yes
    """
    from decomposer.cli.bulk import decide_all
    from decomposer.cli.deciding import seat, told
    from decomposer.cli.one_of import one_of

    one_of(ids, where)
    if where is not None and (without or keep):
        raise click.UsageError("--without and --with are about records that are named, not about --where")
    with seat(flags, where=where or "") as desk:
        if where is not None:
            done = decide_all(desk, bulk, reason=reason)
            return 0 if done is None else told(done, form)
        dropped = {}
        if without or keep:
            held = {one: desk.place(one) for one in ids}
            failing = {one: set(queued.failing) if queued else set() for one, queued in held.items()}
            dropped = {one: (failing[one] | set(without)) - set(keep) for one in ids}
        return told(desk.accept(ids, dropped=dropped, reason=reason), form)
