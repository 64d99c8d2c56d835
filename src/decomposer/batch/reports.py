"""Report on a run from the catalog and the ledger, whoever is at work on it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from decomposer.batch.figures import Figures, Flow, dollars
from decomposer.ports import Job, Ledger, ModelUse, RunRecord, Runs

_FLOW = tuple(field.name for field in fields(Flow))


@dataclass(frozen=True, slots=True)
class Report:
    """One run: how it stands, and what was asked of each model for it. `active` says that somebody is at work.

    `jobs` are those in a provider's batch mode.
    """

    record: RunRecord
    figures: Figures
    models: Sequence[ModelUse]
    active: bool
    jobs: Sequence[Job] = ()

    @property
    def retried(self) -> int:
        """How many attempts got no reply, and were made again or given up."""
        return sum(use.failed for use in self.models)

    @property
    def in_doubt(self) -> int:
        """How many requests were sent, and nobody knows what came of them."""
        return sum(use.in_doubt for use in self.models)

    @property
    def in_doubt_usd(self) -> Decimal | None:
        """What those in doubt may have cost; None where that is not known of one."""
        amounts = [use.in_doubt_usd for use in self.models]
        known = [amount for amount in amounts if amount is not None]
        return sum(known, Decimal(0)) if len(known) == len(amounts) else None

    @property
    def state(self) -> str:
        """The state of the run in a word: `running`, `interrupted` (nobody is at work), `stopped` or `done`."""
        return {"open": "running" if self.active else "interrupted"}.get(self.record.state, self.record.state)

    def data(self) -> dict[str, Any]:
        """Return the report as JSON data; money is a decimal string."""
        record, plan = self.record, self.record.plan
        return {
            "state": self.state,
            "source": plan.source,
            "model": plan.model,
            "prompt": plan.prompt,
            "started": record.started,
            "beat": record.beat,
            "max_cost_usd": dollars(plan.max_cost_usd),
            **self.figures.data(),
            "retried": self.retried,
            "in_doubt": self.in_doubt,
            "in_doubt_usd": dollars(self.in_doubt_usd),
            "models": [use_data(use) for use in self.models],
            "jobs": [asdict(job) for job in self.jobs],
        }


def report(record: RunRecord, runs: Runs, ledger: Ledger, *, active: bool, jobs: Sequence[Job] = ()) -> Report:
    """Return how a run stands; where nobody is at work, nothing flows."""
    said: dict[str, Any] = json.loads(record.progress)
    flow = Flow(**{name: said[name] for name in _FLOW if name in said}) if active else Flow()
    rate = float(said.get("rate", 0.0)) if active else 0.0
    figures = Figures(
        record.id, record.fed, record.complete, runs.tally(record.id), flow, rate, float(said.get("seconds", 0.0))
    )
    return Report(record, figures, ledger.use(run=record.id), active, jobs)


def use_data(use: ModelUse) -> dict[str, Any]:
    """Return the use of a model as JSON data; money is a decimal string, None what is not known."""
    return {name: dollars(value) if isinstance(value, Decimal) else value for name, value in asdict(use).items()}
