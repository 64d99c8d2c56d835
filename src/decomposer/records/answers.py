"""What an agent is told that asks for a capability: what serves it best, why, how sure that is, and what else would."""

from typing import Literal

from pydantic import Field

from decomposer.records.entry import ArtifactType, Category, How, Record, State, Statement, Support
from decomposer.records.matches import Filters

Risk = Literal["default", "production", "enterprise", "strict"]


class Offered(Record):
    """The artifact that is offered. `url` is its page or its source, `license`, `pricing` and `free` are null where
    nobody knows.
    """

    slug: str
    name: str
    type: ArtifactType
    url: str | None
    license: str | None
    pricing: Literal["free", "freemium", "paid", "open-source"] | None
    free: bool | None


class Ability(Record):
    """The capability of the artifact, as it is published. `uri` is its address across artifacts, where it has one.

    The texts keep their verdict sentence by sentence; the lists hold what the source says, or what a person accepted.
    """

    id: str
    uri: str | None
    name: str
    category: Category
    description: Statement | None
    unique: Statement | None
    vs_alternatives: Statement | None
    intents: tuple[str, ...]
    best_for: tuple[str, ...]
    limitations: tuple[str, ...]
    requires: tuple[str, ...]
    input_types: tuple[str, ...]
    output_types: tuple[str, ...]
    state: State
    support: Support | None


class Cited(Record):
    """A line of a source that bears out a text of the capability: `start` and `end` are offsets in `document`."""

    field: str
    quote: str
    document: str
    start: int
    end: int
    how: How


class Standing(Record):
    """A rank on a day, 0-100, and what it could be with what is unknown."""

    points: int
    low: int
    high: int
    as_of: str


class Trusted(Record):
    """What the offer can be trusted by. It is `verified` where a person has accepted the capability.

    `supported` of `sentences` are borne out by the source, `evidence` counts the places in it that are cited. Nothing
    is signed here. `passport` is the path of all that is known of the artifact.
    """

    verified: bool
    support: Support | None
    supported: int
    sentences: int
    evidence: int
    rank: Standing | None
    passport: str


class Instead(Record):
    """Another artifact that would do, and why."""

    slug: str
    name: str
    capability: str
    uri: str | None
    why_alternative: str


class Choice(Record):
    """One answer. An outcome is told of its `id`. `match_confidence` is 0-1; `how_sure` says what it rests on.

    `last_verified` is the day on which its source was last read, null where it never was.
    """

    id: str
    artifact: Offered
    capability: Ability
    why_this_matches: tuple[str, ...]
    evidence: tuple[Cited, ...]
    match_confidence: float = Field(ge=0, le=1)
    how_sure: tuple[str, ...]
    trust: Trusted
    alternatives: tuple[Instead, ...]
    last_verified: str | None


class Missed(Record):
    """A capability that would serve, and why it was not taken: what the risk that was named asks for and it lacks."""

    entry: str
    capability: str
    name: str
    misses: tuple[str, ...]


class Resolved(Record):
    """What an address or a need leads to, the best first. `id` names the answer; `by` says what it was found by.

    `uri` and `name` are those of the canonical capability, where an address was asked for. `gates` say what the `risk`
    asks of each, `left_out` names some of the `left_out_total` that would serve but for that.
    """

    id: str
    wanted: str
    by: str
    uri: str | None
    name: str | None
    filters: Filters
    risk: Risk
    gates: tuple[str, ...]
    as_of: str
    resolved: tuple[Choice, ...]
    left_out: tuple[Missed, ...]
    left_out_total: int
