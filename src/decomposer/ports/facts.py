"""Keep what is said of artifacts, each with its source and date, and what is usual among them."""

from collections.abc import Sequence
from typing import Protocol

from decomposer.records.facts import Fact
from decomposer.records.ranks import Norms


class FactLog(Protocol):
    """The facts of a catalog, append-only, and the figures that follow from them. Safe for several processes."""

    def said(self, entry: str) -> list[Fact]:
        """Return what was said of an entry, in the order in which it was said."""
        ...

    def say(self, facts: Sequence[Fact]) -> list[Fact]:
        """Append facts in one transaction, and return them with `seq` and `said_at`. Raises CatalogError."""
        ...

    def derived(self, entry: str, names: Sequence[str]) -> int:
        """Return how many other entries say that they are made from an artifact that is called one of `names`."""
        ...

    def norms(self, today: str, *, anew: bool = False) -> Norms:
        """Return what is usual in the catalog.

        What was found before is kept, with its date: it is made again on another day, where more than one in a hundred
        facts are newer, and with `anew`.
        """
        ...
