"""What the catalog was on a day is counted once, kept, and never made up, on every database."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, text, update

from decomposer.ports import DayLog
from decomposer.records import Capability, Counted, Day, Decision, Entry
from decomposer.store.catalog import SqlCatalog
from decomposer.store.days import SqlDays
from decomposer.store.days_tables import days
from decomposer.store.engine import writing
from decomposer.store.reviews import SqlReviews
from decomposer.store.tables import capabilities
from tests.ranking import entry, record, statement

MONDAY, TUESDAY, FRIDAY = "2026-11-16", "2026-11-17", "2026-11-20"
NOTHING = Counted()


def at(day: str, hour: int = 10) -> str:
    return f"{day}T{hour:02}:00:00+00:00"


def stored(engine: Engine, *entries: Entry, now: str = at(MONDAY)) -> None:
    catalog = SqlCatalog(engine, now=lambda: now)
    for one in entries:
        catalog.take(one, partial(_itself, one))


def _itself(one: Entry, previous: Entry | None, slug: str) -> Entry:
    return one


def log(engine: Engine, now: str = at(MONDAY, 12)) -> DayLog:
    return SqlDays(engine, now=lambda: now)


def decide(engine: Engine, op: Any, identity: str, *, now: str, version: int = 1, **more: Any) -> str:
    after = {"accept": "accepted", "reject": "rejected", "retire": "retired"}.get(op, "proposed")
    told = {"op": op, "entry": "lynx", "capability": identity, "before": "proposed", "after": after}
    one = Decision.model_validate(told | {"base_version": version} | more)
    reviews = SqlReviews(engine, now=lambda: now)
    assert reviews.settle([one]).stored == 1
    return list(reviews.history())[-1].uid


@pytest.fixture
def read(engine: Engine) -> Iterator[list[str]]:
    """Give a list of the statements that read records."""
    asked: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "capabilities.data" in statement:
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    yield asked
    event.remove(engine, "before_cursor_execute", listen)


def several() -> tuple[Capability, ...]:
    """Return records with sentences of every kind, some of which nobody is shown."""
    claim, none = statement("We lead.", support="vendor_claim"), statement("No.", support="unsupported")
    accepted = record("See", description=statement("Finds birds.", "Names them."), unique=claim, state="accepted")
    uncut = statement("Half.", support="partial").model_copy(update={"sentences": ()})
    left_out = record("Hear", description=uncut, unique=none, dropped=("unique",))
    disputed = record("Sing", vs_alternatives=none, state="accepted", disputed=True)
    return accepted, left_out, disputed, record("Gone", "x.", state="rejected"), record("Old", "x.", state="retired")


def test_records_that_may_be_shown_are_counted_with_their_sentences(engine: Engine) -> None:
    stored(engine, entry("lynx", *several()), entry("puma"), entry("wolf", record("x", "x.", state="retired")))
    counted = Counted(
        covered=1, capabilities=3, reviewed=1, supported=2, partial=1, unsupported=1, vendor_claim=1
    )  # fmt: skip
    day = Day(day=MONDAY, entries=2, counted=counted)
    assert log(engine).count(MONDAY) == day
    assert log(engine).days(MONDAY) == [day]
    assert (day.covered, day.supported, day.reviewed) == (0.5, 0.4, 1 / 3)


def test_an_empty_catalog_is_zero_and_has_no_shares(engine: Engine) -> None:
    day = log(engine).count(MONDAY)
    assert day == Day(day=MONDAY, entries=0, counted=NOTHING)
    assert (day.covered, day.supported, day.reviewed) == (None, None, None)


def test_records_are_read_again_only_where_something_has_changed_since(engine: Engine, read: list[str]) -> None:
    stored(engine, entry("lynx", record("See", "x.")))
    first = log(engine).count(MONDAY)
    assert (len(read), log(engine).count(MONDAY), len(read)) == (1, first, 1)
    stored(engine, entry("puma"), now=at(MONDAY, 14))
    assert log(engine, at(MONDAY, 15)).count(MONDAY).entries == 2
    decide(engine, "accept", "lynx/see", now=at(MONDAY, 16))
    later = log(engine, at(MONDAY, 17)).count(MONDAY)
    assert (len(read), later.reviewed) == (3, 1.0)
    assert [day.entries for day in log(engine).days(MONDAY)] == [2]
    log(engine, at(TUESDAY)).count(TUESDAY)
    tuesday = log(engine, at(TUESDAY)).days(TUESDAY)[1]
    assert (len(read), tuesday) == (3, later.model_copy(update={"day": TUESDAY}))
    stored(engine, entry("wolf"), now=at(TUESDAY, 11))
    assert (log(engine, at(TUESDAY, 12)).count(TUESDAY).entries, len(read)) == (3, 4)


def test_what_was_stored_while_it_was_counted_is_counted_again(engine: Engine) -> None:
    stored(engine, entry("lynx"), now=at(MONDAY, 12))
    log(engine).count(MONDAY)
    stored(engine, entry("puma"), now=at(MONDAY, 12))
    assert log(engine).count(MONDAY).entries == 2


def test_days_that_nobody_counted_have_entries_and_decisions_by_their_dates(engine: Engine) -> None:
    stored(engine, entry("lynx", record("See", "x."), record("Hear", "y.")), now=at(MONDAY))
    stored(engine, entry("puma"), now=at(FRIDAY))
    decide(engine, "accept", "lynx/see", now=at(TUESDAY))
    taken = decide(engine, "reject", "lynx/hear", now=at(TUESDAY))
    before = log(engine).days(FRIDAY)
    assert before == [
        Day(day=MONDAY, entries=1),
        Day(day=TUESDAY, entries=1, accepted=1, rejected=1),
        Day(day=FRIDAY, entries=2),
    ]
    decide(engine, "undo", "lynx/hear", now=at(FRIDAY), version=2, target=taken)
    assert [day.rejected for day in log(engine).days(FRIDAY)] == [0, 0, 0]
    counted = log(engine, at(FRIDAY, 12)).count(FRIDAY)
    assert log(engine).days(FRIDAY)[2] == counted
    assert (counted.entries, log(engine).days(TUESDAY)) == (2, log(engine).days(FRIDAY)[:2])


def test_entries_that_are_retired_are_not_counted(engine: Engine) -> None:
    stored(engine, entry("lynx"), entry("puma", record("See", "x.", slug="puma")))
    decide(engine, "retire", "", now=at(TUESDAY))
    assert log(engine).count(MONDAY).entries == 1
    assert log(engine).days(MONDAY)[0].entries == 1


def test_dates_that_are_none_and_days_to_come_are_left_out(engine: Engine) -> None:
    stored(engine, entry("lynx", record("See", "x."), record("Hear", "x."), record("Sing", "x.")))
    for name, when in {"see": "yesterday", "hear": "9999-01-01T00:00:00", "sing": "2026-W47-1"}.items():
        decide(engine, "accept", f"lynx/{name}", now=at(MONDAY), decided_at=when)
    assert log(engine).days(FRIDAY) == [Day(day=MONDAY, entries=1)]


@pytest.mark.parametrize("damaged", ["{", "[]", '{"description": 7}', '{"description": {"sentences": [1]}}', "null"])
def test_a_damaged_record_is_passed_over(engine: Engine, damaged: str) -> None:
    stored(engine, entry("lynx", record("See", "x."), record("Hear", "x.")))
    with writing(engine) as connection:
        connection.execute(update(capabilities).where(capabilities.c.id == "lynx/hear").values(data=damaged))
    counted = log(engine).count(MONDAY).counted
    assert counted == Counted(covered=1, capabilities=2, supported=1)


def test_a_database_that_can_not_be_written_can_still_be_asked(engine: Engine) -> None:
    stored(engine, entry("lynx"))

    def read_only(connection: Any, *_: object) -> None:
        if engine.dialect.name == "sqlite":
            connection.execute("PRAGMA query_only = ON")
        else:
            connection.read_only = True

    event.listen(engine, "checkout", read_only)
    assert log(engine).count(MONDAY).entries == 1
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM days")).scalar() == 0


def test_many_days_come_in_order(engine: Engine) -> None:
    row = dict.fromkeys(Counted.model_fields, 1)
    with writing(engine) as connection:
        rows = [{"day": f"2026-01-{at:02}", "counted_at": "x", "entries": at, **row} for at in range(31, 0, -1)]
        connection.execute(insert(days), rows)
    assert [day.entries for day in log(engine).days(MONDAY)] == list(range(1, 32))
