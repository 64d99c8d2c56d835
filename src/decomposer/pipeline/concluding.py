"""Conclude from answers: ground them, check every sentence, say what the text is, and merge what is the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from decomposer import support
from decomposer.draft import Draft
from decomposer.ground import ground
from decomposer.kind import fits, kind_of, settle
from decomposer.merge import link, merge
from decomposer.ports import Answer
from decomposer.records import (
    Capability,
    Document,
    Entry,
    Judge,
    Provenance,
    Run,
    Segment,
    Source,
    SourceDocument,
    SourceKind,
    Unit,
)
from decomposer.revise import revise
from decomposer.same import Decided, Judging, proposed


@dataclass(frozen=True, slots=True)
class Found:
    """What one request found in one segment."""

    segment: Segment
    answer: Answer[Draft]


def conclude(
    source: Source,
    units: Sequence[Sequence[Unit]],
    found: Sequence[Found],
    *,
    run: Run,
    previous: Entry | None = None,
    judge: Judge | None = None,
) -> Entry:
    """Return the entry that follows from what was found: grounded, checked, merged, linked.

    Pairs that may be one and that the judge leaves open are proposed. What `previous` holds is carried over. Without a
    `judge` it is words that say what is the same.
    """
    judge = judge or Judging.of(source.artifact)
    kind = _kind(source, units, found)
    checked = [one for answer in found for one in _believe(answer, units[answer.segment.index], run.prompt)]
    fitting = [one for one in checked if fits(one, kind.kind)]
    if len(fitting) < len(checked):
        left = f"; left out because such a text can't have them: {len(checked) - len(fitting)}"
        kind = kind.model_copy(update={"reason": kind.reason + left})
    entry = Entry(
        artifact=source.artifact,
        documents=tuple(map(SourceDocument.of, source.documents)),
        source_kind=kind,
        capabilities=tuple(merge(fitting, judge=judge)),
        run=run,
    )
    entry = revise(previous, entry, source.documents, judge=judge).entry
    linked = entry.model_copy(update={"capabilities": link(entry.capabilities, judge=judge)})
    return proposed(linked, Decided(judge))


def _believe(found: Found, units: Sequence[Unit], version: str) -> list[Capability]:
    segment, answer = found.segment, found.answer
    provenance = Provenance(
        model=answer.model,
        prompt=version,
        request_keys=answer.request_keys,
        segments=(f"{segment.index}:{segment.units[0].number}-{segment.units[-1].number}",),
    )
    grounded = ground(answer.value, segment.document, segment, provenance=provenance)
    return [support.check(capability, segment.document, units) for capability in grounded]


def _kind(source: Source, units: Sequence[Sequence[Unit]], found: Sequence[Found]) -> SourceKind:
    """Return what the texts of a source are. Rules speak of the longest; one without a shown unit is a placeholder."""
    if not found:
        return SourceKind(kind="placeholder", reason=_why_nothing(source.documents, units))
    longest = max(range(len(units)), key=lambda index: sum(unit.shown for unit in units[index]))
    answered = [
        (one.answer.value.source_kind.kind, one.answer.value.source_kind.reason, _size(one.segment)) for one in found
    ]
    return settle(kind_of(source.documents[longest], units[longest]), answered)


def _size(segment: Segment) -> int:
    return sum(unit.end - unit.start for unit in segment.units)


def _why_nothing(documents: Sequence[Document], units: Sequence[Sequence[Unit]]) -> str:
    if not any(document.text for document in documents):
        return "the document is empty (0 characters)"
    kinds = {unit.kind for part in units for unit in part}
    if not kinds:
        return "the document holds no visible text"
    if kinds == {"front_matter"}:
        return "the document holds front matter only"
    named = {"alt": "pictures", "comment": "comments", "front_matter": "front matter"}
    left = sorted({named.get(unit.kind) or (unit.left_out or "hidden text") for part in units for unit in part})
    return f"nothing in the document is text about the artifact: only {', '.join(left)}"
