"""Tell a site what it shows besides the entries: ranks, what artifacts share, and what of it all has changed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from decomposer.records import Category, Comparison, Entry, Facts, Measured, Norms, Rank


@dataclass(frozen=True, slots=True)
class Site:
    """What a site is called, and the address that it will have, without a slash at its end; empty where unknown."""

    title: str = "Capability catalog"
    base_url: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Whether an entry has changed: `digest` is another whenever anything is that `Figures.read` gives of it.

    `beside` is another whenever anything is that a comparison with it shows. Both leave out what `Figures.norms` says.
    """

    slug: str
    name: str
    digest: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Membership:
    """The canonical capability of a record, how many published artifacts have it, and the first others of them.

    `others` are slug, name and type of each, best supported first.
    """

    uri: str
    name: str
    artifacts: int = 1
    others: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """An entry with what is known of it. `members` and `times` are by id of the record.

    `rank` and what it follows from are None where nobody ranks, `times` (how often searches found a record) where they
    are not counted.
    """

    entry: Entry
    facts: Facts
    rank: Rank | None = None
    measured: Measured | None = None
    members: Mapping[str, Membership] = field(default_factory=dict)
    times: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A canonical capability that several published artifacts have. `members` are entry and id, best supported first.

    `defined_in` and `defined_by` name the entry and the record whose words say best what it is.
    """

    number: int
    uri: str
    name: str
    category: Category
    members: tuple[tuple[str, str], ...]
    defined_in: str = ""
    defined_by: str = ""


class Figures(Protocol):
    """What a site shows besides entries, of a whole catalog, streaming."""

    @property
    def norms(self) -> Norms | None:
        """What is usual on the day of all ranks; None where nobody ranks."""
        ...

    def stamps(self) -> Iterator[Stamp]:
        """Yield what may be published, by slug, without reading the entries."""
        ...

    def read(self, slugs: Sequence[str]) -> Iterator[Given]:
        """Yield the entries as they may be published; those of which nothing may be are left out."""
        ...

    def groups(self) -> Iterator[Group]:
        """Yield the canonical capabilities that two published artifacts and more have, by number."""
        ...

    def relations(self) -> Iterator[tuple[int, int]]:
        """Yield canonical capabilities, by number, of which the first is broader than the second, in order."""
        ...

    def compare(self, pairs: Sequence[tuple[str, str]]) -> Iterator[Comparison | None]:
        """Yield two entries side by side for each pair, by what the registry says of their records.

        None where one of the two is gone.
        """
        ...

    def progress(self) -> Any:
        """Return what is known of the catalog over time, as pictures take it."""
        ...


class Spread(Protocol):
    """Calls a function that can be sent to another process with `Figures` and each block."""

    def __call__(self, work: Callable[[Figures, Any], Any], blocks: Iterable[Any], /) -> Iterator[Any]:
        """Yield what `work` returns for each block, in the order in which they are done. Raises what it raises."""
        ...

    def rest(self) -> None:
        """Let the other processes end, as what follows is long and needs none; they begin again when they are asked."""
        ...
