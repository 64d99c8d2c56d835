"""What people decide in the catalog teaches which records are one capability."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from decomposer.errors import ConfigurationError
from decomposer.same import stored
from decomposer.same.learned import write
from decomposer.same.pairs import Pair
from decomposer.settings import Settings
from decomposer.wiring import Workspace
from decomposer.wiring.learning import learned, own_pairs
from tests.reviewing import DRY_RUN, FINDS, JOURNAL, PLUGINS, READS, SORTS, Bench, a_record, drafted, joined


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Workspace, Bench]]:
    with drafted(tmp_path) as (workspace, bench):
        bench.add(
            a_record("Lynx image search", FINDS),
            a_record("Picture finder", READS),
            a_record("Sorting", SORTS),
            joined(a_record("Journal", JOURNAL), a_record("Dry run", DRY_RUN)),
            a_record("Plugins", PLUGINS),
        )
        yield workspace, bench


def texts(pairs: list[Pair]) -> dict[frozenset[str], bool]:
    return {frozenset((one.a_text, one.b_text)): one.same for one in pairs}


IMAGE = "image search. finds pictures by what they show."
READING = "Picture finder. It reads text in images."


def test_nothing_decided_teaches_nothing(both: tuple[Workspace, Bench]) -> None:
    workspace, bench = both
    assert own_pairs(workspace) == []
    bench.desk().accept(["lynx/plugins"])
    assert own_pairs(workspace) == []


def test_records_that_a_person_joined_are_one_without_the_name_of_their_artifact(both: tuple[Workspace, Bench]) -> None:
    workspace, bench = both
    assert bench.desk().merge(["lynx/lynx-image-search", "lynx/picture-finder"]).decisions
    (pair,) = own_pairs(workspace)
    assert (pair.same, pair.hard) == (True, False)
    assert {pair.a_text, pair.b_text} == {IMAGE, READING}
    assert pair.clusters is not None
    assert pair.clusters[0] == pair.clusters[1]


def test_a_merge_that_is_taken_back_says_the_opposite(both: tuple[Workspace, Bench]) -> None:
    workspace, bench = both
    desk = bench.desk()
    desk.merge(["lynx/lynx-image-search", "lynx/picture-finder"])
    desk.undo()
    assert texts(own_pairs(workspace)) == {frozenset((IMAGE, READING)): False}
    desk.redo()
    assert texts(own_pairs(workspace)) == {frozenset((IMAGE, READING)): True}


def test_records_that_a_person_split_are_two(both: tuple[Workspace, Bench]) -> None:
    workspace, bench = both
    desk = bench.desk()
    assert desk.split("lynx/journal").decisions
    (pair,) = own_pairs(workspace)
    assert pair.same is False
    assert {text.partition(".")[0] for text in (pair.a_text, pair.b_text)} == {"Journal", "Dry run"}
    assert pair.clusters is not None
    assert len(set(pair.clusters)) == 2
    desk.undo()
    assert own_pairs(workspace) == []


def test_three_that_are_joined_are_three_pairs_of_one_cluster(both: tuple[Workspace, Bench]) -> None:
    workspace, bench = both
    bench.desk().merge(["lynx/lynx-image-search", "lynx/picture-finder", "lynx/sorting"])
    pairs = own_pairs(workspace)
    assert [one.same for one in pairs] == [True, True, True]
    assert len({cluster for one in pairs for cluster in one.clusters or ()}) == 1


def test_a_revision_that_was_taken_says_the_same_in_other_words(both: tuple[Workspace, Bench]) -> None:
    workspace, bench = both
    bench.desk().accept(["lynx/sorting"])
    held = bench.one("lynx/sorting")
    newer = a_record("Ordering", "It sorts folders by date and size.").model_copy(update={"id": held.id})
    entry = bench.entry()
    records = [one.model_copy(update={"revision": newer}) if one.id == held.id else one for one in entry.capabilities]
    with_revision = entry.model_copy(update={"capabilities": tuple(records)})
    bench.catalog.take(with_revision, lambda previous, slug: with_revision)
    assert bench.desk().take(held.id).decisions
    assert texts(own_pairs(workspace)) == {
        frozenset(("Sorting. It sorts folders by date.", "Ordering. It sorts folders by date and size.")): True
    }


def test_learned_values_come_from_the_file_that_the_settings_name(tmp_path: Path) -> None:
    assert learned(Settings()) is None
    path = tmp_path / "learned.json"
    values = stored()
    write(values, path)
    assert learned(Settings(learned=str(path))) == values
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"no learned values .*decomposer learn"):
        learned(Settings(learned=str(path)))
    with pytest.raises(ConfigurationError, match=r"absent.json can't be read .*decomposer learn"):
        learned(Settings(learned=str(tmp_path / "absent.json")))


def test_a_file_of_learned_values_changes_the_recipe_and_the_judge(tmp_path: Path) -> None:
    path = tmp_path / "learned.json"
    values = stored()
    scorer = values.scorer()
    strict = replace(values, scorers={"words": replace(scorer, merge=1.0, propose=0.99)})
    plain = Workspace(Settings())
    write(strict, path)
    named = Workspace(Settings(learned=str(path)))
    first = named.recipe
    assert first != plain.recipe
    write(values, path)
    assert Workspace(Settings(learned=str(path))).recipe != first
    assert plain.learned is None
