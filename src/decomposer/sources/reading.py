"""Make a document of bytes, the same for every loader: text, media type, front matter, language, digest."""

import re
from hashlib import sha256
from pathlib import PurePosixPath

from decomposer.errors import SourceError
from decomposer.identity import Metadata, front_matter_metadata
from decomposer.records import Document, MediaType
from decomposer.sources import front_matter
from decomposer.sources.decode import binary_kind, decode

LARGEST = 10 * 1024 * 1024

_BY_SUFFIX: dict[str, MediaType] = {
    "": "text/markdown",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".mdx": "text/markdown",
    ".rst": "text/x-rst",
    ".html": "text/html",
    ".htm": "text/html",
    ".txt": "text/plain",
}
_DECLARED: dict[str, MediaType] = {
    "text/markdown": "text/markdown",
    "text/x-rst": "text/x-rst",
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "text/x-markdown": "text/markdown",
    "text/prs.fallenstein.rst": "text/x-rst",
}
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset=["']?([\w.:-]{1,40})""", re.IGNORECASE)


def read(data: bytes, uri: str, *, media_type: str = "", charset: str | None = None) -> tuple[Document, Metadata]:
    """Return the document and what its front matter says. `media_type` and `charset` are what the sender declared.

    Raises SourceError for what is not text or larger than 10 MB.
    """
    if len(data) > LARGEST:
        raise too_large(uri)
    kind = binary_kind(data)
    if kind:
        raise SourceError(
            f"{uri}: this is {kind}, not text", hint="pass a Markdown, reStructuredText, HTML or text file"
        )
    found = media_type_of(uri, media_type)
    if found == "text/html" and not charset:
        declared = _META_CHARSET.search(data[:2048])
        charset = declared[1].decode("ascii", "replace") if declared else None
    decoded = decode(data, charset=charset)
    matter = front_matter.find(decoded.text) if found == "text/markdown" else front_matter.FrontMatter()
    document = Document(
        uri=uri,
        text=decoded.text,
        media_type=found,
        sha256=sha256(data).hexdigest(),
        language=_language(decoded.text[matter.body :]),
        body=matter.body,
        warnings=(*decoded.warnings, *matter.warnings),
    )
    return document, front_matter_metadata(matter.values)


def media_type_of(uri: str, declared: str = "") -> MediaType:
    """Return the media type: what was declared where that says something, else what the file's name says."""
    if declared in _DECLARED:
        return _DECLARED[declared]
    path = re.split("[?#]", uri)[0] if uri.startswith(("http://", "https://")) else uri
    suffix = PurePosixPath(path).suffix.lower()
    if declared == "text/plain" and not suffix:
        return "text/plain"
    return _BY_SUFFIX.get(suffix, "text/plain")


def too_large(what: str) -> SourceError:
    """Return the error for a document over the limit."""
    limit = f"{LARGEST // 1024**2} MB"
    return SourceError(
        f"{what}: larger than {limit}", hint=f"pass the model card or README itself; it is read up to {limit}"
    )


def _language(body: str) -> str | None:
    from decomposer.text import language

    return language(body)
