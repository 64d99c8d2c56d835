"""Reconcile: carry ids and decisions over from the entry as it was to what was found this time."""

import re
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import count
from typing import Literal
from unicodedata import category, normalize

from decomposer.records import LISTS, Capability, Entry, Evidence, Provenance, Record, SourceDocument, Statement

LONGEST_SLUG = 60
_NOBODY = Provenance(model="", prompt="")


class Changes(Record):
    """The entry as it is now, and the ids of its capabilities by what became of them. `gone` ones are not in it."""

    entry: Entry
    kept: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def reconcile(previous: Entry | None, found: Entry) -> Changes:
    """Return what `found` makes of `previous`; the same `found` once more changes nothing.

    A capability is the same one where its name is the same, else where the quotes that support it are; it keeps its id.
    What a person accepted, rejected or retired stays as decided, found again or not, and so do the documents that its
    evidence points to. A proposal that is not found again is gone. No id of `previous` is given to another capability;
    a new one that comes with an id of this entry keeps it where it is free.
    """
    slug = previous.artifact.slug if previous else found.artifact.slug
    documents, before = _anchored(previous, found) if previous else (found.documents, ())
    once = _once(found.capabilities)
    same = _pairs(before, once)
    taken = {capability.id for capability in before}
    settled = [_settled(capability, same.get(place), slug, taken) for place, capability in enumerate(once)]
    matched = {capability.id for capability in same.values()}
    missing = [capability for capability in before if capability.id not in matched]
    settled += [("kept", capability) for capability in missing if capability.state != "proposed"]
    update = {
        "artifact": found.artifact.model_copy(update={"slug": slug}),
        "documents": documents,
        "capabilities": tuple(capability for _, capability in settled),
    }
    return Changes(
        entry=found.model_copy(update=update),
        kept=tuple(capability.id for fate, capability in settled if fate == "kept"),
        changed=tuple(capability.id for fate, capability in settled if fate == "changed"),
        new=tuple(capability.id for fate, capability in settled if fate == "new"),
        gone=tuple(capability.id for capability in missing if capability.state == "proposed"),
    )


def short_slug(name: str) -> str:
    """Return `name` as the last part of an id: letters and digits of any script and hyphens, at most 60 characters."""
    letters = normalize("NFKC", normalize("NFKC", name).casefold())
    spaced = "".join(char if char.isalnum() or category(char).startswith("M") else " " for char in letters)
    return _cut("-".join(spaced.split()) or "capability", LONGEST_SLUG)


# --- which is which


def _once(capabilities: Sequence[Capability]) -> list[Capability]:
    first: dict[Capability, Capability] = {}
    for capability in capabilities:
        first.setdefault(_content(capability), capability)
    return list(first.values())


def _pairs(before: Sequence[Capability], found: Sequence[Capability]) -> dict[int, Capability]:
    """Return the capability of `before` for each place in `found` that has one, one to one."""
    # By id, not by place: what was kept stands elsewhere in the next run, and must be paired the same way again.
    before = sorted(before, key=lambda capability: capability.id)
    pairs: dict[int, Capability] = {}
    for key in (_content, _name):
        _pair_equals(before, found, pairs, key=key)
    used = {capability.id for capability in pairs.values()}
    quotes = {capability.id: _quotes(capability) for capability in before}
    overlaps = []
    for place, capability in enumerate(found):
        if place in pairs:
            continue
        supporting = _quotes(capability)
        for other in before:
            share = 0.0 if other.id in used else _overlap(supporting, quotes[other.id])
            if share >= 0.5:
                overlaps.append((-share, other.id, place, other))
    for _, identity, place, other in sorted(overlaps, key=lambda overlap: overlap[:3]):
        if identity not in used and place not in pairs:
            used.add(identity)
            pairs[place] = other
    return pairs


def _pair_equals(
    before: Sequence[Capability],
    found: Sequence[Capability],
    pairs: dict[int, Capability],
    *,
    key: Callable[[Capability], Hashable],
) -> None:
    used = {capability.id for capability in pairs.values()}
    free: defaultdict[Hashable, deque[Capability]] = defaultdict(deque)
    for capability in before:
        if capability.id not in used:
            free[key(capability)].append(capability)
    for place, capability in enumerate(found):
        if place not in pairs and (equals := free.get(key(capability))):
            pairs[place] = equals.popleft()


def _content(capability: Capability) -> Capability:
    return capability.model_copy(update={"id": "", "state": "proposed", "provenance": _NOBODY})


def _name(capability: Capability) -> str:
    # Only spacing and case are set aside: "C++ bindings" and "C# bindings" are two things.
    return re.sub(r"[\s_-]+", " ", normalize("NFKC", capability.name).casefold()).strip()


def _quotes(capability: Capability) -> frozenset[str]:
    return frozenset(quote for span in _evidence(capability) if (quote := " ".join(span.quote.split())))


def _evidence(capability: Capability) -> Iterator[Evidence]:
    for _, statement in capability.statements():
        yield from statement.evidence
        for sentence in statement.sentences:
            yield from sentence.evidence
    for name in LISTS:
        for note in getattr(capability, name):
            yield from note.evidence


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much of the shorter evidence both share, 0-1, counted in characters."""
    shorter = min(sum(map(len, one)), sum(map(len, other)))
    return sum(map(len, one & other)) / shorter if shorter else 0.0


# --- what becomes of it


def _settled(
    found: Capability, before: Capability | None, slug: str, taken: set[str]
) -> tuple[Literal["kept", "changed", "new"], Capability]:
    if before is None:
        own = found.id if found.id.startswith(f"{slug}/") else ""
        identity = own if own and own not in taken else _free_id(slug, short_slug(found.name), taken)
        taken.add(identity)
        return "new", found.model_copy(update={"id": identity})
    if before.state != "proposed" or (found.state == "proposed" and _content(before) == _content(found)):
        return "kept", before
    return "changed", found.model_copy(update={"id": before.id})


def _free_id(slug: str, short: str, taken: set[str]) -> str:
    if f"{slug}/{short}" not in taken:
        return f"{slug}/{short}"
    suffixes = (f"-{number}" for number in count(2))
    ids = (f"{slug}/{_cut(short, LONGEST_SLUG - len(suffix))}{suffix}" for suffix in suffixes)
    return next(identity for identity in ids if identity not in taken)


def _cut(slug: str, longest: int) -> str:
    """Return at most `longest` characters of a slug, whole words unless that would lose more than half."""
    if len(slug) <= longest:
        return slug
    words = slug[: longest + 1].rpartition("-")[0]
    return words if len(words) >= longest // 2 else slug[:longest]


# --- documents that only old evidence points to


def _anchored(previous: Entry, found: Entry) -> tuple[tuple[SourceDocument, ...], tuple[Capability, ...]]:
    """Return the documents to keep, those of `found` first, and the capabilities of `previous` pointing into them."""
    decided = [capability for capability in previous.capabilities if capability.state != "proposed"]
    documents = list(found.documents)
    places: dict[int, int] = {}
    for old in sorted({span.document for capability in decided for span in _evidence(capability)}):
        if old < len(previous.documents):
            places[old] = _place(previous.documents[old], old, documents)
    moved = tuple(
        capability if capability.state == "proposed" else _moved(capability, places)
        for capability in previous.capabilities
    )
    return tuple(documents), moved


def _place(document: SourceDocument, old: int, documents: list[SourceDocument]) -> int:
    same = [place for place, other in enumerate(documents) if other.sha256 == document.sha256]
    if not same:
        documents.append(document)
        return len(documents) - 1
    return old if old in same else same[0]


def _moved(capability: Capability, places: Mapping[int, int]) -> Capability:
    if all(old == new for old, new in places.items()):
        return capability

    def spans(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(
            span.model_copy(update={"document": places.get(span.document, span.document)}) for span in evidence
        )

    def statement(old: Statement) -> Statement:
        sentences = tuple(one.model_copy(update={"evidence": spans(one.evidence)}) for one in old.sentences)
        return old.model_copy(update={"evidence": spans(old.evidence), "sentences": sentences})

    update: dict[str, object] = {name: statement(old) for name, old in capability.statements()}
    for name in LISTS:
        update[name] = tuple(
            note.model_copy(update={"evidence": spans(note.evidence)}) for note in getattr(capability, name)
        )
    return capability.model_copy(update=update)
