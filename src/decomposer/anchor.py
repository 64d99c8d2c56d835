"""Anchor old evidence in a text that has changed: find each quote again, or leave it where it was and call it stale."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from decomposer.records import LISTS, Document, Entry, Evidence, SourceDocument
from decomposer.text import locate


@dataclass(frozen=True, slots=True)
class Stale:
    """Evidence that the present text of its document no longer holds."""

    capability: str
    field: str
    evidence: Evidence


def anchor(entry: Entry, documents: Sequence[Document]) -> Entry:
    """Return the entry with the evidence of changed documents moved to where its quotes stand in `documents` now.

    A document has changed where one of the same uri has another sha256. The documents as they are now are appended;
    evidence that is not found again keeps pointing to the old one. What is found inexactly says so in `how`.
    """
    anchoring = _Anchoring(entry, documents)
    capabilities = tuple(one.with_evidence(anchoring.span) for one in entry.capabilities)
    return entry.model_copy(update={"capabilities": capabilities, "documents": tuple(anchoring.described)})


def stale(entry: Entry) -> Iterator[Stale]:
    """Yield the evidence that points to an earlier state of a document; the present state stands before it."""
    uris = [document.uri for document in entry.documents]
    earlier = {index for index, uri in enumerate(uris) if uri in uris[:index]}
    for capability in entry.capabilities:
        for name, statement in capability.statements():
            yield from (Stale(capability.id, name, span) for span in statement.evidence if span.document in earlier)
        for name in LISTS:
            spans = (span for note in getattr(capability, name) for span in note.evidence)
            yield from (Stale(capability.id, name, span) for span in spans if span.document in earlier)


@dataclass(slots=True)
class _Anchoring:
    entry: Entry
    documents: Sequence[Document]
    described: list[SourceDocument] = field(init=False)
    present: dict[int, tuple[int, str]] = field(init=False)  # old document -> (place, text) of its present state
    moved: dict[Evidence, Evidence] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.described = list(self.entry.documents)
        self.present = {}
        for document in self.documents:
            old = [at for at, one in enumerate(self.entry.documents) if one.uri == document.uri]
            changed = [at for at in old if self.entry.documents[at].sha256 != document.sha256]
            if changed and len(changed) == len(old):
                self.described.append(SourceDocument.of(document))
                self.present.update(dict.fromkeys(changed, (len(self.described) - 1, document.text)))

    def span(self, span: Evidence) -> Evidence:
        if span.document not in self.present:
            return span
        if span not in self.moved:
            self.moved[span] = self._found(span, *self.present[span.document])
        return self.moved[span]

    def _found(self, span: Evidence, place: int, text: str) -> Evidence:
        taken = [one.end for old, one in self.moved.items() if old.quote == span.quote and one.document == place]
        found = locate(span.quote, text, start=max(taken, default=0)) or locate(span.quote, text)
        if found is None:
            return span
        update = {"document": place, "start": found.start, "end": found.end, "quote": text[found.start : found.end]}
        return span.model_copy(update={**update, "how": found.how, "score": found.score})
