"""Ground drafts: turn the unit numbers that a model cites into evidence spans of the document."""

from collections.abc import Iterable, Mapping
from typing import Any

from decomposer.draft import Claim, Draft, DraftCapability
from decomposer.records import (
    FIELDS,
    LISTS,
    Capability,
    Document,
    Evidence,
    Flag,
    Note,
    Provenance,
    Segment,
    Statement,
    Unit,
)

LONGEST_NAME = 120
LONGEST_TEXT = 2000


def ground(draft: Draft, document: Document, segment: Segment, *, provenance: Provenance) -> list[Capability]:
    """Return the capabilities of `draft`, each field with the spans it cites.

    A field without one valid citation keeps its text and gets no evidence; `support.check` decides what that means.
    Capabilities without a name are dropped; texts are cut to 2,000 characters and names to 120.
    """
    citable = dict(segment.numbered())
    found = (_capability(one, document, segment.index, citable, provenance) for one in draft.capabilities)
    return [capability for capability in found if capability is not None]


def _capability(
    draft: DraftCapability, document: Document, index: int, citable: Mapping[int, Unit], provenance: Provenance
) -> Capability | None:
    name = _clean(draft.name, LONGEST_NAME)
    if not name:
        return None

    def evidence(claim: Claim) -> tuple[Evidence, ...]:
        cited = sorted({number for number in claim.units if number in citable})
        return tuple(_evidence(citable[number], document, index) for number in cited)

    def statement(claim: Claim | None) -> Statement | None:
        text = _clean(claim.text, LONGEST_TEXT) if claim else ""
        if claim is None or not text:
            return None
        return Statement(text=text, evidence=evidence(claim), flags=_unknown(claim.units, citable, text))

    def notes(claims: Iterable[Claim]) -> tuple[Note, ...]:
        cleaned = ((_clean(claim.text, LONGEST_NAME), evidence(claim)) for claim in claims)
        return tuple(Note(text=text, evidence=spans) for text, spans in cleaned if text and spans)

    said: dict[str, Any] = {field: statement(getattr(draft, field)) for field in FIELDS}
    said |= {listed: notes(getattr(draft, listed)) for listed in LISTS}
    return Capability(id="", name=name, category=draft.category, provenance=provenance, **said)


def _evidence(unit: Unit, document: Document, index: int) -> Evidence:
    return Evidence(
        document=index, start=unit.start, end=unit.end, quote=document.text[unit.start : unit.end], how="cited"
    )


def _unknown(numbers: Iterable[int], citable: Mapping[int, Unit], text: str) -> tuple[Flag, ...]:
    unknown = sorted({number for number in numbers if number not in citable})
    if not unknown:
        return ()
    listed = ", ".join(map(str, unknown[:5])) + (", …" if len(unknown) > 5 else "")
    return (Flag(kind="citation", text=text, note=f"cites units that the model was not shown: {listed}"),)


def _clean(text: str, longest: int) -> str:
    return " ".join(text.split())[:longest].rstrip()
