"""Reach the world: get a URL, load a source, publish a catalog."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from decomposer.records import Entry, Source


@dataclass(frozen=True, slots=True)
class Fetched:
    """A fetched body: `url` is the last one after redirects, `media_type` the bare type in lower case or empty."""

    url: str
    body: bytes
    media_type: str = ""
    charset: str | None = None


class Fetch(Protocol):
    """Gets a URL. Raises SourceError; `missing_ok` turns 404 into None."""

    def __call__(self, url: str, *, accept: str = "*/*", missing_ok: bool = False) -> Fetched | None:
        """Return the body, or None where there is none and `missing_ok` is set."""
        ...


Loader = Callable[[str, Fetch], Source]
Exporter = Callable[[Iterator[Entry], Path], list[Path]]
