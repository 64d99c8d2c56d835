"""Read catalog files that were written elsewhere: find out what a file is, and take it apart without trusting it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from decomposer.errors import SourceError
from decomposer.sources import compare_page, manifest
from decomposer.sources.decode import binary_kind, decode
from decomposer.sources.reading import LARGEST, too_large

HINT = (
    'pass JSON lines of {"text": ...}, JSON of `decomposer draft` or `export`, an unfragile.yml, '
    "or the text of a compare page"
)
Form = Literal["json", "manifest", "page"]


@dataclass(frozen=True, slots=True)
class CatalogFile:
    """What a file holds: the `values` of JSON or a manifest by their place (`it` where there is one), or a page."""

    form: Form
    values: Mapping[str, Any] = field(default_factory=dict)
    page: str = ""


def read_catalog_file(path: Path) -> CatalogFile:
    """Return what a file of at most 10 MB holds. What it is follows from its text, and for YAML from its name.

    Raises SourceError for a file that can't be read or is none of those.
    """
    text = _text(path)
    suffix = path.suffix.lower()
    if suffix in (".yml", ".yaml"):
        return CatalogFile("manifest", {"it": manifest.read(text, str(path))})
    if text.lstrip()[:1] in ("{", "[") or suffix in (".json", ".jsonl", ".ndjson"):
        return CatalogFile("json", _json_values(text, str(path)))
    if not compare_page.is_one(text):
        raise SourceError(f"{path}: not recognised as a catalog text", hint=HINT)
    return CatalogFile("page", page=text)


def json_lines(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield each value of a file of JSON lines with its place, however many there are; a bad line is a SourceError.

    Raises SourceError where the file can't be read.
    """
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(LARGEST + 1):
                number += 1
                place = f"line {number}"
                if len(line) > LARGEST:
                    yield place, too_large(f"{path}: {place}")
                    return
                if line.strip():
                    yield place, _value_or_error(line, f"{path}: {place}")
    except OSError as error:
        raise _unreadable(path, error) from error


def wrong_shape(path: str, place: str, error: ValidationError) -> SourceError:
    """Return the error for a value that is not what a catalog file holds."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    what = f"{path}: {place} is not a claim or an entry" if place != "it" else f"{path}: not a claim or an entry"
    return SourceError(f"{what} ({where + ': ' if where else ''}{first['msg']})", hint=HINT)


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            raise SourceError(f"{path}: this is a folder", hint="name the file")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if len(data) > LARGEST:
        raise too_large(str(path))
    kind = binary_kind(data)
    if kind:
        raise SourceError(f"{path}: this is {kind}, not text", hint=HINT)
    return decode(data).text


def _unreadable(path: Path, error: Exception) -> SourceError:
    reason = getattr(error, "strerror", None) or error
    return SourceError(f"{path}: can't be read ({reason})", hint="check the name of the file")


def _json_values(text: str, path: str) -> dict[str, Any]:
    """Return the values of a JSON document (the items of an array) or of JSON lines, each by its place."""
    try:
        whole = _parsed(text) if text.strip() else []
    except ValueError as error:
        lines = {f"line {n}": line for n, line in enumerate(text.split("\n"), start=1) if line.strip()}
        if len(lines) < 2 or text.lstrip()[0] == "[":
            raise SourceError(f"{path}: not valid JSON ({error})", hint=HINT) from error
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
        raise SourceError(f"{place} is not valid JSON ({error})", hint=HINT) from error


def _value_or_error(line: bytes, place: str) -> Any:
    try:
        return _line(decode(line).text, place)
    except SourceError as error:
        return error
