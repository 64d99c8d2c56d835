"""Rank entries, and explain it."""

import click

from decomposer.cli.options import Form, db_option, format_option, settings


@click.command("rank", short_help="Rank entries 0-100, and explain each part.")
@click.argument("entries", nargs=-1, metavar="[ENTRY]...")
@click.option("--explain", is_flag=True, help="Show each part: its inputs, formula, reason, and what would raise it.")
@click.option("--refresh", is_flag=True, help="Find out anew what is usual in the catalog, instead of once a day.")
@db_option
@format_option
def command(entries: tuple[str, ...], *, explain: bool, refresh: bool, form: Form, **flags: str | None) -> None:
    """Rank each ENTRY, or all by name, from 0 to 100 by figures alone: what a text says of itself counts nowhere.

    Five parts add up to the rank: adoption, quality, ecosystem, match, freshness. What is unknown is no zero: it widens
    the range that stands behind the points. As json and jsonl everything that the rank follows from is there.

    \b
    Examples:
      decomposer rank clip --explain
      decomposer rank --format jsonl > ranks.jsonl
    """
    from decomposer.cli.notes import note
    from decomposer.cli.output import Output
    from decomposer.cli.ranking import shown
    from decomposer.wiring import Workspace
    from decomposer.wiring.ranking import ranked

    count = 0
    with Workspace(settings(flags)) as workspace, Output(form, many=len(entries) != 1) as output:
        for count, one in enumerate(ranked(workspace, entries, anew=refresh), start=1):
            output.write(shown(one, explain=explain, first=count == 1))
    if not count:
        note("the catalog is empty")
