"""What is judged of records: whether two are one capability, and what a new draft made of those of an entry."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from decomposer.records.entry import Capability, Entry, Record

Verdict = Literal["same", "broader", "narrower", "related", "different"]
DecidedBy = Literal["rule", "vectors", "model", "person"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether two records name one capability. `broader` says that the first holds the second and more.

    `score` is how likely they are the same, 0-1; `reasons` are what a person may read and check.
    """

    verdict: Verdict
    score: float
    reasons: tuple[str, ...] = ()
    decided_by: DecidedBy = "rule"


Judge = Callable[[Capability, Capability], Judgement]

Fate = Literal["kept", "reworded", "changed", "new", "gone"]


class Change(Record):
    """What became of one capability. `reason` says why in a sentence.

    `kept` says the same, `reworded` the same in other words, `changed` something else. `before` is None for a `new`
    one, and its evidence points into the documents of the entry as it was; `after` is what the new draft says of it,
    None where it says nothing.
    """

    id: str
    fate: Fate
    reason: str
    before: Capability | None = None
    after: Capability | None = None

    @property
    def open(self) -> bool:
        """Whether a person has to decide: what the draft says instead of a settled text, or does not say any more."""
        settled = self.before is not None and self.before.held
        return settled and self.fate != "kept"


class Changes(Record):
    """The entry as it is now, and what became of each of its capabilities. `gone` ones are not in it.

    `left_out` is what was found and does not come in, because a person has rejected it in other words.
    """

    entry: Entry
    each: tuple[Change, ...] = ()
    left_out: tuple[Change, ...] = ()

    def ids(self, *fates: Fate) -> tuple[str, ...]:
        """Return the ids of the capabilities that had one of `fates`, in the order of the entry, gone ones last."""
        return tuple(change.id for change in self.each if change.fate in fates)
