"""Documents as they were read, the units they are cut into, and what is asked about them: values in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

MediaType = Literal["text/markdown", "text/x-rst", "text/html", "text/plain"]


@dataclass(frozen=True, slots=True)
class Document:
    """One text as it was read. `text` is never altered: the decoded bytes less a byte-order mark.

    `body` is the offset where the text after the front matter begins, `sha256` is of the bytes.
    """

    uri: str
    text: str
    media_type: MediaType
    sha256: str
    language: str | None = None
    body: int = 0
    warnings: tuple[str, ...] = ()


UnitKind = Literal["sentence", "item", "row", "heading", "code", "alt", "comment", "front_matter"]
Hidden = Literal["alt", "comment", "style", "collapsed"]
LeftOut = Literal["front_matter", "badges", "contents", "licence", "contributors", "translations", "markup"]


@dataclass(frozen=True, slots=True)
class Unit:
    """One numbered piece of a document, `document.text[start:end]`.

    `path` holds the numbers of the headings above it, `parent` the unit a list item belongs to, `header` the header
    row of a table row, `level` the heading level (1-6) or the nesting depth of an item (1 and up). `hidden` says why
    a reader does not see it at once ("collapsed" is one click away; the others are never shown), `left_out` why it is
    not sent to a model.
    """

    number: int
    start: int
    end: int
    kind: UnitKind
    level: int = 0
    path: tuple[int, ...] = ()
    parent: int | None = None
    header: int | None = None
    hidden: Hidden | None = None
    left_out: LeftOut | None = None

    @property
    def shown(self) -> bool:
        """Whether the unit goes into a prompt and may support a claim."""
        return self.left_out is None and self.hidden in (None, "collapsed")


@dataclass(frozen=True, slots=True)
class Segment:
    """The part of a document that one request is about.

    `units` are the shown units of this part in order; `context` are headings, lead-ins and table headers from above
    it that its units refer to. `index` is the document's place in its source; this is part `part` of `parts`.
    """

    document: Document
    units: tuple[Unit, ...]
    context: tuple[Unit, ...] = ()
    index: int = 0
    part: int = 1
    parts: int = 1

    def citable(self) -> Iterator[Unit]:
        """Yield every unit that the prompt shows with a number."""
        yield from (*self.context, *self.units)

    def numbered(self) -> Iterator[tuple[int, Unit]]:
        """Yield every citable unit with the number that the prompt shows and an answer cites.

        In the first part it is the document's own, in later ones it counts from 1, whatever stands above the part.
        """
        for place, unit in enumerate(self.citable(), start=1):
            yield (unit.number if self.part == 1 else place), unit


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a request; `role` is system, user or assistant."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked of a model: `messages` for those that read text, `segment` for those that read units."""

    task: str
    version: str
    messages: tuple[Message, ...]
    segment: Segment
