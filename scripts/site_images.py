"""Take the pictures of a site that the docs show: the samples are published and every kind of page is photographed."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Literal

if __package__ in (None, ""):  # started as a file
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Page, sync_playwright

from decomposer.ports import Site
from decomposer.records import Entry, Source
from decomposer.settings import Settings
from decomposer.wiring import Workspace
from decomposer.wiring.exporting import export
from decomposer.wiring.ranking import said
from decomposer.wiring.reviewing import desk
from scripts.golden import folders, source_of

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
DESKTOP, PHONE = (1200, 800), (390, 844)
# What each picture shows: the page, what is looked for on it, the size of the window, and the colours.
PICTURES: dict[str, tuple[str, str, tuple[int, int], str]] = {
    "site-start": ("index.html", "", DESKTOP, "light"),
    "site-entry": ("entries/tallowick.html", "", DESKTOP, "light"),
    "site-entry-dark": ("entries/tallowick.html", "", DESKTOP, "dark"),
    "site-entry-phone": ("entries/tallowick.html", "", PHONE, "light"),
    "site-search": ("search.html?q=hybrid+search", "#hits li", DESKTOP, "light"),
    "site-compare": ("compare/brindle-search-vs-tallowick.html", "", DESKTOP, "light"),
    "site-category": ("categories/search.retrieval.html", "", DESKTOP, "light"),
}
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# What people said of two of them, so that ranks have something to go by.
FACTS = {
    "tallowick": ("stars=1840", "downloads=12400", "pricing=open-source", "updated=2026-10-30"),
    "quillmere-8b-minutes": ("likes=412", "downloads=98000", "updated=2026-09-14"),
}

# What a sample names as its rival, invented as well, so that two can be compared.
RIVAL = """\
# Brindle Search

Brindle Search answers questions from the pages of a wiki.

## Features

- **Hybrid search** – searches by keyword and vector in one query and merges both by reciprocal rank fusion
- **Live index** – watches a folder or git repository and makes a changed file searchable again within a minute
- **Runbook question answering** – answers on-call questions from runbooks and links every answer to its file
- **Access control** – shows each reader only the pages that the wiki lets them see
- **Connectors** – reads pages from over forty wikis and chat tools
"""


def main() -> None:
    """Take every picture into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=IMAGES)
    parser.add_argument("--keep", type=Path, help="leave the site in this folder")
    given = parser.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        site: Path = given.keep or Path(folder) / "site"
        with Workspace(Settings(db=str(Path(folder) / "catalog.db"), actor="ann")) as workspace:
            fill(workspace)
            export(workspace, "html", site, site=Site())
        for name, (place, awaited, size, colours) in PICTURES.items():
            with opened(site, place, size=size, colours=colours) as page:
                if awaited:
                    page.locator(awaited).first.wait_for()
                page.screenshot(path=given.into / f"{name}.png")


def fill(workspace: Workspace) -> None:
    """Put the samples into a catalog as careful editors wrote them, and a rival of one of them as it is drafted.

    One is reviewed, and of two somebody has said more than their texts do.
    """
    for folder in folders():
        entry = Entry.model_validate_json((folder / "expected.json").read_text(encoding="utf-8"))
        store(workspace, source_of(folder), entry)
    with tempfile.TemporaryDirectory() as beside, chdir(beside):  # no name of this machine is published
        Path("brindle-search.md").write_text(RIVAL, encoding="utf-8")
        workspace.draft(workspace.load("brindle-search.md"), save=True)
    for slug, pairs in FACTS.items():
        said(pairs, workspace.entry(slug), workspace, source="https://example.org/figures", as_of="2026-11-01")
    desk(workspace).accept_passing("tallowick")


def store(workspace: Workspace, source: Source, entry: Entry) -> Entry:
    """Put an entry into the catalog, with its documents."""
    return workspace.catalog.revise(source, lambda previous, taken: entry)


@contextmanager
def opened(site: Path, place: str, *, size: tuple[int, int] = DESKTOP, colours: str = "light") -> Iterator[Page]:
    """Open a page of a site from its folder."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        width, height = size
        scheme: Literal["dark", "light"] = "dark" if colours == "dark" else "light"
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        name, _, query = place.partition("?")
        page.goto((site / name).absolute().as_uri() + (f"?{query}" if query else ""))
        yield page
        browser.close()


if __name__ == "__main__":
    main()
