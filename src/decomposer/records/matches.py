"""What a search by need finds: capabilities, each with where it matches, why, and what is known of it."""

from typing import Literal

from pydantic import Field

from decomposer.records.entry import Artifact, Capability, Record, SourceDocument, absent
from decomposer.records.ranks import Rank

Told = Literal["success", "failure"]


class Filters(Record):
    """What a hit has to be, each part only where it is given: all in lower case, as facts write them.

    `price` is the pricing model, such as `open-source`; `language` that of a document, such as `en`.
    """

    type: str | None = Field(default=None, exclude_if=absent)
    price: str | None = Field(default=None, exclude_if=absent)
    license: str | None = Field(default=None, exclude_if=absent)
    language: str | None = Field(default=None, exclude_if=absent)

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return any((self.type, self.price, self.license, self.language))


class Highlight(Record):
    """A text of the record that matches, and where: `marks` are the start and end of each place in it, in order."""

    field: str
    text: str
    marks: tuple[tuple[int, int], ...] = ()


class Match(Record):
    """A capability that serves a need. `id` is what an outcome is told of; `score` is 0-1, for ordering this search.

    `why` says in words what it matches by. `times_matched` counts the searches that it was found by, this one included.
    """

    id: str
    entry: str
    artifact: Artifact
    documents: tuple[SourceDocument, ...]
    capability: Capability
    uri: str | None = None
    score: float
    highlights: tuple[Highlight, ...] = ()
    why: tuple[str, ...] = ()
    rank: Rank | None = None
    times_matched: int = 0


class Matches(Record):
    """What a search found, the best first. `id` names the search; its words are kept nowhere unless somebody asks.

    `by` says what was searched by: `words`, or `words and NAME` with an embedder. `also` are other words for the need
    that were searched for too.
    """

    id: str
    need: str
    also: tuple[str, ...] = ()
    filters: Filters = Filters()
    by: str
    as_of: str
    matches: tuple[Match, ...] = ()
