"""In a real browser: the pages of the catalog beside the review, read, searched and left; nothing hostile runs."""

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from decomposer.wiring import registering
from tests.test_web_browser import CHROMIUM, Sitting, chromium, serious, served
from tests.test_web_catalog import HOSTILE, catalog
from tests.webbing import capability, said, store, workspace

__all__ = ["chromium"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed: apt-get install chromium"),
]
PAGES = (
    "/catalog", "/catalog/about", "/catalog/categories", "/catalog/category?name=other", "/catalog/capabilities",
    "/catalog/entry?slug=papertrail", "/catalog/entry?slug=bare", "/catalog/entry?slug=x", "/catalog/list?letter=all",
    "/catalog/list?type=repo", "/catalog/compare?a=papertrail&b=scribe", "/catalog/compare?a=x&b=bare&need=invoices",
    "/catalog/search", "/catalog/search?q=scanned+invoices",
)  # fmt: skip


def fill(folder: Path) -> str:
    """Fill a catalog, with something hostile in it, and return the address of a capability that is shared."""
    with workspace(folder) as work:
        store(
            catalog(work), [capability(HOSTILE, slug="x", description=said(HOSTILE, quote=""))], slug="x", name=HOSTILE
        )
        found = registering.catch_up(work).canonical_of("papertrail", "papertrail/invoices-to-json")
        assert found is not None
        return found.uri


@pytest.mark.parametrize("dark", [False, True])
def test_everybody_can_read_the_pages(tmp_path: Path, chromium: Browser, dark: bool) -> None:
    uri = fill(tmp_path)
    found: dict[str, list[str]] = {}
    with served(tmp_path) as address:
        ann = Sitting(
            chromium, address, color_scheme="dark" if dark else "light", viewport={"width": 1280, "height": 900}
        )
        for path in (*PAGES, f"/catalog/capability?uri={uri}"):
            ann.open(path)
            found[path] = serious(ann.page)
            assert ann.page.evaluate("document.querySelectorAll('script').length") == 0
            _picture(ann, path, dark)
        assert ann.trouble == []
    assert {path: problems for path, problems in found.items() if problems} == {}


def test_from_a_search_to_the_review_and_back_without_a_script(tmp_path: Path, chromium: Browser) -> None:
    fill(tmp_path)
    with served(tmp_path) as address:
        ann = Sitting(chromium, address, javascript=False)
        ann.page.get_by_role("link", name="Catalog").click()
        ann.page.get_by_role("searchbox", name="Search").fill("scanned invoices")
        ann.page.keyboard.press("Enter")
        expect(ann.page.locator("main")).to_contain_text("the best first")
        assert ann.page.locator("mark").count() > 0
        ann.page.locator('main a[href="/catalog/entry?slug=papertrail#c-invoices-to-json"]').click()
        expect(ann.page.locator("h1")).to_have_text("Paper Trail")
        ann.page.get_by_role("link", name="Review", exact=True).nth(1).click()
        expect(ann.page).to_have_url(f"{address}/record?id=papertrail%2Finvoices-to-json")
        ann.page.get_by_role("link", name="published").click()
        expect(ann.page).to_have_url(f"{address}/catalog/entry?slug=papertrail#c-invoices-to-json")
        assert ann.trouble == []


def test_the_review_leads_to_the_catalog_with_a_script_too(tmp_path: Path, chromium: Browser) -> None:
    fill(tmp_path)
    with served(tmp_path) as address:
        ann = Sitting(chromium, address)
        ann.page.get_by_role("link", name="Catalog").click()
        expect(ann.page.locator("h1")).to_have_text("Capability catalog")
        ann.page.get_by_role("link", name="Review").click()
        expect(ann.page).to_have_url(f"{address}/queue")
        assert ann.trouble == []


def test_a_page_of_another_site_can_not_ask_the_api(tmp_path: Path, chromium: Browser) -> None:
    fill(tmp_path)
    with served(tmp_path) as address:
        ann = Sitting(chromium, address)
        search, told = f"{address}/api/v1/search?q=invoices", f"{address}/api/v1/feedback"
        same = ann.page.evaluate("async (at) => (await fetch(at)).status", search)
        assert same == 200
        body = json.dumps({"id": "aaaaaaaaaa.1", "outcome": "success"})
        ann.page.goto("data:text/html,<title>elsewhere</title>")
        for given in ({"mode": "no-cors"}, {"mode": "no-cors", "method": "POST", "body": body}, {"mode": "cors"}):
            ann.page.evaluate("([at, given]) => fetch(at, given).then(() => 0, () => 0)", [told, given])
            ann.page.evaluate("([at, given]) => fetch(at, given).then(() => 0, () => 0)", [search, given])
    with workspace(tmp_path) as work:
        from decomposer.wiring.matching import Searching

        assert Searching(work, words_only=True).matched("papertrail").times == 1


def _picture(ann: Sitting, path: str, dark: bool) -> None:
    """Keep a picture of a page where somebody asks for them."""
    folder = os.environ.get("DECOMPOSER_TEST_PICTURES")
    if folder:
        name = path.strip("/").replace("/", "-").replace("?", "-").replace("&", "-")[:60]
        ann.page.screenshot(path=f"{folder}/{name}{'-dark' if dark else ''}.png", full_page=True)
