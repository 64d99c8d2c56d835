"""Find records by what they say, and count what searches find and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from decomposer.ports.registry import Caught
from decomposer.records import Filters, Matched, Told


@dataclass(frozen=True, slots=True)
class Term:
    """A word as it is asked for, in the form in which records are found by it, and how much it counts (above 0)."""

    word: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may serve a need. `score` is that of the full text, the higher the better, 0 where it is not in it.

    `cosine` is how near it is to the need in meaning, -1 to 1; None where that is not known. `named` are the words, of
    those that were asked for, that its name has.
    """

    number: int
    entry: str
    capability: str
    score: float = 0.0
    cosine: float | None = None
    named: frozenset[str] = frozenset()


class Index(Protocol):
    """The full text of what is published, on which searches run. Safe for several threads and processes."""

    def due(self) -> int:
        """Return how many entries have changed since they were brought in."""
        ...

    def catch_up(self, *, most: int, after: str = "") -> Caught:
        """Bring in at most so many of the entries that are due, in one transaction, in order of slug behind `after`."""
        ...

    def size(self) -> int:
        """Return how many records can be found."""
        ...

    def commonness(self, words: Sequence[str]) -> Mapping[str, int]:
        """Return how many records have each of the words; those that none has are left out."""
        ...

    def candidates(self, terms: Sequence[Term], *, filters: Filters = ..., most: int) -> list[Candidate]:
        """Return the records that the full text ranks first, the best first; ties by number.

        The time is bounded whatever the words: where too many records have a word, it only ranks what others found.
        """
        ...

    def among(self, numbers: Sequence[int], *, filters: Filters = ...) -> list[Candidate]:
        """Return those of the records with these numbers that the filters let through, in the order given."""
        ...


class MatchLog(Protocol):
    """Counts searches by what they found. The words of a search are kept only where `need` is given."""

    def found(self, search: str, hits: Sequence[tuple[str, str]], *, need: str | None = None) -> dict[str, int]:
        """Count a search and its hits (entry, capability), in order; return how often each capability was found."""
        ...

    def tell(self, hit: str, outcome: Told, *, comment: str = "") -> None:
        """Keep what came of a hit, by its id (`SEARCH.N`, N from 1). Told again, the last one holds.

        Raises UsageError where no such hit is known.
        """
        ...

    def times(self, capabilities: Sequence[str]) -> dict[str, int]:
        """Return how often capabilities were found, by id; those that never were are left out."""
        ...

    def matched(self, entry: str) -> Matched:
        """Return how often searches met an entry, and what came of it."""
        ...

    def needs(self, *, limit: int) -> list[tuple[str, str, str]]:
        """Return the kept words of searches, the newest first: when, the id of the search, and the words."""
        ...
