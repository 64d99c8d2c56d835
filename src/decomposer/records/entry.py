"""What we hold about an artifact: its entry is what is stored, reviewed and published."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from operator import is_, not_
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from decomposer.records.documents import Document, MediaType

ArtifactType = Literal[
    "agent", "api", "app", "benchmark", "cli", "dataset", "extension", "finetune", "framework", "mcp", "model",
    "platform", "product", "prompt", "repo", "skill", "template", "webapp", "workflow",
]  # fmt: skip
Category = Literal[
    "tool.use.integration", "search.retrieval", "data.processing.analysis", "automation.workflow",
    "code.generation.editing", "image.visual", "memory.knowledge", "text.generation.language", "audio.speech",
    "video.motion", "model.training", "safety.evaluation", "planning.reasoning", "other",
]  # fmt: skip
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

absent = partial(is_, None)
empty = not_


class Record(BaseModel):
    """A value: frozen, and strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Pricing(Record):
    """What using the artifact costs. Prices are per million tokens in US dollars; unknown is its own value."""

    model: Literal["free", "freemium", "paid", "open-source", "unknown"] = "unknown"
    input_per_mtok: Decimal | None = Field(default=None, exclude_if=absent)
    output_per_mtok: Decimal | None = Field(default=None, exclude_if=absent)
    source: str | None = Field(default=None, exclude_if=absent)
    as_of: str | None = Field(default=None, exclude_if=absent)


class Artifact(Record):
    """What the entry is about. `slug` comes from the reference; the rest from metadata, never from prose.

    `updated` is the day on which the hub says that the source last changed.
    """

    slug: str
    name: str
    type: ArtifactType
    source: str
    homepage: str | None = Field(default=None, exclude_if=absent)
    repository: str | None = Field(default=None, exclude_if=absent)
    license: str | None = Field(default=None, exclude_if=absent)
    maintainer: str | None = Field(default=None, exclude_if=absent)
    pipeline_tag: str | None = Field(default=None, exclude_if=absent)
    language: tuple[str, ...] = ()
    base_model: tuple[str, ...] = ()
    downloads: int | None = Field(default=None, exclude_if=absent)
    stars: int | None = Field(default=None, exclude_if=absent)
    updated: str | None = Field(default=None, exclude_if=absent)
    tags: tuple[str, ...] = ()
    pricing: Pricing = Pricing()


class SourceDocument(Record):
    """A document as an entry remembers it: enough to fetch it again and to see whether it changed."""

    uri: str
    sha256: str
    chars: int
    media_type: MediaType
    language: str | None = Field(default=None, exclude_if=absent)

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
    """Where a capability came from: who wrote it, from which requests and segments, and what was joined into it.

    `merged_from` holds names; the records themselves are in `Capability.merged`. `edited` names the fields that a
    person wrote.
    """

    model: str
    prompt: str
    request_keys: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    merged_from: tuple[str, ...] = ()
    edited: tuple[str, ...] = Field(default=(), exclude_if=empty)
    run: str | None = Field(default=None, exclude_if=absent)


class Capability(Record):
    """One thing the artifact can do, with evidence for what is said of it.

    `broader_than` holds the ids of the records of the entry that are special cases of this one. `merged` are the
    records that it was made of, as they were. `revision` is what the newest draft says instead of what a person has
    settled; it waits for a decision. Neither is published. `dropped` names the fields that a person left out: they stay
    here and are not published. `flagged` and `disputed` ask for another look: somebody wants one, or two people decided
    differently. `dismissed` are digests of drafts that a person has read and did not want.
    """

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
    broader_than: tuple[str, ...] = Field(default=(), exclude_if=empty)
    provenance: Provenance
    dropped: tuple[str, ...] = Field(default=(), exclude_if=empty)
    flagged: bool = Field(default=False, exclude_if=empty)
    disputed: bool = Field(default=False, exclude_if=empty)
    dismissed: tuple[str, ...] = Field(default=(), exclude_if=empty)
    merged: tuple["Capability", ...] = Field(default=(), exclude_if=empty)
    revision: "Capability | None" = Field(default=None, exclude_if=absent)

    @property
    def held(self) -> bool:
        """Whether a person has decided about it or written in it, so that no draft may change what it says."""
        return self.state != "proposed" or bool(self.provenance.edited or self.dropped)

    def statements(self) -> Iterator[tuple[str, Statement]]:
        """Yield each of the three fields that says something, with its name."""
        yield from ((field, said) for field in FIELDS if (said := getattr(self, field)) is not None)

    def evidence(self) -> Iterator[Evidence]:
        """Yield the evidence of every statement, sentence and note; not that of `merged` and `revision`."""
        for _, statement in self.statements():
            yield from statement.evidence
            for sentence in statement.sentences:
                yield from sentence.evidence
        for name in LISTS:
            for note in getattr(self, name):
                yield from note.evidence

    def parts(self) -> Iterator["Capability"]:
        """Yield the record and all that it was merged from, through all merges."""
        yield self
        for part in self.merged:
            yield from part.parts()

    def with_evidence(self, move: Callable[[Evidence], Evidence]) -> "Capability":
        """Return the record with `move` applied to all of its evidence, and to that of what is kept in it."""

        def spans(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
            return tuple(move(span) for span in evidence)

        def statement(old: Statement) -> Statement:
            update = {"evidence": spans(old.evidence)}
            sentences = tuple(one.model_copy(update={"evidence": spans(one.evidence)}) for one in old.sentences)
            return old.model_copy(update={**update, "sentences": sentences})

        update: dict[str, Any] = {name: statement(old) for name, old in self.statements()}
        for name in LISTS:
            notes = getattr(self, name)
            update[name] = tuple(note.model_copy(update={"evidence": spans(note.evidence)}) for note in notes)
        update["merged"] = tuple(one.with_evidence(move) for one in self.merged)
        update["revision"] = self.revision.with_evidence(move) if self.revision else None
        return self.model_copy(update=update)


class Run(Record):
    """What it took to make an entry. `cost_usd` is None where no price is known, never 0 for unknown.

    `recipe` is a digest of everything but the documents that the entry depends on: model, prompt, settings, version.
    """

    model: str
    prompt: str
    recipe: str = Field(default="", exclude_if=empty)
    requests: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: Decimal | None = None
    seconds: float = 0.0


class Twin(Record):
    """Two records of an entry, by their ids, that may be one: a merge that was proposed and waits for a decision.

    `score` is how likely they are one, 0-1; `reasons` say why; `decided_by` says who could not decide.
    """

    a: str
    b: str
    score: float
    reasons: tuple[str, ...] = ()
    decided_by: Literal["rule", "vectors", "model"] = "rule"


class Judged(Record):
    """What a model decided of two records of an entry, by their ids; what was joined keeps the ids of its parts.

    `verdict` says how the first relates to the second; `reasons` hold the words of both that show it. `prompt` and
    `request_keys` say how it was asked.
    """

    a: str
    b: str
    verdict: Literal["same", "broader", "narrower", "related", "different"]
    score: float
    reasons: tuple[str, ...] = ()
    model: str
    prompt: str
    request_keys: tuple[str, ...] = ()


class Gone(Record):
    """A capability that an entry had once: its id is given to no other, and is its own again where it comes back."""

    id: str
    name: str


class Entry(Record):
    """A catalog entry: the artifact, what was read, and what it can do.

    `apart` holds pairs of ids that a person has split, and that no merge may join again. `twins` are pairs of its
    records that may be one, the likeliest first. `judged` is what a model decided where the rules left it open.
    """

    artifact: Artifact
    documents: tuple[SourceDocument, ...]
    source_kind: SourceKind
    capabilities: tuple[Capability, ...]
    run: Run
    gone: tuple[Gone, ...] = Field(default=(), exclude_if=empty)
    apart: tuple[tuple[str, str], ...] = Field(default=(), exclude_if=empty)
    twins: tuple[Twin, ...] = Field(default=(), exclude_if=empty)
    judged: tuple[Judged, ...] = Field(default=(), exclude_if=empty)


@dataclass(frozen=True, slots=True)
class Source:
    """An artifact and the documents that describe it, as loaded from one reference."""

    artifact: Artifact
    documents: tuple[Document, ...]
