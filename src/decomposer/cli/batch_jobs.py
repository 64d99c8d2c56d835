"""Use a provider's batch mode: send what is missing as jobs, and fetch what has ended."""

from dataclasses import dataclass
from decimal import Decimal
from functools import wraps
from time import sleep
from typing import TYPE_CHECKING, Any, Literal, cast

import click

from decomposer.cli.notes import counted, note
from decomposer.cli.options import (
    F,
    Form,
    db_option,
    format_option,
    judge_option,
    prompt_options,
    references_options,
    settings,
    unhurried_model_options,
    verify_option,
)

if TYPE_CHECKING:
    from decomposer.batch.rounds import Round
    from decomposer.wiring.rounds import BatchMode, Files

_POSITIVE = click.FloatRange(0, min_open=True)


@dataclass(frozen=True, slots=True)
class Cut:
    """How requests are cut into jobs, and what they may cost."""

    max_cost: Decimal | None
    files: "Files"
    in_doubt: Literal["retry", "hold"]


def _cut_options(command: F) -> F:
    """Add the options that say how requests are cut into jobs; the command gets them as one `cut`."""

    @wraps(command)
    def gathered(
        *,
        max_cost: float | None,
        max_lines: int,
        max_megabytes: int,
        queued_tokens: int | None,
        in_doubt: Any,
        **rest: Any,
    ) -> int:
        from decomposer.wiring.rounds import Files

        files = Files(max_lines, max_megabytes * 1_000_000, queued_tokens)
        limit = None if max_cost is None else Decimal(str(max_cost))
        code: int = command(cut=Cut(limit, files, in_doubt), **rest)
        return code

    options = (
        click.option("--max-cost", metavar="USD", type=_POSITIVE, help="Most that the run may cost."),
        click.option(
            "--max-lines", type=click.IntRange(1), default=50_000, show_default=True, help="Requests in a job."
        ),
        click.option(
            "--max-megabytes", type=click.IntRange(1), default=100, show_default=True, help="Size of a job's file."
        ),
        click.option("--queued-tokens", metavar="N", type=click.IntRange(1), help="Prompt tokens to queue in all."),
        click.option(
            "--in-doubt", type=click.Choice(["retry", "hold"]), default="hold", show_default=True,
            help="Requests that were sent directly by a process that died: ask again, or hold their documents.",
        ),
    )  # fmt: skip
    found: Any = gathered
    for option in reversed(options):
        found = option(found)
    return cast(F, found)


@click.command("submit", short_help="Send what is missing as jobs of a provider's batch mode.")
@references_options
@unhurried_model_options
@prompt_options
@verify_option
@judge_option
@click.option("--fresh", is_flag=True, help="Begin a new run, even where an unfinished one has the same references.")
@_cut_options
@db_option
@format_option
def submit(
    *,
    refs: tuple[str, ...],
    listed: str | None,
    entries: str | None,
    verify: str | None,
    fresh: bool,
    cut: Cut,
    form: Form,
    **flags: str | None,
) -> int:
    """Send the requests that drafting the references needs as jobs of the provider's batch mode, and exit.

    References are named as for `batch run`. Batch mode costs less, and its answers come within 24 hours; `batch
    collect` fetches them. The same command again sends nothing twice: a crash at any moment is found out.

    \b
    Examples:
      decomposer batch submit --from refs.txt --model openai/gpt-5-mini
      decomposer batch submit --entries "type=model" --model openai/gpt-5-mini --queued-tokens 2000000
    """
    from decomposer.cli.options import naming
    from decomposer.wiring.orders import Order
    from decomposer.wiring.rounds import BatchMode

    order = Order(naming(refs, listed, entries), verify, cut.max_cost, cut.in_doubt, fresh)
    return _play(BatchMode(settings(flags), order, files=cut.files, tell=note), form)


@click.command("collect", short_help="Fetch finished jobs, and draft what they answer.")
@click.argument("number", metavar="[RUN]", type=click.IntRange(1), required=False)
@click.option("--wait", is_flag=True, help="Stay until nothing is left, looking every so often.")
@click.option(
    "--every", metavar="S", type=click.FloatRange(0), default=60, show_default=True, help="Seconds between looks."
)
@click.option("--no-submit", "send", flag_value=False, default=True, help="Send nothing that is still missing.")
@_cut_options
@click.option("--timeout", metavar="S", help="Seconds to wait for an answer [120].")
@click.option("--prices", metavar="FILE", help="Prices of models to use instead of those that come with it.")
@db_option
@format_option
def collect(
    *,
    number: int | None,
    wait: bool,
    every: float,
    send: bool,
    cut: Cut,
    form: Form,
    **flags: str | None,
) -> int:
    """Fetch the jobs of RUN that have ended, the newest run with jobs if none is named, and draft what they answer.

    What is still missing goes out as the next round: requests that failed or expired, questions that were asked again
    because an answer was invalid, and second opinions. Call it again until nothing waits, or with --wait once.

    \b
    Examples:
      decomposer batch collect
      decomposer batch collect 7 --wait
    """
    from decomposer.wiring.orders import Order
    from decomposer.wiring.references import Naming
    from decomposer.wiring.rounds import BatchMode

    order = Order(Naming(), None, cut.max_cost, cut.in_doubt)
    mode = BatchMode(settings(flags), order, files=cut.files, resume=number or 0, tell=note)
    return _play(mode, form, send=send, every=every if wait else None)


def _play(mode: "BatchMode", form: Form, *, send: bool = True, every: float | None = None) -> int:
    """Play a round, with `every` also those that follow, so many seconds apart; return the exit code."""
    from decomposer.cli.batch_report import shown
    from decomposer.cli.output import Output
    from decomposer.errors import TransportError

    with mode:
        done = _round(mode, send)
        while every is not None and done.waiting:
            sleep(every)
            try:
                done = _round(mode, send)
            except TransportError as error:
                if not error.retryable:
                    raise
                note(f"{error}; looking again in {every:g} s")
        report = mode.report()
        with Output(form) as output:
            output.write(shown(report))
    if done.short_of is not None:
        note(str(done.short_of))
        return 0 if done.waiting else done.short_of.exit_code
    return 1 if done.turned_down or report.figures.tally.ended["failed"] else 0


def _round(mode: "BatchMode", send: bool) -> "Round":
    """Play a round and tell what it did."""
    from decomposer.cli.progress import Quiet

    done = mode.play(send=send)
    for outcome in done.failures:
        Quiet().failed(outcome)
    run = mode.record.id
    said = [f"run {run}: {counted(done.ended, 'document')} ended"]
    said += [f"{counted(done.jobs, 'job')} with {counted(done.lines, 'request')} sent"] if done.jobs else []
    said += [f"{counted(done.left, 'request')} not sent"] if done.left else []
    said += [f"{counted(done.elsewhere, 'request')} in jobs of other runs"] if done.elsewhere else []
    said += (
        [f"{counted(done.waiting, 'job')} at the provider: `decomposer batch collect {run}`"] if done.waiting else []
    )
    note("; ".join(said))
    return done
