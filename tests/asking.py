"""What tests of models share: a prompt about a made-up model card, a careful answer to it, and a ledger in memory."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from decomposer.draft import Draft
from decomposer.ports import Attempt, ModelUse, Reply, Request
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
    """A Ledger that lasts as long as the test. `rows` are the attempts, oldest first; `asked` the requests."""

    def __init__(self) -> None:
        self.rows: list[Attempt] = []
        self.asked: dict[str, Request] = {}

    @property
    def states(self) -> list[str]:
        """The state of every attempt, oldest first."""
        return [row.state for row in self.rows]

    def attempts(self, key: str) -> list[Attempt]:
        """Return the attempts at a request."""
        return [row for row in self.rows if row.key == key]

    def begin(self, request: Request) -> int:
        """Write the intent."""
        self.asked[request.key] = request
        self.rows.append(Attempt(request.key, len(self.attempts(request.key)) + 1, "sent"))
        return self.rows[-1].attempt

    def finish(self, key: str, attempt: int, reply: Reply, *, refused: bool = False) -> None:
        """Write the reply."""
        state = "refused" if refused else "answered"
        tokens = {"prompt_tokens": reply.prompt_tokens, "completion_tokens": reply.completion_tokens}
        self._close(key, attempt, state=state, raw=reply.raw, **tokens)

    def fail(self, key: str, attempt: int, error: str) -> None:
        """Write the failure."""
        self._close(key, attempt, state="failed", error=error)

    def use(self) -> list[ModelUse]:
        """Return nothing: no test asks."""
        return []

    def verify(self) -> Iterator[str]:
        """Yield nothing: there is nothing that could be wrong."""
        yield from ()

    def _close(self, key: str, attempt: int, **ending: Any) -> None:
        (at,) = (n for n, row in enumerate(self.rows) if (row.key, row.attempt, row.state) == (key, attempt, "sent"))
        self.rows[at] = replace(self.rows[at], **ending)
