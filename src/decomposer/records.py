"""The nouns: what we hold about a document and its artifact. `Entry` is what is stored, reviewed and published."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from operator import is_, not_
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

ArtifactType = Literal[
    "agent", "api", "app", "benchmark", "cli", "dataset", "extension", "finetune", "framework", "mcp", "model",
    "platform", "product", "prompt", "repo", "skill", "template", "webapp", "workflow",
]  # fmt: skip
Category = Literal[
    "tool.use.integration", "search.retrieval", "data.processing.analysis", "automation.workflow",
    "code.generation.editing", "image.visual", "memory.knowledge", "text.generation.language", "audio.speech",
    "video.motion", "model.training", "safety.evaluation", "planning.reasoning", "other",
]  # fmt: skip
MediaType = Literal["text/markdown", "text/x-rst", "text/html", "text/plain"]
Kind = Literal["software", "model", "dataset", "tutorial", "list", "placeholder", "other"]
Support = Literal["supported", "partial", "unsupported", "vendor_claim"]
State = Literal["proposed", "accepted", "rejected", "retired"]
How = Literal["cited", "exact", "normalized", "fuzzy"]
FlagKind = Literal[
    "number", "name", "negation", "comparison", "superlative", "citation", "instruction_like", "hidden_source",
    "contradiction",
]  # fmt: skip

FIELDS = ("description", "unique", "vs_alternatives")
LISTS = ("intents", "best_for", "limitations", "requires", "input_types", "output_types")

_absent = partial(is_, None)


class Record(BaseModel):
    """A value: frozen, and strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# --- documents and the units they are cut into: values in memory, offsets count characters of Document.text


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


# --- the entry: what is stored, reviewed and published


class Pricing(Record):
    """What using the artifact costs. Prices are per million tokens in US dollars; unknown is its own value."""

    model: Literal["free", "freemium", "paid", "open-source", "unknown"] = "unknown"
    input_per_mtok: Decimal | None = Field(default=None, exclude_if=_absent)
    output_per_mtok: Decimal | None = Field(default=None, exclude_if=_absent)
    source: str | None = Field(default=None, exclude_if=_absent)
    as_of: str | None = Field(default=None, exclude_if=_absent)


class Artifact(Record):
    """What the entry is about. `slug` comes from the reference; the rest from metadata, never from prose."""

    slug: str
    name: str
    type: ArtifactType
    source: str
    homepage: str | None = Field(default=None, exclude_if=_absent)
    repository: str | None = Field(default=None, exclude_if=_absent)
    license: str | None = Field(default=None, exclude_if=_absent)
    maintainer: str | None = Field(default=None, exclude_if=_absent)
    pipeline_tag: str | None = Field(default=None, exclude_if=_absent)
    language: tuple[str, ...] = ()
    base_model: tuple[str, ...] = ()
    downloads: int | None = Field(default=None, exclude_if=_absent)
    stars: int | None = Field(default=None, exclude_if=_absent)
    tags: tuple[str, ...] = ()
    pricing: Pricing = Pricing()


class SourceDocument(Record):
    """A document as an entry remembers it: enough to fetch it again and to see whether it changed."""

    uri: str
    sha256: str
    chars: int
    media_type: MediaType
    language: str | None = Field(default=None, exclude_if=_absent)

    @classmethod
    def of(cls, document: Document) -> "SourceDocument":
        """Return what an entry remembers of a document."""
        same = {name: getattr(document, name) for name in ("uri", "sha256", "media_type", "language")}
        return cls(chars=len(document.text), **same)


class SourceKind(Record):
    """What the text really is, and why we think so."""

    kind: Kind
    reason: str


class Evidence(Record):
    """A span of a document: `documents[document].text[start:end] == quote`, always. `score` is 0-1."""

    document: int
    start: int
    end: int
    quote: str
    how: How
    score: float = 1.0


class Flag(Record):
    """Something a person must look at. `text` is a verbatim slice of the claim."""

    kind: FlagKind
    text: str
    note: str


class Sentence(Record):
    """The verdict on one sentence of a statement, `statement.text[start:end]`."""

    start: int
    end: int
    support: Support
    reason: str
    evidence: tuple[Evidence, ...] = ()


class Statement(Record):
    """A text with its evidence and verdict: that of its worst sentence; `unsupported` until it has been checked."""

    text: str
    support: Support = "unsupported"
    evidence: tuple[Evidence, ...] = ()
    flags: tuple[Flag, ...] = ()
    sentences: tuple[Sentence, ...] = ()


class Note(Record):
    """A short phrase with its evidence: an intent, a limitation, an input type."""

    text: str
    evidence: tuple[Evidence, ...] = ()


class Provenance(Record):
    """Where a capability came from: who wrote it, from which requests and segments, and what was joined into it."""

    model: str
    prompt: str
    request_keys: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    merged_from: tuple[str, ...] = ()
    run: str | None = Field(default=None, exclude_if=_absent)


class Capability(Record):
    """One thing the artifact can do, with evidence for what is said of it."""

    id: str
    name: str
    category: Category
    description: Statement | None = None
    unique: Statement | None = None
    vs_alternatives: Statement | None = None
    intents: tuple[Note, ...] = ()
    best_for: tuple[Note, ...] = ()
    limitations: tuple[Note, ...] = ()
    requires: tuple[Note, ...] = ()
    input_types: tuple[Note, ...] = ()
    output_types: tuple[Note, ...] = ()
    state: State = "proposed"
    provenance: Provenance

    def statements(self) -> Iterator[tuple[str, Statement]]:
        """Yield each of the three fields that says something, with its name."""
        yield from ((field, said) for field in FIELDS if (said := getattr(self, field)) is not None)


class Run(Record):
    """What it took to make an entry. `cost_usd` is None where no price is known, never 0 for unknown.

    `recipe` is a digest of everything but the documents that the entry depends on: model, prompt, settings, version.
    """

    model: str
    prompt: str
    recipe: str = Field(default="", exclude_if=not_)
    requests: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: Decimal | None = None
    seconds: float = 0.0


class Entry(Record):
    """A catalog entry: the artifact, what was read, and what it can do."""

    artifact: Artifact
    documents: tuple[SourceDocument, ...]
    source_kind: SourceKind
    capabilities: tuple[Capability, ...]
    run: Run


class Decision(Record):
    """One decision of a person, append-only. `seq` is given by the store; `at` is an ISO 8601 time in UTC."""

    op: Literal["accept", "reject", "retire"]
    entry: str
    capability: str | None = None
    actor: str = ""
    reason: str = ""
    at: str = ""
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """An artifact and the documents that describe it, as loaded from one reference."""

    artifact: Artifact
    documents: tuple[Document, ...]
