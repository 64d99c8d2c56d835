"""Catalogs in a folder for the commands: two entries that share a capability, or those that a test has."""

from functools import partial
from pathlib import Path
from typing import Any

from decomposer.settings import read_settings
from decomposer.wiring import Workspace
from tests.ranking import entry, record


def filled(folder: Path, *entries: Any) -> Path:
    """Fill a catalog in a folder and return that."""
    with Workspace(read_settings({"db": str(folder / "decomposer.db")}, environ={}, folder=folder)) as workspace:
        for one in entries:
            workspace.catalog.take(one, partial(_itself, one))
    return folder


def _itself(one: Any, previous: object, slug: str) -> Any:
    return one


def cats(folder: Path) -> Path:
    """Fill a catalog with two entries that share a capability."""
    see = record("Bird search", "Finds birds in pictures.", state="accepted")
    other = record("Bird search", "Finds birds in pictures.", slug="puma")
    hear = record("Speech recognition", "Transcribes audio recordings to text.")
    lint = record("Python linting", "Checks Python code for style errors.", slug="puma")
    return filled(folder, entry("lynx", see, hear, stars=1234, license="mit"), entry("puma", other, lint))
