"""Reject records, one by one or all that a query means."""

import click

from decomposer.cli.bulk import Bulk, bulk_options
from decomposer.cli.deciding import deciding_options, reason_option, where_option
from decomposer.cli.options import Form, gathering


@click.command("reject", short_help="Reject records: they are not published and do not come back.")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@where_option
@reason_option
@bulk_options
@gathering(Bulk, "bulk")
@deciding_options
def command(
    ids: tuple[str, ...], *, where: str | None, reason: str, bulk: Bulk, form: Form, **flags: str | None
) -> int:
    """Reject the records ID, or every record that waits and that --where means.

    They stay in the catalog, are not published, and do not come in again in other words when the entry is redrafted.
    Reasons are free text; `stats` counts them by prompt and model.

    \b
    Examples:
      decomposer reject clip/world-peace --reason "not in the source"
      decomposer reject --where "flag=instruction_like" --reason "injected"
    """
    from decomposer.cli.bulk import decide_all
    from decomposer.cli.deciding import seat, told
    from decomposer.cli.one_of import one_of

    one_of(ids, where)
    with seat(flags, where=where or "") as desk:
        if where is not None:
            done = decide_all(desk, bulk, reject=True, reason=reason)
            return 0 if done is None else told(done, form)
        return told(desk.reject(ids, reason=reason), form)
