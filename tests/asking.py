"""What tests of models share: a prompt about a made-up model card, a careful answer to it, and a ledger in memory."""

import os
import socket
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from decimal import Decimal
from threading import RLock
from typing import Any

from decomposer.draft import Draft
from decomposer.errors import BudgetReached
from decomposer.ports import Attempt, Doubt, ModelUse, Reply, Request, Sending
from decomposer.records import Document, Message, Prompt, Segment, Unit

CARD = """\
# Lanternfish 0.6B

Lanternfish is a translation model for harbour and weather bulletins.
It translates between Norwegian, Icelandic and Faroese in both directions.
Unlike general translation models of its size, it keeps wind speeds and coordinates exactly as they are written.
It runs on a laptop processor with 2 GB of memory.
Poems and legal texts come out badly.
"""

SYSTEM = "You draft catalog entries. Cite unit numbers; leave null what the text does not say."

ANSWER: dict[str, Any] = {
    "source_kind": {"kind": "model", "reason": "The text describes a translation model and what it was made for."},
    "capabilities": [
        {
            "name": "Bulletin translation",
            "category": "text.generation.language",
            "description": {
                "text": "Translates harbour and weather bulletins between Norwegian, Icelandic and Faroese.",
                "units": [2, 3],
            },
            "unique": {"text": "Keeps wind speeds and coordinates exactly as they are written.", "units": [4]},
            "vs_alternatives": {
                "text": "General translation models of its size do not keep wind speeds and coordinates exactly.",
                "units": [4],
            },
            "intents": [{"text": "translate a weather bulletin", "units": [2]}],
            "limitations": [{"text": "Poems and legal texts come out badly.", "units": [6]}],
            "requires": [{"text": "2 GB of memory", "units": [5]}],
            "input_types": [{"text": "Norwegian, Icelandic or Faroese text", "units": [3]}],
            "output_types": [{"text": "Norwegian, Icelandic or Faroese text", "units": [3]}],
        }
    ],
}

BY_ITSELF = Sending()
EXPECTED = Draft.model_validate(ANSWER)


def prompt_about(text: str = CARD) -> Prompt:
    """Return a prompt that shows each line of a text that says something as a unit."""
    document = Document("lanternfish.md", text, "text/markdown", "0" * 64)
    units: list[Unit] = []
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            units.append(Unit(len(units) + 1, start, start + len(line.rstrip()), "sentence"))
        start += len(line)
    shown = "\n".join(f"[{unit.number}] {text[unit.start : unit.end]}" for unit in units)
    messages = (Message("system", SYSTEM), Message("user", f"The document:\n{shown}\nEnd of the document."))
    return Prompt("extract", "v0", messages, Segment(document, tuple(units)))


class MemoryLedger:
    """A Ledger that lasts as long as the test. `rows` are the attempts, oldest first; `asked` the requests.

    Every run has the same `budget`: what was `spent` and is `reserved` is that of all together.
    """

    def __init__(self, *, budget: Decimal | None = None) -> None:
        self.rows: list[Attempt] = []
        self.asked: dict[str, Request] = {}
        self.budget = budget
        self.spent = self.reserved = Decimal(0)
        self._one_at_a_time = RLock()

    @property
    def states(self) -> list[str]:
        """The state of every attempt, oldest first."""
        return [row.state for row in self.rows]

    def attempts(self, key: str) -> list[Attempt]:
        """Return the attempts at a request."""
        return [row for row in self.rows if row.key == key]

    def request(self, key: str) -> Request | None:
        """Return a request that was begun."""
        return self.asked.get(key)

    def begin(self, request: Request, sending: Sending = BY_ITSELF) -> int:
        """Write the intent, and reserve what it may cost."""
        estimate = sending.estimated_usd or Decimal(0)
        with self._one_at_a_time:
            if self.budget is not None and self.spent + self.reserved + estimate > self.budget:
                raise BudgetReached("there is no room for it in the budget")
            self.reserved += estimate
            self.asked[request.key] = request
            number = len(self.attempts(request.key)) + 1
            now = datetime.now(UTC).isoformat(timespec="seconds")
            row = Attempt(request.key, number, "sent", sent_at=now, host=socket.gethostname(), pid=os.getpid())
            self.rows.append(replace(row, **asdict(sending)))
        return number

    def begin_all(self, requests: Sequence[tuple[Request, Sending]]) -> list[int]:
        """Write the intents."""
        return [self.begin(request, sending) for request, sending in requests]

    def finish(self, key: str, attempt: int, reply: Reply, *, refused: bool = False) -> None:
        """Write the reply."""
        state = "refused" if refused else "answered"
        known = {name: getattr(reply, name) for name in ("raw", "prompt_tokens", "completion_tokens", "cost_usd")}
        self._close(key, attempt, state=state, **known)

    def fail(self, key: str, attempt: int, error: str, *, billed: bool = False) -> None:
        """Write the failure."""
        self._close(key, attempt, state="failed", error=error, cost_usd=None if billed else Decimal(0))

    def use(self, *, run: int | None = None) -> list[ModelUse]:
        """Return nothing: no test asks."""
        return []

    def in_doubt(self) -> Iterator[Doubt]:
        """Yield the attempts that were sent and never ended, less those that wait in a job."""
        for row in self.rows:
            if row.state == "sent" and row.job is None:
                asked, made_by = self.asked[row.key], (row.sent_at, row.host, row.pid, row.estimated_usd, row.run)
                yield Doubt(row.key, row.attempt, asked.endpoint, asked.model, *made_by)

    def queued(self, job: int) -> Iterator[Attempt]:
        """Yield the attempts that wait in a job."""
        yield from [row for row in self.rows if row.state == "sent" and row.job == job]

    def verify(self) -> Iterator[str]:
        """Yield nothing: there is nothing that could be wrong."""
        yield from ()

    def _close(self, key: str, attempt: int, **ending: Any) -> None:
        with self._one_at_a_time:
            mine = [n for n, row in enumerate(self.rows) if (row.key, row.attempt, row.state) == (key, attempt, "sent")]
            (at,) = mine
            estimate = self.rows[at].estimated_usd or Decimal(0)
            self.rows[at] = replace(self.rows[at], **ending)
            cost = self.rows[at].cost_usd
            self.reserved -= estimate
            self.spent += estimate if cost is None else cost
