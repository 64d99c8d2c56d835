"""Merge what several segments say of one capability into one record, with the evidence of all."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from decomposer.records import FIELDS, LISTS, Capability, Evidence, Note, Provenance, Statement, Support

Same = Callable[[Capability], Hashable]
_RANK: dict[Support, int] = {"supported": 0, "vendor_claim": 1, "partial": 2, "unsupported": 3}


def merge(found: Iterable[Capability], *, same: Same) -> list[Capability]:
    """Return one record for each capability, in the order of their first evidence.

    Two records are one where `same` gives equal answers for them, so nothing chains. The best supported text of each
    field survives, evidence is pooled, and `provenance.merged_from` names what was joined. Independent of the order of
    `found`, and merging again changes nothing.
    """
    groups: dict[Hashable, list[Capability]] = {}
    for capability in found:
        groups.setdefault(same(capability), []).append(capability)
    merged = [_join(sorted(set(group), key=_preference)) for group in groups.values()]
    return sorted(merged, key=lambda capability: (_first_place(capability), capability.name, _preference(capability)))


def _join(group: list[Capability]) -> Capability:
    survivor = group[0]
    if len(group) == 1:
        return survivor
    update: dict[str, Any] = {field: _statement([getattr(one, field) for one in group]) for field in FIELDS}
    update |= {name: _notes([note for one in group for note in getattr(one, name)]) for name in LISTS}
    return survivor.model_copy(update={**update, "provenance": _provenance(group)})


def _statement(statements: list[Statement | None]) -> Statement | None:
    said = sorted((one for one in statements if one is not None), key=_statement_preference)
    if not said:
        return None
    return said[0].model_copy(update={"evidence": _pool(span for one in said for span in one.evidence)})


def _notes(notes: list[Note]) -> tuple[Note, ...]:
    by_text: dict[str, list[Note]] = {}
    for note in notes:
        by_text.setdefault(note.text.casefold(), []).append(note)
    return tuple(
        Note(text=min(note.text for note in group), evidence=_pool(span for note in group for span in note.evidence))
        for _, group in sorted(by_text.items())
    )


def _provenance(group: list[Capability]) -> Provenance:
    def union(field: str) -> tuple[str, ...]:
        return tuple(sorted({value for one in group for value in getattr(one.provenance, field)}))

    names = tuple(sorted({one.name for one in group if not one.provenance.merged_from} | set(union("merged_from"))))
    return group[0].provenance.model_copy(
        update={"request_keys": union("request_keys"), "segments": union("segments"), "merged_from": names}
    )


def _pool(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(set(evidence), key=lambda span: (span.document, span.start, span.end, span.how, span.score)))


def _preference(capability: Capability) -> tuple[Any, ...]:
    """Best supported first, then the one that says more, then by name and text, so that the order is total."""
    statements = [statement for _, statement in capability.statements()]
    description = capability.description
    return (
        _RANK[description.support] if description else len(_RANK),
        -sum(len(statement.evidence) for statement in statements),
        _first_place(capability),
        capability.model_dump_json(),
    )


def _statement_preference(statement: Statement) -> tuple[Any, ...]:
    return (_RANK[statement.support], -len(statement.evidence), statement.model_dump_json())


def _first_place(capability: Capability) -> tuple[int, int]:
    places = [(span.document, span.start) for _, statement in capability.statements() for span in statement.evidence]
    return min(places, default=(1 << 30, 0))
