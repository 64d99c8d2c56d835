"""What hits are shown with: entries as they are published, ranked as anywhere else, in few statements."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from decomposer.publish.files import published
from decomposer.settings import Settings
from decomposer.wiring import Workspace
from decomposer.wiring.matching import Searching
from decomposer.wiring.ranking import Ranking, said
from decomposer.wiring.registering import catch_up
from decomposer.wiring.showing import Showing
from tests.cats import filled
from tests.ranking import entry, record


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Give a catalog of twelve entries that say nearly the same, and one whose only record was rejected."""
    made = [
        entry(f"tool{at}", record("Podcast linting", "Checks podcasts for errors.", slug=f"tool{at}"), license="mit")
        for at in range(12)
    ]
    gone = record("Podcast secrets", "Keeps podcasts.", slug="gone", state="rejected")
    folder = filled(tmp_path, *made, entry("gone", gone))
    with Workspace(Settings(db=str(folder / "decomposer.db"), embedder="none")) as opened:
        yield opened


def statements(workspace: Workspace, limit: int) -> int:
    searching = Searching(workspace)
    searching.catch_up()
    seen: list[str] = []

    def see(*given: object) -> None:
        seen.append(str(given[2]))

    event.listen(workspace.engine, "before_cursor_execute", see)
    try:
        found = searching.find("lint podcasts", limit=limit, count=False)
    finally:
        event.remove(workspace.engine, "before_cursor_execute", see)
    assert len(found.matches) == limit
    return len([one for one in seen if one.startswith("SELECT")])


def test_entries_are_as_published_with_the_rank_that_they_have_anywhere_else(workspace: Workspace) -> None:
    said(["stars=40", "license=apache-2.0"], workspace.entry("tool1"), workspace, source="https://x.org", as_of="")
    searching = Searching(workspace)
    searching.tell(searching.find("podcast").matches[0].id, "success")
    known = Showing(workspace).known(["tool0", "tool1", "gone", "nobody"])
    assert sorted(known) == ["tool0", "tool1"]
    for slug, one in known.items():
        shown = published(workspace.entry(slug))
        assert shown is not None
        assert one.entry == shown
        assert one.rank == Ranking(workspace).of(shown).rank
    assert known["tool1"].facts == {"type": "repo", "price": "", "license": "apache-2.0"}
    assert Showing(workspace).known([]) == {}


def test_addresses_are_those_of_the_registry_where_it_has_one(workspace: Workspace) -> None:
    searching = Searching(workspace)
    assert {one.uri for one in searching.find("lint podcasts").matches} == {None}
    catch_up(workspace)
    uris = {one.uri for one in searching.find("lint podcasts").matches}
    assert len(uris) == 1
    assert str(uris.pop()).startswith("capability://")
    assert Showing(workspace).addresses([]) == {}


def test_many_hits_take_hardly_more_statements_than_few(workspace: Workspace) -> None:
    few, many = statements(workspace, 2), statements(workspace, 10)
    assert many <= few + 4 < 30
