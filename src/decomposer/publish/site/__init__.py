"""Publish the catalog as a static site for people, programs and searches, of which only what is new is written.

A file in the folder remembers what each page was made from; where nothing has changed no entry is read.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from decomposer.ports import Exported, Exporting, Figures
from decomposer.publish.files import ALONE, made
from decomposer.publish.site.alone import Alone
from decomposer.publish.site.building import Building
from decomposer.publish.site.drawing import Chrome
from decomposer.publish.site.state import SiteState
from decomposer.records import Entry

__all__ = ["export"]


def export(entries: Iterator[Entry], folder: Path, exporting: Exporting = ALONE) -> Exported:
    """Write the site, and remove those of its pages that are published no more. Raises UsageError where it can't.

    Files that this program did not write are never removed. `entries` are read where nobody gives `figures`.
    """
    figures = exporting.figures or Alone(entries, exporting)
    chrome = Chrome(title=exporting.site.title, base_url=exporting.site.base_url)
    with SiteState(made(folder)) as state:
        return Building(folder, state, figures, exporting.spread or _Here(figures), chrome).run()


class _Here:
    """Does all work in this process."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def __call__(self, work: Callable[[Figures, Any], Any], blocks: Iterable[Any]) -> Iterator[Any]:
        return (work(self._figures, block) for block in blocks)

    def rest(self) -> None:
        """Do nothing: there is no other process."""
