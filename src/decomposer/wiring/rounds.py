"""Join what asks in rounds: requests that are missing are gathered, sent elsewhere, and their answers brought back."""

import json
import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import TracebackType
from typing import Literal, Self

from decomposer import plugins
from decomposer.batch.feeding import Feed
from decomposer.batch.files import Terms
from decomposer.batch.references import Blocks, reference
from decomposer.batch.reports import Report, report
from decomposer.batch.rounds import Asked, Books, Round, Rounds
from decomposer.batch.window import ENDS_THE_RUN, failure
from decomposer.errors import ConfigurationError, Unanswered, UsageError
from decomposer.ports import Attempt, Item, Outcome, Price, Request, RunRecord, RunState
from decomposer.records import Source
from decomposer.settings import Settings
from decomposer.wiring.drafting import drafted
from decomposer.wiring.examples import pinned
from decomposer.wiring.models import SILENT, model_place, price_of
from decomposer.wiring.orders import Order, check_price, found, limit, restored, run_plan
from decomposer.wiring.references import named, opened, source_of
from decomposer.wiring.workspace import Workspace

SUBMITTING = 3600.0  # seconds that a process on another host may take to send one job


@dataclass(frozen=True, slots=True)
class Files:
    """How requests are cut into files: lines and bytes of one, and estimated tokens that may wait in all."""

    lines: int = 50_000
    size: int = 100_000_000
    queued_tokens: int | None = None


class Inquiry:
    """A workspace that sends nothing: it finds out what would have to be asked.

    What was asked for the batch run `run` is counted as asked for the first document that needs it. Raises
    ConfigurationError where a model asks nobody.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        verify: str | None = None,
        in_doubt: Literal["retry", "hold"] = "retry",
        ceiling: int | None = None,
        run: int | None = None,
    ) -> None:
        from decomposer.llm import Asking

        for name in filter(None, (settings.chosen_model()[0], verify, settings.judge)):
            if model_place(name, plugins.names("models"))[0] in SILENT:
                hint = "name a model: --model openai/NAME"
                raise ConfigurationError(f"{name} asks nobody: it has no requests", hint=hint)
        self._run = run
        self._missed: dict[str, Request] = {}
        self._hits: dict[str, Sequence[Attempt]] = {}
        self._counted: set[str] = set()
        asking = Asking(on_miss=self._miss, on_hit=self._hit, in_doubt=in_doubt, ceiling=ceiling)
        self.workspace = Workspace(replace(settings, workers=1), verify=verify, asking=asking)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.workspace.close()

    def missing(self, line: str) -> tuple[Source, list[Request]]:
        """Return the source of a reference, and the requests about it that the ledger can't answer.

        Raises what loading and drafting raise.
        """
        self._missed = {}
        source = source_of(reference(line), self.workspace)
        try:
            self.workspace.draft(source, save=False)
        except Unanswered:
            return source, list(self._missed.values())
        return source, []

    def missing_for(self, need: str) -> list[Request]:
        """Return the request about a need that is searched for, unless the ledger can answer it."""
        from decomposer.wiring.rewording import Rewording

        self._missed = {}
        try:
            Rewording(self.workspace.model).of(need)
        except Unanswered:
            return list(self._missed.values())
        return []

    def ask(self, item: Item) -> Asked:
        """Return how a reference ended, its entry saved, or which requests are missing. Raises what ends a run."""
        self._missed, self._hits = {}, {}
        try:
            return Asked(self._accounted(drafted(item, self.workspace)))
        except Unanswered:
            return Asked(None, list(self._missed.values()))
        except ENDS_THE_RUN:
            raise
        except Exception as error:  # noqa: BLE001 (one document must not end the run, whatever is wrong with it)
            return Asked(self._accounted(failure(item, error)))

    def _accounted(self, outcome: Outcome) -> Outcome:
        """Return the outcome with what was asked for it in the run's jobs, whose answers came from the ledger."""
        fresh = [key for key in self._hits if key not in self._counted]
        self._counted.update(fresh)
        sent = [
            attempt
            for key in fresh
            for attempt in self._hits[key]
            if attempt.job is not None and attempt.run == self._run and attempt.state in ("answered", "refused")
        ]
        if not sent:
            return outcome
        costs = [attempt.cost_usd for attempt in sent]
        known = [cost for cost in costs if cost is not None]
        return replace(
            outcome,
            requests=outcome.requests + len(sent),
            cached=max(0, outcome.cached - len({attempt.key for attempt in sent})),
            prompt_tokens=outcome.prompt_tokens + sum(attempt.prompt_tokens or 0 for attempt in sent),
            completion_tokens=outcome.completion_tokens + sum(attempt.completion_tokens or 0 for attempt in sent),
            cost_usd=sum(known, outcome.cost_usd or Decimal(0)) if len(known) == len(costs) else None,
        )

    def _hit(self, attempts: Sequence[Attempt]) -> None:
        self._hits[attempts[0].key] = attempts

    def _miss(self, request: Request) -> None:
        self._missed[request.key] = request


class BatchMode:
    """One run in a provider's batch mode. Entering opens the run, or finds it again, and feeds its references.

    `resume` is the run to go on with, 0 for the newest that has jobs and is not done. `tell` gets what people should
    know.
    """

    def __init__(
        self,
        settings: Settings,
        order: Order,
        *,
        files: Files = Files(),
        resume: int | None = None,
        tell: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.settings = settings
        self.order = order
        self._files = files
        self._resume = resume
        self._tell = tell
        self._prices: dict[str, Price | None] = {}
        self._more = True  # something may be missing that no job waits for

    def __enter__(self) -> Self:
        """Open the run. Raises UsageError, ConfigurationError and CatalogError."""
        from decomposer.llm.openai_batch import open_batches
        from decomposer.llm.recorded import CEILING

        with Workspace(self.settings, verify=self.order.verify) as workspace:
            blocks = self._opened(workspace)
            _free(workspace, self.record)
            self._more = self._resume is None or bool(json.loads(self.record.progress).get("more", True))
            feed = Feed(workspace.runs, self.record)
            if blocks:
                feed.all(feed.rest(blocks))
            if self._resume is None and self.record.fed:
                workspace.runs.reopen(self.record.id)
        limited = self.order.max_cost is not None and self.settings.max_output_tokens is None
        self._inquiry = Inquiry(
            self.settings,
            verify=self.order.verify,
            in_doubt=self.order.in_doubt,
            ceiling=CEILING if limited else None,
            run=self.record.id,
        )
        held = self.settings
        self.provider = open_batches(held.base_url, key=held.api_key, timeout=held.timeout)
        workspace = self._inquiry.workspace
        self.rounds = Rounds(
            self.record.id,
            Books(workspace.runs, workspace.jobs, workspace.ledger),
            self.provider,
            self._terms(),
            self._tell,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.provider.close()
        self._inquiry.workspace.close()

    def play(self, *, send: bool = True) -> Round:
        """Bring home what has ended, draft what can be drafted, send what is missing, and note how the run stands."""
        self._beat("open")
        state: RunState = "stopped"
        try:
            always, self._more = self._more, True
            done = self.rounds.play(self._inquiry.ask, send=send, always=always)
            self._more = done.left > 0 and (done.turned_down > 0 or not (send and done.waiting))
            tally = self._inquiry.workspace.runs.tally(self.record.id)
            state = "stopped" if tally.waiting or tally.held or not done.over else "done"
        finally:
            self._beat(state)
        return done

    def _beat(self, state: RunState) -> None:
        at_work = {"host": socket.gethostname(), "pid": os.getpid(), "owner": self.rounds.owner}
        at_work |= {"more": state == "open" or self._more}
        self._inquiry.workspace.runs.beat(self.record.id, progress=json.dumps(at_work), state=state)

    def _opened(self, workspace: Workspace) -> Blocks:
        """Find the run and return the references that are to be in it, as far as they can be read (again)."""
        self.record: RunRecord
        if self._resume is not None:
            self.record = found(workspace.runs, self._resume) if self._resume else _newest(workspace)
            self.settings, self.order = restored(self.record, self.settings, self.order)
            check_price(self.order, self.settings)
            limit(workspace.runs, self.record, self.order.max_cost)
            again = not (self.record.complete or self.order.naming.streams)
            return named(self.order.naming, workspace) if again else ()
        check_price(self.order, self.settings)
        workspace.prepare(save=True)
        first, blocks = opened(self.order.naming, workspace)
        plan = run_plan(self.order, workspace, first=first)
        self.record = workspace.runs.open(plan, fresh=self.order.fresh)
        self.settings = pinned(self.settings, workspace)
        return blocks

    def _terms(self) -> Terms:
        from decomposer.llm.recorded import cost, most

        return Terms(
            self._files.lines,
            self._files.size,
            self._files.queued_tokens,
            most=lambda request: most(request, self._price(request.model)),
            cost=lambda reply, model: cost(reply, self._price(model)),
            busy=_busy,
        )

    def report(self) -> Report:
        """Return how the run stands."""
        workspace = self._inquiry.workspace
        record = workspace.runs.find(self.record.id) or self.record
        jobs = workspace.jobs.jobs(record.id)
        return report(record, workspace.runs, workspace.ledger, active=False, jobs=jobs)

    def _price(self, model: str) -> Price | None:
        if model not in self._prices:
            price = price_of(f"openai/{model}", self.settings).price
            self._prices[model] = None if price is None else price.in_batch()
        return self._prices[model]


def _newest(workspace: Workspace) -> RunRecord:
    """Return the newest run with jobs that is not done. Raises UsageError where there is none."""
    for record in workspace.runs.all():
        if record.state != "done" and workspace.jobs.jobs(record.id):
            return record
    raise UsageError("no run waits for a provider's batch mode", hint="`decomposer batch submit` begins one")


def _free(workspace: Workspace, record: RunRecord) -> None:
    """Give back what a process of this host held that died in the middle of a round."""
    from decomposer.llm.remembered import alive

    said = json.loads(record.progress)
    if said.get("owner") and said["host"] == socket.gethostname() and not alive(said["pid"]):
        workspace.runs.release(record.id, said["owner"])


def _busy(attempt: Attempt) -> bool:
    """Say whether the process that made an attempt may still be at it; this one is not, it asks."""
    from decomposer.llm.remembered import age, alive

    if attempt.host == socket.gethostname():
        return attempt.pid != os.getpid() and alive(attempt.pid)
    return age(attempt) < SUBMITTING
