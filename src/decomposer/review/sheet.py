"""Lay out a record for the eyes: its fields sentence by sentence, its evidence in reading order, what else there is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from decomposer.ports import Queued
from decomposer.records import (
    FIELDS,
    LISTS,
    Artifact,
    Capability,
    Decision,
    Entry,
    Evidence,
    Flag,
    SourceDocument,
    Statement,
    Support,
    Twin,
)
from decomposer.risk import passes

LIST_NUMBER = len(FIELDS) + 1


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of evidence: `documents[document].text[start:end] == quote`; `field` is what rests on it."""

    document: int
    start: int
    end: int
    quote: str
    field: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence of a field, or one item of a list, with its verdict (None for an item) and what it rests on."""

    text: str
    support: Support | None
    reason: str = ""
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field that says something. `number` is its key: 1 description, 2 unique, 3 vs_alternatives, 4 a list.

    `dropped` says that accepting leaves it out, unless a person says otherwise.
    """

    name: str
    number: int
    text: str
    passes: bool
    dropped: bool
    sentences: tuple[Phrase, ...] = ()
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Differing:
    """One field that the newest draft has otherwise: its text now, and the one that waits."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Paired:
    """Another record of the entry that may be the same one, why, and how likely (0-1)."""

    twin: Twin
    other: Capability


@dataclass(frozen=True, slots=True)
class Shown:
    """A document of the entry with its text; None where the catalog does not hold it."""

    source: SourceDocument
    text: str | None


@dataclass(frozen=True)
class Sheet:
    """All that a face shows of a record. What takes time is read when it is asked for: `documents` and `nearest`.

    `revision` is what the newest draft has otherwise, `opinions` are the decisions that contradict each other where it
    is disputed. A reviewer who is to give a second opinion sees it as it was before the first.
    """

    queued: Queued
    entry: Entry
    capability: Capability
    fields: tuple[Field, ...]
    lists: tuple[Field, ...]
    evidence: tuple[Span, ...]
    revision: tuple[Differing, ...] | None = None
    twin: Paired | None = None
    opinions: tuple[Decision, ...] = ()
    text_of: Callable[[str], str | None] = field(default=lambda sha256: None, repr=False, compare=False)
    near: Callable[[], Sequence[Capability]] = field(default=tuple, repr=False, compare=False)

    @property
    def version(self) -> int:
        """The version of the record that is shown."""
        return self.queued.version

    @property
    def artifact(self) -> Artifact:
        """What the entry is about."""
        return self.entry.artifact

    @property
    def model(self) -> str:
        """The model that wrote the record."""
        return self.capability.provenance.model

    @property
    def prompt(self) -> str:
        """The version of the prompt that it was asked with."""
        return self.capability.provenance.prompt

    @property
    def dropped(self) -> tuple[str, ...]:
        """The fields that accepting leaves out, unless a person says otherwise."""
        return tuple(one.name for one in (*self.fields, *self.lists) if one.dropped)

    @cached_property
    def documents(self) -> tuple[Shown, ...]:
        """The documents that the evidence points into, with their texts."""
        return tuple(Shown(one, self.text_of(one.sha256)) for one in self.entry.documents)

    @cached_property
    def nearest(self) -> tuple[Capability, ...]:
        """The published records that are most like it, the nearest first."""
        return tuple(self.near())


def sheet(
    queued: Queued, entry: Entry, *, opinions: Sequence[Decision] = (),
    text_of: Callable[[str], str | None], near: Callable[[Capability, Artifact], Sequence[Capability]],
) -> Sheet:  # fmt: skip
    """Return a record of an entry laid out. Raises KeyError where the entry does not hold it."""
    by_id = {one.id: one for one in entry.capabilities}
    one = by_id[queued.id]
    out = {*queued.failing, *queued.dropped}
    fields = tuple(_field(name, said, name in out) for name, said in one.statements())
    lists = tuple(_listed(one, name, name in queued.dropped) for name in LISTS if getattr(one, name))
    spans = {span: None for each in (*fields, *lists) for part in each.sentences for span in part.spans}
    return Sheet(
        queued=queued,
        entry=entry,
        capability=one,
        fields=fields,
        lists=lists,
        evidence=tuple(sorted(spans, key=lambda span: (span.document, span.start, span.end))),
        revision=None if one.revision is None else tuple(differing(one, one.revision)),
        twin=_twin(one, entry, by_id),
        opinions=tuple(opinions),
        text_of=text_of,
        near=lambda: near(one, entry.artifact),
    )


def differing(before: Capability, after: Capability) -> list[Differing]:
    """Return the fields in which two records differ, with what each says."""
    pairs = ((name, _text(before, name), _text(after, name)) for name in ("name", "category", *FIELDS, *LISTS))
    return [Differing(name, old, new) for name, old, new in pairs if old != new]


def _field(name: str, said: Statement, dropped: bool) -> Field:
    phrases = tuple(
        Phrase(said.text[part.start : part.end], part.support, part.reason, _spans(part.evidence, name))
        for part in said.sentences
    ) or (Phrase(said.text, said.support, "", _spans(said.evidence, name)),)
    return Field(name, FIELDS.index(name) + 1, said.text, passes(said), dropped, phrases, said.flags)


def _listed(one: Capability, name: str, dropped: bool) -> Field:
    phrases = tuple(Phrase(note.text, None, "", _spans(note.evidence, name)) for note in getattr(one, name))
    return Field(name, LIST_NUMBER, _text(one, name), True, dropped, phrases)


def _spans(evidence: Sequence[Evidence], name: str) -> tuple[Span, ...]:
    return tuple(Span(one.document, one.start, one.end, one.quote, name) for one in evidence)


def _text(one: Capability, name: str) -> str:
    said = getattr(one, name)
    if isinstance(said, tuple):
        return "; ".join(note.text for note in said)
    return said.text if isinstance(said, Statement) else said or ""


def _twin(one: Capability, entry: Entry, by_id: dict[str, Capability]) -> Paired | None:
    apart = {frozenset(pair) for pair in entry.apart}
    for twin in entry.twins:
        if one.id in (twin.a, twin.b) and twin.a != twin.b:
            other = by_id.get(twin.b if twin.a == one.id else twin.a)
            if other and other.state in ("proposed", "accepted") and frozenset((twin.a, twin.b)) not in apart:
                return Paired(twin, other)
    return None
