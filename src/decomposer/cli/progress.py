"""Show how a run goes: a live line on a terminal, JSON events where they are wanted, else nothing."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import click

from decomposer.batch.figures import Figures, dollars
from decomposer.batch.references import label
from decomposer.cli.notes import note
from decomposer.display import json_safe, one_line
from decomposer.ports import Outcome, RunRecord

if TYPE_CHECKING:
    from rich.status import Status

_EVERY = 5  # looks between two events of progress


class Quiet:
    """Shows nothing; the others do what it does not."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the terminal as it was."""

    def began(self, record: RunRecord) -> None:
        """Tell that the run was opened."""

    def ended(self, outcome: Outcome) -> None:
        """Tell how a document ended."""

    def failed(self, outcome: Outcome) -> None:
        """Name a document that failed, with the reason and the next step."""
        ref, reason = label(outcome.ref), one_line(outcome.reason, limit=600)
        note(f"failed: {reason}" if ref in reason else f"failed: {ref}: {reason}")

    def look(self, figures: Figures) -> None:
        """Tell how the run stands; called about once a second, in any thread."""

    def over(self, data: dict[str, Any]) -> None:
        """Tell how the run ended."""

    def note(self, text: str) -> None:
        """Tell something else."""
        note(text)


class Live(Quiet):
    """One line on the terminal that is always of now."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, markup=False, highlight=False, emoji=False)
        self._status: Status = self._console.status("reading references")

    def __enter__(self) -> Self:
        self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._status.stop()

    def look(self, figures: Figures) -> None:
        """Write the line anew."""
        from rich.text import Text

        self._status.update(Text(one_line(line(figures), limit=max(20, self._console.width - 4))))


class Log(Quiet):
    """Writes events as JSON, one a line."""

    def __init__(
        self, write: Callable[[str], None], *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._write = write
        self._clock = clock
        self._looks = self._throttled = 0

    def began(self, record: RunRecord) -> None:
        """Write the event `run started`."""
        plan = record.plan
        self._event(
            "run started", {"run": record.id, "source": plan.source, "model": plan.model, "prompt": plan.prompt}
        )

    def ended(self, outcome: Outcome) -> None:
        """Write the event `document ended`, without the raw reply: that is in the catalog."""
        self._event("document ended", outcome_data(outcome))

    def failed(self, outcome: Outcome) -> None:
        """Write nothing more: `document ended` has it."""

    def look(self, figures: Figures) -> None:
        """Write the event `throttled` where the endpoint turned requests away, and now and then `progress`."""
        self._looks += 1
        if figures.flow.throttled > self._throttled:
            self._event("throttled", asdict(figures.flow))
            self._throttled = figures.flow.throttled
        if self._looks % _EVERY == 0:
            self._event("progress", figures.data())

    def over(self, data: dict[str, Any]) -> None:
        """Write the event `run ended`."""
        self._event("run ended", data)

    def note(self, text: str) -> None:
        """Write the event `note`, so that every line is JSON."""
        self._event("note", {"text": text})

    def _event(self, name: str, data: dict[str, Any]) -> None:
        said = {"event": name, "at": self._clock().isoformat(timespec="milliseconds"), **data}
        self._write(json_safe(json.dumps(said, ensure_ascii=True)))


def progress(*, log_json: bool) -> Quiet:
    """Return what shows the progress here."""
    if log_json:
        return Log(lambda text: click.echo(text, err=True))
    return Live() if sys.stderr.isatty() else Quiet()


def outcome_data(outcome: Outcome, *, raw: bool = False) -> dict[str, Any]:
    """Return an outcome as JSON data; `raw` adds the last reply of a failed one."""
    said = asdict(outcome) | {"ref": label(outcome.ref, limit=1000), "cost_usd": dollars(outcome.cost_usd)}
    if not raw:
        del said["raw"]
    return said


def line(figures: Figures) -> str:
    """Return how a run stands, in one line."""
    tally, flow = figures.tally, figures.flow
    of = f"{figures.documents:,}" if figures.complete else f"{figures.documents:,}+"
    tokens = tally.prompt_tokens + tally.completion_tokens
    parts = [
        f"{figures.ended:,} of {of} documents",
        f"{tally.ended['failed']:,} failed" if tally.ended["failed"] else "",
        f"{tally.requests:,} requests ({flow.in_flight} in flight)",
        f"{flow.retried:,} retries" if flow.retried else "",
        f"{shortened(tokens)} tokens",
        _cost(figures),
        f"{figures.rate:.1f}/s" if figures.rate else "",
        f"paused {flow.paused_for:.0f} s" if flow.paused_for >= 1 else "",
        "" if figures.eta_seconds is None else f"{span(figures.eta_seconds)} left",
    ]
    return ", ".join(part for part in parts if part)


def span(seconds: float) -> str:
    """Return a time span, such as `42 s`, `3 min 5 s` or `2 h 10 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600:,} h {whole % 3600 // 60} min"


def shortened(count: int) -> str:
    """Return a large count in few characters, such as `12.3M`."""
    for size, letter in ((1_000_000_000, "G"), (1_000_000, "M"), (10_000, "k")):
        if count >= size:
            return f"{count / min(size, 1_000 if letter == 'k' else size):.1f}{letter}"
    return f"{count:,}"


def money(amount: Any) -> str:
    """Return an amount of US dollars for people; None is `unknown`."""
    if amount is None:
        return "unknown"
    return f"${amount:,.2f}" if amount >= 1 or not amount else f"${amount:.4f}"


def _cost(figures: Figures) -> str:
    if figures.cost_usd is None:
        return "cost unknown" if figures.tally.requests else ""
    more = f" of about {money(figures.projected_usd)}" if figures.projected_usd else ""
    return f"{money(figures.cost_usd)}{more}"
