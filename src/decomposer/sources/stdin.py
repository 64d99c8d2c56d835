"""Read standard input as one document."""

import sys

from decomposer.errors import SourceError
from decomposer.identity import describe
from decomposer.ports import Fetch
from decomposer.records import Source
from decomposer.sources.reading import LARGEST, read, too_large

# named like a file, so that it is read as Markdown and evidence can name it
URI = "stdin:README.md"


def load(ref: str, fetch: Fetch) -> Source:
    """Return what standard input describes. Raises SourceError where it is closed, not text or larger than 10 MB."""
    if sys.stdin is None or sys.stdin.closed:
        raise SourceError("standard input is closed", hint="pipe a document into the command, or name a file")
    data = sys.stdin.buffer.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise too_large("standard input")
    document, metadata = read(data, URI)
    return Source(describe("stdin", name="stdin", source=ref, metadata=metadata), (document,))
