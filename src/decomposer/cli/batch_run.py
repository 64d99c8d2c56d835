"""Draft many references, and go on where it stopped."""

from contextlib import nullcontext
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

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

if TYPE_CHECKING:
    from decomposer.wiring.orders import Order


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done, as the options say it."""

    refs: tuple[str, ...]
    listed: str | None
    entries: str | None
    verify: str | None
    max_cost: float | None
    in_doubt: Literal["retry", "hold"]
    resume: int | None
    fresh: bool

    def order(self) -> "Order":
        """Return it as an order. Raises UsageError where no references are named."""
        from decomposer.wiring.orders import Order

        named = naming(self.refs, self.listed, self.entries, resumed=self.resume is not None)
        limit = None if self.max_cost is None else Decimal(str(self.max_cost))
        return Order(named, self.verify, limit, self.in_doubt, self.fresh)


@dataclass(frozen=True, slots=True)
class Runner:
    """Who does the work: threads of this process, or the Dask cluster at an address."""

    runner: str
    address: str | None


@click.command("run", short_help="Draft many references, and go on where it stopped.")
@references_options
@batch_model_options
@prompt_options
@verify_option
@judge_option
@click.option("--max-cost", metavar="USD", type=click.FloatRange(0, min_open=True), help="Most that the run may cost.")
@click.option(
    "--in-doubt", type=click.Choice(["retry", "hold"]), default="hold", show_default=True,
    help="Requests that were sent by a process that died: ask again, or hold their documents and list them.",
)  # fmt: skip
@click.option(
    "--runner", type=click.Choice(["threads", "dask"]), default="threads", show_default=True, help="Who works."
)
@click.option("--address", metavar="URL", help="Scheduler of the Dask cluster, such as tcp://host:8786.")
@click.option("--resume", metavar="RUN", is_flag=False, flag_value="0", type=int, help="Go on with a run [the newest].")
@click.option("--fresh", is_flag=True, help="Begin a new run, even where an unfinished one has the same references.")
@click.option("--log-json", is_flag=True, help="Tell what happens as JSON, one event a line, on stderr.")
@db_option
@format_option
@gathering(Wanted, "wanted")
@gathering(Runner, "runner")
def run(*, wanted: Wanted, runner: Runner, log_json: bool, form: Form, **flags: str | None) -> int:
    """Draft an entry for each reference and save it as a proposal; print how the run ended.

    A reference is a REF, or one line of --from FILE: a REF, or a JSON object with "ref", or with "text" and "uri",
    and, if wanted, "slug", "name" and "type". --entries takes those of the catalog that a query names, such as
    "type=model prompt<v2 age>30d". Each ends as ok, empty, unchanged or failed; one that fails never ends the run.

    The same command again goes on with an unfinished run: nothing that was answered is asked or paid again. Sources
    that did not change since they were drafted with the same model and prompt are left as they are. Ends with 1 where
    documents failed, 3 where the endpoint refuses, 4 where the budget is reached, 130 after Ctrl-C.

    \b
    Examples:
      decomposer batch run --from refs.txt --model openai/gpt-5-mini --workers 32
      decomposer batch run --entries "type=model prompt<v2" --max-cost 5
      find cards -name README.md | decomposer batch run --from - --log-json
      decomposer batch run --resume 7 --in-doubt retry
    """
    from decomposer.cli.batch_running import conduct
    from decomposer.cli.progress import progress
    from decomposer.wiring.batches import Batch
    from decomposer.wiring.leases import dask_fleet

    order, chosen = wanted.order(), settings(flags)
    with dask_fleet(runner.address) if runner.runner == "dask" else nullcontext() as fleet:
        batch = Batch(chosen, order, resume=wanted.resume, fleet=fleet)
        return conduct(batch, progress(log_json=log_json), form=form)
