"""Say how runs stand, while they run or later."""

from collections.abc import Collection, Iterator

import click

from decomposer.cli.options import Form, db_option, format_option, settings


@click.command("status", short_help="Say how runs stand, while they run or later.")
@click.argument("number", metavar="[RUN]", type=click.IntRange(1), required=False)
@click.option("--all", "every", is_flag=True, help="All runs, the newest first.")
@click.option("--failed", is_flag=True, help="The documents that failed, with the reason and the last reply.")
@click.option("--documents", is_flag=True, help="How each document ended, in the order of the references.")
@db_option
@format_option
def status(*, number: int | None, every: bool, failed: bool, documents: bool, form: Form, **flags: str | None) -> None:
    """Say how far RUN is, the newest if none is named: documents, requests, tokens, cost, rate, and what went wrong.

    It reads the catalog, so it can be called while another process, or another host, is at work.

    \b
    Examples:
      decomposer batch status
      decomposer batch status 7 --failed --format jsonl
      decomposer batch status --all --format json
    """
    from decomposer.batch.reports import report
    from decomposer.cli.batch_report import ended, shown
    from decomposer.cli.notes import note
    from decomposer.cli.output import Output, Shown
    from decomposer.errors import UsageError
    from decomposer.ports import ENDINGS, Ending
    from decomposer.wiring import Workspace
    from decomposer.wiring.orders import at_work

    with Workspace(settings(flags)) as workspace:
        runs = workspace.runs
        records = runs.all() if every or number is None else [one for one in [runs.find(number)] if one is not None]
        if not records and number is not None:
            raise UsageError(f"there is no run {number}", hint="`decomposer batch status --all` lists the runs")
        if not records:
            note(f"{workspace.settings.shown('db')}: there is no run yet")
            return
        if not every:
            records = records[:1]

        def lines() -> Iterator[Shown]:
            if failed or documents:
                endings: Collection[Ending] = ("failed",) if failed else ENDINGS
                yield from (ended(one) for one in runs.outcomes(records[0].id, endings=endings))
            else:
                for one in records:
                    jobs = workspace.jobs.jobs(one.id)
                    yield shown(report(one, runs, workspace.ledger, active=at_work(one), jobs=jobs))

        with Output(form, many=every or failed or documents) as output:
            for line in lines():
                output.write(line)
