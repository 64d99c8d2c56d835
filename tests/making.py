"""Make records for tests from as little as a test wants to say."""

from collections.abc import Sequence
from hashlib import sha256

from decomposer.draft import Claim, Draft, DraftCapability, DraftKind
from decomposer.records import Artifact, Capability, Document, Judgement, MediaType, Segment, Source, Unit
from decomposer.same import same_name
from decomposer.segment import segment, units_of
from decomposer.text import seen


def document(text: str, media_type: MediaType = "text/markdown", *, body: int = 0, uri: str = "README.md") -> Document:
    return Document(uri=uri, text=text, media_type=media_type, sha256=sha256(text.encode()).hexdigest(), body=body)


def source(*texts: str, slug: str = "thing") -> Source:
    documents = tuple(document(text, uri=f"{slug}/{number}.md") for number, text in enumerate(texts))
    return Source(Artifact(slug=slug, name=slug, type="repo", source=slug), documents)


def only_segment(text: str, media_type: MediaType = "text/markdown") -> Segment:
    (found,) = segment(document(text, media_type))
    return found


def outline(text: str, media_type: MediaType = "text/markdown") -> list[tuple[str, str]]:
    """Return (kind, text) of every unit; hidden and left-out ones carry why: ("sentence!style", ...)."""
    made = document(text, media_type)
    return [(_label(unit), seen(unit, made)) for unit in units_of(made)]


def _label(unit: Unit) -> str:
    why = unit.left_out or (unit.hidden if unit.hidden != unit.kind else None)
    return f"{unit.kind}!{why}" if why else unit.kind


def draft(*capabilities: DraftCapability, kind: str = "software") -> Draft:
    return Draft(
        source_kind=DraftKind.model_validate({"kind": kind, "reason": "it says so"}), capabilities=list(capabilities)
    )


def capability(name: str, text: str, units: Sequence[int], **fields: Claim) -> DraftCapability:
    return DraftCapability(name=name, category="other", description=Claim(text=text, units=list(units)), **fields)  # type: ignore[arg-type]


def by_name(one: Capability, other: Capability) -> Judgement:
    """Return the judgement of two records by the words of their names alone."""
    same = same_name(one) == same_name(other)
    return Judgement("same" if same else "different", float(same), ("by the words of the names",))
