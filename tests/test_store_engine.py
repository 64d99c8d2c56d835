"""Opening databases: what is created, what is refused, and what the errors say."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, event, text

from decomposer.errors import CatalogError, ConfigurationError, DecomposerError
from decomposer.ports import Request
from decomposer.store import engine as database
from decomposer.store.engine import open_database, writing
from decomposer.store.ledger import SqlLedger
from decomposer.store.migrations import head
from decomposer.store.tables import metadata

TABLES = (
    "tables",
    "review_tables",
    "registry_tables",
    "identity_tables",
    "links_tables",
    "days_tables",
    "search_tables",
)
FULL_TEXT = "searched_words"  # SQLite makes these tables itself

REQUEST = Request("https://models.example", "m", "tools", {"messages": []})


@contextmanager
def opened(where: str | Path, **options: float) -> Iterator[Engine]:
    engine = open_database(where, **options)
    try:
        yield engine
    finally:
        engine.dispose()


def execute(path: Path, statement: str) -> None:
    with opened(path) as engine, writing(engine) as connection:
        connection.execute(text(statement))


def test_the_migrations_build_the_tables_that_the_code_uses(tmp_path: Path) -> None:
    for name in TABLES:
        import_module(f"decomposer.store.{name}")
    with opened(tmp_path / "catalog.db") as engine, engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": ours})
        assert compare_metadata(context, metadata) == []


def ours(name: str | None, _kind: str, _parents: object) -> bool:
    return not (name or "").startswith(FULL_TEXT)


def test_the_newest_migration_is_the_one_that_is_looked_for() -> None:
    assert head() == database.HEAD


def test_a_path_opens_a_database_that_survives_a_power_cut(tmp_path: Path) -> None:
    with opened(str(tmp_path / "catalog.db"), timeout=7) as engine, engine.connect() as connection:
        pragmas = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        values = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    assert values == ["wal", 2, 7000, 1]


def test_a_name_with_every_odd_character_is_just_a_name(tmp_path: Path) -> None:
    path = tmp_path / "50%20 ?mode=ro&x#é.db"
    with opened(path):
        assert path.is_file()


def test_opening_again_keeps_what_is_there(tmp_path: Path) -> None:
    for number in (1, 2):
        with opened(f"sqlite:///{tmp_path}/catalog.db") as engine:
            assert SqlLedger(engine).begin(REQUEST) == number


def test_alembic_is_not_imported_when_there_is_nothing_to_migrate(tmp_path: Path) -> None:
    with opened(tmp_path / "catalog.db"):
        pass
    script = (
        "import sys, decomposer.store.catalog, decomposer.store.ledger\n"
        "from decomposer.store.engine import open_database\n"
        "open_database(sys.argv[1]).dispose()\n"
        "print('alembic' in sys.modules)"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "catalog.db")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"


def test_processes_that_open_a_new_database_at_once_all_succeed(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from decomposer.store.engine import open_database\n"
        "sys.stdin.readline()\n"
        "open_database(sys.argv[1]).dispose()\n"
        "print('opened')"
    )
    command = [sys.executable, "-W", "error", "-c", script, str(tmp_path / "catalog.db")]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    processes = [subprocess.Popen(command, text=True, **pipes) for _ in range(4)]
    assert [process.communicate("go\n", timeout=60) for process in processes] == [("opened\n", "")] * 4


# --- what is refused


def failure(where: str | Path) -> str:
    with pytest.raises(DecomposerError) as failed, opened(where):
        pass
    assert failed.value.hint
    return str(failed.value)


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text("# Lynx\n" * 200)
    assert failure(path) == f"{path}: is not a SQLite database; pass another one with --db"
    assert path.read_text() == "# Lynx\n" * 200


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "catalog.db"
    assert failure(path) == (
        f"{path}: the folder {path.parent} does not exist; create it, or pass another one with --db"
    )


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert failure(tmp_path).startswith(f"{tmp_path}: is a folder, not a database; ")


@pytest.mark.parametrize("where", [":memory:", "", "sqlite://", "sqlite:///:memory:"])
def test_memory_is_refused_because_it_forgets(where: str) -> None:
    assert failure(where) == "a database in memory forgets what was paid for; name a file with --db"


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "places.db"
    execute(path, "DROP TABLE alembic_version")
    assert failure(path) == f"{path}: is the database of another program; pass another one with --db"


def test_a_newer_schema_asks_for_a_newer_decomposer(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    execute(path, "UPDATE alembic_version SET version_num = '0999'")
    assert failure(path) == (
        f"{path}: has schema 0999, this version of decomposer knows {database.HEAD} at most; "
        "install a newer decomposer, or pass another one with --db"
    )


def test_a_schema_that_was_never_released_is_named(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    execute(path, "UPDATE alembic_version SET version_num = '0000'")
    assert "0000" in failure(path)


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("nonsense://x", "nonsense://x: nonsense databases are not supported; "),
        ("mysql://me:secret@host/name", "mysql://me:***@host/name: mysql databases are not supported; "),
        ("postgresql+nonsense://host/name", "postgresql+nonsense://host/name: unknown driver; "),
        ("postgresql+pg8000://me:secret@host/x", "postgresql+pg8000://me:***@host/x: the driver is not installed"),
        ("postgresql://me:se@cret@host:port/x", "postgresql://***@host:port/x: not a database URL; "),
        ("://", "://: not a database URL; "),
    ],
)
def test_an_address_that_cannot_be_used_is_named_without_its_password(where: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as failed, opened(where):
        pass
    assert str(failed.value).startswith(message)


def test_an_option_that_makes_no_sense_is_named(tmp_path: Path) -> None:
    assert "'soon'; check the options" in failure(f"sqlite:///{tmp_path}/catalog.db?timeout=soon")


@pytest.mark.skipif(find_spec("psycopg") is None, reason="psycopg is not installed")
def test_a_server_that_does_not_answer_is_named_without_the_password() -> None:
    message = failure("postgresql+psycopg://me:secret@127.0.0.1:1/name")
    assert message.startswith("postgresql+psycopg://me:***@127.0.0.1:1/name: ")
    assert message.endswith("; check the server and the URL, or pass another one with --db")
    assert "secret" not in message


# --- what goes wrong later


def test_a_database_that_another_process_is_writing_to_says_so(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    with opened(path) as engine, opened(path, timeout=0.05) as other, writing(engine):
        with pytest.raises(CatalogError) as failed:
            SqlLedger(other).begin(REQUEST)
        assert SqlLedger(other).attempts(REQUEST.key) == []
    assert str(failed.value) == f"{path}: is in use by another process; run again when that one is done"


def test_a_read_only_database_can_be_read_but_not_written(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    with opened(path) as engine:
        SqlLedger(engine).begin(REQUEST)
        with opened(f"sqlite:///file:{path}?mode=ro&uri=true") as other:
            assert len(SqlLedger(other).attempts(REQUEST.key)) == 1
            with pytest.raises(CatalogError, match="is read-only; make the file and its folder writable"):
                SqlLedger(other).begin(REQUEST)


def test_a_full_disk_is_named_and_the_database_stays_whole(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    big = Request("https://models.example", "m", "tools", {"messages": ["x" * 100_000]})
    with opened(path) as engine:
        engine.dispose()

        def limit(connection: Any, _record: object) -> None:
            connection.execute("PRAGMA max_page_count=1")

        event.listen(engine, "connect", limit)
        with pytest.raises(CatalogError, match="the disk is full; free some space and run again"):
            SqlLedger(engine).begin(big)
    with opened(path) as engine:
        assert list(SqlLedger(engine).verify()) == []
        assert SqlLedger(engine).begin(big) == 1


def insert_the_same_text_twice(engine: Engine) -> None:
    with writing(engine) as connection:
        for _ in range(2):
            connection.execute(text("INSERT INTO documents (sha256, text) VALUES ('a', 'b')"))


def test_a_write_that_fails_is_undone(tmp_path: Path) -> None:
    with opened(tmp_path / "catalog.db") as engine:
        with pytest.raises(CatalogError):
            insert_the_same_text_twice(engine)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM documents")) == 0


def test_threads_take_turns_and_a_turn_that_fails_is_given_on(tmp_path: Path) -> None:
    with opened(tmp_path / "catalog.db") as engine:
        writers = iter(range(1, 1000))

        def write(number: int) -> int:
            with writing(engine) as connection:
                inside.append(number)
                at_once = len(inside)
                connection.execute(text("INSERT INTO documents VALUES (:n, 'a')"), {"n": next(writers)})
                inside.remove(number)
                if number % 5 == 0:
                    raise KeyError(number)
            return at_once

        inside: list[int] = []
        with ThreadPoolExecutor(16) as pool:
            writes = [pool.submit(write, number) for number in range(100)]
        assert [type(one.exception()) for one in writes[::5]] == [KeyError] * 20
        assert {one.result() for number, one in enumerate(writes) if number % 5} == {1}
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM documents")) == 80


def test_a_thread_that_waits_too_long_for_its_turn_says_so(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    with opened(path, timeout=0.05) as engine, writing(engine), pytest.raises(CatalogError) as failed:
        SqlLedger(engine).begin(REQUEST)
    assert str(failed.value) == (
        f"{path}: another thread has been writing for 0.05 seconds; run again: nothing that was finished is lost"
    )
