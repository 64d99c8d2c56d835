"""Two entries side by side: a table of facts, capabilities aligned, and a verdict with the numbers it rests on."""

from typing import Literal

from pydantic import Field

from decomposer.records.entry import Artifact, Capability, Record, SourceDocument, SourceKind, absent
from decomposer.records.facts import Facts
from decomposer.records.judgements import DecidedBy, Verdict
from decomposer.records.ranks import Rank

About = Literal["score", "parts", "free", "overlap", "cheapest", "adopted", "documented", "need"]
Leader = Literal["a", "b", "tie", "split", "unknown"]


class Side(Record):
    """One of the two: what is known of it, and what of its records may be shown. `left_out` are those that may not.

    `read` says whether its source was read: else nothing in its texts was checked.
    """

    artifact: Artifact
    facts: Facts
    rank: Rank
    documents: tuple[SourceDocument, ...]
    source_kind: SourceKind
    capabilities: int
    accepted: int
    left_out: int

    @property
    def name(self) -> str:
        """What it is called."""
        return self.artifact.name

    @property
    def read(self) -> bool:
        """Whether its source was read."""
        return bool(self.documents)


class Row(Record):
    """A line of the table. None is unknown; `differs` is None where one side is: unknown is no difference and no no."""

    label: str
    a: str | None
    b: str | None
    differs: bool | None


class Pair(Record):
    """A capability that both have. `verdict` says how that of A relates to that of B; `relevance` orders, 0-1."""

    a: Capability
    b: Capability
    verdict: Verdict
    score: float
    reasons: tuple[str, ...] = ()
    decided_by: DecidedBy = "rule"
    relevance: float = 0.0


class Alone(Record):
    """A capability that only one side has, and the nearest of the other side where it may be the same, undecided."""

    capability: Capability
    nearest: str | None = Field(default=None, exclude_if=absent)
    nearness: float | None = Field(default=None, exclude_if=absent)
    relevance: float = 0.0


class Line(Record):
    """A line of the verdict: what it is about, who leads, the sentence, and the numbers that it rests on, by side."""

    about: About
    leader: Leader
    text: str
    a: tuple[str, ...] = ()
    b: tuple[str, ...] = ()


class Comparison(Record):
    """Two entries side by side, on the day of their ranks. `need` is what somebody is looking for, where they said so.

    `hidden_rows` and `hidden_shared` count what was taken out of a comparison that shows differences only.
    """

    a: Side
    b: Side
    as_of: str
    rows: tuple[Row, ...]
    shared: tuple[Pair, ...]
    only_a: tuple[Alone, ...]
    only_b: tuple[Alone, ...]
    verdict: tuple[Line, ...]
    need: str | None = Field(default=None, exclude_if=absent)
    hidden_rows: int = 0
    hidden_shared: int = 0

    def differences(self) -> "Comparison":
        """Return what differs or is unknown: without rows that are equal and capabilities that both have."""
        rows = tuple(row for row in self.rows if row.differs is not False)
        shared = tuple(pair for pair in self.shared if pair.verdict != "same")
        hidden = {"hidden_rows": len(self.rows) - len(rows), "hidden_shared": len(self.shared) - len(shared)}
        return self.model_copy(update={"rows": rows, "shared": shared, **hidden})
