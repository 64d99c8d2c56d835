"""The catalog is shown beside its review: the pages of the site, a search without a script, and links both ways."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from decomposer.store.browsing import SqlBrowse
from decomposer.web.addresses import LiveLinks
from decomposer.web.app import create_app
from decomposer.web.security import Access
from decomposer.wiring import Workspace, registering
from decomposer.wiring.answering import Answering
from decomposer.wiring.browsing import ROWS
from decomposer.wiring.matching import Searching
from decomposer.wiring.serving import Serving
from tests.asking_api import Program
from tests.webbing import INVOICES, LINES, Browser, capability, said, store, usual, workspace

TOKEN = "a-long-enough-secret-of-this-server"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    with workspace(tmp_path) as made:
        yield made


def catalog(work: Workspace) -> Workspace:
    """Fill a catalog: two artifacts that share a capability, one that has nothing."""
    store(work, usual(), name="Paper Trail")
    both = [
        capability("Invoices to JSON", slug="scribe"),
        capability("Line items", slug="scribe", description=said(LINES)),
    ]
    store(work, both, slug="scribe", name="Scribe")
    store(work, [], slug="bare", name="Bare")
    registering.catch_up(work)
    return work


def page(program: Program, path: str, **values: str | int) -> str:
    """Return a page, which has to be there."""
    answer = program.client.get(f"/catalog{path}", params=values or None)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8"), answer.text[:300]
    return answer.text


def says(text: str) -> str:
    """Return a page as text."""
    return " ".join(html.unescape(re.sub(r"<(style|svg)\b.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)).split())


def linked(text: str) -> set[str]:
    """Return the addresses that a page links to."""
    return {html.unescape(found) for found in re.findall(r'(?:href|action|src)="([^"]*)"', text)}


# --- what is shown


def test_every_page_that_is_linked_to_is_there(work: Workspace) -> None:
    program = Program(catalog(work))
    seen: set[str] = set()
    left = ["/catalog"]
    while left:
        address = left.pop().partition("#")[0]
        if address in seen or not address.startswith("/catalog"):
            continue
        seen.add(address)
        answer = program.client.get(address)
        assert answer.status_code == 200, address
        if answer.headers["content-type"].startswith("text/html"):
            assert all(link.startswith(("/", "#", "https://")) for link in linked(answer.text)), address
            left += linked(answer.text)
    paths = {address.partition("?")[0] for address in seen}
    for name in ("about", "categories", "category", "capabilities", "capability", "entry", "compare", "list", "search"):
        assert f"/catalog/{name}" in paths


def test_an_entry_is_shown_with_its_evidence_and_leads_to_its_review(work: Workspace) -> None:
    shown = page(Program(catalog(work)), "/entry", slug="papertrail")
    assert "Paper Trail" in says(shown)
    assert INVOICES in says(shown)
    assert {"/entry?slug=papertrail", "/record?id=papertrail%2Finvoices-to-json"} <= linked(shown)
    assert "/catalog/compare?a=papertrail&b=scribe" in linked(shown)


def test_the_review_leads_to_the_pages(work: Workspace) -> None:
    browser = Browser(catalog(work))
    browser.sign_in()
    assert "/catalog" in linked(browser.page)
    browser.get("/entry?slug=papertrail")
    assert "/catalog/entry?slug=papertrail" in linked(browser.page)
    browser.get("/record?id=papertrail/magic")
    assert "/catalog/entry?slug=papertrail#c-magic" in linked(browser.page)


def test_any_two_entries_are_put_side_by_side(work: Workspace) -> None:
    program = Program(catalog(work))
    shown = says(page(program, "/compare", a="scribe", b="papertrail"))
    assert "Scribe vs Paper Trail" in shown
    assert "Both have (2)" in shown
    assert "No capability is held of Bare" in says(page(program, "/compare", a="bare", b="scribe"))
    assert "line items" in says(page(program, "/compare", a="scribe", b="papertrail", need="line items"))


def test_a_shared_capability_is_shown_with_all_that_have_it(work: Workspace) -> None:
    program = Program(catalog(work))
    found = registering.registry(work).canonical_of("papertrail", "papertrail/invoices-to-json")
    assert found is not None
    shown = says(page(program, "/capability", uri=found.uri))
    assert "2 artifacts" in shown
    assert "Scribe" in shown
    assert "Paper Trail" in shown
    assert found.uri in shown


def test_lists_are_cut_into_pages(work: Workspace) -> None:
    for number in range(ROWS + 7):
        store(
            work, [capability("Reading", slug=f"tool-{number:03}")], slug=f"tool-{number:03}", name=f"Tool {number:03}"
        )
    program = Program(work)
    first, second = (page(program, "/list", type="repo", page=number) for number in (1, 2))
    assert ("Page 1 of 2" in says(first), "Page 2 of 2" in says(second)) == (True, True)
    names = [re.findall(r"Tool \d{3}", says(one)) for one in (first, second)]
    assert names == [
        [f"Tool {number:03}" for number in range(ROWS)], [f"Tool {number:03}" for number in range(ROWS, ROWS + 7)]
    ]  # fmt: skip
    assert "Tool 003" in says(page(program, "/list", letter="T"))
    assert len(re.findall(r"Tool \d{3}", says(page(program, "/category", name="other", page=2)))) == 7
    for path in ("/list?type=repo&page=3", "/category?name=other&page=9", "/capabilities?page=2"):
        assert program.client.get(f"/catalog{path}").status_code == 404


def test_counts_are_of_what_is_published(work: Workspace) -> None:
    catalog(work)
    work.retire("bare")
    work.retire("scribe")
    held = SqlBrowse(work.engine).held()
    assert (held.entries, held.records, held.accepted) == (1, 3, 0)
    assert (held.types, held.categories, held.firsts) == ({"repo": 1}, {"other": 3}, {"P": 1})
    program = Program(work)
    assert program.client.get("/catalog/entry?slug=scribe").status_code == 404
    assert program.client.get("/catalog/compare?a=scribe&b=papertrail").status_code == 404
    assert "Scribe" not in page(program, "/list", letter="all")


# --- the search


def test_a_search_works_without_a_script(work: Workspace) -> None:
    shown = page(Program(catalog(work)), "/search", q="scanned invoices")
    assert "<script" not in shown
    assert "2 capabilities, the best first, searched by words." in says(shown)
    assert "/catalog/entry?slug=papertrail#c-invoices-to-json" in linked(shown)
    assert "has invoices, scanned" in says(shown)
    assert 'value="scanned invoices"' in shown


def test_a_search_is_narrowed_by_filters_that_stay(work: Workspace) -> None:
    program = Program(catalog(work))
    shown = page(program, "/search", q="invoices", type="model", price="free", license="MIT", language="en")
    assert "Nothing in this catalog serves that with these filters." in says(shown)
    for kept in ('value="model" selected', "<option selected>free", 'value="mit"', 'value="en"'):
        assert kept in shown
    assert program.words.hits == {}


def test_without_a_need_there_is_the_form_alone(work: Workspace) -> None:
    program = Program(catalog(work))
    for q in ("", "   "):
        shown = page(program, "/search", q=q)
        assert "<form" in shown
        assert "best first" not in shown
    assert program.words.hits == {}


def test_what_a_search_can_not_take_is_said_on_its_page(work: Workspace) -> None:
    answering = Answering(catalog(work), searching=Searching(work, words_only=True))
    app = create_app(Serving(work, answering=answering), access=Access())
    answer = TestClient(app, base_url="http://localhost").get("/catalog/search", params={"q": "!!"})
    assert (answer.status_code, 'role="alert"' in answer.text, "best first" in answer.text) == (400, True, False)


# --- who may see it, and what it may do


def test_on_this_machine_nobody_signs_in_to_look(work: Workspace) -> None:
    assert "Capability catalog" in says(page(Program(catalog(work)), ""))


def test_elsewhere_one_signs_in_first(work: Workspace) -> None:
    browser = Browser(catalog(work), access=Access(token=TOKEN))
    answer = browser.client.get("/catalog/entry?slug=papertrail", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fcatalog%2Fentry%3Fslug%3Dpapertrail"
    signed = browser.sign_in(token=TOKEN, next="/catalog/entry?slug=papertrail")
    assert (signed.url.path, "Paper Trail" in browser.says()) == ("/catalog/entry", True)


def test_pages_keep_to_the_policy(work: Workspace) -> None:
    program = Program(catalog(work))
    for path in ("", "/entry?slug=papertrail", "/search?q=invoices", "/compare?a=scribe&b=papertrail"):
        answer = program.client.get(f"/catalog{path}")
        assert answer.headers["content-security-policy"].startswith(
            "default-src 'none'; script-src 'self'; style-src 's"
        )
        assert answer.headers["cache-control"] == "no-store"
        assert not re.search(r"<script|\son\w+=|\sstyle=|<style|javascript:", answer.text)


def test_the_stylesheet_is_kept_for_ever_and_changes_its_address(work: Workspace) -> None:
    program = Program(catalog(work))
    (address,) = [link for link in linked(page(program, "")) if link.endswith(".css")]
    answer = program.client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} \u202e\x1b[31m \"'> javascript:alert(3)"


def test_what_documents_and_visitors_say_is_shown_as_text(work: Workspace) -> None:
    store(work, [capability(HOSTILE, slug="x", description=said(HOSTILE, quote=""))], slug="x", name=HOSTILE)
    program = Program(work)
    for path in (
        "",
        "/entry?slug=x",
        "/list?letter=all",
        "/category?name=other",
        f"/search?{urlencode({'q': HOSTILE})}",
    ):
        shown = page(program, path)
        assert "<script>alert" not in shown
        assert "<img" not in shown
        assert "49" not in says(shown).replace("2049", "")
        assert "\u202e" not in shown
        assert "\x1b" not in shown
    for path in (
        f"/entry?{urlencode({'slug': HOSTILE})}", f"/capability?{urlencode({'uri': HOSTILE})}",
        f"/category?{urlencode({'name': HOSTILE})}", f"/list?{urlencode({'type': HOSTILE})}",
        f"/compare?{urlencode({'a': HOSTILE, 'b': 'x'})}",
    ):  # fmt: skip
        answer = program.client.get(f"/catalog{path}")
        assert (answer.status_code, "<script>alert" in answer.text) == (404, False)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404),
        ("/entry", 400),
        ("/entry?slug=", 404),
        ("/entry?slug=%00", 404),
        ("/entry?slug=%ff%fe", 404),
        (f"/entry?slug={'x' * 3000}", 400),
        ("/list?type=elephant", 404),
        ("/list?letter=AA", 404),
        ("/list?page=0", 400),
        ("/list?page=x", 400),
        (f"/list?page={'9' * 5000}", 400),
        ("/list?page=1000000", 404),
        ("/compare?a=papertrail", 400),
        ("/compare?a=papertrail&b=papertrail", 404),
        ("/compare?a=papertrail&b=scribe&need=%21", 404),
        ("/capability?uri=capability://other/nothing", 404),
        ("/capability?uri=%00", 404),
        ("/category?name=%00", 404),
        (f"/search?q=x&type={'x' * 600}", 400),
        ("/static/0000000000000000/../../../etc/passwd", 404),
    ],
)
def test_an_address_that_leads_nowhere_is_a_page_that_says_so(work: Workspace, path: str, status: int) -> None:
    answer = Program(catalog(work)).client.get(f"/catalog{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert "<h1" in answer.text


@pytest.mark.parametrize("path", ["/catalog/entry?slug=nothing", "/catalog/nowhere", "/catalog/list?page=0"])
def test_an_address_that_leads_nowhere_leads_back_to_the_catalog(work: Workspace, path: str) -> None:
    text = Program(catalog(work)).client.get(path).text
    assert {"/catalog", "/catalog/search"} <= linked(text)
    assert '<input type="search" id="q" name="q"' in text
    assert "To the queue" not in text


def test_links_hold_whatever_is_in_a_slug() -> None:
    links = LiveLinks()
    assert links.entry("a b&c=d", "a b&c=d/x-y") == "/catalog/entry?slug=a+b%26c%3Dd#c-x-y"
    assert links.compared("a&b", "c#d") == "/catalog/compare?a=a%26b&b=c%23d"
    assert links.canonical("capability://other/x", 2) == "/catalog/capability?uri=capability%3A%2F%2Fother%2Fx&page=2"
    assert links.entry("\ud800") == "/catalog/entry?slug=%3F"
    assert links.of("entries/x.html") is links


def test_letters_and_types_are_counted_as_they_are_listed(work: Workspace) -> None:
    catalog(work)
    store(work, [], slug="n", name="  Élan")
    store(work, [], slug="d", name="7zip")
    store(work, [], slug="k", name="書")
    browsing = Serving(work).browsing
    counts = browsing.start().letters
    assert {name: counts[name] for name in ("B", "E", "P", "S", "0-9", "other", "all")} == {
        "B": 1, "E": 1, "P": 1, "S": 1, "0-9": 1, "other": 1, "all": 6,
    }  # fmt: skip
    for letter in ("B", "E", "P", "S", "0-9", "other", "all"):
        view = browsing.of_letter(letter, 1)
        assert view is not None
        assert len(view.lines) == counts[letter]
