"""Join references and what they name: where a batch gets them from, and the source behind each."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path

from decomposer.batch.references import Blocks, Reference, blocks_from, blocks_of
from decomposer.errors import SourceError, UsageError
from decomposer.identity import slug_of
from decomposer.ports import Standing
from decomposer.query import parse
from decomposer.records import Source
from decomposer.wiring.workspace import Workspace

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Naming:
    """How references are named: one by one, in a file (`-` is standard input), or by a query of the catalog."""

    refs: tuple[str, ...] = ()
    listed: str | None = None
    entries: str | None = None

    @property
    def words(self) -> str:
        """Where the references come from, in words."""
        parts = [f"{len(self.refs)} named" if len(self.refs) > 1 else self.refs[0]] if self.refs else []
        if self.listed is not None:
            parts.append("standard input" if self.listed == STDIN else self.listed)
        if self.entries is not None:
            parts.append(f"entries {self.entries}")
        return ", ".join(parts)

    @property
    def streams(self) -> bool:
        """Whether they come from standard input, and may never end."""
        return self.listed == STDIN

    def identity(self, first: str) -> str:
        """Return a digest that is the same for the same references; `first` tells one stream from another."""
        said = [
            str(Path.cwd()) if self.refs or self.listed else "",
            *self.refs,
            "",
            self.listed or "",
            self.entries or "",
            first if self.streams else "",
        ]
        return sha256("\n".join(said).encode("utf-8", "surrogatepass")).hexdigest()


def named(naming: Naming, workspace: Workspace) -> Iterator[list[str]]:
    """Yield the references in blocks, as they come. Raises UsageError for a file that can't be read."""
    yield from blocks_from(naming.refs)
    if naming.listed is not None:
        yield from _listed(naming.listed)
    if naming.entries is not None:
        only = {"only": "stale"} if parse(naming.entries).stale else {}
        yield from blocks_from(json.dumps({"entry": slug, **only}) for slug in workspace.selected(naming.entries))


def opened(naming: Naming, workspace: Workspace) -> tuple[str, Blocks]:
    """Return the first reference ("" where there is none) and all of them in blocks."""
    blocks = named(naming, workspace)
    first = next(blocks, None)
    return (first[0], chain([first], blocks)) if first else ("", ())


def source_of(reference: Reference, workspace: Workspace) -> Source:
    """Return the source that a reference names, with what it says of the artifact. Raises SourceError, UsageError."""
    source = _LOADERS[reference.means](reference, workspace)
    said = {"slug": reference.slug and slug_of(reference.slug), "name": reference.name, "type": reference.type}
    changes = {name: value for name, value in said.items() if value}
    return Source(source.artifact.model_copy(update=changes), source.documents) if changes else source


def standing(reference: Reference, source: Source, workspace: Workspace) -> Standing | None:
    """Return what the catalog holds of a source that need not be drafted again, else None."""
    same = workspace.same_text if reference.only == "stale" else workspace.unchanged
    return same(source)


def _listed(name: str) -> Iterator[list[str]]:
    try:
        if name == STDIN:
            yield from blocks_of(getattr(sys.stdin.buffer, "raw", sys.stdin.buffer))
            return
        with Path(name).open("rb", buffering=0) as stream:
            yield from blocks_of(stream)
    except (OSError, AttributeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "standard input is closed"
        raise UsageError(f"--from {name}: can't be read ({reason})", hint="name a file with one REF a line") from error


def _ref(reference: Reference, workspace: Workspace) -> Source:
    if reference.value == STDIN:
        raise SourceError("-: standard input can't be one of many references", hint="`decomposer draft -` reads it")
    return workspace.load(reference.value)


def _text(reference: Reference, workspace: Workspace) -> Source:
    from decomposer.identity import describe, name_of
    from decomposer.sources.reading import read

    data = reference.value.encode("utf-8", "surrogatepass")
    uri = reference.uri or f"{reference.slug or slug_of(reference.name) or sha256(data).hexdigest()[:12]}.md"
    document, metadata = read(data, uri)
    return Source(describe(slug_of(uri), name=name_of(uri), source=uri, metadata=metadata), (document,))


def _entry(reference: Reference, workspace: Workspace) -> Source:
    return workspace.source_of(reference.value)


_LOADERS: dict[str, Callable[[Reference, Workspace], Source]] = {"ref": _ref, "text": _text, "entry": _entry}
