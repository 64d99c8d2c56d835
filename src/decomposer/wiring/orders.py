"""Say what a batch run is: what was ordered, under which fingerprint it is found again, and what resuming it takes."""

import json
import os
import socket
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Literal

from decomposer.errors import ConfigurationError, UsageError
from decomposer.llm.endpoint import Endpoint
from decomposer.llm.remembered import alive
from decomposer.ports import RunPlan, RunRecord, Runs
from decomposer.settings import BUNDLED, Settings
from decomposer.wiring.examples import pinned
from decomposer.wiring.models import price_of
from decomposer.wiring.references import Naming
from decomposer.wiring.workspace import Workspace

# What shapes an answer besides the document: a run that is resumed keeps it.
_SHAPING = ("mode", "prompt", "examples", "language", "segment_tokens", "temperature", "max_output_tokens", "judge")
_SILENCE = 30.0  # seconds after which somebody on another host who was at work is taken to be gone


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done: the references, and how. `max_cost` is in US dollars, for the run as a whole."""

    naming: Naming
    verify: str | None = None
    max_cost: Decimal | None = None
    in_doubt: Literal["retry", "hold"] = "hold"
    fresh: bool = False


def run_plan(order: Order, workspace: Workspace, *, first: str) -> RunPlan:
    """Return the plan of a run over what `order` names, which begins with the reference `first`."""
    held = workspace.settings
    model = held.chosen_model()[0]
    base = Endpoint(held.base_url).url if held.base_url else ""
    settings = {name: getattr(held, name) for name in _SHAPING}
    settings["chosen"] = pinned(held, workspace).examples
    settings |= {"model": model, "base_url": base, "verify": order.verify, "naming": asdict(order.naming)}
    said = json.dumps([order.naming.identity(first), workspace.recipe, base])
    return RunPlan(
        sha256(said.encode()).hexdigest(),
        order.naming.words,
        model,
        workspace.template.version,
        json.dumps(settings, ensure_ascii=True),
        order.max_cost,
    )


def check_price(order: Order, held: Settings) -> None:
    """Raise ConfigurationError where money is limited and a model's price is not known: the limit could not be kept."""
    for name in filter(None, (held.chosen_model()[0], order.verify, held.judge)):
        known = price_of(name, held)
        if order.max_cost is not None and known.price is None:
            raise ConfigurationError(
                f"--max-cost can't be kept: {known.note}",
                hint="give its price with --prices FILE, or leave the limit out",
            )


def found(runs: Runs, wanted: int | None) -> RunRecord:
    """Return a run by its number, or the newest that is not done. Raises UsageError where there is none."""
    unfinished = (one for one in runs.all() if one.state != "done")
    record = next(unfinished, None) if wanted is None else runs.find(wanted)
    if record is None:
        what = "there is no unfinished run" if wanted is None else f"there is no run {wanted}"
        raise UsageError(what, hint="`decomposer batch status --all` lists the runs")
    return record


def restored(record: RunRecord, held: Settings, order: Order) -> tuple[Settings, Order]:
    """Return the settings and the order of a run that is resumed: what shapes its answers is as it was.

    Key, database, limits and timeouts are those of today. Raises UsageError where a flag says otherwise.
    """
    said: dict[str, Any] = json.loads(record.plan.settings)
    base, verify, naming = said.pop("base_url", ""), said.pop("verify", None), said.pop("naming", {})
    chosen = said.pop("chosen", BUNDLED)
    for name, value in said.items():
        now = getattr(held, name)
        if held.origin(name).startswith("--") and now != value:
            raise UsageError(
                f"run {record.id} was begun with {name} {value}, not {now}",
                hint=f"leave {held.origin(name)} out, or begin a new run",
            )
    if base and not (held.base_url and Endpoint(held.base_url).url == base):
        said["base_url"] = base
    if order.verify not in (None, verify):
        raise UsageError(f"run {record.id} was begun with --verify {verify}", hint="leave --verify out")
    limit = record.plan.max_cost_usd if order.max_cost is None else order.max_cost
    naming = Naming(tuple(naming.get("refs", ())), naming.get("listed"), naming.get("entries"))
    said["examples"] = chosen
    return replace(held, **said), replace(order, naming=naming, verify=verify, max_cost=limit)


def limit(runs: Runs, record: RunRecord, most: Decimal | None) -> None:
    """Set what a run that is resumed may cost in all, in US dollars. Raises UsageError where it was begun anew."""
    if most == record.plan.max_cost_usd:
        return
    runs.reopen(record.id, ())
    opened = runs.open(replace(record.plan, max_cost_usd=most))
    if opened.id != record.id:
        raise UsageError(f"run {record.id} was begun anew as run {opened.id}", hint=f"name run {opened.id}")


def at_work(record: RunRecord, *, now: datetime | None = None) -> bool:
    """Say whether somebody is at work on a run: a process of this host that is alive, or one elsewhere that says so."""
    said: dict[str, Any] = json.loads(record.progress)
    if record.state != "open" or not said.get("pid"):
        return False
    if said.get("host") == socket.gethostname():
        return int(said["pid"]) != os.getpid() and alive(int(said["pid"]))
    silence = (now or datetime.now(UTC)) - datetime.fromisoformat(record.beat)
    return silence.total_seconds() < _SILENCE


def release_lost(runs: Runs, record: RunRecord) -> None:
    """Give back what a process of this host held that was at work on a run and is gone: its leases need not run out."""
    said: dict[str, Any] = json.loads(record.progress)
    if said.get("host") == socket.gethostname() and said.get("owner") and not at_work(record):
        runs.release(record.id, said["owner"])
