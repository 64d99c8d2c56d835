"""Leafing through a catalog gives the same in every database: counts of what is published, and its pages in order."""

import pytest
from sqlalchemy import Engine

from decomposer.ports import Catalog
from decomposer.records import Artifact, Capability, Entry, Provenance, Run, Source, SourceKind, State
from decomposer.store.browsing import SqlBrowse
from decomposer.store.catalog import SqlCatalog


@pytest.fixture
def catalog(engine: Engine) -> Catalog:
    return SqlCatalog(engine)


def keep(catalog: Catalog, slug: str, name: str, *states: State, kind: str = "repo", category: str = "other") -> None:
    """Keep an entry with records in some states."""
    artifact = Artifact.model_validate({"slug": slug, "name": name, "type": kind, "source": f"tests/{slug}"})
    records = [
        {
            "id": f"{slug}/{number}", "name": "x", "category": category, "state": state,
            "provenance": Provenance(model="m", prompt="v1"),
        }
        for number, state in enumerate(states)
    ]  # fmt: skip
    entry = Entry(
        artifact=artifact, documents=(), source_kind=SourceKind(kind="software", reason=""),
        capabilities=tuple(Capability.model_validate(one) for one in records), run=Run(model="m", prompt="v1"),
    )  # fmt: skip
    catalog.revise(Source(artifact, ()), lambda previous, taken: entry)


def test_what_is_held_counts_what_is_published(engine: Engine, catalog: Catalog) -> None:
    keep(catalog, "a", "Alpha", "proposed", "accepted", "rejected", category="audio.speech")
    keep(catalog, "b", " beta", "accepted", kind="model")
    keep(catalog, "c", "Gone", "retired", "rejected")
    keep(catalog, "d", "Bare", kind="model")
    held = SqlBrowse(engine).held()
    assert (held.entries, held.records, held.accepted, held.shared) == (3, 3, 2, 0)
    assert held.types == {"repo": 1, "model": 2}
    assert held.categories == {"audio.speech": 2, "other": 1}
    assert held.firsts == {"A": 1, "b": 1, "B": 1}


def test_pages_follow_each_other_by_name(engine: Engine, catalog: Catalog) -> None:
    for number in range(7):
        keep(catalog, f"s{number}", f"{'bA'[number % 2]}{9 - number}", "proposed")
    browse = SqlBrowse(engine)
    whole = browse.of_type("repo", start=0, most=100)
    assert whole == ["s5", "s3", "s1", "s6", "s4", "s2", "s0"]
    assert [browse.of_type("repo", start=at, most=3) for at in (0, 3, 6, 9)] == [whole[:3], whole[3:6], whole[6:], []]
    assert browse.of_firsts(["A"], start=0, most=9) == ["s5", "s3", "s1"]
    assert browse.of_firsts([], start=0, most=9) == []


def test_records_of_a_category_go_by_their_entries(engine: Engine, catalog: Catalog) -> None:
    keep(catalog, "b", "B", "proposed", "rejected", "accepted")
    keep(catalog, "a", "A", "accepted")
    browse = SqlBrowse(engine)
    assert browse.in_category("other", start=0, most=9) == [("a", "a/0"), ("b", "b/0"), ("b", "b/2")]
    assert browse.in_category("other", start=1, most=1) == [("b", "b/0")]
    assert browse.in_category("nothing\x00", start=0, most=9) == []


def test_hostile_values_find_nothing(engine: Engine, catalog: Catalog) -> None:
    keep(catalog, "a", "A", "accepted")
    browse = SqlBrowse(engine)
    for value in ("' OR 1=1 --", "\x00", "\ud800", "%", "_"):
        assert browse.of_type(value, start=0, most=9) == []
        assert browse.in_category(value, start=0, most=9) == []
