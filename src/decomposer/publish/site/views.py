"""What the pages of a catalog are drawn from: one record for each kind of page, each complete in itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from decomposer.records import ArtifactType, Category, Comparison, Entry, Facts, Measured, Rank, State, Support

_NONE = Markup()


@dataclass(frozen=True, slots=True)
class Named:
    """An artifact that is linked to: `slug` is that of its entry."""

    slug: str
    name: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Shared:
    """The canonical capability of a record. It has a page where two artifacts and more have it: `others` are those."""

    uri: str
    name: str
    artifacts: int = 1
    others: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry as it is published. `shared` and `times` (how often searches found a record) are by id of the record.

    `rank` is None where nobody ranks, a time None where searches are not counted. `compared` are the artifacts that it
    has a page beside.
    """

    entry: Entry
    facts: Facts
    rank: Rank | None = None
    measured: Measured | None = None
    shared: Mapping[str, Shared] = field(default_factory=dict)
    times: Mapping[str, int] | None = None
    compared: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class CompareView:
    """Two entries side by side. `others` are further comparisons of either, as pairs of artifacts."""

    comparison: Comparison
    others: tuple[tuple[Named, Named], ...] = ()


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry in a list. `summary` is the first thing that its source bears out, or empty.

    `price` is what it costs to start with, as it is kept, or empty; `free` is None where nobody knows.
    """

    slug: str
    name: str
    type: ArtifactType
    kind: str
    summary: str
    capabilities: int
    accepted: int
    points: int | None = None
    low: int | None = None
    high: int | None = None
    price: str = ""
    free: bool | None = None


@dataclass(frozen=True, slots=True)
class CapabilityLine:
    """A record in a list, with whose it is. `said` is the beginning of what may be said of it, or empty.

    `price` and `free` are those of the artifact, of which `beside` records are held; it is on the `page` of its entry.
    """

    entry: str
    artifact: str
    type: str
    id: str
    name: str
    category: Category
    state: State
    support: Support | None
    said: str
    points: int | None = None
    price: str = ""
    free: bool | None = None
    beside: int = 0
    page: int = 1


@dataclass(frozen=True, slots=True)
class Paged:
    """Which page of a list this is, of how many (both from 1), and how many things the whole list has."""

    number: int = 1
    of: int = 1
    total: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """Which page of an entry this is: `on` says on which page each of its records is, in their order; empty: here.

    The first page lists all records where `listed`, else each page lists its own.
    """

    paged: Paged = Paged()
    on: Sequence[int] = ()
    listed: bool = True

    def here(self, at: int) -> bool:
        """Say whether the record at a place is on this page."""
        return not self.on or self.on[at] == self.paged.number


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A page of the records of a category, by the names of their artifacts."""

    category: Category
    lines: tuple[CapabilityLine, ...]
    paged: Paged = Paged()


@dataclass(frozen=True, slots=True)
class ListView:
    """A page of entries: all, those of a letter (`A` to `Z`, `0-9`, or `other`), or those of a type.

    `letters` says how many entries each letter has, `types` how many each type. `picture` is what those of a type cost,
    as drawn SVG, or empty.
    """

    lines: tuple[EntryLine, ...]
    letter: str | None = None
    type: str | None = None
    letters: Mapping[str, int] = field(default_factory=dict)
    types: Mapping[str, int] = field(default_factory=dict)
    paged: Paged = Paged()
    picture: Markup = _NONE


@dataclass(frozen=True, slots=True)
class CanonicalView:
    """A canonical capability that several artifacts have. `broader` and `narrower` are such ones too.

    `picture` is what those artifacts cost, as drawn SVG, or empty.
    """

    uri: str
    name: str
    category: Category
    artifacts: int
    definition: str = ""
    defined_by: Named | None = None
    aliases: tuple[str, ...] = ()
    members: tuple[CapabilityLine, ...] = ()
    broader: tuple[Shared, ...] = ()
    narrower: tuple[Shared, ...] = ()
    paged: Paged = Paged()
    picture: Markup = _NONE


@dataclass(frozen=True, slots=True)
class CanonicalsView:
    """A page of the canonical capabilities that several artifacts have, the most shared first."""

    lines: tuple[Shared, ...]
    paged: Paged = Paged()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the catalog holds: counts of what is published. `sentences` counts them by support."""

    entries: int = 0
    capabilities: int = 0
    accepted: int = 0
    shared: int = 0
    comparisons: int = 0
    sentences: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StartView:
    """The front of the catalog. `categories` and `types` say how many records and entries each has.

    `best` are the highest ranked entries; `shared` the capabilities that most artifacts have. `picture` is coverage
    over time as drawn SVG, or empty. `letters` says how many entries begin with each.
    """

    as_of: str
    coverage: Coverage
    categories: Mapping[str, int] = field(default_factory=dict)
    types: Mapping[str, int] = field(default_factory=dict)
    best: tuple[EntryLine, ...] = ()
    shared: tuple[Shared, ...] = ()
    picture: Markup = _NONE
    letters: Mapping[str, int] = field(default_factory=dict)
