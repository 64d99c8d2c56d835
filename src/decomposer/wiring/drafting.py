"""Draft the references of a run in this process: one workspace, one gate, and an outcome for each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Literal, Self

from decomposer.batch.elsewhere import Elsewhere
from decomposer.batch.figures import Flow
from decomposer.batch.references import reference
from decomposer.ports import Item, Outcome
from decomposer.records import Entry
from decomposer.settings import Settings
from decomposer.wiring.references import source_of, standing
from decomposer.wiring.workspace import Workspace

AT_A_TIME = 4  # segments of one document
GONE = ("rejected", "retired")


@dataclass(frozen=True, slots=True)
class Share:
    """What one worker of a run needs to know; it may travel to another machine.

    `settings` holds its share of the requests in flight, and of requests and tokens a minute. `ceiling` bounds the
    tokens of an answer where there is a limit on money; `folder` is where relative references are found.
    """

    settings: Settings
    run: int
    verify: str | None = None
    in_doubt: Literal["retry", "hold"] = "hold"
    ceiling: int | None = None
    folder: str = ""

    def split(self, parts: int) -> "Share":
        """Return the share of one of `parts` workers elsewhere: together they are within the limits of this one."""
        held = self.settings
        db = held.db if "://" in held.db else str(Path(held.db).absolute())
        limits = {
            name: None if limit is None else max(1, limit // parts)
            for name, limit in (("workers", held.workers), ("rpm", held.rpm), ("tpm", held.tpm))
        }
        held = replace(held, db=db, **limits)  # type: ignore[arg-type]
        return replace(self, settings=held, folder=str(Path.cwd()))

    @property
    def threads(self) -> int:
        """How many documents are under way at once: some are read and stored while others wait for their answer."""
        workers = self.settings.workers
        return workers + max(2, workers // 4)


class Session:
    """Drafts references through one gate, in the workspace that it opens."""

    def __init__(self, share: Share) -> None:
        from decomposer.llm import Asking
        from decomposer.llm.gate import Gate

        held = share.settings
        self.share = share
        self.gate = Gate(held.workers, rpm=held.rpm, tpm=held.tpm)
        asking = Asking(gate=self.gate, run=share.run, in_doubt=share.in_doubt, ceiling=share.ceiling)
        self._elsewhere = Elsewhere()
        one_document = replace(held, workers=min(AT_A_TIME, held.workers))
        self.workspace = Workspace(one_document, verify=share.verify, asking=asking, call=self._elsewhere)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close what it has opened."""
        self._elsewhere.close()
        self.workspace.close()

    def draft(self, item: Item) -> Outcome:
        """Return how a reference ended that did not fail. Raises what is wrong with it, or with the run."""
        return drafted(item, self.workspace)

    def flow(self) -> Flow:
        """Return how requests flow."""
        now = self.gate.figures()
        counts = (now.in_flight, now.most_in_flight, now.limit, now.sent, now.failed, now.throttled)
        return Flow(*counts, paused_for=round(now.paused_for, 1))


def drafted(item: Item, workspace: Workspace, *, clock: Callable[[], float] = perf_counter) -> Outcome:
    """Draft what a reference names and save it, unless that would change nothing. Raises any error of the way."""
    start = clock()
    named = reference(item.ref)
    source = source_of(named, workspace)
    held = standing(named, source, workspace)
    if held is not None:
        took = round(clock() - start, 3)
        return Outcome(
            item.position, item.ref, "unchanged", slug=held.slug, capabilities=held.capabilities, seconds=took
        )
    entry = workspace.draft(source, save=True)
    return _outcome(item, entry, seconds=round(clock() - start, 3))


def _outcome(item: Item, entry: Entry, *, seconds: float) -> Outcome:
    present = sum(capability.state not in GONE for capability in entry.capabilities)
    run = entry.run
    return Outcome(
        item.position,
        item.ref,
        "ok" if present else "empty",
        slug=entry.artifact.slug,
        reason="" if present else f"{entry.source_kind.kind}: {entry.source_kind.reason}",
        capabilities=present,
        requests=run.requests,
        cached=run.cached,
        prompt_tokens=run.prompt_tokens,
        completion_tokens=run.completion_tokens,
        cost_usd=run.cost_usd if run.requests else Decimal(0),
        seconds=seconds,
    )
