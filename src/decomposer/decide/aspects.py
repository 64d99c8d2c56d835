"""Read and write the aspects of an entry as JSON: what a decision found there, and what it left."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from pydantic import JsonValue

from decomposer.records import (
    FIELDS,
    LISTS,
    MARKS,
    WORDS,
    Aspect,
    Capability,
    Decision,
    Entry,
    Evidence,
    Note,
    Statement,
    digest,
)

WORDED: tuple[Aspect, ...] = ("name", "category", "description", "unique", "vs_alternatives")
Json = Mapping[str, Any]


def fold(entry: Entry, decisions: Iterable[Decision]) -> Entry:
    """Return `entry` with the decisions applied in the order given: what each left is put in its place.

    Decisions about another entry or an unknown capability are ignored: what they were about may be gone.
    """
    for decision in decisions:
        if decision.entry == entry.artifact.slug:
            entry = put(entry, decision)
    return entry


def put(entry: Entry, decision: Decision) -> Entry:
    """Return the entry with what one decision left put in place; opinions (`second`) and words are not part of it."""
    if decision.field == "record":
        return _with_record(entry, decision.capability, cast("Json | None", decision.after))
    if decision.field == "apart":
        return _with_apart(entry, decision)
    if decision.field in ("second", *WORDS):
        return entry
    changed = False
    kept = []
    for one in entry.capabilities:
        if one.id == decision.capability:
            one, changed = _changed(one, decision, entry), True
        kept.append(one)
    return entry.model_copy(update={"capabilities": tuple(kept)}) if changed else entry


def value(entry: Entry, capability: str, field: Aspect) -> JsonValue:
    """Return an aspect of a record as a decision keeps it; None for a record that is not there.

    A mark is its own value. Words and lists come with whether a person wrote them, and with the sha256 of the documents
    that their evidence counts; a record comes with the ids of the entry in order.
    """
    one = next((one for one in entry.capabilities if one.id == capability), None)
    if one is None or field in ("apart", "second", *WORDS):
        return None
    if field in MARKS:
        found = getattr(one, field)
        return list(found) if field == "dropped" else found
    shas: list[JsonValue] = [document.sha256 for document in entry.documents]
    if field == "record":
        order: list[JsonValue] = [other.id for other in entry.capabilities]
        return {"order": order, "record": _record(one), "documents": shas}
    if field == "revision":
        return None if one.revision is None else {"record": _record(one.revision), "documents": shas}
    return worded(getattr(one, field), edited=field in one.provenance.edited, documents=shas)


def worded(said: object, *, edited: bool, documents: Sequence[JsonValue]) -> JsonValue:
    """Return a name, a category, a statement or notes as a decision keeps them."""
    dumped: JsonValue
    if isinstance(said, Statement):
        dumped = said.model_dump(mode="json")
    elif isinstance(said, tuple):
        dumped = [note.model_dump(mode="json") for note in said]
    else:
        dumped = cast(JsonValue, said)
    return {"value": dumped, "edited": edited, "documents": list(documents)}


def same_value(field: Aspect, one: JsonValue, other: JsonValue) -> bool:
    """Say whether two values of an aspect tell a person the same: evidence may have moved with its text."""
    return _gist(field, one) == _gist(field, other)


def shown(field: Aspect, found: JsonValue) -> str:
    """Return a value of an aspect in plain words, for a history."""
    if found is None or found == []:
        return "nothing"
    if isinstance(found, bool):
        return "yes" if found else "no"
    if isinstance(found, list):
        return ", ".join(map(str, found))
    if not isinstance(found, dict):
        return str(found)
    if "record" in found:
        record = cast(Json, found["record"])
        return str(record.get("name", ""))
    said = found.get("value")
    if isinstance(said, dict):
        return str(said.get("text", ""))
    if isinstance(said, list):
        return "; ".join(str(cast(Json, note).get("text", "")) for note in said) or "nothing"
    return "nothing" if said is None else str(said)


def record_of(found: JsonValue) -> Capability | None:
    """Return the record that a value of `record` or `revision` holds, its evidence as it was counted then."""
    return None if found is None else Capability.model_validate(cast(Json, found)["record"])


def spoken(field: Aspect, said: object) -> Capability:
    """Return a record without a name that says only what a value holds, so that its evidence can be moved."""
    return Capability.model_construct(**{**_SILENT, field: _said(field, said)})


def moved(found: JsonValue, entry: Entry) -> Callable[[Evidence], Evidence] | None:
    """Return what points evidence of a value into the documents of the entry; None where all of it does already."""
    shas = cast(Json, found).get("documents", [])
    present = {document.sha256: place for place, document in reversed(list(enumerate(entry.documents)))}
    places = {
        old: old if old < len(entry.documents) and entry.documents[old].sha256 == sha else present.get(sha, old)
        for old, sha in enumerate(shas)
    }
    if all(old == new for old, new in places.items()):
        return None

    def move(span: Evidence) -> Evidence:
        place = places.get(span.document, span.document)
        return span if place == span.document else span.model_copy(update={"document": place})

    return move


def _changed(one: Capability, decision: Decision, entry: Entry) -> Capability:
    field, after = decision.field, decision.after
    if field in MARKS:
        return one.model_copy(update={field: tuple(cast("list[str]", after)) if field == "dropped" else after})
    if field == "revision":
        revision, before = record_of(after), record_of(decision.before)
        if revision is not None and (move := moved(after, entry)):
            revision = revision.with_evidence(move)
        # What is taken away unread would come again with the next draft; what is put back is open again.
        unwanted = [digest(before)] if before and revision is None else []
        wanted = digest(revision) if revision else ""
        dismissed = dict.fromkeys([*(known for known in one.dismissed if known != wanted), *unwanted])
        return one.model_copy(update={"revision": revision, "dismissed": tuple(dismissed)})
    kept = cast(Json, after)
    edited = tuple(name for name in one.provenance.edited if name != field) + ((field,) if kept["edited"] else ())
    provenance = one.provenance.model_copy(update={"edited": tuple(sorted(edited))})
    words = spoken(field, kept["value"])
    if field in (*FIELDS, *LISTS) and (move := moved(after, entry)):
        words = words.with_evidence(move)
    return one.model_copy(update={field: getattr(words, field), "provenance": provenance})


_SILENT: dict[str, Any] = {**dict.fromkeys(FIELDS), **dict.fromkeys(LISTS, ()), "merged": (), "revision": None}


def _said(field: Aspect, kept: object) -> object:
    if field in LISTS:
        return tuple(Note.model_validate(note) for note in cast("list[object]", kept))
    if field in FIELDS:
        return None if kept is None else Statement.model_validate(kept)
    return kept


def _with_record(entry: Entry, identity: str, after: Json | None) -> Entry:
    others = [one for one in entry.capabilities if one.id != identity]
    if after is not None:
        record = Capability.model_validate(after["record"])
        move = moved(cast(JsonValue, after), entry)
        order = list(after["order"])
        before = order[: order.index(identity)] if identity in order else [one.id for one in others]
        ids = [one.id for one in others]
        place = next((ids.index(other) + 1 for other in reversed(before) if other in ids), 0)
        others.insert(place, record.with_evidence(move) if move else record)
    return entry.model_copy(update={"capabilities": tuple(others)})


def _with_apart(entry: Entry, decision: Decision) -> Entry:
    other = decision.after if decision.after is not None else decision.before
    one, two = sorted((decision.capability, str(other)))
    pairs = {tuple(sorted(pair)) for pair in entry.apart} - {(one, two)}
    if decision.after is not None:
        pairs.add((one, two))
    return entry.model_copy(update={"apart": tuple(sorted(pairs))})


def _record(one: Capability) -> JsonValue:
    return cast(JsonValue, one.model_dump(mode="json"))


def _gist(field: Aspect, found: JsonValue) -> object:
    if field in ("record", "revision"):
        return None if found is None else _told(cast(Json, cast(Json, found)["record"]))
    if field in MARKS or field == "apart" or not isinstance(found, dict):
        return found
    said = cast(Json, found)["value"]
    return [note["text"] for note in said] if field in LISTS else said["text"] if isinstance(said, dict) else said


def _told(record: Json) -> object:
    """Return what a record tells: its words, lists and marks, and what it is made of."""
    said = [record[field] and record[field]["text"] for field in FIELDS]
    lists = [[note["text"] for note in record.get(name) or ()] for name in LISTS]
    marks = [record.get("state"), list(record.get("dropped") or ())]
    return [record["name"], record["category"], said, lists, marks, [part["id"] for part in record.get("merged") or ()]]
