"""Decisions of people: append-only events, each with what it changed, so that each can be taken back alone."""

from typing import Literal

from pydantic import Field, JsonValue

from decomposer.records.entry import Record, State, absent, empty

Op = Literal[
    "accept", "reject", "retire", "flag", "edit", "take", "merge", "split", "same", "apart", "second",
    "undo", "redo", "revert",
]  # fmt: skip
Aspect = Literal[
    "state", "dropped", "flagged", "disputed", "second",
    "name", "category", "description", "unique", "vs_alternatives",
    "intents", "best_for", "limitations", "requires", "input_types", "output_types",
    "revision", "record", "apart", "same_as", "apart_from",
]  # fmt: skip

MARKS: tuple[Aspect, ...] = ("state", "dropped", "flagged", "disputed", "second")
"""What is decided about a record without changing what it says."""
WORDS: tuple[Aspect, ...] = ("same_as", "apart_from")
"""What is said of two records of different entries: that they are one capability, or two. No record holds it."""
STATES: dict[Op, State] = {"accept": "accepted", "reject": "rejected", "retire": "retired"}


class Decision(Record):
    """One change that a person made to one aspect of one record, append-only.

    What a person does at once shares `batch`, in which the change has a `number`; both together are its `uid`, the same
    in every catalog, while `seq` is given by the store. `before` and `after` are the aspect's JSON: of a `record` the
    whole record with its place in the entry, or None where it is not there; of `apart` an id that the record is held
    apart from, and of `WORDS` the id of a record of another entry, of the two ids the later in order. `target` is the
    uid of the decision that an undo, redo or revert is about. `base_version` is the version of the record that was
    decided on. `live` says that it holds: it was not taken back, and takes nothing back itself. Times are ISO 8601 in
    UTC. `model` and `prompt` wrote what was decided on. `guard` is what was known of a whole batch before it was
    decided at once. A decision about an entry without capabilities names none.
    """

    op: Op
    entry: str
    capability: str = ""
    field: Aspect = "state"
    before: JsonValue = None
    after: JsonValue = None
    base_version: int = 0
    batch: str = ""
    number: int = 0
    actor: str = ""
    reason: str = ""
    target: str | None = Field(default=None, exclude_if=absent)
    shown_at: str | None = Field(default=None, exclude_if=absent)
    decided_at: str = ""
    model: str = Field(default="", exclude_if=empty)
    prompt: str = Field(default="", exclude_if=empty)
    guard: str = Field(default="", exclude_if=empty)
    seq: int | None = None
    live: bool = True

    @property
    def uid(self) -> str:
        """What the decision is known by in every catalog."""
        return f"{self.batch}:{self.number}"
