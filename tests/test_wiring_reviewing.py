"""A desk over the catalog of a workspace."""

from pathlib import Path

import pytest

from decomposer.errors import UsageError
from decomposer.records import SourceDocument
from decomposer.settings import Settings
from decomposer.wiring import Workspace
from decomposer.wiring.registering import catch_up
from decomposer.wiring.reviewing import desk, document_of, reviewer_of
from tests.reviewing import FINDS, SAMPLES, a_record, drafted


def test_a_desk_is_over_one_entry_or_over_what_a_query_means(tmp_path: Path) -> None:
    with drafted(tmp_path, "pebblesort", "tallowick") as (workspace, _):
        everything = [one.id for one in desk(workspace).page(count=99)]
        mine = [one.id for one in desk(workspace, entry="pebblesort", order="entry").page(count=99)]
        assert mine == [one.id for one in workspace.entry("pebblesort").capabilities]
        assert [one.id for one in desk(workspace, query="entry=pebblesort").page(count=99)] == [
            one for one in everything if one in mine
        ]
        with pytest.raises(UsageError, match="no entry is called"):
            desk(workspace, entry="nobody")
        with pytest.raises(UsageError, match="no term about records"):
            desk(workspace, query="colour=red")


def test_whoever_is_named_decides_else_the_actor_of_the_settings_else_the_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "carol")
    with drafted(tmp_path, "pebblesort") as (workspace, _):
        assert (desk(workspace).reviewer, desk(workspace, reviewer="bob").reviewer) == ("ann", "bob")
    with Workspace(Settings(db=str(tmp_path / "catalog.db"))) as workspace:
        assert reviewer_of(workspace) == "carol"


def test_an_edit_is_checked_against_the_document_as_it_was_loaded(tmp_path: Path) -> None:
    with drafted(tmp_path, "pebblesort") as (workspace, _):
        at = desk(workspace)
        first = at.page()[0].id
        quote = at.sheet(first).evidence[0].quote
        at.edit(first, "unique", quote.replace("*", "").replace("`", ""))
        said = next(one.unique for one in workspace.entry("pebblesort").capabilities if one.id == first)
        assert said is not None
        assert said.support in ("supported", "vendor_claim")
        assert {span.quote for span in said.evidence} >= {quote} or said.evidence


def test_the_nearest_published_records_are_the_accepted_ones_of_the_same_capability(tmp_path: Path) -> None:
    with drafted(tmp_path) as (workspace, its):
        for slug in ("lynx", "puma", "ocelot"):
            its.add(a_record("Picture search", FINDS), slug=slug)
        catch_up(workspace)
        its.desk().accept(["puma/picture-search"])
        catch_up(workspace)
        sheet = desk(workspace).sheet("lynx/picture-search")
        assert [(one.id, one.state) for one in sheet.nearest] == [("puma/picture-search", "accepted")]
        its.add(a_record("Other", FINDS), slug="caracal")
        assert desk(workspace).sheet("caracal/other").nearest == ()


def test_a_document_of_the_catalog_is_the_document_that_was_loaded(tmp_path: Path) -> None:
    with drafted(tmp_path, "quillmere-8b-minutes") as (workspace, _):
        (loaded,) = workspace.load(str(SAMPLES / "quillmere-8b-minutes")).documents
        (held,) = workspace.entry("quillmere-8b-minutes").documents
        assert held == SourceDocument.of(loaded)
        text = workspace.catalog.text(held.sha256)
        assert text is not None
        again = document_of(held, text)
        assert (again.text, again.body, again.media_type) == (loaded.text, loaded.body, loaded.media_type)
        assert again.body > 0
