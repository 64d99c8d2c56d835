"""Read a GitHub repository: its model card and README, and what the site knows of it."""

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import quote

from decomposer.errors import SourceError
from decomposer.identity import Metadata, describe, name_of, slug_of
from decomposer.ports import Fetch
from decomposer.records import Document, Source
from decomposer.sources import hub
from decomposer.sources.reading import read

_API = "https://api.github.com/repos"
_RAW = "https://raw.githubusercontent.com"
_ACCEPT = "application/vnd.github+json"
_CARDS = ("MODEL_CARD.md", "model_card.md")


def load(ref: str, fetch: Fetch) -> Source:
    """Return the artifact at `gh:owner/repo`: the model card where there is one, and the README.

    Raises SourceError where there is neither; without the site's answer the files alone decide, with a warning.
    """
    names = hub.parts(ref, ref.partition(":")[2].removesuffix(".git"), form="gh:owner/repo")
    if len(names) != 2:
        raise SourceError(f"{ref!r} is not a reference", hint="write it as gh:owner/repo")
    path = "/".join(names)
    answer, warnings = hub.facts(fetch, f"{_API}/{path}", accept=_ACCEPT)
    card = next(filter(None, (hub.document(fetch, f"{_RAW}/{path}/HEAD/{name}") for name in _CARDS)), None)
    found = [document for document in (card, _readme(fetch, path)) if document]
    if not found:
        raise SourceError(
            f"{ref}: no README in this repository",
            hint=f"see https://github.com/{path}; it may be private or misspelt",
        )
    metadata = _metadata(answer)
    for _, said in found:
        metadata = metadata.filled(said)
    if card:
        metadata = metadata.filled(Metadata(kind="model"))
    metadata = metadata.filled(Metadata(repository=f"https://github.com/{path}", maintainer=names[0]))
    documents = tuple(document for document, _ in found)
    source = f"gh:{path}"
    artifact = describe(slug_of(source), name=name_of(source), source=source, metadata=metadata)
    return Source(artifact, (hub.warned(documents[0], warnings), *documents[1:]))


def _readme(fetch: Fetch, path: str) -> tuple[Document, Metadata] | None:
    answer, _ = hub.facts(fetch, f"{_API}/{path}/readme", accept=_ACCEPT)
    name = answer.get("path")
    if not isinstance(name, str) or not name or len(name) > 500 or ".." in name or "\\" in name:
        return hub.document(fetch, f"{_RAW}/{path}/HEAD/README.md")
    url = f"{_RAW}/{path}/HEAD/{quote(name.lstrip('/').encode('utf-8', 'replace'))}"
    content = _content(answer)
    return hub.document(fetch, url) if content is None else read(content, url)


def _content(answer: Mapping[str, object]) -> bytes | None:
    """Return the file that the answer carries, or None: large files come without their content."""
    content = answer.get("content")
    if answer.get("encoding") != "base64" or not isinstance(content, str) or not content.strip():
        return None
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _metadata(answer: Mapping[str, object]) -> Metadata:
    licence, owner = answer.get("license"), answer.get("owner")
    spdx = licence.get("spdx_id") if isinstance(licence, dict) else None
    return Metadata.of(
        license=None if spdx == "NOASSERTION" else spdx,
        tags=answer.get("topics"),
        homepage=answer.get("homepage"),
        repository=answer.get("html_url"),
        maintainer=owner.get("login") if isinstance(owner, dict) else None,
        stars=answer.get("stargazers_count"),
        updated=answer.get("pushed_at"),
    )
