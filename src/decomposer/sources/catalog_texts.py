"""Read catalog texts that were written elsewhere: JSON lines of claims, our JSON, unfragile.yml and compare pages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, BaseModel, Field, ValidationError

from decomposer.records import FIELDS
from decomposer.sources import compare_page
from decomposer.sources.catalog_files import read_catalog_file, wrong_shape


@dataclass(frozen=True, slots=True)
class CatalogText:
    """One text that a catalog publishes: a field of a record of an artifact, or a bare claim, which has only a text.

    `record` is the place of the record in its file, 0 for a claim.
    """

    text: str
    artifact: str = ""
    capability: str = ""
    field: str = ""
    record: int = 0


class _Text(BaseModel):
    text: str


class _Capability(BaseModel):
    name: str | None = None
    description: _Text | str | None = None
    unique: _Text | str | None = Field(default=None, validation_alias=AliasChoices("unique", "unique_aspect"))
    vs_alternatives: _Text | str | None = Field(
        default=None, validation_alias=AliasChoices("vs_alternatives", "vsAlternatives")
    )


class _Artifact(BaseModel):
    name: str | None = None
    slug: str | None = None


class _Entry(BaseModel):
    """What an entry and a manifest have in common; whatever else stands in them is not audited."""

    artifact: _Artifact
    capabilities: list[_Capability]


def read_catalog_texts(path: Path) -> list[CatalogText]:
    """Return the texts of a file in its order; of a record its description, what is unique, and how it compares.

    What the file is follows from what stands in it, and for YAML from its name. Raises SourceError for a file that
    can't be read or is none of the four.
    """
    found = read_catalog_file(path)
    if found.form == "page":
        return [CatalogText(*one) for one in compare_page.read(found.page, str(path))]
    claims = [value for value in found.values.values() if isinstance(value, dict) and "text" in value]
    if found.form == "json" and (claims or not found.values):
        return list(_of_claims(found.values, str(path)))
    return list(_of_entries(found.values, str(path)))


def _of_claims(values: Mapping[str, Any], path: str) -> Iterator[CatalogText]:
    for place, value in values.items():
        try:
            yield CatalogText(_Text.model_validate(value).text)
        except ValidationError as error:
            raise wrong_shape(path, place, error) from error


def _of_entries(values: Mapping[str, Any], path: str) -> Iterator[CatalogText]:
    record = 0
    for place, value in values.items():
        try:
            entry = _Entry.model_validate(value)
        except ValidationError as error:
            raise wrong_shape(path, place, error) from error
        artifact = entry.artifact.name or entry.artifact.slug or "unnamed"
        for number, capability in enumerate(entry.capabilities, start=1):
            record += 1
            for field in FIELDS:
                said = getattr(capability, field)
                text = said.text if isinstance(said, _Text) else said
                if text and text.strip():
                    yield CatalogText(text, artifact, capability.name or f"capability {number}", field, record)
