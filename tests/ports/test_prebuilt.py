"""Statements that are built once: they find and add what the engine would, and say in its words what is wrong."""

import pytest
from sqlalchemy import Engine, bindparam, select, text

from decomposer.errors import CatalogError
from decomposer.store.engine import take_turns, writing
from decomposer.store.prebuilt import Among, Prebuilt, Rows
from decomposer.store.registry_tables import canonicals, leads, stems

COUNTED = Prebuilt(select(stems).where(stems.c.word == bindparam("word")))
AMONG = Among("SELECT word FROM stems WHERE word {among} AND records > {given} ORDER BY word")
NUMBERED = Among("SELECT number FROM leads WHERE number IN ({numbers} UNION SELECT 7) ORDER BY number")
ADD = Rows(stems, "(word) DO UPDATE SET records = stems.records + excluded.records")
ROWS = [{"word": "a", "records": 1}, {"word": "b", "records": 2}, {"word": "c", "records": 3}]
EMPTY = dict.fromkeys(column.name for column in canonicals.columns) | {"artifacts": 0, "members": 0}
EMPTY |= {"uri": "u", "name": "n\0", "key": "k", "category": "other"}
EMPTY |= {"definition": "", "defined_in": "", "defined_by": ""}


def test_one_row_and_many_are_added_to_what_is_there(engine: Engine) -> None:
    with writing(engine) as connection:
        ADD.put(connection, ROWS)
        ADD.put(connection, ROWS[2:])
        ADD.put(connection, [])
        assert AMONG.rows(connection, ["a", "b", "c", "d"], 1) == [("b",), ("c",)]
        assert AMONG.rows(connection, [], 1) == []
        assert COUNTED.rows(connection, {"word": "c"})[0].records == 6
        assert COUNTED.value(connection, {"word": "b"}) == "b"
        assert COUNTED.value(connection, {"word": "d"}) is None


def test_numbers_are_a_selection_even_where_there_are_none(engine: Engine) -> None:
    with writing(engine) as connection:
        Rows(leads).put(connection, [{"number": one, "terms": b"\0\xff"} for one in (1, 5, 7)])
        assert NUMBERED.rows(connection, [1, 2]) == [(1,), (7,)]
        assert NUMBERED.rows(connection, []) == [(7,)]


def test_a_row_gets_its_number_from_the_database_and_text_as_every_database_holds_it(engine: Engine) -> None:
    with writing(engine) as connection:
        numbers = [Rows(canonicals).add(connection, EMPTY) for _ in range(2)]
        assert numbers == [1, 2]
        assert connection.scalars(select(canonicals.c.name)).all() == ["n\ufffd"] * 2


def test_a_row_that_is_there_is_not_missing(engine: Engine) -> None:
    with writing(engine) as connection:
        kept = Rows(stems, "DO NOTHING")
        assert [kept.missing(connection, row) for row in (ROWS[0], ROWS[0], ROWS[1])] == [True, False, True]


def test_what_the_driver_finds_wrong_is_said_in_plain_words_and_undoes_the_transaction(engine: Engine) -> None:
    def add_twice() -> None:
        with writing(engine) as connection:
            ADD.put(connection, ROWS)
            Rows(stems).put(connection, ROWS)

    with pytest.raises(CatalogError, match="stems"):
        add_twice()
    with engine.connect() as connection:
        assert COUNTED.rows(connection, {"word": "a"}) == []


def test_what_is_derived_is_not_waited_for_and_the_next_write_is(engine: Engine) -> None:
    on_server = engine.dialect.name == "postgresql"
    asked = text("SHOW synchronous_commit" if on_server else "PRAGMA synchronous")
    found = []
    for derived in ("", "registry", ""):
        with writing(engine, derived=derived) as connection:
            found.append(connection.scalar(asked))
    assert found == (["on", "off", "on"] if on_server else [2, 1, 2])


def test_a_turn_is_taken_in_one_catalog_of_a_server_alone(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite lets in one writer at a time")
    with writing(engine) as first, writing(engine, patience=0.2) as second:
        take_turns(first, "registry")
        second.execute(text("SET LOCAL search_path TO pg_catalog"))
        take_turns(second, "registry")
    with writing(engine) as first:
        take_turns(first, "registry")
        with writing(engine, patience=0.2) as second, pytest.raises(CatalogError, match="lock timeout"):
            take_turns(second, "registry")
