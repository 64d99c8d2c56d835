"""Reach the world: get a URL, load a source, publish a catalog."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from decomposer.ports.publishing import Figures, Site, Spread
from decomposer.records import Artifact, Entry, Facts, Matched, Measured, Norms, Rank, Source


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


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that a form can't hold, by its id, and why; without `capability` it is the whole entry."""

    entry: str
    reason: str
    capability: str = ""


_SITE = Site()


@dataclass(frozen=True, slots=True)
class Exporting:
    """What an exporter may ask and tell besides the entries.

    `facts` gives what is known of an artifact, `address` that of the canonical capability of a record (entry, id) where
    it has one. `leave_out` is told of each record and entry that is not published, as it comes. `matched` says how
    often searches met an entry, and `times` how often they found records (by id), None where nobody counts. `ranked`
    gives the rank of an entry with what it follows from by `norms`, the figures of the day; None where nobody ranks. A
    site asks `figures` instead of reading all entries, where somebody gives them, and `spread` does its work in several
    processes.
    """

    facts: Callable[[Artifact], Facts] = Facts.of
    address: Callable[[str, str], str | None] = lambda entry, capability: None
    leave_out: Callable[[LeftOut], None] = lambda left_out: None
    matched: Callable[[str], Matched | None] = lambda entry: None
    times: Callable[[Sequence[str]], Mapping[str, int] | None] = lambda capabilities: None
    norms: Callable[[], Norms | None] = lambda: None
    ranked: Callable[[Entry], tuple[Measured, Rank] | None] = lambda entry: None
    figures: Figures | None = None
    spread: Spread | None = None
    site: Site = _SITE


@dataclass(frozen=True, slots=True)
class Exported:
    """The files that are published now, in their order, and those of them that were written: their content is new."""

    files: Sequence[Path]
    written: Sequence[Path]


class Exporter(Protocol):
    """Publishes entries as files in a folder. Raises UsageError where it can't."""

    def __call__(self, entries: Iterator[Entry], folder: Path, exporting: Exporting = ..., /) -> Exported:
        """Write what may be published of the entries, each as it comes, and remove what was and is no more."""
        ...
