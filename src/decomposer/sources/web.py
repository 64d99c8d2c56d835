"""Read a page of the web: raw text, Markdown, reStructuredText or HTML."""

from decomposer.errors import SourceError
from decomposer.identity import describe, name_of, slug_of
from decomposer.ports import Fetch
from decomposer.records import Source
from decomposer.sources.reading import read

_ACCEPT = "text/markdown, text/plain;q=0.9, text/html;q=0.8, */*;q=0.1"
# servers send these for any file; the file's name and its bytes decide
_UNSAID = ("", "application/octet-stream", "binary/octet-stream", "application/xhtml+xml")


def load(ref: str, fetch: Fetch) -> Source:
    """Return what the page at `ref` describes; its document is named by the address without a fragment.

    Raises SourceError where the page can't be had or is not text.
    """
    url = ref.partition("#")[0]
    fetched = fetch(url, accept=_ACCEPT)
    if fetched is None:
        raise SourceError(f"{url}: there is nothing at this address", hint="check the address")
    if fetched.media_type not in _UNSAID and not fetched.media_type.startswith("text/"):
        raise SourceError(f"{url}: this is {fetched.media_type}, not a text page", hint="link to the README itself")
    document, metadata = read(fetched.body, url, media_type=fetched.media_type, charset=fetched.charset)
    return Source(describe(slug_of(url), name=name_of(url), source=url, metadata=metadata), (document,))
