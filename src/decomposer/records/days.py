"""What the catalog was on a day: how many entries, what is held of them, and what bears it out."""

from pydantic import Field

from decomposer.records.entry import Record, absent


class Counted(Record):
    """What was counted in the catalog on a day, of the records that may be shown and less the fields left out.

    `covered` are entries with at least one such record, `capabilities` the records, `reviewed` those that a person has
    accepted and nobody disputes. The rest are sentences by their support; one that was never cut is one sentence.
    """

    covered: int = 0
    capabilities: int = 0
    reviewed: int = 0
    supported: int = 0
    partial: int = 0
    unsupported: int = 0
    vendor_claim: int = 0

    @property
    def sentences(self) -> int:
        """How many sentences there were, whatever their support."""
        return self.supported + self.partial + self.unsupported + self.vendor_claim


class Day(Record):
    """The catalog on a day, in UTC. `counted` is None where nobody counted then: what was not counted is not guessed.

    `entries` are those that there were at its end, as counted or by when each was first stored. `accepted` and
    `rejected` are the decisions of that day that still hold.
    """

    day: str
    entries: int
    counted: Counted | None = Field(default=None, exclude_if=absent)
    accepted: int = 0
    rejected: int = 0

    @property
    def covered(self) -> float | None:
        """The share of the entries of which a capability is held, 0-1; None where it is unknown or there are none."""
        return None if self.counted is None else _share(self.counted.covered, self.entries)

    @property
    def supported(self) -> float | None:
        """The share of the sentences that their source supports, 0-1; a vendor's claims about itself count as not."""
        return None if self.counted is None else _share(self.counted.supported, self.counted.sentences)

    @property
    def reviewed(self) -> float | None:
        """The share of the capabilities that a person has accepted, 0-1."""
        return None if self.counted is None else _share(self.counted.reviewed, self.counted.capabilities)


def _share(part: int, of: int) -> float | None:
    return part / of if of else None
