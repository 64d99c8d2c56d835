"""Make what the pages of a site are drawn from, and browsers that look at them."""

import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Dialog, Page, sync_playwright

from decomposer.publish.files import published
from decomposer.publish.site.views import EntryView
from decomposer.records import Capability, Entry, Facts
from tests.publishing import capability, entry, statement

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
SAMPLES = Path(__file__).parents[1] / "samples"


def samples() -> list[Entry]:
    """Return the entries of the samples as careful editors wrote them, by slug."""
    files = sorted(SAMPLES.glob("*/expected.json"))
    return [Entry.model_validate_json(file.read_text(encoding="utf-8")) for file in files]


def viewed(one: Entry, **known: object) -> EntryView:
    """Return what the page of an entry is drawn from."""
    bare = published(one)
    assert bare is not None
    return EntryView(**{"entry": bare, "facts": Facts.of(bare.artifact), **known})  # type: ignore[arg-type]


def view(*capabilities: Capability, **fields: object) -> EntryView:
    """Return what the page of an entry with these records is drawn from."""
    return viewed(entry(*capabilities, **fields))  # type: ignore[arg-type]


def able(name: str, text: str, **fields: Any) -> Capability:
    """Return a record that is described by a supported text."""
    return capability(name=name, description=statement(text), **fields)


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield started
        started.close()


def watched(browser: Browser | BrowserContext, within: str) -> tuple[Page, list[str]]:
    """Return a new page and what goes wrong on it: dialogs, errors, and requests for what is not `within`."""
    page = browser.new_page()
    trouble: list[str] = []

    def refuse(dialog: Dialog) -> None:
        trouble.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("dialog", refuse)
    page.on("pageerror", lambda error: trouble.append(f"error {error}"))
    page.on("console", lambda told: trouble.append(f"{page.url} {told.text}") if told.type == "error" else None)
    page.on("request", lambda sent: None if sent.url.startswith(within) else trouble.append(sent.url))
    return page, trouble


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the files of a folder, and give the address."""
    handler = partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
