"""What an export of a site leaves alone: only what has changed is written, whatever happened to the folder."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from decomposer.errors import UsageError
from decomposer.ports import Exporting, Site
from decomposer.publish.site import building, export, links, searching, writing
from decomposer.publish.site.pairing import COMMON, LEAST, MOST, in_walks, neighbours, pairs
from decomposer.publish.site.state import NAME
from decomposer.records import Entry
from decomposer.wiring import keeping
from decomposer.wiring.publishing import SiteFigures
from decomposer.wiring.spreading import Spreading
from tests.publishing import capability, entry, exported
from tests.siting import Published, alike, apart, files, said, written

BOTH = ("Hybrid search", "Speech recognition")


@pytest.fixture(autouse=True)
def _drawn_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the code be the same throughout a test, also where somebody is writing it."""
    monkeypatch.setattr(building, "version", lambda: "as it is")


@pytest.fixture
def made(tmp_path: Path) -> Published:
    return Published(tmp_path, alike("ada", *BOTH), alike("bob", *BOTH), alike("cyd", "Invoice reading"))


def again(one: Entry, text: str) -> Entry:
    """Return an entry that says something else of its own record."""
    (*rest, own) = one.capabilities
    return one.model_copy(
        update={"capabilities": (*rest, own.model_copy(update={"unique": said((text, "supported"))}))}
    )


class TestTheSameAgain:
    def test_writes_nothing(self, made: Published) -> None:
        first = made.export()
        times = {path: path.stat().st_mtime_ns for path in first.files}
        done = made.export()
        assert done.written == []
        assert sorted(done.files) == sorted(first.files)
        assert {path: path.stat().st_mtime_ns for path in done.files} == times

    def test_reads_no_entry(self, made: Published, monkeypatch: pytest.MonkeyPatch) -> None:
        made.export()
        monkeypatch.setattr(SiteFigures, "read", lambda *_: pytest.fail("an entry was read"))
        assert made.export().written == []

    def test_without_a_catalog_behind_it_writes_nothing(self, tmp_path: Path) -> None:
        exported(export, tmp_path, entry(capability()), entry(slug="con"))
        done, _ = exported(export, tmp_path, entry(capability()), entry(slug="con"))
        assert done.written == []


class TestAChange:
    def test_writes_the_pages_that_show_it(self, made: Published) -> None:
        made.export()
        made.put(again(alike("cyd", "Invoice reading"), "It is new."))
        done = written(made.export(), made.site)
        assert "entries/cyd.html" in done
        assert "It is new." in made.page("entries/cyd.html")
        assert not {name for name in done if name.startswith(("entries/ada", "entries/bob", "compare/"))}
        assert not {name for name in done if name.startswith(("names/", "types/", "categories/", "about"))}

    def test_leads_to_what_a_fresh_export_gives(self, made: Published, tmp_path: Path) -> None:
        made.export()
        made.put(again(alike("bob", "Hybrid search", name="Robert"), "It is new."))
        made.put(alike("dan", *BOTH))
        made.export()
        made.export(tmp_path / "fresh")
        assert files(made.site) == files(tmp_path / "fresh")

    def test_of_a_name_reaches_the_pages_that_link_to_it(self, made: Published) -> None:
        made.export()
        made.put(alike("bob", *BOTH, name="Robert"))
        made.export()
        assert "Robert" in made.page("entries/ada.html")
        assert "Robert" in made.page("compare/ada-vs-bob.html")
        assert "Robert" in made.page("names/r.html")
        assert not (made.site / "names/b.html").exists()

    def test_of_the_title_reaches_every_page(self, made: Published) -> None:
        made.export()
        made.export(site=Site(title="Ours"))
        assert all("Ours</a>" in path.read_text(encoding="utf-8") for path in made.site.rglob("*.html"))

    def test_of_what_is_published_reaches_the_pages(self, made: Published) -> None:
        made.export()
        made.export(state="accepted")
        assert "Only ada" not in made.page("entries/ada.html")
        made.export()
        assert "Only ada" in made.page("entries/ada.html")

    def test_that_retires_an_entry_removes_its_pages(self, made: Published) -> None:
        made.export()
        with made.workspace() as workspace:
            keeping.retire(workspace.entry("bob"), workspace.reviews, actor="eve", reason="gone")
        made.export()
        left = files(made.site)
        assert not {name for name in left if "bob" in name}
        assert not [name for name, content in left.items() if b"Bob" in content]


class TestTheFolder:
    def test_keeps_files_that_are_not_ours(self, made: Published) -> None:
        (made.site / "entries").mkdir(parents=True)
        mine = [made.site / "CNAME", made.site / "entries" / "mine.html"]
        for file in mine:
            file.write_text("mine")
        made.export()
        made.put(alike("dan", *BOTH))
        made.export()
        assert [file.read_text() for file in mine] == ["mine", "mine"]

    @pytest.mark.parametrize(
        "place", ["entries/ada.html", "compare/ada-vs-bob.md", "index.html", "site.css", "about.md"]
    )
    def test_gets_back_what_was_deleted_or_edited(self, made: Published, place: str) -> None:
        made.export()
        before = files(made.site)
        (made.site / place).unlink()
        assert place in written(made.export(), made.site)
        (made.site / place).write_text("edited")
        assert place in written(made.export(), made.site)
        assert files(made.site) == before

    def test_gets_back_a_page_that_became_a_link(self, made: Published, tmp_path: Path) -> None:
        made.export()
        (tmp_path / "elsewhere").write_text("not to be touched")
        page = made.site / "entries/ada.html"
        page.unlink()
        page.symlink_to(tmp_path / "elsewhere")
        made.export()
        assert not page.is_symlink()
        assert (tmp_path / "elsewhere").read_text() == "not to be touched"

    @pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"\x00" * 4000])
    def test_with_a_damaged_memory_is_made_again(self, made: Published, content: bytes) -> None:
        made.export()
        before = files(made.site)
        (made.site / NAME).write_bytes(content)
        assert made.export().written == []
        assert files(made.site) == before
        assert made.export().written == []

    def test_of_an_earlier_version_is_made_again(self, made: Published) -> None:
        made.export()
        with sqlite3.connect(made.site / NAME) as connection:
            connection.execute("PRAGMA user_version = 0")
        connection.close()
        assert made.export().written == []

    def test_can_be_moved(self, made: Published, tmp_path: Path) -> None:
        made.export()
        shutil.copytree(made.site, tmp_path / "moved", copy_function=shutil.copy2)
        assert made.export(tmp_path / "moved").written == []

    def test_that_is_a_file_is_told(self, made: Published) -> None:
        made.site.write_text("a file")
        with pytest.raises(UsageError):
            made.export()

    def test_used_by_another_export_is_told(self, made: Published) -> None:
        made.export()
        other = sqlite3.connect(made.site / NAME)
        other.execute("BEGIN EXCLUSIVE")
        try:
            with pytest.raises(UsageError, match="can't be used"):
                made.export()
        finally:
            other.close()


class TestARunThatIsKilled:
    @pytest.mark.parametrize("after", [1, 5, 40, 60])
    def test_is_finished_by_the_next(
        self, made: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
    ) -> None:
        real, count = writing.replaced, iter(range(after))

        def failing(target: str, content: bytes) -> Any:
            if next(count, None) is None:
                raise KeyboardInterrupt
            return real(target, content)

        monkeypatch.setattr(writing, "replaced", failing)
        with pytest.raises(KeyboardInterrupt):
            made.export()
        monkeypatch.setattr(writing, "replaced", real)
        with made.workspace() as workspace:  # what it wrote may be over by now
            keeping.retire(workspace.entry("ada"), workspace.reviews, actor="eve", reason="gone")
        made.export()
        made.export(tmp_path / "fresh")
        assert files(made.site) == files(tmp_path / "fresh")


def test_other_processes_draw_the_same(made: Published, tmp_path: Path) -> None:
    made.put(*(apart(entry(capability(id=f"e{at}/x"), slug=f"e{at:03}", source=f"e{at}")) for at in range(140)))
    made.export(tmp_path / "whole")
    with made.workspace() as workspace:
        figures = SiteFigures(workspace)
        with closing(Spreading(workspace.settings, figures, processes=1)) as spread:
            export(iter(()), made.site, Exporting(figures=figures, spread=spread))
    assert files(made.site) == files(tmp_path / "whole")


def test_other_processes_are_gone_while_the_search_is_made(made: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []

    class Told(Spreading):
        def rest(self) -> None:
            events.append(f"rest, {sum(path.name.startswith('index') for path in made.site.rglob('*.html'))} fronts")
            super().rest()

    real = searching.files

    def told(rows: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        events.append("search")
        return real(rows)

    monkeypatch.setattr(searching, "files", told)
    with made.workspace() as workspace:
        figures = SiteFigures(workspace)
        with closing(Told(workspace.settings, figures, processes=1)) as spread:
            export(iter(()), made.site, Exporting(figures=figures, spread=spread))
    assert events == ["rest, 3 fronts", "search"]


def test_what_was_written_is_told_without_a_path_for_each_at_once(made: Published) -> None:
    done = made.export()
    assert isinstance(done.files, writing.Files)
    assert len(done.files) == len(list(done.files))
    assert done.files[:2] == [done.files[0], done.files[1]]
    assert done.written == list(done.files)


class TestPairs:
    def test_share_enough(self) -> None:
        assert pairs([["a", "b"], ["a", "b"], ["a", "c"]], artifacts=9) == [("a", "b")]
        assert LEAST == 2

    def test_are_the_same_in_any_order(self) -> None:
        groups = [["a", "b", "c"], ["b", "a"], ["c", "b"], ["c", "b", "d"], ["d", "c"]]
        assert pairs(groups[::-1], artifacts=9) == pairs([one[::-1] for one in groups], artifacts=9)

    def test_are_no_more_than_ten_of_one(self) -> None:
        crowd = [f"x{at:02}" for at in range(30)]
        found = pairs([crowd, crowd], artifacts=100)
        around = neighbours(found)
        assert max(map(len, around.values())) == MOST
        assert all(slug in around[other] for slug, others in around.items() for other in others)

    def test_with_what_is_rarer_go_first(self) -> None:
        rare = [["a", f"r{at}"] for at in range(MOST) for _ in range(LEAST)]
        common = ["a", *(f"c{at}" for at in range(20))]
        assert pairs([*rare, common, common], artifacts=100)[:MOST] == sorted(("a", f"r{at}") for at in range(MOST))

    def test_ignore_what_everybody_has(self) -> None:
        crowd = [f"x{at:02}" for at in range(COMMON + 1)]
        assert pairs([crowd, crowd, crowd], artifacts=100) == []

    def test_are_walked_so_that_neighbours_follow_each_other(self) -> None:
        around = neighbours([("a", "z"), ("b", "y")])
        assert list(in_walks("abyz", around)) == ["a", "z", "b", "y"]

    def test_have_one_page_each(self) -> None:
        slugs = ["a", "b", "a-vs-b", "b-vs-c", "c", "A", "vs", "a" * 90, "a" * 91, "con"]
        found: dict[str, tuple[str, str]] = {}
        for pair in _each_two(slugs):
            place = links.compared(*pair)
            assert place == links.compared(*pair[::-1])
            assert found.setdefault(place.casefold(), pair) == pair


def _each_two(slugs: list[str]) -> Iterator[tuple[str, str]]:
    for at, one in enumerate(slugs):
        yield from ((one, other) for other in slugs[at + 1 :])
