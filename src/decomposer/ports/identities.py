"""Keep who artifacts are: traits to compare entries by, keys to find them under, proposals and what people ruled."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from decomposer.records.likeness import Likeness, Relation, Ruling, Traits

Comparing = Callable[[Sequence[Traits]], Sequence[Likeness]]


class Identities(Protocol):
    """Traits, keys, proposals and rulings of a catalog. Safe for several threads and processes."""

    def due(self, *, count: int = 100) -> list[str]:
        """Return the slugs of entries whose traits have to be read again, at most `count`."""
        ...

    def renew(self, traits: Traits, keys: Sequence[str], compare: Comparing) -> list[Likeness]:
        """Keep the traits and keys of an entry, and what `compare` makes of those that share a key; return that.

        In one transaction; earlier proposals about the entry are replaced. A key that many entries have says nothing
        and is not followed, so the time depends on the entry alone.
        """
        ...

    def forget(self, slug: str) -> None:
        """Take an entry that can't be read off the list of what is due."""
        ...

    def traits(self, slug: str) -> Traits | None:
        """Return the traits of an entry, or None where they were not read yet."""
        ...

    def proposals(self, *, entry: str | None = None, relation: Relation | None = None) -> Iterator[Likeness]:
        """Yield what is proposed and was not ruled upon, the likeliest first; of one entry or one relation if named."""
        ...

    def proposed(self, one: str, other: str) -> Likeness | None:
        """Return the proposal about two entries, ruled upon or not, or None."""
        ...

    def rule(self, ruling: Ruling) -> Ruling:
        """Append what a person decided, and return it with its `seq`. An earlier ruling on the pair holds no more."""
        ...

    def take_back(self, ruling: Ruling) -> Ruling | None:
        """Append an undo of the newest live ruling: on the pair named, or of the actor; None where there is none."""
        ...

    def rulings(self, *, entry: str | None = None, live: bool = False) -> Iterator[Ruling]:
        """Yield rulings, oldest first: of one entry if named, with `live` only those that hold."""
        ...
