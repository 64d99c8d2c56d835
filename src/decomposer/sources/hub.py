"""What the hubs share: checked names, JSON that nobody vouches for, and documents that may be missing."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace

from decomposer.errors import SourceError
from decomposer.identity import Metadata
from decomposer.ports import Fetch
from decomposer.records import Document
from decomposer.sources.reading import read

_PART = re.compile(r"(?!\.)[A-Za-z0-9._-]{1,100}(?<!\.)")
_LARGEST_ANSWER = 4 * 1024 * 1024


def parts(ref: str, path: str, *, form: str) -> list[str]:
    """Return the names in `path`. Raises SourceError, quoting the right `form`, for anything else than plain names."""
    names = path.split("/")
    if not all(_PART.fullmatch(name) and ".." not in name for name in names):
        raise SourceError(f"{ref!r} is not a reference", hint=f"write it as {form}")
    return names


def facts(fetch: Fetch, url: str, *, accept: str = "application/json") -> tuple[Mapping[str, object], tuple[str, ...]]:
    """Return the JSON object at `url`, and a warning with an empty object where there is none to be had."""
    try:
        fetched = fetch(url, accept=accept, missing_ok=True)
        answer = json.loads(fetched.body) if fetched and len(fetched.body) <= _LARGEST_ANSWER else None
    except (SourceError, ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, SourceError) else "the answer is not JSON"
        return {}, (f"no metadata from {url}: {reason}",)
    if not isinstance(answer, dict):
        return {}, (f"no metadata from {url}",)
    return answer, ()


def document(fetch: Fetch, url: str) -> tuple[Document, Metadata] | None:
    """Return the document at `url` and its front matter, or None where there is none."""
    fetched = fetch(url, accept="text/plain", missing_ok=True)
    # raw files are served as plain text whatever they are: the name decides
    return read(fetched.body, url, charset=fetched.charset) if fetched else None


def warned(document: Document, warnings: tuple[str, ...]) -> Document:
    """Return the document with more warnings."""
    return replace(document, warnings=(*document.warnings, *warnings))
