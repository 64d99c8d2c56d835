"""Say what a run would ask and cost, before anything is sent."""

from dataclasses import dataclass
from typing import Literal

import click

from decomposer.cli.options import (
    Form,
    batch_model_options,
    db_option,
    format_option,
    gathering,
    judge_option,
    naming,
    prompt_options,
    references_options,
    settings,
    verify_option,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be planned, as the options say it."""

    refs: tuple[str, ...]
    listed: str | None
    entries: str | None
    verify: str | None
    in_doubt: Literal["retry", "hold"]
    sample: int | None
    exact: bool


@click.command("plan", short_help="Say what a run would ask and cost, before anything is sent.")
@references_options
@batch_model_options
@prompt_options
@verify_option
@judge_option
@click.option(
    "--in-doubt", type=click.Choice(["retry", "hold"]), default="hold", show_default=True,
    help="Requests that were sent by a process that died: count them as asked again, or as held.",
)  # fmt: skip
@click.option("--sample", metavar="N", type=click.IntRange(2), help="Documents to look at where there are more [1000].")
@click.option("--exact", is_flag=True, help="Look at every document.")
@db_option
@format_option
@gathering(Wanted, "wanted")
def plan(*, wanted: Wanted, form: Form, **flags: str | None) -> int:
    """Say how many requests `batch run` would send for the same references, their tokens, and what they may cost.

    Nothing is sent, and nothing is written. Where there are more than --sample documents, so many are drawn at random,
    the same ones every time, and the figures are scaled up: each then has a margin that holds with 95 % confidence.
    Ends with 1 where documents can't be read.

    \b
    Examples:
      decomposer batch plan --from refs.txt --model openai/gpt-5-mini
      decomposer batch plan --entries "recipe!=current" --exact --format json
    """
    from decomposer.cli.batch_planning import shown
    from decomposer.cli.notes import note, working
    from decomposer.cli.output import Output
    from decomposer.wiring.orders import Order
    from decomposer.wiring.plans import SAMPLE, planned_run

    chosen = settings(flags)
    named = naming(wanted.refs, wanted.listed, wanted.entries)
    order = Order(named, verify=wanted.verify, in_doubt=wanted.in_doubt)
    unchosen = chosen.chosen_model()[1]
    if unchosen:
        note(unchosen)
    with working("planning") as on_planned:
        most = None if wanted.exact else wanted.sample or SAMPLE
        found = planned_run(chosen, order, sample=most, on_planned=on_planned)
    with Output(form) as output:
        output.write(shown(found, verify=order.verify, judge=chosen.judge))
    return 1 if found.failures else 0
