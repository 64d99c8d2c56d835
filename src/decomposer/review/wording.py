"""Check what a person writes: against the evidence that the field had, then against all that the documents say."""

from collections.abc import Callable, Sequence

from decomposer import audit, support
from decomposer.decide import Unfit, notes_of
from decomposer.records import (
    FIELDS,
    LISTS,
    Aspect,
    Capability,
    Document,
    Entry,
    Evidence,
    Note,
    Sentence,
    SourceDocument,
    Statement,
    Unit,
)
from decomposer.risk import passes
from decomposer.segment import units_of
from decomposer.text import split

Read = Callable[[SourceDocument], Document | None]
LONGEST = 20_000
_UNREAD = "the catalog holds no text that it could be checked against"


def said(entry: Entry, identity: str, field: Aspect, text: str, *, read: Read) -> tuple[object, bool]:
    """Return what a field says when a person writes `text`, and whether it passes.

    A statement keeps its verdict or loses it by the evidence that it had; what that does not support is looked for in
    the documents. Empty text leaves the field out. Raises Unfit for what is too long or no text.
    """
    one = next((one for one in entry.capabilities if one.id == identity), None)
    if one is None:
        raise Unfit("it is not in its entry any more")
    if len(text) > LONGEST:
        raise Unfit(f"a text of {len(text):,} characters is too long: at most {LONGEST:,}")
    if field in LISTS:
        return notes(one, field, text, _documents(entry, read)), True
    plain = " ".join(text.split())
    if field not in FIELDS:
        return plain, bool(plain)
    if not plain:
        return None, field != "description"
    new = statement(one, field, plain, _documents(entry, read))
    return new, passes(new)


def statement(
    one: Capability, field: str, text: str, documents: Sequence[tuple[int, Document, list[Unit]]]
) -> Statement:
    """Return a text with its verdict: by the evidence of the field, else by the best that the documents say."""
    old: Statement | None = getattr(one, field)
    evidence = old.evidence if old else ()
    if not documents:
        reason = (Sentence(start=start, end=end, support="unsupported", reason=_UNREAD) for start, end in split(text))
        return Statement(text=text, sentences=tuple(reason))
    tried = [_checked(one, field, text, evidence, place) for place in documents]
    if not any(new.support in ("supported", "vendor_claim") for new in tried):
        tried += [_checked(one, field, text, _found(text, place), place) for place in documents]
    return min(tried, key=lambda new: (audit.ORDER.index(new.support), not passes(new)))


def notes(
    one: Capability, field: str, text: str, documents: Sequence[tuple[int, Document, list[Unit]]]
) -> tuple[Note, ...]:
    """Return the items that a text lists, one a line, each with the evidence that it had or that is found for it."""
    lines = [line for line in (" ".join(line.split()) for line in text.splitlines()) if line]
    return tuple(
        note if note.evidence else note.model_copy(update={"evidence": _cited(note.text, documents)})
        for note in notes_of(lines, getattr(one, field))
    )


def _checked(
    one: Capability, field: str, text: str, evidence: Sequence[Evidence], place: tuple[int, Document, list[Unit]]
) -> Statement:
    index, document, units = place
    here = tuple(span for span in evidence if span.document == index)
    bare = one.model_copy(update={field: Statement(text=text, evidence=here)})
    checked: Statement = getattr(support.check(bare, document, units), field)
    return checked


def _found(text: str, place: tuple[int, Document, list[Unit]]) -> list[Evidence]:
    """Return the evidence that a document holds for each sentence of a text, in reading order, each once."""
    index, document, units = place
    spans = {
        span: None
        for start, end in split(text)
        for span in audit.find(text[start:end], document, units, index=index).evidence
    }
    return sorted(spans, key=lambda span: (span.start, span.end))


def _cited(text: str, documents: Sequence[tuple[int, Document, list[Unit]]]) -> tuple[Evidence, ...]:
    for index, document, units in documents:
        found = audit.find(text, document, units, index=index)
        if found.support in ("supported", "vendor_claim"):
            return found.evidence
    return ()


def _documents(entry: Entry, read: Read) -> list[tuple[int, Document, list[Unit]]]:
    """Return the present documents of an entry with their places and units; not those that a newer one replaces."""
    uris = [one.uri for one in entry.documents]
    held = []
    for index, one in enumerate(entry.documents):
        if one.uri in uris[:index]:
            continue
        document = read(one)
        if document is not None:
            held.append((index, document, units_of(document)))
    return held
