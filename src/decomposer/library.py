"""Use decomposer from Python: draft an entry, look into a catalog."""

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from decomposer.records import Decision, Entry
from decomposer.settings import Settings, read_settings
from decomposer.wiring import Workspace


def draft(ref: str, *, model: str | None = None, db: str | Path | None = None) -> Entry:
    """Return the drafted entry of a file, folder, https: URL, hf:org/name, gh:owner/repo or dist:name.

    `model` is named as for `decomposer draft`; what is not given follows from the environment and `decomposer.toml`.
    With `db` the entry is saved there as a proposal. Answers of paid models are remembered in `db`, or else in the
    configured database, and never asked twice. Raises DecomposerError.
    """
    with Workspace(_settings(model, db)) as workspace:
        return workspace.draft(workspace.load(ref), save=db is not None)


class Catalog:
    """The entries in a SQLite file or a database named by a SQLAlchemy URL; the configured one where none is named."""

    def __init__(self, db: str | Path | None = None) -> None:
        self._workspace = Workspace(_settings(None, db))
        self._catalog = self._workspace.catalog

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Entry]:
        return self._catalog.entries()

    def find(self, slug: str) -> Entry | None:
        """Return an entry, or None."""
        return self._catalog.find(slug)

    def decisions(self, slug: str) -> list[Decision]:
        """Return the decisions about an entry, oldest first."""
        return list(self._workspace.reviews.history(entry=slug))

    def close(self) -> None:
        """Close the database."""
        self._workspace.close()


def _settings(model: str | None, db: str | Path | None) -> Settings:
    flags = {"model": model, "db": None if db is None else str(db)}
    return read_settings(flags, environ=os.environ, folder=Path.cwd())
