"""Keep the work of a batch run: which references there are, who holds which, and how each ended."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

RunState = Literal["open", "done", "stopped"]
Ending = Literal["ok", "empty", "unchanged", "failed"]
ENDINGS: tuple[Ending, ...] = ("ok", "empty", "unchanged", "failed")
FAILED: tuple[Ending, ...] = ("failed",)


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What is to be done: `fingerprint` is the same for the same references, model, prompt and settings.

    `source` says in words where the references come from, `settings` is JSON without secrets, `max_cost_usd` the most
    that the run may spend in all.
    """

    fingerprint: str
    source: str
    model: str
    prompt: str
    settings: str = "{}"
    max_cost_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run as the catalog holds it. `fed` references are in it, all of them once `complete`.

    `digest` chains over the references fed so far. `progress` is JSON that whoever works on the run last wrote, at
    `beat`. `spent_usd` and `reserved_usd` are kept where there is a limit. Times are ISO 8601 in UTC.
    """

    id: int
    plan: RunPlan
    state: RunState
    fed: int
    digest: str
    complete: bool
    started: str
    beat: str
    progress: str = "{}"
    spent_usd: Decimal = Decimal(0)
    reserved_usd: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Item:
    """One reference of a run: a REF, or a JSON object as one line of text."""

    position: int
    ref: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one reference ended. `reason` says why it is empty or failed, `raw` is the last reply of a failed one.

    Tokens and cost are those of the requests that were sent for it; `cost_usd` is None where no price is known.
    """

    position: int
    ref: str
    state: Ending
    slug: str = ""
    reason: str = ""
    raw: str = ""
    capabilities: int = 0
    requests: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: Decimal | None = Decimal(0)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Tally:
    """The sums of a run: references by how they ended, those `waiting` and those `held` by somebody at work.

    `unpriced` counts the references whose cost is not known; `cost_usd` is the sum of the others.
    """

    ended: Mapping[Ending, int]
    waiting: int
    held: int
    requests: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: Decimal = Decimal(0)
    unpriced: int = 0
    capabilities: int = 0


class Runs(Protocol):
    """The work of batch runs. Safe for several threads, processes and hosts."""

    def open(self, plan: RunPlan, *, fresh: bool = False) -> RunRecord:
        """Return the unfinished run with the plan's fingerprint, its limit set to the plan's, or else a new one.

        `fresh` always begins a new one.
        """
        ...

    def find(self, run: int) -> RunRecord | None:
        """Return a run, or None."""
        ...

    def all(self) -> list[RunRecord]:
        """Return the runs, newest first."""
        ...

    def feed(self, run: int, refs: Sequence[str], *, digest: str, complete: bool = False) -> None:
        """Append references in one transaction; `digest` chains over all so far, `complete` says these are the last.

        Raises CatalogError where somebody else has fed the run in the meantime.
        """
        ...

    def claim(self, run: int, owner: str, *, count: int, seconds: float) -> list[Item]:
        """Lease up to `count` references for so long: the first that wait, or whose lease has run out."""
        ...

    def renew(self, run: int, owner: str, *, seconds: float) -> None:
        """Lengthen the leases of an owner: it is at work."""
        ...

    def release(self, run: int, owner: str) -> None:
        """Give back what an owner holds: it waits again."""
        ...

    def settle(self, run: int, outcomes: Sequence[Outcome]) -> None:
        """Write how references ended, in one transaction. Writing the same again changes nothing."""
        ...

    def reopen(self, run: int, endings: Collection[Ending] = FAILED) -> int:
        """Let references that ended so wait again, set the run open, and return how many they are."""
        ...

    def tally(self, run: int) -> Tally:
        """Return the sums of a run."""
        ...

    def outcomes(self, run: int, *, endings: Collection[Ending] = ENDINGS) -> Iterator[Outcome]:
        """Yield how references ended, by position, streaming."""
        ...

    def beat(self, run: int, *, progress: str, state: RunState | None = None) -> None:
        """Note that somebody is at work, how far it is, and with `state` what the run is now."""
        ...


JobState = Literal["prepared", "submitted", "collected", "lost"]


@dataclass(frozen=True, slots=True)
class Job:
    """One job in a provider's batch mode. `mark` names it on the provider's side before `remote` is known.

    `prepared` jobs may or may not have reached the provider; `status` is what it last said.
    """

    id: int
    mark: str
    run: int
    endpoint: str
    model: str
    state: JobState
    lines: int
    remote: str = ""
    status: str = ""
    created: str = ""


class Jobs(Protocol):
    """The jobs in a provider's batch mode. Safe for several processes."""

    def prepare(self, run: int, *, endpoint: str, model: str, mark: str, lines: int) -> Job:
        """Write down a job before anything is uploaded. It is durable on return."""
        ...

    def note(self, job: int, *, state: JobState, remote: str = "", status: str = "") -> None:
        """Write what became of a job; an empty `remote` or `status` leaves what is known."""
        ...

    def jobs(self, run: int) -> list[Job]:
        """Return the jobs of a run, oldest first."""
        ...
