"""Read a gold set: one JSON file a document, and where that document lies."""

from pathlib import Path

from pydantic import ValidationError

from decomposer.errors import SourceError
from decomposer.evaluate import Gold

_SUFFIXES = (".md", ".markdown", ".mdx", ".rst", ".html", ".htm", ".txt")


def read_gold(folder: Path, corpus: Path) -> list[tuple[Gold, Path]]:
    """Return the gold of every `*.json` in `folder` with the file or folder of its document in `corpus`, by slug.

    The document is the one called like the slug. Raises SourceError for a malformed gold file or a missing document.
    """
    for each in (folder, corpus):
        if not each.is_dir():
            raise SourceError(f"{each}: no such folder", hint="name a folder of gold files, and one of documents")
    files = sorted(folder.glob("*.json"))
    if not files:
        raise SourceError(f"{folder}: holds no gold files (*.json)", hint="one JSON file a document is needed")
    found = [(gold, _document(gold.slug, corpus, file)) for file in files for gold in (_gold(file),)]
    slugs = [gold.slug for gold, _ in found]
    for number, slug in enumerate(slugs):
        if slug in slugs[:number]:
            raise SourceError(f"{files[number]}: another gold file has the slug {slug!r} too", hint="keep one of them")
    return sorted(found, key=lambda pair: pair[0].slug)


def _gold(file: Path) -> Gold:
    try:
        return Gold.model_validate_json(file.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SourceError(
            f"{file}: not a gold file ({where + ': ' if where else ''}{first['msg']})",
            hint="docs/evaluation.md shows what one looks like",
        ) from error
    except OSError as error:
        raise SourceError(f"{file}: can't be read ({error.strerror})", hint="check its permissions") from error


def _document(slug: str, corpus: Path, file: Path) -> Path:
    named = Path(slug).name == slug and slug not in (".", "..")
    candidates = [corpus / f"{slug}{suffix}" for suffix in _SUFFIXES] if named else []
    found = [path for path in candidates if path.is_file()]
    if named and not found and (corpus / slug).is_dir():
        found = [corpus / slug]
    if len(found) == 1:
        return found[0]
    if found:
        both = " and ".join(path.name for path in found)
        raise SourceError(f"{file}: {both} in {corpus} are both called {slug!r}", hint="keep one of them")
    raise SourceError(
        f"{file}: its document {slug!r} is not in {corpus}", hint=f"put {slug}.md there, or name --corpus"
    )
