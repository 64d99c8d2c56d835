"""Point old evidence to the documents of the new draft, and keep those that only old evidence points to."""

from collections.abc import Mapping

from decomposer.records import Capability, Entry, Evidence, SourceDocument


def anchored(previous: Entry, found: Entry) -> tuple[tuple[SourceDocument, ...], tuple[Capability, ...]]:
    """Return the documents to keep, those of `found` first, and the capabilities of `previous` pointing into them.

    Only what a person has settled needs documents that `found` does not have; a proposal that does comes as it was.
    """
    documents = list(found.documents)
    places: dict[int, int] = {}
    for old, document in enumerate(previous.documents):
        same = [place for place, other in enumerate(documents) if other.sha256 == document.sha256]
        if same:
            places[old] = old if old in same else same[0]
    settled = {place for one in previous.capabilities if one.held for place in _sources(one)}
    for old in sorted(settled - places.keys()):
        if old < len(previous.documents):
            documents.append(previous.documents[old])
            places[old] = len(documents) - 1
    return tuple(documents), tuple(_moved(one, places) for one in previous.capabilities)


def standing(previous: Entry, found: Entry) -> frozenset[str]:
    """Return the ids of the capabilities of `previous` all of whose lines stand in the documents of `found`."""
    present = {document.sha256 for document in found.documents}
    stands = {place for place, document in enumerate(previous.documents) if document.sha256 in present}
    return frozenset(
        one.id
        for one in previous.capabilities
        if any(one.evidence()) and _sources(one) <= stands and all(span.how != "fuzzy" for span in one.evidence())
    )


def _sources(capability: Capability) -> set[int]:
    # A revision is that of the newest draft alone: its documents are those of `found`, or of no use any more.
    return {span.document for part in capability.parts() for span in part.evidence()}


def _moved(capability: Capability, places: Mapping[int, int]) -> Capability:
    if not capability.held and not _sources(capability) <= places.keys():
        return capability

    def move(span: Evidence) -> Evidence:
        place = places.get(span.document, span.document)
        return span if place == span.document else span.model_copy(update={"document": place})

    same = all(old == new for old, new in places.items())
    return capability if same else capability.with_evidence(move)
