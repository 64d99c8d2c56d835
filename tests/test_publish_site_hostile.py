"""What texts can do to a site: nothing. They are shown, whatever they are, and every entry has files of its own."""

from pathlib import Path

import pytest
from hypothesis import given, settings

from decomposer.display import display_safe
from decomposer.publish.site import article, export, links
from decomposer.records import Entry
from tests.publishing import TEXTS, capability, entry, exported, hostile
from tests.siting import Looked, said

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'--></style></title>{{ 7*7 }}{% raw %}"
TAGS = {
    "html", "head", "meta", "title", "link", "body", "a", "header", "nav", "form", "label", "input", "main", "h1", "h2",
    "h3", "h4", "p", "span", "em", "div", "section", "table", "thead", "tbody", "tr", "th", "td", "ol", "ul", "li",
    "article", "dl", "dt", "dd", "q", "small", "sup", "i", "footer", "details", "summary", "button", "script",
    "blockquote", "noscript", "svg", "desc", "rect", "line", "text", "path", "g", "pattern", "defs", "circle",
    "figure", "figcaption", "tspan", "caption",
}  # fmt: skip
TYPES = {"application/ld+json"}


def pages(folder: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in folder.rglob("*.html")]


def harmless(page: str) -> None:
    """Fail where a page has an element, a script or an address that no page of ours has, or a character that hides."""
    looked = Looked(page)
    for tag, known in looked.elements:
        assert tag in TAGS, tag
        assert not [name for name in known if name.startswith("on") or name == "style"], (tag, known)
        if tag == "script":
            assert known.get("type") in TYPES or known["src"].endswith("search.js")
    for link in looked.links():
        assert link.startswith(("https://", "http://", "#")) or link.partition("#")[0].endswith((".html", ".md")), link
    assert display_safe(page) == page


class TestAText:
    @pytest.mark.parametrize("state", ["accepted", "proposed"])
    def test_of_markup_is_shown(self, tmp_path: Path, state: str) -> None:
        exported(export, tmp_path, hostile(MARKUP, state=state))  # type: ignore[arg-type]
        for page in pages(tmp_path):
            harmless(page)
        page = (tmp_path / "entries/clip.html").read_text(encoding="utf-8")
        assert MARKUP in Looked(page).text
        assert "49" not in Looked(page).text.partition("{{ 7*7 }}")[0][-10:]

    @settings(max_examples=40, deadline=None)
    @given(text=TEXTS)
    def test_of_any_kind_is_harmless(self, tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
        folder = tmp_path_factory.mktemp("site")
        exported(export, folder, hostile(text))
        for page in pages(folder):
            harmless(page)

    def test_as_an_address_is_no_link(self, tmp_path: Path) -> None:
        bad = "javascript:alert(1)"
        one = entry(capability(), homepage=bad, repository="https://a@evil.example/", license=bad, source=bad)
        exported(export, tmp_path, one)
        page = (tmp_path / "entries/clip.html").read_text(encoding="utf-8")
        assert not [link for link in Looked(page).links() if "evil" in link or "script" in link]

    def test_in_the_addresses_of_documents_is_no_link(self, tmp_path: Path) -> None:
        one = entry(capability(description=said(("It reads.", "supported"))))
        documents = (one.documents[0].model_copy(update={"uri": "javascript:alert(1)//README.md"}),)
        exported(export, tmp_path, one.model_copy(update={"documents": documents}))
        page = (tmp_path / "entries/clip.html").read_text(encoding="utf-8")
        assert not [link for link in Looked(page).links() if "javascript" in link]

    def test_of_evidence_beyond_the_documents_is_shown_without_a_place(self, tmp_path: Path) -> None:
        text = said(("It reads.", "supported"))
        spans = tuple(span.model_copy(update={"document": 7}) for span in text.evidence)
        one = text.model_copy(update={"sentences": (), "evidence": spans})
        exported(export, tmp_path, entry(capability(description=one)))
        assert "source, 0–11" in (tmp_path / "entries/clip.html").read_text(encoding="utf-8")

    def test_that_is_very_long_makes_no_page_wide(self, tmp_path: Path) -> None:
        exported(export, tmp_path, hostile("x" * 5000))
        assert "overflow-wrap: anywhere" in (tmp_path / "site.css").read_text()


class TestFileNames:
    SLUGS = (
        "con", "CON", "aux", "nul.txt", "index", "index.html", "a/b", "..", "../up", "a\\b", "a:b", "a b", "ä", "Ä",
        "a.", "a", "A", "-a", "x" * 300, "x" * 301, "com1", "\u202ea", "a\x00b", "\ud800", ".decomposer-site.sqlite",
    )  # fmt: skip

    def test_no_two_entries_share_one_whatever_the_file_system(self, tmp_path: Path) -> None:
        many: list[Entry] = [entry(capability(id=f"{slug}/x"), slug=slug) for slug in self.SLUGS]
        exported(export, tmp_path, *many)
        names = [path.name for path in (tmp_path / "entries").glob("*.html")]
        assert len(names) == len({name.casefold() for name in names}) == len(self.SLUGS)
        assert all(len(name) < 130 and name.isascii() and name.rstrip(". ") == name for name in names)
        reserved = {"con", "aux", "nul", "com1", "prn", "index"}
        assert not {name.partition(".")[0].casefold() for name in names} & reserved

    def test_nothing_is_written_outside_the_folder(self, tmp_path: Path) -> None:
        (tmp_path / "in").mkdir()
        exported(export, tmp_path / "in", *(entry(slug=slug) for slug in self.SLUGS))
        assert [path.name for path in tmp_path.iterdir()] == ["in"]

    def test_addresses_of_capabilities_have_files_of_their_own(self) -> None:
        uris = [f"capability://{rest}" for rest in ("a/b", "a_b", "a.b", "a/b-2", "a/b--2", "a/é", "a/B", "index", "")]
        found = [links.canonical(uri, page).casefold() for uri in uris for page in (1, 2)]
        assert len(set(found)) == len(found)
        assert all("/" not in place.removeprefix("capabilities/") for place in found)

    def test_anchors_are_safe_and_apart(self) -> None:
        ids = ["clip/a-b", "clip/a b", "clip/ä", 'clip/"x', "clip/", "other/a-b"]
        anchors = [links.anchor(one, "clip") for one in ids]
        assert anchors[0] == "c-a-b"
        assert len(set(anchors)) == len(ids)
        assert all(one.isascii() and one.replace("-", "").isalnum() for one in anchors)


def test_a_passage_is_found_by_the_longest_run_of_plain_words() -> None:
    page = "https://example.org/x"
    assert article.passage(page, "**a** plain words, so `b`") == f"{page}#:~:text=plain%20words%2C%20so"
    assert article.passage(page, "***") == page
    assert article.passage(page, "\ud800") == f"{page}#:~:text=%3F"


def test_pages_allow_nothing_but_their_own_style(tmp_path: Path) -> None:
    exported(export, tmp_path, entry(capability()))
    for file in tmp_path.rglob("*.html"):
        page = Looked(file.read_text(encoding="utf-8"))
        (policy,) = [known["content"] for tag, known in page.elements if known.get("http-equiv")]
        assert policy.startswith("default-src 'none'")
        assert ("script-src" in policy) is (file.name == "search.html")
        loaded = [
            known.get("src") or known.get("href", "") for tag, known in page.elements if tag in ("script", "link")
        ]
        assert not [place for place in loaded if place.startswith(("http", "//"))]
