"""Facts are kept for good, survive redrafts, and are summed up in the database, on every database."""

from importlib import import_module
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine, delete, event, select

from decomposer.errors import CatalogError
from decomposer.ports import FactLog
from decomposer.records import Entry, Fact, Facts, Norm
from decomposer.store.catalog import SqlCatalog
from decomposer.store.facts import SqlFacts
from decomposer.store.facts_tables import bases, facts, figures
from tests.ranking import README, TODAY, entry, said

NOW = "2026-11-21T10:00:00+00:00"
LATER = "2026-12-24T10:00:00+00:00"


@pytest.fixture
def log(engine: Engine) -> FactLog:
    return SqlFacts(engine, now=lambda: NOW)


def stored(engine: Engine, *entries: Entry, now: str = NOW) -> None:
    """Store entries as they are, over what the catalog holds of them."""
    catalog = SqlCatalog(engine, now=lambda: now)
    for one in entries:
        catalog.take(one, lambda previous, slug, one=one: one)  # type: ignore[misc]


def lines(log: FactLog, slug: str) -> list[tuple[str, str, str, str]]:
    return [(fact.key, fact.value, fact.as_of, fact.by) for fact in log.said(slug)]


def test_what_metadata_says_is_written_down_with_its_source_and_day(engine: Engine, log: FactLog) -> None:
    stored(engine, entry("lynx", stars=7, license="mit"))
    assert lines(log, "lynx") == [
        ("type", "repo", TODAY, "metadata"),
        ("license", "mit", TODAY, "metadata"),
        ("stars", "7", TODAY, "metadata"),
        ("read", TODAY, TODAY, "metadata"),
    ]
    assert {fact.source for fact in log.said("lynx")} == {"gh:acme/lynx"}
    assert {fact.said_at for fact in log.said("lynx")} == {NOW}


def test_only_what_is_new_is_written_down_by_a_redraft(engine: Engine, log: FactLog) -> None:
    stored(engine, entry("lynx", stars=7))
    stored(engine, entry("lynx", stars=7), now=LATER)
    assert len(log.said("lynx")) == 3
    stored(engine, entry("lynx", stars=8), now=LATER)
    assert lines(log, "lynx")[3:] == [("stars", "8", "2026-12-24", "metadata")]
    changed = README.model_copy(update={"uri": "gh:acme/lynx/README.md", "sha256": "b" * 64})
    stored(engine, entry("lynx", stars=8, documents=[changed]), now=LATER)
    assert lines(log, "lynx")[4:] == [("read", "2026-12-24", "2026-12-24", "metadata")]


def test_what_a_person_said_survives_redrafts_and_is_undone_by_setting_again(engine: Engine, log: FactLog) -> None:
    stored(engine, entry("lynx", license="mit"))
    (first,) = log.say(said("lynx", license="bsd"))
    assert (first.said_at, first.seq > 0) == (NOW, True)
    redrafted = entry("lynx", license="gpl")
    stored(engine, redrafted)
    assert Facts.of(redrafted.artifact, log.said("lynx")).text("license") == "bsd"
    log.say(said("lynx", license=""))
    assert Facts.of(redrafted.artifact, log.said("lynx")).text("license") == "gpl"
    assert [value for key, value, *_ in lines(log, "lynx") if key == "license"] == ["mit", "bsd", "gpl", ""]


def test_nothing_is_said_of_what_is_not_there(log: FactLog) -> None:
    with pytest.raises(CatalogError, match="no entry is called 'nobody'"):
        log.say(said("nobody", license="mit"))
    assert log.said("nobody") == []


def test_what_is_said_together_is_kept_together_or_not_at_all(engine: Engine, log: FactLog) -> None:
    stored(engine, entry("lynx"))
    before = log.said("lynx")
    with pytest.raises(CatalogError):
        log.say([*said("lynx", license="mit"), *said("nobody", license="mit")])
    assert log.said("lynx") == before


def test_hostile_texts_come_back(engine: Engine, log: FactLog) -> None:
    stored(engine, entry("lynx"))
    odd = "'; DROP TABLE facts; --\u202e <b> {{ x }}"
    (kept,) = log.say([Fact(entry="lynx", key="license", value=odd, source=odd, by="person", actor=odd)])
    assert log.said("lynx")[-1] == kept


def test_figures_follow_what_holds(engine: Engine, log: FactLog) -> None:
    stored(engine, entry("lynx", stars=7))
    log.say(said("lynx", stars="9", downloads="5"))
    assert held(engine) == [("lynx", "downloads", "repo", 5), ("lynx", "stars", "repo", 9)]
    log.say(said("lynx", stars="unknown", type="model"))
    assert held(engine) == [("lynx", "downloads", "model", 5)]
    log.say(said("lynx", stars="", downloads=""))
    stored(engine, entry("lynx", stars=8))
    assert held(engine) == [("lynx", "stars", "model", 8)]


def held(engine: Engine) -> list[tuple[Any, ...]]:
    query = select(figures.c.entry, figures.c.key, figures.c.type, figures.c.value).order_by(figures.c.key)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_norms_are_summed_up_by_type(engine: Engine, log: FactLog) -> None:
    stored(engine, entry("a", stars=0), entry("b", stars=99), entry("c", type="model", source="hf:x/c", stars=5))
    assert log.norms(TODAY).each == (
        Norm(type="model", key="likes", entries=1, most=5, mean_log=1.791759469),
        Norm(type="repo", key="stars", entries=2, most=99, mean_log=2.302585093),
    )


def test_norms_are_kept_for_a_day_and_made_again_when_more_than_a_hundredth_is_new(
    engine: Engine, log: FactLog
) -> None:
    stored(engine, *(entry(f"e{number:03}", stars=number) for number in range(100)))
    first = log.norms(TODAY)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _connection, _cursor, sql, *_: asked.append(sql))
    log.say(said("e001", stars="5000"))  # one of about 300
    asked.clear()
    assert log.norms(TODAY) == first
    assert not any("avg(" in sql for sql in asked)
    assert [one.most for one in log.norms(TODAY, anew=True).each] == [5000]
    assert log.norms("2026-11-22").as_of == "2026-11-22"
    log.say(said("e001", stars="7000", license="a", homepage="b", maintainer="c", repository="d"))
    assert [one.most for one in log.norms(TODAY).each] == [7000]


def test_entries_that_are_made_from_one_are_counted_by_its_address(engine: Engine, log: FactLog) -> None:
    stored(
        engine,
        entry("base", source="hf:acme/base"),
        entry("one", base_model=("Acme/Base", "other")),
        entry("two", base_model=("acme/base",)),
        entry("three", base_model=("base",)),
    )
    assert (log.derived("base", ["acme/base"]), log.derived("one", ["acme/base"]), log.derived("base", [])) == (2, 1, 0)
    assert log.norms(TODAY).derived_most == 2
    stored(engine, entry("two"))
    assert log.derived("base", ["hf:acme/base"]) == 1
    with engine.connect() as connection:
        assert len(connection.execute(select(bases)).all()) == 3


def test_several_people_may_speak_at_once(engine: Engine, log: FactLog) -> None:
    stored(engine, entry("lynx"))
    threads = [Thread(target=log.say, args=(said("lynx", stars=str(number)),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = [fact for fact in log.said("lynx") if fact.key == "stars"]
    assert sorted(int(fact.value) for fact in told) == list(range(8))
    assert held(engine) == [("lynx", "stars", "repo", int(told[-1].value))]


def test_the_migration_writes_down_what_older_entries_say(engine: Engine, log: FactLog) -> None:
    stored(engine, entry("lynx", stars=7, base_model=("acme/base",)), entry("puma", license="mit", documents=[]))
    before = [[fact.model_copy(update={"seq": 0}) for fact in log.said(slug)] for slug in ("lynx", "puma")]
    migration = import_module("decomposer.store.migrations.versions.v0006_facts")
    with engine.begin() as connection:
        for table in (facts, figures, bases):
            connection.execute(delete(table))
        migration.fill(connection, facts, figures, bases)
    again = [[fact.model_copy(update={"seq": 0}) for fact in log.said(slug)] for slug in ("lynx", "puma")]
    assert [sorted(each, key=str) for each in again] == [sorted(each, key=str) for each in before]
    assert held(engine) == [("lynx", "stars", "repo", 7)]
    assert log.derived("base", ["acme/base"]) == 1
