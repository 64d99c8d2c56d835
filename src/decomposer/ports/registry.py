"""Keep the canonical capabilities of a catalog: what several artifacts can do, under one address each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from decomposer.records import Category, DecidedBy, Entry, State, Support

CanonicalState = Literal["active", "empty"]


@dataclass(frozen=True, slots=True)
class Definition:
    """What a canonical capability is: the best supported description of its members, and whose it is.

    `support` is None where the member it came from is gone.
    """

    text: str
    entry: str
    capability: str
    support: Support | None


@dataclass(frozen=True, slots=True)
class Canonical:
    """A capability across the catalog. Its `uri` means it for good: others that it was ever known by lead to it.

    `artifacts` counts the entries that have it, `members` their records. Without any it is `empty`.
    """

    number: int
    uri: str
    name: str
    category: Category
    state: CanonicalState
    artifacts: int
    members: int
    definition: Definition | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A record of an entry that is of a canonical capability, and why: how much it agrees with the others on average.

    `agreement` is 0-1, above 1/2 for those that joined it; None for one that is its only member. `like` is the member
    that it is most like (entry and id), `reasons` say why, and `decided_by` who decided.
    """

    entry: str
    artifact: str
    capability: str
    name: str
    state: State
    support: Support | None
    agreement: float | None
    like: str | None = None
    reasons: tuple[str, ...] = ()
    decided_by: DecidedBy = "rule"


@dataclass(frozen=True, slots=True)
class Relation:
    """A canonical capability that is broader or narrower: by how many pairs of members, and the surest of them."""

    uri: str
    name: str
    pairs: int
    general: str
    special: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Caught:
    """What a step of catching up did: how many entries were brought in, and how many are left behind the `last` one.

    `damaged` says for entries that can't be read what is wrong with each; they are passed over and stay due.
    """

    entries: int
    left: int
    last: str = ""
    damaged: tuple[str, ...] = ()


class Registry(Protocol):
    """The canonical capabilities and their members. Safe for several threads and processes."""

    def due(self) -> int:
        """Return how many entries have changed since they were brought in."""
        ...

    def catch_up(self, *, most: int, after: str = "") -> Caught:
        """Bring in at most so many of the entries that are due, in one transaction, in order of slug behind `after`.

        Going on behind the last one of each step comes to an end, whatever is damaged or becomes due meanwhile.
        """
        ...

    def add(self, entries: Iterable[Entry]) -> None:
        """Bring in entries as they are now, in one transaction: their records join, what they lost leaves."""
        ...

    def shared(self, *, limit: int | None = None) -> Iterator[Canonical]:
        """Yield the canonical capabilities of two artifacts and more, the most shared first, streaming."""
        ...

    def find(self, uri: str) -> Canonical | None:
        """Return the canonical capability that an address means, or None."""
        ...

    def canonical_of(self, entry: str, capability: str) -> Canonical | None:
        """Return the canonical capability of a record, or None."""
        ...

    def addresses(self, canonical: int) -> list[str]:
        """Return the other addresses that lead to it, sorted."""
        ...

    def aliases(self, canonical: int) -> list[str]:
        """Return the other names that its members have, the commonest first."""
        ...

    def members(self, canonical: int) -> Iterator[Member]:
        """Yield its members, the best supported first, streaming."""
        ...

    def broader(self, canonical: int) -> list[Relation]:
        """Return the canonical capabilities of which it is a special case, the surest first."""
        ...

    def narrower(self, canonical: int) -> list[Relation]:
        """Return its special cases, the surest first."""
        ...
