"""Read labelled pairs of capabilities: JSON lines of two texts and what a person said of them."""

from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from decomposer.errors import SourceError
from decomposer.same.pairs import Pair


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore")

    a_text: str
    b_text: str
    label: Literal["same", "overlap", "related", "unrelated"]
    hard: bool = False
    cluster_a: str | None = None
    cluster_b: str | None = None


def read_pairs(path: Path) -> list[Pair]:
    """Return the pairs of a file in order; empty lines are passed over. Raises SourceError that names a bad line."""
    try:
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except OSError as error:
        raise SourceError(f"{path}: can't be read ({error.strerror})", hint="name a file of JSON lines") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not UTF-8 (byte {error.start})", hint="save it as UTF-8") from error
    found = [_pair(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise SourceError(f"{path}: holds no pairs", hint="one JSON object a line: a_text, b_text, label, hard")
    return found


def digest(path: Path) -> str:
    """Return the first characters of the sha256 of a file, by which learned values name it."""
    return sha256(path.read_bytes()).hexdigest()[:12]


def _pair(line: str, place: str) -> Pair:
    try:
        one = _Line.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SourceError(
            f"{place}: not a pair ({where + ': ' if where else ''}{first['msg']})",
            hint="write a_text, b_text, label (same, overlap, related or unrelated) and hard",
        ) from error
    clusters = (one.cluster_a, one.cluster_b) if one.cluster_a and one.cluster_b else None
    return Pair(one.a_text, one.b_text, one.label == "same", one.hard, clusters)
