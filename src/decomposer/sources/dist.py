"""Read the README inside an installed Python distribution."""

import re
from email.message import Message
from importlib.metadata import PackageNotFoundError, metadata
from typing import cast

from decomposer.errors import SourceError
from decomposer.identity import Metadata, describe, slug_of
from decomposer.ports import Fetch
from decomposer.records import Source
from decomposer.sources.reading import read

_NAME = re.compile(r"(?i)[a-z0-9]([a-z0-9._-]{0,98}[a-z0-9])?")
_FILE_NAMES = {"text/markdown": "README.md", "text/x-rst": "README.rst", "text/plain": "README.txt"}


def load(ref: str, fetch: Fetch) -> Source:
    """Return the distribution at `dist:name` as it is installed here, described by the text it was published with.

    Raises SourceError where it is not installed or carries no description.
    """
    name = ref.partition(":")[2]
    if not _NAME.fullmatch(name):
        raise SourceError(f"{ref!r} is not a reference", hint="write it as dist:name")
    try:
        found = cast(Message, metadata(name))  # as the standard library documents it
    except PackageNotFoundError as error:
        raise SourceError(f"{ref}: not installed in this environment", hint=f"install {name} first") from error
    description = found.get("Description") or ""  # header or body: importlib makes them one
    if not description.strip():
        raise SourceError(f"{ref}: the distribution carries no README", hint="read its repository: gh:owner/repo")
    media_type = (found.get("Description-Content-Type") or "text/x-rst").partition(";")[0].strip().lower()
    uri = f"dist:{found['Name']}/{found['Version']}/{_FILE_NAMES.get(media_type, 'README.txt')}"
    document, said = read(description.encode("utf-8", "surrogateescape"), uri)
    artifact = describe(
        slug_of(f"dist:{found['Name']}"), name=found["Name"], source=f"dist:{found['Name']}",
        metadata=_metadata(found).filled(said),
    )  # fmt: skip
    return Source(artifact, (document,))


def _metadata(found: Message) -> Metadata:
    links = {}
    for line in found.get_all("Project-URL") or ():
        label, _, url = line.partition(",")
        links[re.sub(r"[\W_]", "", label.lower())] = url.strip()
    classified = " ".join(found.get_all("Classifier") or ())
    keywords = re.split(
        r"[,\s]+" if "," not in (found.get("Keywords") or "") else r"\s*,\s*", found.get("Keywords") or ""
    )
    frameworks = ["framework"] if "Application Frameworks" in classified else []
    return Metadata.of(
        license=_licence(found),
        tags=[*keywords, *frameworks],
        homepage=found.get("Home-page") or links.get("homepage"),
        repository=next(
            (links[key] for key in ("repository", "source", "sourcecode", "github", "code") if key in links), None
        ),
        maintainer=found.get("Maintainer") or found.get("Author"),
    )


def _licence(found: Message) -> str | None:
    """Return the licence expression, else a short licence field: older packages put the whole text there."""
    expression, older = found.get("License-Expression"), found.get("License")
    return expression or (older if older and "\n" not in older and len(older) <= 100 else None)
