"""Every exporter streams, writes what is new alone, leaves nothing half done, and names files that never meet."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from decomposer import plugins
from decomposer.errors import CatalogError, UsageError
from decomposer.ports import Exporter, Exporting
from decomposer.publish import files
from decomposer.records import Entry
from tests.publishing import capability, entry, exported, in_turn

# A site has folders, a memory and tests of its own: see test_publish_site_again.
EXPORTERS = [name for name in plugins.names("exporters") if name != "html"]


@pytest.fixture(params=EXPORTERS)
def export(request: pytest.FixtureRequest) -> Exporter:
    found: Exporter = plugins.load("exporters", request.param)
    return found


def pages(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_would_be_the_same_is_not_written_again(export: Exporter, tmp_path: Path) -> None:
    entries = [entry(capability(), slug=slug) for slug in ("one", "two")]
    first, _ = exported(export, tmp_path, *entries)
    assert first.written == first.files
    before = {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in tmp_path.iterdir()}
    again, _ = exported(export, tmp_path, *entries)
    assert (again.files, again.written) == (first.files, [])
    assert {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in tmp_path.iterdir()} == before


def test_a_page_that_somebody_has_changed_or_taken_away_is_made_good(export: Exporter, tmp_path: Path) -> None:
    first, _ = exported(export, tmp_path, entry(capability()))
    before = pages(tmp_path)
    page = first.files[0]
    page.write_bytes(before[page.name].replace(b"Reading", b"Writing"))
    assert exported(export, tmp_path, entry(capability()))[0].written == [page]
    page.unlink()
    assert exported(export, tmp_path, entry(capability()))[0].written == [page]
    assert pages(tmp_path) == before


def test_a_catalog_that_breaks_off_leaves_whole_files_and_the_old_index(export: Exporter, tmp_path: Path) -> None:
    first, _ = exported(export, tmp_path, entry(capability(), slug="a"), entry(capability(), slug="b"))
    index = first.files[-1].read_bytes()

    def broken() -> Iterator[Entry]:
        yield entry(capability("Other"), slug="a")
        raise CatalogError("gone")

    with pytest.raises(CatalogError, match="gone"):
        export(broken(), tmp_path)
    assert first.files[-1].read_bytes() == index
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in first.files}
    done, _ = exported(export, tmp_path, entry(capability(), slug="a"))
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in done.files}


TOLD = {
    "unfragile": ["asked for one", "left out one", "asked for two", "left out two", "left out two"],
    "csv": ["asked for one", "left out one", "asked for two"],
    "passport": ["asked for one", "asked for two"],
}


@pytest.mark.parametrize("name", TOLD)
def test_what_is_left_out_is_told_before_the_next_entry_is_read(name: str, tmp_path: Path) -> None:
    events: list[str] = []
    entries = [entry(slug="one"), entry(capability(description=None), slug="two")]
    exporting = Exporting(leave_out=lambda one: events.append(f"left out {one.entry}"))
    plugins.load("exporters", name)(in_turn(events, *entries), tmp_path, exporting)
    assert events == TOLD[name]


def test_a_folder_that_is_a_file_is_told_by_every_exporter(export: Exporter, tmp_path: Path) -> None:
    (tmp_path / "site").write_text("")
    with pytest.raises(UsageError, match=r"site: can't export to it \(File exists\); name a folder"):
        export(iter([]), tmp_path / "site")


def test_a_name_that_is_a_folder_is_told_with_its_name(export: Exporter, tmp_path: Path) -> None:
    page = exported(export, tmp_path, entry(capability()))[0].files[0]
    page.unlink()
    page.mkdir()
    with pytest.raises(UsageError, match=f"{page.name}: can't be written"):
        exported(export, tmp_path, entry(capability()))
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".tmp"] == []


def test_forms_that_share_a_folder_keep_out_of_each_others_way(tmp_path: Path) -> None:
    slugs = ("clip", "clip.passport", "clip.unfragile", "index", "index.passport", "capabilities")
    entries = [entry(capability(), slug=slug) for slug in slugs]
    made = [exported(plugins.load("exporters", name), tmp_path, *entries)[0].files for name in EXPORTERS]
    assert len({path.name.lower() for found in made for path in found}) == sum(map(len, made))


def test_a_slug_that_looks_like_a_name_that_was_made_safe_has_another() -> None:
    made = files.file_name("Foo", "json")
    assert made == f"entry-foo-{sha256(b'Foo').hexdigest()[:12]}.json"
    assert files.file_name(made.removesuffix(".json"), "json") != made


@pytest.mark.parametrize("slug", ["index", "index.x", "con.y"])
def test_names_that_are_kept_for_others_are_not_taken(slug: str) -> None:
    assert files.file_name(slug, "json").startswith("entry-")
