"""Keep entries: the catalog, its lines, and what it holds of a source."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from decomposer.records import Entry, Source, State


@dataclass(frozen=True, slots=True)
class Listing:
    """One line of the catalog: an entry without its texts. `states` counts its capabilities by state.

    `model`, `prompt` and `recipe` are those of the run that drafted it.
    """

    slug: str
    name: str
    type: str
    kind: str
    source: str
    states: Mapping[State, int]
    updated: str
    model: str = ""
    prompt: str = ""
    recipe: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the catalog holds of a source: `digests` are the sha256 of the documents that it was drafted from."""

    slug: str
    digests: tuple[str, ...]
    recipe: str
    capabilities: int


Change = Callable[[Entry | None, str], Entry]


class Catalog(Protocol):
    """The entries and their documents. Safe for several threads and processes."""

    def find(self, slug: str) -> Entry | None:
        """Return the entry, or None."""
        ...

    def listings(self, *, limit: int | None = None, after: str = "") -> Iterator[Listing]:
        """Yield the entries by slug, those behind `after`, streaming."""
        ...

    def entries(self) -> Iterator[Entry]:
        """Yield whole entries by slug, streaming."""
        ...

    def standing(self, source: Source) -> Standing | None:
        """Return what the catalog holds of a source, without reading the entry, or None."""
        ...

    def revise(self, source: Source, change: Change) -> Entry:
        """Store and return `change(previous entry or None, slug)` in one transaction, with the documents' texts.

        The previous entry is the one of the same source; the slug is `source.artifact.slug`, or the first free of
        `-2`, `-3`, ... where another source has it.
        """
        ...

    def take(self, entry: Entry, change: Change) -> Entry:
        """Store and return `change(previous entry or None, slug)` for an entry that comes without its documents' texts.

        The previous entry is found as `revise` finds it, by the source and the first document that `entry` names.
        """
        ...

    def text(self, sha256: str) -> str | None:
        """Return the text of a stored document."""
        ...
