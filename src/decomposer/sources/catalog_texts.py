"""Read catalog texts that were written elsewhere: JSON lines of claims, our JSON, unfragile.yml and compare pages."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, BaseModel, Field, ValidationError

from decomposer.errors import SourceError
from decomposer.records import FIELDS
from decomposer.sources import compare_page, manifest
from decomposer.sources.decode import binary_kind, decode
from decomposer.sources.reading import LARGEST, too_large

_HINT = (
    'pass JSON lines of {"text": ...}, JSON of `decomposer draft` or `export`, an unfragile.yml, '
    "or the text of a compare page"
)


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
    text = _text(path)
    start = text.lstrip()[:1]
    if path.suffix.lower() in (".yml", ".yaml"):
        return list(_of_entries({"it": manifest.read(text, str(path))}, str(path)))
    if start in ("{", "[") or path.suffix.lower() in (".json", ".jsonl", ".ndjson"):
        values = _json_values(text, str(path))
        claims = [place for place, value in values.items() if isinstance(value, dict) and "text" in value]
        return list(_of_claims(values, str(path)) if claims or not values else _of_entries(values, str(path)))
    if not compare_page.is_one(text):
        raise SourceError(f"{path}: not recognised as a catalog text", hint=_HINT)
    return [CatalogText(*one) for one in compare_page.read(text, str(path))]


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            raise SourceError(f"{path}: this is a folder", hint="name the file")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{path}: can't be read ({reason})", hint="check the name of the file") from error
    if len(data) > LARGEST:
        raise too_large(str(path))
    kind = binary_kind(data)
    if kind:
        raise SourceError(f"{path}: this is {kind}, not text", hint=_HINT)
    return decode(data).text


# --- JSON


def _json_values(text: str, path: str) -> dict[str, Any]:
    """Return the values of a JSON document (the items of an array) or of JSON lines, each by its place."""
    try:
        whole = _parsed(text) if text.strip() else []
    except ValueError as error:
        lines = {f"line {n}": line for n, line in enumerate(text.split("\n"), start=1) if line.strip()}
        if len(lines) < 2 or text.lstrip()[0] == "[":
            raise SourceError(f"{path}: not valid JSON ({error})", hint=_HINT) from error
        return {place: _line(line, f"{path}: {place}") for place, line in lines.items()}
    return {f"item {n}": item for n, item in enumerate(whole, start=1)} if isinstance(whole, list) else {"it": whole}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _line(line: str, place: str) -> Any:
    try:
        return _parsed(line)
    except ValueError as error:
        raise SourceError(f"{place} is not valid JSON ({error})", hint=_HINT) from error


def _of_claims(values: Mapping[str, Any], path: str) -> Iterator[CatalogText]:
    for place, value in values.items():
        try:
            yield CatalogText(_Text.model_validate(value).text)
        except ValidationError as error:
            raise _wrong(path, place, error) from error


def _of_entries(values: Mapping[str, Any], path: str) -> Iterator[CatalogText]:
    record = 0
    for place, value in values.items():
        try:
            entry = _Entry.model_validate(value)
        except ValidationError as error:
            raise _wrong(path, place, error) from error
        artifact = entry.artifact.name or entry.artifact.slug or "unnamed"
        for number, capability in enumerate(entry.capabilities, start=1):
            record += 1
            for field in FIELDS:
                said = getattr(capability, field)
                text = said.text if isinstance(said, _Text) else said
                if text and text.strip():
                    yield CatalogText(text, artifact, capability.name or f"capability {number}", field, record)


def _wrong(path: str, place: str, error: ValidationError) -> SourceError:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    what = f"{path}: {place} is not a claim or an entry" if place != "it" else f"{path}: not a claim or an entry"
    return SourceError(f"{what} ({where + ': ' if where else ''}{first['msg']})", hint=_HINT)
