"""Say what the JSON files of a site hold: a record for each kind of file, from which its JSON Schema is made."""

import json
from collections.abc import Mapping

from pydantic import BaseModel, Field

from decomposer.records import (
    ArtifactType,
    Category,
    DecidedBy,
    Entry,
    Facts,
    Line,
    Measured,
    Norms,
    Rank,
    Record,
    Row,
    State,
    Support,
    Verdict,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class ArtifactLink(Record):
    """An artifact, and the file of its entry, as seen from the file that names it."""

    slug: str
    name: str
    entry: str


class CanonicalLink(Record):
    """A capability that several artifacts have, and its file where it has one."""

    uri: str
    name: str
    artifacts: int
    capability: str | None


class RecordLine(Record):
    """A record in a list. `said` begins what may be said of it, `support` is the verdict on its description."""

    artifact: ArtifactLink
    type: str
    id: str
    name: str
    category: Category
    state: State
    support: Support | None
    said: str
    points: int | None


class ArtifactLine(Record):
    """An artifact in a list. Its rank is `points`, with what is unknown `low` to `high`; null where it has none."""

    slug: str
    name: str
    type: ArtifactType
    kind: str
    summary: str
    capabilities: int
    accepted: int
    points: int | None
    low: int | None
    high: int | None
    entry: str


class SiteFile(Record):
    """What every file of a site has: its schema and its page, as seen from the file."""

    schema_: str = Field(alias="$schema")
    page: str


class SiteList(SiteFile):
    """What every page of a list has: which it is, of how many, how many things the list has, and the next page."""

    number: int
    of: int
    total: int
    next: str | None


class SiteEntry(SiteFile):
    """A published entry. `rank` follows from `measured` and `norms.json`; null where nobody ranks.

    `uris` are the addresses of its records in the catalog, by id; `times_matched` how often searches found them, null
    where searches are not counted; `shared` the artifacts that have the same capability, by id.
    """

    entry: Entry
    facts: Facts
    measured: Measured | None
    rank: Rank | None
    uris: dict[str, str]
    shared: dict[str, list[ArtifactLink]]
    times_matched: dict[str, int] | None
    compared: dict[str, str]


class Quote(Record):
    """A quote of a source, and where it stands there: the file and the characters."""

    quote: str
    place: str


class ComparedText(Record):
    """A sentence or a note of a record. `field` is empty for its description, `label` says what the text is worth.

    Where something is left out of what may be published the text is empty, and the label says why.
    """

    field: str
    text: str
    label: str
    evidence: list[Quote]


class ComparedRecord(Record):
    """A record as a comparison shows it; all of it is in the file of its entry, under the same id."""

    id: str
    name: str
    category: Category
    state: State
    said: list[ComparedText]


class ComparedPair(Record):
    """A capability that both have. `verdict` says how that of A relates to that of B."""

    a: ComparedRecord
    b: ComparedRecord
    verdict: Verdict
    score: float
    reasons: tuple[str, ...]
    decided_by: DecidedBy
    relevance: float


class ComparedAlone(Record):
    """A capability that only one has; `nearest` names what of the other may be the same, undecided."""

    capability: ComparedRecord
    nearest: str | None
    nearness: float | None
    relevance: float


class ComparedSide(Record):
    """One of the two, and the file of its entry. `read` says whether its source was read: else nothing was checked."""

    slug: str
    name: str
    entry: str
    capabilities: int
    accepted: int
    left_out: int
    read: bool
    points: int
    low: int
    high: int


class SiteComparison(SiteFile):
    """Two entries side by side, as their page shows them; `rows` are the table, where null is unknown."""

    a: ComparedSide
    b: ComparedSide
    as_of: str
    need: str | None
    rows: tuple[Row, ...]
    verdict: tuple[Line, ...]
    shared: list[ComparedPair]
    only_a: list[ComparedAlone]
    only_b: list[ComparedAlone]
    hidden_rows: int
    hidden_shared: int


class SiteCapability(SiteList):
    """A capability that several artifacts have, and a page of its members. `aliases` are what they call it as well."""

    uri: str
    name: str
    category: Category
    artifacts: int
    definition: str | None
    defined_by: ArtifactLink | None
    aliases: list[str]
    members: list[RecordLine]
    broader: list[CanonicalLink]
    narrower: list[CanonicalLink]


class SiteCapabilities(SiteList):
    """A page of the capabilities that several artifacts have, the most shared first."""

    capabilities: list[CanonicalLink]


class SiteCategory(SiteList):
    """A page of the records of a category."""

    category: Category
    records: list[RecordLine]


class SiteArtifacts(SiteList):
    """A page of the artifacts of a type, or of a letter that their names begin with."""

    type: str | None
    letter: str | None
    artifacts: list[ArtifactLine]


class Listed(Record):
    """A list: how many things it has, and its first page."""

    count: int
    first: str


class SiteIndex(SiteFile):
    """Where everything is: lists by type hold every artifact once, lists by category every record once."""

    as_of: str
    entries: int
    capabilities: int
    accepted: int
    sentences: dict[str, int]
    types: dict[str, Listed]
    categories: dict[str, Listed]
    shared: str | None
    best: list[ArtifactLine]
    norms: str


class SiteNorms(SiteFile):
    """What is usual in the catalog on the day of its ranks."""

    norms: Norms


SHAPES: Mapping[str, type[SiteFile]] = {
    "site-entry": SiteEntry,
    "site-comparison": SiteComparison,
    "site-capability": SiteCapability,
    "site-capabilities": SiteCapabilities,
    "site-category": SiteCategory,
    "site-artifacts": SiteArtifacts,
    "site-index": SiteIndex,
    "site-norms": SiteNorms,
}


def schema(shape: type[BaseModel]) -> str:
    """Return the JSON Schema of what a file holds, as the text of a file."""
    described = {"$schema": DIALECT, "title": shape.__name__, **shape.model_json_schema()}
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"
