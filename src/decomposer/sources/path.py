"""Read a file, or the model card and README of a folder."""

import re
import stat
from pathlib import Path

from decomposer.errors import SourceError
from decomposer.identity import Metadata, describe, name_of, slug_of
from decomposer.ports import Fetch
from decomposer.records import Document, Source
from decomposer.sources import scheme
from decomposer.sources.reading import LARGEST, read, too_large

_SUFFIXES = (".md", ".markdown", ".mdx", "", ".rst", ".html", ".htm", ".txt")
_CARD = re.compile(r"(model|dataset)[-_]?card")


def load(ref: str, fetch: Fetch) -> Source:
    """Return the artifact that a file or folder describes; of a folder, the model card comes before the README.

    Raises SourceError for what is missing, unreadable, not a regular file, not text or larger than 10 MB.
    """
    if not ref.strip():
        raise SourceError("the reference is empty", hint="name a file, a folder or an address")
    path = Path(ref)
    files = _of_folder(path) if stat.S_ISDIR(_mode(path)) else [path]
    documents: list[Document] = []
    metadata = Metadata()
    for file in files:
        document, said = read(_bytes(file), uri_of(file))
        documents.append(document)
        metadata = metadata.filled(said)
    if any(_CARD.fullmatch(file.stem.lower()) for file in files):
        metadata = metadata.filled(Metadata(kind="model"))
    place = _place(path)
    artifact = describe(slug_of(place), name=name_of(place), source=uri_of(path), metadata=metadata)
    return Source(artifact, tuple(documents))


def _of_folder(folder: Path) -> list[Path]:
    try:
        names = sorted(path.name for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES and path.is_file())
    except OSError as error:
        raise SourceError(f"{folder}: {error.strerror}", hint="check the permissions of the folder") from error
    names.sort(key=lambda name: _SUFFIXES.index(Path(name).suffix.lower()))
    cards = [name for name in names if _CARD.fullmatch(Path(name).stem.lower())]
    readmes = [name for name in names if Path(name).stem.lower() == "readme"]
    if not cards and not readmes:
        raise SourceError(f"{folder}: no README or model card in this folder", hint="name the file to read")
    return [folder / name for name in (*cards[:1], *readmes[:1])]


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        hint = "check the spelling"
        if ":" in str(path):
            hint += ", or use https://..., hf:org/name, gh:owner/repo or dist:name"
        raise SourceError(f"{path}: no such file or folder", hint=hint) from error
    except (OSError, ValueError) as error:
        raise SourceError(f"{path}: {_reason(error)}", hint="check the path and its permissions") from error


def _bytes(path: Path) -> bytes:
    if not stat.S_ISREG(_mode(path)):
        raise SourceError(f"{path}: not a regular file", hint="pass `-` to read standard input")
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise SourceError(f"{path}: {_reason(error)}", hint="check the permissions of the file") from error
    if len(data) > LARGEST:
        raise too_large(str(path))
    return data


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def uri_of(path: Path) -> str:
    """Return a path as a reference: as it was given, in a form that names it again; `./hf:x` keeps its `./`."""
    posix = path.as_posix()
    uri = posix if scheme(posix) == "path" else f"./{posix}"
    # a file name may hold bytes that are not text; no store or JSON takes those
    return uri.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _place(path: Path) -> str:
    """Return the whole path, for the names of folders that the path as given leaves out (`.`, `..`, `README.md`)."""
    try:
        return (path.parent.resolve() / path.name if path.name not in ("", "..") else path.resolve()).as_posix()
    except (OSError, RuntimeError):
        return path.as_posix()
