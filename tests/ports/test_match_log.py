"""The suite of the MatchLog port: what is counted, what is kept, and what a busy database does to a search."""

from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from decomposer.errors import CatalogError, UsageError
from decomposer.records import Matched
from decomposer.store.engine import open_database, writing
from decomposer.store.match_log import KEPT_DAYS, LONGEST_COMMENT, SqlMatchLog
from decomposer.store.search_tables import hits, match_counts, searches
from tests.ports.conftest import Race

NOW = "2026-11-21T10:00:00+00:00"
LATER = "2027-03-01T10:00:00+00:00"
A, B, C = ("lynx", "lynx/a"), ("lynx", "lynx/b"), ("puma", "puma/c")


@pytest.fixture
def log(engine: Engine) -> SqlMatchLog:
    return SqlMatchLog(engine, now=lambda: NOW)


def test_nothing_was_found_yet(log: SqlMatchLog) -> None:
    assert log.times(["lynx/a", "", "\0\ud800"]) == {}
    assert log.matched("lynx") == Matched(times=0)
    assert log.needs(limit=5) == []
    assert log.found("s", []) == {}


def test_searches_are_counted_by_capability_and_once_by_entry(log: SqlMatchLog) -> None:
    assert log.found("one", [A, B, C]) == {"lynx/a": 1, "lynx/b": 1, "puma/c": 1}
    assert log.found("two", [A]) == {"lynx/a": 2}
    assert log.times(["lynx/a", "lynx/b", "puma/c", "puma/x"]) == {"lynx/a": 2, "lynx/b": 1, "puma/c": 1}
    assert (log.matched("lynx").times, log.matched("puma").times) == (2, 1)


def test_a_search_counts_once_under_its_id(log: SqlMatchLog) -> None:
    log.found("one", [A, A])
    assert log.found("one", [A, B]) == {"lynx/a": 1}
    assert log.matched("lynx") == Matched(times=1)


def test_words_are_kept_only_on_demand_and_the_newest_come_first(log: SqlMatchLog, engine: Engine) -> None:
    log.found("one", [A])
    log.found("two", [A], need="caption my photos")
    log.found("three", [], need="\0 \ud800 <b>")
    assert log.needs(limit=9) == [(NOW, "three", "\ufffd ? <b>"), (NOW, "two", "caption my photos")]
    assert len(log.needs(limit=1)) == 1
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).where(searches.c.need.is_(None))) == 1


def test_an_outcome_is_told_once_and_again_replaces_it(log: SqlMatchLog, engine: Engine) -> None:
    log.found("one", [A, C])
    log.tell("one.2", "success", comment="it's ' fine \0")
    assert log.matched("puma") == Matched(times=1, successes=1)
    log.tell("one.2", "success")
    log.tell("one.2", "failure", comment="x" * 9999)
    assert log.matched("puma") == Matched(times=1, failures=1)
    assert log.matched("lynx") == Matched(times=1)
    with engine.connect() as connection:
        row = connection.execute(select(hits).where(hits.c.place == 2)).one()
        (of_record,) = connection.execute(select(match_counts).where(match_counts.c.capability == "puma/c"))
    assert (row.outcome, row.told_at, len(row.comment)) == ("failure", NOW, LONGEST_COMMENT)
    assert (of_record.times, of_record.successes, of_record.failures) == (1, 0, 1)


@pytest.mark.parametrize(
    "hit",
    [
        "",
        "one",
        "one.",
        "one.0",
        "one.3",
        "two.1",
        ".1",
        "one.1.1",
        "one.01",
        "one.99999",
        "\0.1",
        "\ud800.1",
        "one.１",
    ],
)
def test_a_hit_that_is_not_known_is_said_so(log: SqlMatchLog, hit: str) -> None:
    log.found("one", [A, B])
    with pytest.raises(UsageError, match="no search has a hit"):
        log.tell(hit, "success")
    assert log.matched("lynx") == Matched(times=1)


def test_an_outcome_is_success_or_failure(log: SqlMatchLog) -> None:
    outcome: Any = "times"
    with pytest.raises(UsageError, match="an outcome is not 'times'"):
        log.tell("one.1", outcome)


def test_hits_are_forgotten_in_time_and_counts_stay(engine: Engine, log: SqlMatchLog) -> None:
    log.found("old", [A, B], need="words")
    later = SqlMatchLog(engine, now=lambda: LATER)
    assert later.found("new", [A]) == {"lynx/a": 2}
    with pytest.raises(UsageError, match=r"no search has a hit 'old\.1'") as told:
        later.tell("old.1", "success")
    assert f"{KEPT_DAYS} days" in (told.value.hint or "")
    later.tell("new.1", "success")
    assert later.needs(limit=9) == []
    assert later.matched("lynx") == Matched(times=2, successes=1)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(hits)) == 1


# --- busy databases


def test_a_search_does_not_wait_for_a_busy_database_and_is_counted_later(engine: Engine, database_url: str) -> None:
    log = SqlMatchLog(engine, now=lambda: NOW)
    log.found("before", [A, B])
    other = open_database(database_url)
    with writing(other) as connection:
        connection.execute(match_counts.update().values(times=match_counts.c.times))
        assert log.found("busy", [A, C]) == {"lynx/a": 2, "puma/c": 1}
        assert log.times(["lynx/a", "puma/c"]) == {"lynx/a": 1}
    other.dispose()
    assert log.found("after", [A]) == {"lynx/a": 3}
    assert log.times(["puma/c"]) == {"puma/c": 1}
    log.tell("busy.2", "success")
    assert log.matched("puma") == Matched(times=1, successes=1)


def test_an_outcome_counts_what_waits_first(engine: Engine, database_url: str) -> None:
    log = SqlMatchLog(engine, now=lambda: NOW)
    log.found("before", [A])
    other = open_database(database_url)
    with writing(other) as connection:
        connection.execute(match_counts.update().values(times=match_counts.c.times))
        log.found("busy", [A])
    other.dispose()
    log.tell("busy.1", "failure")
    assert log.matched("lynx") == Matched(times=2, failures=1)


def test_a_database_that_can_not_be_asked_loses_no_search(tmp_path: Any) -> None:
    engine = open_database(tmp_path / "catalog.db")
    log = SqlMatchLog(engine, now=lambda: NOW)
    with writing(engine) as connection:
        match_counts.drop(connection)
    assert log.found("one", [A]) == {"lynx/a": 1}
    with pytest.raises(CatalogError):
        log.tell("one.1", "success")
    engine.dispose()


# --- several at once


def test_threads_of_one_log_count_every_search(log: SqlMatchLog) -> None:
    def search(name: str) -> None:
        for number in range(10):
            log.found(f"{name}{number}", [A, C] if number % 2 else [C, A])

    threads = [Thread(target=search, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.found("last", [B])
    assert log.times(["lynx/a", "puma/c"]) == {"lynx/a": 30, "puma/c": 30}
    assert (log.matched("lynx").times, log.matched("puma").times) == (31, 30)


_SEARCHING = """
import sys
from decomposer.store.engine import open_database
from decomposer.store.match_log import SqlMatchLog
engine = open_database(sys.argv[1])
log = SqlMatchLog(engine)
for number in range(20):
    log.found(f"{sys.argv[2]}{number}", [("lynx", "lynx/a"), ("puma", "puma/c")])
    log.tell(f"{sys.argv[2]}{number}.1", "success")
engine.dispose()
"""


def test_processes_count_every_search(log: SqlMatchLog, race: Race) -> None:
    race(_SEARCHING, ["a", "b"])
    assert log.matched("lynx") == Matched(times=40, successes=40)
    assert log.times(["puma/c"]) == {"puma/c": 40}
