"""Count what an entry says and what bears it out; nothing here depends on what its words are."""

from collections.abc import Iterator

from decomposer.records import FIELDS, LISTS, Capability, Entry, Evidence, Facts, Quality, Share, State, Statement
from decomposer.records.facts import FactKey

_SHOWN: tuple[State, ...] = ("accepted", "proposed")
_ASKED: tuple[tuple[str, ...], ...] = (
    ("description",), ("intents", "best_for"), ("limitations",), ("requires",), ("input_types", "output_types"),
)  # fmt: skip
_FACTS: tuple[FactKey, ...] = ("maintainer", "license", "repository", "pricing")


def quality_of(entry: Entry) -> Quality:
    """Return what was counted in the records of an entry that may be shown, less the fields that a person left out.

    `unique` and `vs_alternatives` make no record more complete: an artifact can't gain by praising itself.
    """
    records = [one for one in entry.capabilities if one.state in _SHOWN and not _boasts(one)]
    read = bool(entry.documents)
    sentences = [said for one in records for _, statement in _said(one) for said in _sentences(statement)]
    checked = [support for support, _ in sentences if support != "vendor_claim"]
    worth = sum({"supported": 1.0, "partial": 0.5}.get(support, 0.0) for support in checked)
    cited = [bool(spans) for support, spans in sentences if support != "vendor_claim"]
    cited += [bool(note.evidence) for one in records for name in _lists(one) for note in getattr(one, name)]
    spans = [span for one in records for span in _evidence(one)]
    uris = [document.uri for document in entry.documents]
    earlier = {index for index, uri in enumerate(uris) if uri in uris[:index]}
    filled = sum(any(_says(one, name) for name in names) for one in records for names in _ASKED)
    return Quality(
        read=read,
        records=len(records),
        supported=Share(part=worth, of=len(checked)) if read else Share(),
        evidenced=Share(part=sum(cited), of=len(cited)),
        described=Share(part=filled, of=len(_ASKED) * len(records)),
        present=Share(part=sum(span.document not in earlier for span in spans), of=len(spans)),
        reviewed=Share(part=sum(one.state == "accepted" and not one.disputed for one in records), of=len(records)),
    )


def complete_facts(quality: Quality, facts: Facts) -> Quality:
    """Return the figures with how many of the facts that people ask for are known."""
    known = sum(facts.text(key) is not None for key in _FACTS)
    return quality.model_copy(update={"complete": Share(part=known, of=len(_FACTS))})


def _said(capability: Capability) -> Iterator[tuple[str, Statement]]:
    return ((field, said) for field, said in capability.statements() if field not in capability.dropped)


def _lists(capability: Capability) -> list[str]:
    return [name for name in LISTS if name not in capability.dropped]


def _boasts(capability: Capability) -> bool:
    """Say whether a record holds nothing but a vendor's claims: it counts neither for an entry nor against it."""
    supports = {support for _, statement in _said(capability) for support, _ in _sentences(statement)}
    return supports == {"vendor_claim"} and not any(getattr(capability, name) for name in _lists(capability))


def _sentences(statement: Statement) -> Iterator[tuple[str, tuple[Evidence, ...]]]:
    if not statement.sentences:
        yield statement.support, statement.evidence
    yield from ((sentence.support, sentence.evidence) for sentence in statement.sentences)


def _evidence(capability: Capability) -> Iterator[Evidence]:
    for _, statement in _said(capability):
        yield from (span for support, spans in _sentences(statement) if support != "vendor_claim" for span in spans)
    for name in _lists(capability):
        yield from (span for note in getattr(capability, name) for span in note.evidence)


def _says(capability: Capability, name: str) -> bool:
    """Say whether a field says something that is more than the vendor's own claim."""
    if name in capability.dropped:
        return False
    held = getattr(capability, name)
    if name in FIELDS:
        return held is not None and any(support != "vendor_claim" for support, _ in _sentences(held))
    return bool(held)
