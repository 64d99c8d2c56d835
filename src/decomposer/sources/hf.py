"""Read a model, dataset or Space of the Hugging Face hub: its card, and what the hub knows of it."""

import re
from collections.abc import Mapping

from decomposer.errors import SourceError
from decomposer.identity import HubKind, Metadata, describe, front_matter_metadata, name_of, slug_of
from decomposer.ports import Fetch
from decomposer.records import Source
from decomposer.sources import hub

_SITE = "https://huggingface.co"
_KINDS: dict[str, HubKind] = {"models": "model", "datasets": "dataset", "spaces": "space"}


def load(ref: str, fetch: Fetch) -> Source:
    """Return the artifact at `hf:org/name`, `hf:datasets/org/name` or `hf:spaces/org/name`, pinned to its commit.

    Raises SourceError where there is no card; without the hub's answer the card alone decides, with a warning.
    """
    names = hub.parts(ref, ref.partition(":")[2], form="hf:org/name, hf:datasets/org/name or hf:spaces/org/name")
    group = names.pop(0) if len(names) > 1 and names[0] in _KINDS else "models"
    if len(names) > 2:
        raise SourceError(f"{ref!r} is not a reference", hint="write it as hf:org/name")
    path = "/".join(names)
    answer, warnings = hub.facts(fetch, f"{_SITE}/api/{group}/{path}")
    page = f"{_SITE}/{path}" if group == "models" else f"{_SITE}/{group}/{path}"
    found = hub.document(fetch, f"{page}/raw/{_revision(answer)}/README.md")
    if found is None:
        raise SourceError(f"{ref}: no README.md on the hub", hint=f"see {page}; it may be private, gated or misspelt")
    document, said = found
    metadata = _metadata(answer, _KINDS[group], said)
    metadata = metadata.filled(Metadata(repository=page, maintainer=names[0] if len(names) == 2 else None))
    source = f"hf:{path}" if group == "models" else f"hf:{group}/{path}"
    artifact = describe(slug_of(source), name=name_of(source), source=source, metadata=metadata)
    return Source(artifact, (hub.warned(document, warnings),))


def _revision(answer: Mapping[str, object]) -> str:
    sha = answer.get("sha")
    return sha if isinstance(sha, str) and re.fullmatch("[0-9a-f]{40}", sha) else "main"


def _metadata(answer: Mapping[str, object], kind: HubKind, said: Metadata) -> Metadata:
    """Return what the hub counts, then what the card says, then what the hub made of the card."""
    counted = Metadata.of(kind=kind, downloads=answer.get("downloads"), stars=answer.get("likes"))
    counted = counted.filled(Metadata.of(updated=answer.get("lastModified")))
    card = answer.get("cardData")
    derived = Metadata.of(
        pipeline_tag=answer.get("pipeline_tag"), library=answer.get("library_name"), tags=answer.get("tags")
    )
    parsed = front_matter_metadata(card) if isinstance(card, dict) else Metadata()
    return counted.filled(said).filled(parsed).filled(derived)
