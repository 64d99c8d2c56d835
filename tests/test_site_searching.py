"""A site is searched without a server: the index holds what may be published, and the browser cuts words as it does."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from unicodedata import category

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

from decomposer.publish.site import searching
from decomposer.publish.site.drawing import Chrome
from decomposer.publish.site.tokens import LONGEST, stem, words
from decomposer.publish.site.views import EntryView
from tests.publishing import HOSTILE, capability, statement
from tests.viewing import CHROMIUM, able, browser, samples, served, view, viewed, watched

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri 'none'; form-action 'self'"


def index(*views: EntryView) -> dict[str, str]:
    """Return the files of the index of these entries."""
    rows = sorted((one.entry.artifact.slug, searching.row(one)) for one in views)
    return dict(searching.files(rows))


def read(text: str) -> tuple[str, str, object]:
    """Return the kind, the key and what is told by a file of the index."""
    found = re.fullmatch(r"decomposerSearch\((.*)\);\n", text, re.DOTALL)
    assert found is not None
    kind, key, told = json.loads(f"[{found[1]}]")
    return kind, key, told


def held(files: dict[str, str]) -> dict[str, object]:
    """Return the words of an index and where they stand."""
    told = (read(text) for name, text in files.items() if name.startswith("search/w-"))
    return {word: where for _, _, within in told for word, where in dict(within).items()}  # type: ignore[call-overload]


def build(folder: Path, *views: EntryView) -> Path:
    """Write a search page with its index into a folder."""
    chrome = Chrome(place="search.html")
    head = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>Search</title>'
    body = f"<main><h1>Search</h1>{searching.box(chrome)}{searching.results(chrome)}</main>"
    page = f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{body}</body></html>'
    for name, text in {**index(*views), **searching.fixed(), "search.html": page}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "search.html"


@pytest.mark.parametrize(
    "alike",
    ["generate generates generated generating generation generator", "query queries", "class classes",
     "embed embeds embedding embeddings", "search searches searching", "tokenize tokenizer tokenization",
     "read reads reading reader"],
)  # fmt: skip
def test_forms_of_a_word_are_one_word(alike: str) -> None:
    assert len(set(words(alike))) == 1


def test_words_of_every_script_are_cut() -> None:
    assert words("Über-naïve GPT-4o, 你好世界") == ["uber", "naiv", "gpt", "4o", "你好", "好世", "世界"]
    assert words("हिन्दी ไทย") == ["हिन्दी", "ไท", "ทย"]
    assert words("The of and") == []


@given(st.text())
def test_a_word_is_never_longer_than_any_word_and_cutting_never_fails(text: str) -> None:
    assert all(0 < len(word) <= LONGEST and " " not in word for word in words(text))


def test_a_row_holds_what_may_be_published_and_says_where() -> None:
    made = view(
        able("Transcribing calls", "It writes down telephone calls.", id="clip/c", state="accepted"),
        able("Quarrelling", "Zebras.", unique=statement("Walruses.", "unsupported")),
        capability(name="Boasting", description=statement("Giraffes.", "unsupported")),
        tags=("audio",),
    )
    told, _, found = searching.row(made).partition("\n")
    marks = dict(one.split("=") for one in found.split(" "))
    assert json.loads(told) == [
        "entries/clip.html", "Clip", "Repository", None,
        [["c-c", "Transcribing calls", "Other", "It writes down telephone calls.", "s", 1],
         ["c-quarrelling", "Quarrelling", "Other", "Zebras.", "s", 0],
         ["c-boasting", "Boasting", "Other", "", "", 0]],
    ]  # fmt: skip
    assert {word: marks.get(word) for word in ("audio", "cal", "telephon", "zebra", "walrus", "giraff")} == {
        "audio": "0", "cal": "5", "telephon": "3", "zebra": "6", "walrus": None, "giraff": None,
    }  # fmt: skip


def test_each_word_is_in_the_file_that_its_letters_lead_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "_FULL", 400)
    files = index(*map(viewed, samples()))
    told = {name: read(text) for name, text in files.items()}
    about = dict(told["search/about.js"][2])  # type: ignore[call-overload]
    leaves = set(about["leaves"].split(" "))
    assert len(leaves) > 30
    for name, (kind, key, within) in told.items():
        if kind == "words":
            assert key in leaves
            spelled = "".join(letter if letter in DIGITS else f"_{ord(letter):x}_" for letter in str(key))
            assert name == f"search/w-{spelled}.js"
            for word in dict(within):  # type: ignore[call-overload]
                assert key == max((word[:n] for n in range(5) if word[:n] in leaves), key=len)
    monkeypatch.undo()
    assert held(files) == held(index(*map(viewed, samples())))


def test_a_change_of_one_entry_changes_the_files_of_its_words_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "_FULL", 400)
    entries = list(map(viewed, samples()))
    before = index(*entries)
    assert index(*reversed(entries)) == before
    after = index(*entries, view(able("Zebra", "Zebras graze."), slug="aaa", name="aaa", tags=()))
    changed = {name for name in before if after.get(name) != before[name]}
    touched = {read(after[name])[1] for name in changed if name.startswith("search/w-")}
    assert len(changed) < len(before) / 4
    assert any("zebra".startswith(str(key)) for key in touched)


def test_a_word_that_too_many_have_names_those_that_have_it_in_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST", 3)
    plain = [view(able("Thing", "It sorts mail."), slug=f"p{n}") for n in range(9)]
    named = [view(able("Mail sorting", "It does."), slug=f"z{n}") for n in range(3)]
    found = held(index(*plain, *named))["mail"]
    assert isinstance(found, list)
    assert found[0] == 12
    assert [entry.partition(":")[2] for entry in found[1].split(" ")] == ["5", "5", "5"]


@given(st.lists(HOSTILE | st.text(max_size=20), max_size=4))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_text_leaves_its_string_in_a_file_of_the_index(texts: list[str]) -> None:
    hostile = [
        able(text if text.split() else "x", f"{text} __proto__ constructor", id=f"clip/{n}")
        for n, text in enumerate(texts)
    ]
    for text in index(view(*hostile, name="</script><script>alert(1)//", tags=tuple(texts))).values():
        read(text)
        assert not set("\u2028\u2029\x00\x1b\ud800") & set(text)


# --- in the browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    attack = able("<img src=x onerror=alert(1)> walrus", "</script><script>alert(2)</script> constructor", id="bad/1")
    attacked = view(attack, slug="bad", name="<svg onload=alert(3)>", tags=("__proto__",))
    many = [able(f"Sorting mail {n}", f"It sorts mail number {n} {'ab' * n}.", id=f"post/{n}") for n in range(4)]
    offices = [view(*many, slug=f"post{n}", name=f"Post {n}", tags=()) for n in range(15)]
    return build(tmp_path_factory.mktemp("site"), *map(viewed, samples()), attacked, *offices)


def opened(browser: Browser, address: str) -> tuple[Page, list[str]]:
    """Open a page, and note whatever goes wrong on it."""
    page, trouble = watched(browser, address.rpartition("/")[0])
    page.goto(address)
    return page, trouble


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed: apt-get install chromium")
class TestInTheBrowser:
    def test_a_search_from_a_folder_finds_by_keys_alone(self, chromium: Browser, site: Path) -> None:
        page, trouble = opened(chromium, site.as_uri())
        page.keyboard.press("Tab")
        page.keyboard.type("transcribing recordings of meetings")
        page.keyboard.press("Enter")
        expect(page.locator("#found")).to_contain_text("hits")
        first = page.locator("#hits li").first
        expect(first).to_contain_text("quillmere")
        assert "q=transcribing" in page.url
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        focused = "document.activeElement === document.querySelector('#hits li a') && document.activeElement.href"
        assert page.evaluate(focused).startswith(f"{site.parent.as_uri()}/entries/quillmere")
        assert trouble == []

    def test_a_search_in_the_address_runs_and_more_shows_more(self, chromium: Browser, site: Path) -> None:
        with served(site.parent) as address:
            page, trouble = opened(chromium, f"{address}/search.html?q=sort+mail")
            expect(page.locator("#found")).to_have_text("45 hits")
            expect(page.locator("#hits li")).to_have_count(20)
            page.get_by_role("button", name="More").press("Enter")
            expect(page.locator("#hits li")).to_have_count(40)
            assert (
                page.evaluate("Array.from(document.querySelectorAll('#hits a')).indexOf(document.activeElement)") == 20
            )
            expect(page.get_by_role("button", name="More")).to_be_visible()
            page.get_by_role("button", name="More").click()
            expect(page.locator("#hits li")).to_have_count(45)
            expect(page.get_by_role("button", name="More")).to_be_hidden()
            assert [one for one in trouble if "favicon" not in one and "404" not in one] == []

    def test_words_that_are_not_finished_find_too(self, chromium: Browser, site: Path) -> None:
        page, trouble = opened(chromium, site.as_uri())
        page.fill("#q", "walr")
        expect(page.locator("#found")).to_have_text("1 hit")
        expect(page.locator("#hits a")).to_have_text("<img src=x onerror=alert(1)> walrus")
        for odd in ("constructor", "__proto__ toString", "(", "the", "нет такого", " "):
            page.fill("#q", odd)
            page.wait_for_timeout(200)
        expect(page.locator("#hits li")).to_have_count(0)
        assert trouble == []

    def test_the_browser_cuts_words_as_the_index_does(self, chromium: Browser, site: Path) -> None:
        page, _ = opened(chromium, site.as_uri())
        known = st.characters(exclude_categories=("Cs", "Cn", "Co"))
        texts = st.text(known) | st.text(st.sampled_from("aeiousxzchgnredtby İıßΣςé'-4你ไ")) | HOSTILE
        english = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
        spoken = [
            " ".join(text.text for text in [one.description] if text)
            for entry in samples()
            for one in entry.capabilities
        ]
        some: list[str] = [english, *spoken]

        @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(texts)
        def collect(text: str) -> None:
            if not any(category(character) in ("Cs", "Cn") for character in text):
                some.append(text)

        collect()
        cut = page.evaluate("texts => Promise.all(texts.map(text => decomposerWords(text)))", some)
        assert [(text, told) for text, told in zip(some, cut, strict=True) if told != words(text)] == []
        assert stem("tokenization") == "tokeniz"

    def test_without_a_script_the_page_says_so(self, chromium: Browser, site: Path) -> None:
        context = chromium.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(site.as_uri())
        assert "needs JavaScript" in page.inner_text("main")
        context.close()

    def test_a_search_loads_little(self, chromium: Browser, site: Path) -> None:
        page, _ = opened(chromium, site.as_uri())
        loaded: list[str] = []
        page.on("request", lambda sent: loaded.append(sent.url.rpartition("/")[2]))
        page.fill("#q", "hybrid search")
        expect(page.locator("#hits li").first).to_be_visible()
        files = [site.parent / "search" / name for name in loaded]
        assert sum(file.stat().st_size for file in files) < 200_000
