"""Read needs with the capabilities that serve them, and the gold entries that these are capabilities of."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from decomposer.errors import SourceError
from decomposer.evaluate import Gold
from decomposer.records import (
    FIELDS,
    Artifact,
    ArtifactType,
    Capability,
    Document,
    Entry,
    Evidence,
    Provenance,
    Run,
    Source,
    SourceDocument,
    SourceKind,
    Statement,
)
from decomposer.text.locate import locate

BY_HAND = "by hand"


class Searched(BaseModel):
    """A need that is searched for. Other keys are ignored."""

    model_config = ConfigDict(frozen=True)

    need: str = Field(min_length=1)


class Wanted(Searched):
    """A need with the slug and name of each capability that serves it. `kind` says how it is phrased."""

    relevant: tuple[tuple[str, str], ...] = Field(min_length=1)
    kind: str = "need"
    hard: bool = False


class Described(BaseModel):
    """What a gold file says of an artifact besides its `Gold`. Other keys are ignored."""

    model_config = ConfigDict(frozen=True)

    slug: str
    artifact: str
    artifact_type: ArtifactType = "repo"
    capabilities: tuple["Capable", ...]


class Capable(BaseModel):
    """A capability as a gold file describes it; `evidence` are quotes of the document."""

    model_config = ConfigDict(frozen=True)

    name: str
    description: str | None = None
    unique: str | None = None
    vs_alternatives: str | None = None
    evidence: tuple[str, ...] = ()


def read_needs(file: Path, known: Sequence[Gold]) -> list[Wanted]:
    """Return the needs of a file of JSON lines, in order. Raises SourceError for one that is malformed or unknown.

    Every capability that is named has to be one of `known`.
    """
    held = {(gold.slug, one.name) for gold in known for one in gold.capabilities}
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{file}: can't be read ({_reason(error)})", hint="name a file of JSON lines") from error
    found: list[Wanted] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            wanted = Wanted.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]["msg"]
            hint = "one JSON object a line: need, relevant (pairs of slug and name), kind, hard"
            raise SourceError(f"{file}, line {number}: not a need ({first})", hint=hint) from error
        for slug, name in wanted.relevant:
            if (slug, name) not in held:
                raise SourceError(
                    f"{file}, line {number}: {slug} has no capability {name!r}", hint="name those of the gold files"
                )
        found.append(wanted)
    if not found:
        raise SourceError(f"{file}: holds no needs", hint="one JSON object a line is needed")
    return found


def plain_needs(file: Path) -> list[str]:
    """Return the needs of a file without what serves them: lines of text, or JSON lines with a `need` each.

    Raises SourceError.
    """
    try:
        lines = [line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"{file}: can't be read ({_reason(error)})", hint="name a file with a need on each line"
        ) from error
    found = [_need(line, f"{file}, line {number}") for number, line in enumerate(lines, start=1) if line]
    if not found:
        raise SourceError(f"{file}: holds no needs", hint="write one on each line")
    return list(dict.fromkeys(" ".join(one.split()) for one in found))


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _need(line: str, place: str) -> str:
    if not line.startswith("{"):
        return line
    try:
        return Searched.model_validate_json(line).need
    except ValidationError as error:
        raise SourceError(f"{place}: not a need ({error.errors()[0]['msg']})", hint='{"need": "..."}') from error


def gold_entry(file: Path, source: Source) -> Entry:
    """Return a gold file as an entry of its document, with the places of its quotes. Raises SourceError."""
    try:
        gold = Described.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise SourceError(f"{file}: not a gold file with descriptions", hint="docs/evaluation.md shows one") from error
    artifact = Artifact(
        slug=source.artifact.slug, name=gold.artifact, type=gold.artifact_type, source=source.artifact.source
    )
    records = tuple(
        _capability(f"{artifact.slug}/{number}", one, source.documents)
        for number, one in enumerate(gold.capabilities, start=1)
    )
    return Entry(
        artifact=artifact,
        documents=tuple(map(SourceDocument.of, source.documents)),
        source_kind=SourceKind(kind="other", reason=BY_HAND),
        capabilities=records,
        run=Run(model=BY_HAND, prompt=BY_HAND),
    )


def _capability(identity: str, one: Capable, documents: Sequence[Document]) -> Capability:
    evidence = tuple(span for quote in one.evidence for span in _spans(quote, documents))
    said: dict[str, Any] = {
        field: Statement(text=text, support="supported", evidence=evidence)
        for field in FIELDS
        if (text := getattr(one, field))
    }
    provenance = Provenance(model=BY_HAND, prompt=BY_HAND)
    return Capability(id=identity, name=one.name, category="other", provenance=provenance, **said)


def _spans(quote: str, documents: Sequence[Document]) -> list[Evidence]:
    """Return where a quote stands, in the first document that has it."""
    for index, document in enumerate(documents):
        if found := locate(quote, document.text):
            text = document.text[found.start : found.end]
            return [Evidence(document=index, start=found.start, end=found.end, quote=text, how=found.how)]
    return []
