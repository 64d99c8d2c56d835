"""Read references, one a line: a REF as it stands, or a JSON object that says more about one."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Literal, get_args

from decomposer.display import one_line
from decomposer.errors import SourceError
from decomposer.records import ArtifactType

LONGEST = 16 * 1024 * 1024  # bytes of one line; the largest document is 10 MB
_READ = 1 << 18
_BLOCK = 1000
_NAMES = ("ref", "text", "entry", "uri", "slug", "name", "type", "only")

Blocks = Iterable[list[str]]
Means = Literal["ref", "text", "entry"]


@dataclass(frozen=True, slots=True)
class Reference:
    """What one line names: a REF (`means` is "ref"), a document itself ("text"), or an entry of the catalog ("entry").

    `value` is the REF, the text or the slug. What is said of the artifact goes before what its documents say. With
    `only` "stale" it is drafted again only where its text has changed.
    """

    means: Means
    value: str
    uri: str = ""
    slug: str = ""
    name: str = ""
    type: ArtifactType | None = None
    only: str = ""


def reference(line: str) -> Reference:
    """Return what a line names. Raises SourceError for an object that names nothing, or that says what nobody knows."""
    if len(line) > LONGEST:
        raise SourceError(f"{label(line)}: the line has more than {LONGEST // 1024**2} MB", hint="name a file instead")
    if not line.startswith("{"):
        return Reference("ref", line)
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SourceError(
            f"{label(line)}: not valid JSON ({str(error)[:80]})", hint="write one object a line"
        ) from None
    wrong = [name for name, value in said.items() if name not in _NAMES or not isinstance(value, str)]
    if wrong:
        raise SourceError(f"{label(line)}: {wrong[0][:40]!r} can't be used", hint=f"texts are: {', '.join(_NAMES)}")
    means = [kind for kind in get_args(Means) if said.get(kind)]
    if len(means) != 1:
        raise SourceError(f"{label(line)}: names no source", hint='write one of "ref", "text" and "entry"')
    artifact_type = said.get("type")
    if artifact_type is not None and artifact_type not in get_args(ArtifactType):
        raise SourceError(
            f"{label(line)}: no artifact is a {artifact_type[:40]!r}",
            hint=f"known: {', '.join(get_args(ArtifactType))}",
        )
    given = {name: said.get(name, "") for name in ("uri", "slug", "name", "only")}
    if given["only"] not in ("", "stale"):
        raise SourceError(f"{label(line)}: 'only' is no {given['only'][:40]!r}", hint="known: stale")
    return Reference(means[0], said[means[0]], type=artifact_type, **given)


def label(line: str, *, limit: int = 120) -> str:
    """Return a line as it is called in messages: the REF, or what an object says first of a name."""
    if line.startswith("{"):
        try:
            said = json.loads(line[:LONGEST])
            named = next((said[name] for name in ("ref", "entry", "uri", "slug", "name") if said.get(name)), None)
        except (ValueError, RecursionError):
            named = None
        line = named if isinstance(named, str) else line[: 2 * limit]
    return one_line(line[: 8 * limit], limit=limit)


def blocks_of(stream: IO[bytes]) -> Iterator[list[str]]:
    """Yield the lines of an unbuffered stream as they come in, without the empty ones; a slow one gives short blocks.

    A line that is too long is cut, and fails as a reference, so that no line can fill the memory.
    """
    rest, first = b"", True
    while data := stream.read(_READ):
        if first:
            data, first = data.removeprefix(b"\xef\xbb\xbf"), False
        *whole, rest = (rest + data).split(b"\n") if len(rest) <= LONGEST else _cut(rest, data)
        yield from _blocks(whole)
    yield from _blocks([rest])


def blocks_from(refs: Iterable[str]) -> Iterator[list[str]]:
    """Yield references in blocks."""
    block: list[str] = []
    for ref in refs:
        block.append(ref)
        if len(block) >= _BLOCK:
            yield block
            block = []
    if block:
        yield block


def chained(digest: str, refs: Iterable[str]) -> str:
    """Return the digest of all references up to the last of these, given that of all before them."""
    for ref in refs:
        digest = sha256(f"{digest}\n{ref}".encode("utf-8", "surrogatepass")).hexdigest()
    return digest


def _cut(rest: bytes, data: bytes) -> list[bytes]:
    """Return the lines of `data` after what is too long already, of which no more is kept."""
    _, end, after = data.partition(b"\n")
    return [rest, *after.split(b"\n")] if end else [rest]


def _blocks(lines: list[bytes]) -> Iterator[list[str]]:
    found = [text for line in lines if (text := line.decode("utf-8", "surrogateescape").strip())]
    for start in range(0, len(found), _BLOCK):
        yield found[start : start + _BLOCK]
