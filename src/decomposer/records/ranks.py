"""What a rank is made of: what was measured, what is usual in the catalog, the parts, and why each is as it is."""

from typing import Literal

from pydantic import Field

from decomposer.records.entry import Record, absent
from decomposer.records.facts import Facts

PartName = Literal["adoption", "quality", "ecosystem", "match", "freshness"]


class Share(Record):
    """So many of so many: `of` is 0 where there is nothing to count, which is neither all nor none."""

    part: float = 0
    of: int = 0


class Quality(Record):
    """What was counted in an entry. A vendor's claims are left out of every figure, whatever they say.

    `supported` are sentences that the source bears out (partly counts half), `evidenced` sentences and notes that cite
    it, `complete` fields of records, and facts, that say something, `present` citations that the source as last read
    still holds, `reviewed` records that a person has accepted. `read` says whether any source was read.
    """

    read: bool
    records: int
    supported: Share = Share()
    evidenced: Share = Share()
    complete: Share = Share()
    described: Share = Share()
    present: Share = Share()
    reviewed: Share = Share()


class Matched(Record):
    """How often searches met the artifact, and what came of it as people reported."""

    times: int
    successes: int = 0
    failures: int = 0


class Measured(Record):
    """All that a rank depends on besides the catalog: it follows from this and `Norms` alone.

    `derived` counts the other entries that say they are made from it; None where nobody looked. `matched` is None where
    no searches are counted.
    """

    facts: Facts
    quality: Quality
    derived: int | None = None
    matched: Matched | None = Field(default=None, exclude_if=absent)


class Norm(Record):
    """What is usual of a figure among the artifacts of a type: how many have it, the most, and the mean of ln(1+x)."""

    type: str
    key: str
    entries: int
    most: int
    mean_log: float


class Norms(Record):
    """What is usual in the catalog on a day. `derived_most` is the most entries that are made from one."""

    as_of: str
    each: tuple[Norm, ...] = ()
    derived_most: int = 0

    def of(self, kind: str, key: str) -> Norm | None:
        """Return what is usual of a figure in a type, or None where no artifact of it has that figure."""
        return next((one for one in self.each if (one.type, one.key) == (kind, key)), None)


class Input(Record):
    """One figure that a part is made of. `score` is 0-1, None where it is unknown; `weight` is its share of the part.

    `value` is the figure for people, `why` how the score follows from it, or why it is unknown.
    """

    name: str
    weight: float
    value: str | None = None
    score: float | None = None
    why: str
    source: str = ""
    as_of: str = ""


class Part(Record):
    """One part of a rank in whole points, at most `most`; what is unknown could make it anything in `low` to `high`.

    `known` says that at least one of its inputs was measured: else the points are a prior.
    """

    name: PartName
    points: int
    most: int
    low: int
    high: int
    known: bool
    formula: str
    reason: str
    raised_by: str
    inputs: tuple[Input, ...]


class Rank(Record):
    """The rank of an entry on a day, 0-100: the sum of the points of its parts, and what it could be."""

    entry: str
    type: str
    points: int
    low: int
    high: int
    as_of: str
    parts: tuple[Part, ...]

    def part(self, name: PartName) -> Part:
        """Return a part by its name."""
        return next(part for part in self.parts if part.name == name)
