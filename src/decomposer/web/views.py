"""Lay a sheet out for a page: fields by their sentences, the lines of the source, and marks that join the two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from decomposer.records import FIELDS, Decision, Flag, Support
from decomposer.review import Field, Phrase, Sheet, Span
from decomposer.web.comparing import Kind, compared
from decomposer.web.pages import MOST_TEXT
from decomposer.web.passages import Excerpt, Lines, Mark, excerpt
from decomposer.web.titles import title

MOST_MARKS = 500
ORDER: Mapping[Support, int] = {"supported": 0, "vendor_claim": 1, "partial": 2, "unsupported": 3}


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence or an item, and the marks in the source that it rests on."""

    text: str
    support: Support | None
    reason: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One of the three fields. `given` says that it has a text; `keep` that accepting publishes it."""

    name: str
    title: str
    number: int
    given: bool
    keep: bool
    support: Support | None
    sentences: tuple[Said, ...]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class ListView:
    """A list of short notes."""

    title: str
    notes: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class SourceView:
    """What is shown of a document; None where the catalog does not hold its text."""

    uri: str
    excerpt: Excerpt | None


@dataclass(frozen=True, slots=True)
class Change:
    """What the newest draft has otherwise in a field."""

    title: str
    pieces: Sequence[tuple[Kind, str]]


@dataclass(frozen=True, slots=True)
class TwinView:
    """The record that may be the same one."""

    id: str
    name: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Editable:
    """A text that can be written anew."""

    name: str
    title: str
    text: str


@dataclass(frozen=True)
class RecordView:
    """All that the page of a record shows."""

    id: str
    version: int
    name: str
    entry: str
    artifact: str
    category: str
    state: str
    flagged: bool
    disputed: bool
    opinion: bool
    fields: tuple[FieldView, ...]
    lists: tuple[ListView, ...]
    keep_lists: bool
    revision: tuple[Change, ...]
    twin: TwinView | None
    merged: tuple[str, ...]
    editable: tuple[Editable, ...]
    edited: tuple[str, ...]
    model: str
    prompt: str
    sources: tuple[SourceView, ...]
    places: int
    opinions: tuple[str, ...]

    @property
    def silent(self) -> tuple[str, ...]:
        """What the record says nothing of."""
        return tuple(field.title for field in self.fields if not field.given)


class Numbering:
    """The evidence of a sheet as marks in its documents, numbered in reading order."""

    def __init__(self, sheet: Sheet) -> None:
        self._lines = [None if one.text is None else Lines(one.text) for one in sheet.documents]
        names = [one.source.uri.replace("\\", "/").rpartition("/")[2] for one in sheet.documents]
        self.marks: dict[Span, Mark] = {}
        for number, span in enumerate(sheet.evidence[:MOST_MARKS], start=1):
            held = self._lines[span.document] if 0 <= span.document < len(self._lines) else None
            if held is not None:
                line = f"line {held.at(span.start) + 1}"
                label = f"{names[span.document]} {line}" if len(names) > 1 else line
                self.marks[span] = Mark(span.start, span.end, number, label)

    def of(self, spans: Sequence[Span]) -> tuple[Mark, ...]:
        """Return the marks of spans, each place once."""
        found = {mark.label: mark for span in spans if (mark := self.marks.get(span)) is not None}
        return tuple(found.values())

    def inside(self, document: int) -> list[Mark]:
        """Return the marks in one document."""
        return [mark for span, mark in self.marks.items() if span.document == document]

    def lines(self, document: int) -> Lines | None:
        """Return the lines of a document, if its text is there."""
        return self._lines[document]


def record_view(sheet: Sheet, *, context: int) -> RecordView:
    """Return what a page shows of a record, with `context` lines of the source around each place of evidence."""
    one, numbered = sheet.capability, Numbering(sheet)
    said = {field.name: field for field in sheet.fields}
    return RecordView(
        id=one.id,
        version=sheet.version,
        name=one.name,
        entry=sheet.queued.entry,
        artifact=sheet.artifact.name,
        category=one.category,
        state=one.state,
        flagged=sheet.queued.flagged,
        disputed=sheet.queued.disputed,
        opinion=sheet.queued.waits == "second",
        fields=tuple(_field(name, said.get(name), numbered) for name in FIELDS),
        lists=tuple(ListView(title(each.name), _said(each.sentences, numbered)) for each in sheet.lists),
        keep_lists=not any(each.dropped for each in sheet.lists),
        revision=tuple(Change(title(d.field), compared(d.before, d.after)) for d in sheet.revision or ()),
        twin=_twin(sheet),
        merged=tuple(part.name for part in one.merged),
        editable=_editable(sheet),
        edited=tuple(title(name) for name in one.provenance.edited),
        model=sheet.model,
        prompt=sheet.prompt,
        sources=_sources(sheet, numbered, context),
        places=len(numbered.marks),
        opinions=tuple(dict.fromkeys(map(_opinion, sheet.opinions))),
    )


def _opinion(decision: Decision) -> str:
    after = decision.after
    state = after.get("opinion") if isinstance(after, dict) else after
    return f"{decision.actor}: {state}"


def _field(name: str, field: Field | None, numbered: Numbering) -> FieldView:
    number = FIELDS.index(name) + 1
    if field is None:
        return FieldView(name, title(name), number, False, False, None, (), ())
    worst = max((phrase.support for phrase in field.sentences if phrase.support), key=ORDER.__getitem__, default=None)
    sentences = _said(field.sentences, numbered)
    return FieldView(name, title(name), number, True, not field.dropped, worst, sentences, field.flags)


def _said(phrases: Sequence[Phrase], numbered: Numbering) -> tuple[Said, ...]:
    return tuple(Said(one.text, one.support, one.reason, numbered.of(one.spans)) for one in phrases)


def _twin(sheet: Sheet) -> TwinView | None:
    if sheet.twin is None:
        return None
    twin, other = sheet.twin.twin, sheet.twin.other
    why = "; ".join((f"{twin.score:.0%} likely", *twin.reasons))
    return TwinView(other.id, other.name, other.description.text if other.description else "", why)


def _editable(sheet: Sheet) -> tuple[Editable, ...]:
    texts = {"name": sheet.capability.name, **dict.fromkeys(FIELDS, ""), **{one.name: one.text for one in sheet.fields}}
    failing = [one.name for one in sheet.fields if not one.passes]
    first = failing[0] if failing else FIELDS[0]
    ordered = sorted(texts, key=lambda name: (name != first, name == "name"))
    return tuple(Editable(name, title(name), texts[name]) for name in ordered if len(texts[name]) <= MOST_TEXT)


def _sources(sheet: Sheet, numbered: Numbering, context: int) -> tuple[SourceView, ...]:
    views = []
    for index, document in enumerate(sheet.documents):
        lines, marks = numbered.lines(index), numbered.inside(index)
        shown = None if lines is None else excerpt(lines, marks, context=context if marks else max(context, 10))
        views.append(SourceView(document.source.uri, shown))
    return tuple(views)
