"""Make entries that are ranked and compared, as bare or as full as a test wants them."""

from collections.abc import Sequence
from typing import Any

from decomposer.rank import complete_facts, quality_of, rank
from decomposer.records import (
    Artifact,
    Capability,
    Comparison,
    Entry,
    Evidence,
    Fact,
    FactKey,
    Facts,
    Judgement,
    Measured,
    Norms,
    Note,
    Provenance,
    Rank,
    Run,
    Sentence,
    SourceDocument,
    SourceKind,
    Statement,
    Support,
)
from decomposer.records.facts import By

TODAY = "2026-11-21"
NORMS = Norms(as_of=TODAY)
SPAN = Evidence(document=0, start=0, end=4, quote="Find", how="cited")
README = SourceDocument(uri="gh:acme/x/README.md", sha256="a" * 64, chars=9, media_type="text/markdown")


def statement(*sentences: str, support: Support = "supported", evidence: Sequence[Evidence] = (SPAN,)) -> Statement:
    """Return a statement, each sentence of which has the same verdict and evidence."""
    text, each = "", []
    for sentence in sentences:
        start = len(text) + (1 if text else 0)
        text = f"{text} {sentence}" if text else sentence
        each.append(Sentence(start=start, end=len(text), support=support, reason="it is so", evidence=tuple(evidence)))
    return Statement(text=text, support=support, evidence=tuple(evidence), sentences=tuple(each))


def record(name: str, text: str = "", *, slug: str = "lynx", **fields: Any) -> Capability:
    """Return a record; its description is supported where nothing else is said."""
    said = {"description": statement(text)} if text else {}
    identity = f"{slug}/{name.lower().replace(' ', '-')}"
    provenance = Provenance(model="m", prompt="v1")
    return Capability(id=identity, name=name, category="other", provenance=provenance, **{**said, **fields})


def entry(slug: str, *records: Capability, documents: Sequence[SourceDocument] | None = None, **artifact: Any) -> Entry:
    """Return an entry; where no documents are given it has a README of its own."""
    own = README.model_copy(update={"uri": f"gh:acme/{slug}/README.md"})
    about = {"slug": slug, "name": slug.title(), "type": "repo", "source": f"gh:acme/{slug}", **artifact}
    return Entry(
        artifact=Artifact(**about),
        documents=(own,) if documents is None else tuple(documents),
        source_kind=SourceKind(kind="software", reason="it is"),
        capabilities=records,
        run=Run(model="m", prompt="v1"),
    )


def said(slug: str, by: By = "person", **values: str) -> list[Fact]:
    """Return what somebody says of an artifact."""
    keys: dict[Any, str] = values
    return [
        Fact(entry=slug, key=key, value=value, source="https://example.org", as_of=TODAY, by=by)
        for key, value in keys.items()
    ]


def facts(one: Entry, **values: Any) -> Facts:
    """Return what holds of an entry where a person has said so much."""
    return Facts.of(one.artifact, said(one.artifact.slug, **values))


def measured(one: Entry, *, derived: int | None = None, matched: Any = None, **values: Any) -> Measured:
    """Return all that a rank depends on."""
    known = facts(one, **values)
    quality = complete_facts(quality_of(one), known)
    return Measured(facts=known, quality=quality, derived=derived, matched=matched)


def ranked(one: Entry, *, norms: Norms = NORMS, **values: Any) -> Rank:
    """Return the rank of an entry of which a person has said so much."""
    return rank(one.artifact, measured(one, **values), norms)


def named_same(a: Capability, b: Capability) -> Judgement:
    """Return a judgement by the names alone."""
    alike = a.name.casefold() == b.name.casefold()
    return Judgement("same" if alike else "different", 1.0 if alike else 0.0, ("by name",))


def texts(comparison: Comparison) -> dict[str, str]:
    """Return the sentences of a verdict by what they are about."""
    return {line.about: line.text for line in comparison.verdict}


KEY: FactKey = "license"
NOTE = Note(text="a note", evidence=(SPAN,))
