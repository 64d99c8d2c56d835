"""The pages of an entry with many records: each small, together all of it, and leading to each other."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decomposer.ports import Given, Site
from decomposer.publish.site import building, export, links
from decomposer.publish.site.drawing import Chrome
from decomposer.publish.site.pages import view_of
from decomposer.publish.site.parting import MOST, entry_pages
from decomposer.records import Capability, Entry, Facts, Note, Support
from tests.publishing import capability, entry, exported
from tests.siting import Looked, Published, alike, apart, evidence, files, said, written

LONG = "It reads & writes the fields of every invoice that lies in a folder, as PDF or as a scan. "


@pytest.fixture(autouse=True)
def _drawn_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the code be the same throughout a test, also where somebody is writing it."""
    monkeypatch.setattr(building, "version", lambda: "as it is")


def record(number: int, *, repeated: int = 2, name: str = "Reading", slug: str = "clip", **fields: Any) -> Capability:
    """Return a record with a sentence of its own, long texts, and quotes."""
    own: list[tuple[str, Support]] = [(f"Own sentence number {number}.", "supported"), (LONG * repeated, "supported")]
    notes = tuple(Note(text=f"{LONG[:80]} {at}", evidence=(evidence(LONG * 2, at),)) for at in range(4))
    told = {"description": said(*own, quote=LONG * 2), "requires": notes, **fields}
    return capability(f"{name} {number}", id=f"{slug}/{number}", **told)


def many(count: int, *, slug: str = "clip", **fields: Any) -> Entry:
    records = [record(number, slug=slug, **fields) for number in range(count)]
    first = records[0].model_copy(update={"broader_than": (f"{slug}/{count - 1}",)}) if count > 1 else records[0]
    return apart(entry(first, *records[1:], slug=slug, source=f"gh:acme/{slug}"))


@given(
    st.sampled_from([1, 12, 40, 200]), st.integers(1, 22), st.sampled_from(["Reading", "R&D " * 29, "読み取り" * 29])
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_page_of_an_entry_is_over_60_kb_and_nothing_is_lost(count: int, repeated: int, name: str) -> None:
    one = many(count, repeated=repeated, name=name)
    view = view_of(Given(one, Facts.of(one.artifact, ())))
    assert view is not None
    place = links.entry("clip")
    parted = entry_pages(view, Chrome().at(place))
    assert [place for place, page in parted.pages if len(page.encode()) > MOST] == []
    texts = {place: Looked(page) for place, page in parted.pages}
    for number, held in enumerate(one.capabilities):
        at = links.entry_page("clip", parted.on.get(held.id, 1))
        own = f"Own sentence number {number}."
        assert [place for place, looked in texts.items() if own in looked.text] == [at]
        assert links.anchor(held.id, "clip") in texts[at].ids()
    assert all(len(looked.ids()) == len(set(looked.ids())) for looked in texts.values())


def test_an_entry_that_fits_has_one_page(tmp_path: Path) -> None:
    exported(export, tmp_path, many(12, repeated=1))
    assert not (tmp_path / "entries/more").exists()
    assert 'class="pager"' not in (tmp_path / "entries/clip.html").read_text()


class TestSeveralPages:
    def test_lead_to_each_other_and_to_every_record(self, tmp_path: Path) -> None:
        done, _ = exported(export, tmp_path, many(40))
        names = [path.relative_to(tmp_path).as_posix() for path in done.files]
        pages = {name for name in names if name.startswith("entries/") and name.endswith(".html")}
        assert pages >= {"entries/clip.html", "entries/more/clip-2.html"}
        assert 'rel="next" href="../entries/more/clip-2.html"' in (tmp_path / "entries/clip.html").read_text()
        assert 'rel="prev" href="../../entries/clip.html"' in (tmp_path / "entries/more/clip-2.html").read_text()
        first = Looked((tmp_path / "entries/clip.html").read_text())
        assert {f"c-{number}" for number in range(40)} <= set(first.ids())
        for file in tmp_path.rglob("*.html"):
            for link in Looked(file.read_text()).links():
                place, _, anchor = unquote(link).partition("#")
                target = (file.parent / place).resolve() if place else file
                if not link.startswith("https://"):
                    assert target.is_file(), (file, link)
                    assert not anchor or anchor in Looked(target.read_text()).ids(), (file, link)

    def test_have_mirrors_and_are_in_the_sitemap_and_the_lists(self, tmp_path: Path) -> None:
        made = Published(tmp_path, many(40))
        made.export(site=Site(base_url="https://example.org"))
        assert "Own sentence number 39." in made.page("entries/more/clip-2.md")
        assert all(f"Own sentence number {number}." in made.page("entries/clip.md") for number in range(40))
        assert "<loc>https://example.org/entries/more/clip-2.html</loc>" in made.page("sitemap.xml")
        assert 'href="../entries/more/clip-2.html#c-39"' in made.page("categories/other.html")
        assert "entries/more/clip-2.html#c-39" in "".join(
            path.read_text() for path in (made.site / "search").glob("d-*.js")
        )

    def test_are_left_alone_while_nothing_changes(self, tmp_path: Path) -> None:
        made = Published(tmp_path, many(40), alike("dot", "Hybrid search"))
        made.export()
        assert made.export().written == []
        made.put(alike("dot", "Hybrid search", name="Dash"))
        assert not [name for name in written(made.export(), made.site) if "clip" in name]

    def test_are_written_again_where_one_was_deleted(self, tmp_path: Path) -> None:
        made = Published(tmp_path, many(40))
        made.export()
        before = files(made.site)
        (made.site / "entries/more/clip-2.html").unlink()
        made.export()
        assert files(made.site) == before

    def test_go_when_the_entry_has_less_to_say(self, tmp_path: Path) -> None:
        made = Published(tmp_path, many(40))
        made.export()
        made.put(many(3))
        made.export()
        made.export(tmp_path / "fresh")
        assert files(made.site) == files(tmp_path / "fresh")
        assert not list((made.site / "entries").rglob("*-2.*"))


def test_no_two_entries_share_a_page() -> None:
    slugs = ["a", "a-2", "a-1", "a-1-2", "more", "A", "con", "index", "a.html"]
    places = [links.entry_page(slug, page).casefold() for slug in slugs for page in range(1, 30)]
    assert len(places) == len(set(places))
