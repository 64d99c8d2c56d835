"""Open the database: find it, bring it to the newest schema, and say in plain words what is wrong with it."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    create_engine,
    event,
    func,
    inspect,
    literal,
    make_url,
    text,
)
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from decomposer.errors import CatalogError, ConfigurationError, DecomposerError

HEAD = "0013"
_MIGRATING = 0x6465636F6D70  # the advisory lock of PostgreSQL that one migration at a time holds
_WRITE = "decomposer_write"
_TURN = "decomposer_turn"
_DERIVED = "decomposer_derived"
_AT_ONCE, _LATER = "FULL", "NORMAL"  # a paid answer survives a power cut; what is written is in order either way
# A database may hold several catalogs, each in a schema of its own.
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext(CAST(current_schema() AS text)), hashtext(:name))")
_UNHURRIED = text(f"{_LOCK}, set_config('synchronous_commit', 'off', true)")
_OTHER = "pass another one with --db"


def open_database(where: str | Path, *, timeout: float = 30.0) -> Engine:
    """Return the database at a path (SQLite) or a SQLAlchemy URL, created or brought to the newest schema if need be.

    `timeout` is how long a write waits for another process, in seconds. Raises ConfigurationError for an address that
    can't be used and CatalogError for a database that can't; everything done with the engine later raises CatalogError.
    """
    url = _url(where)
    engine = _engine(url, timeout)
    try:
        _bring_up_to_date(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def writing(engine: Engine, *, patience: float | None = None, derived: str = "") -> Iterator[Connection]:
    """Give a transaction that may write: committed at the end, undone on an error.

    SQLite takes its lock at the start, so that no two processes wait for each other to let go of a read. The threads
    of one process queue for it here: SQLite's own way of waiting is to sleep and look again. `patience` is for how many
    seconds at most to wait for each lock, where that is less than usual.

    What is `derived` from the rest, under a name, is written by one transaction at a time, and nobody waits until it is
    on the disk: a power cut may undo it as a whole with all that was derived since, but not where something else was
    committed after it.
    """
    with (
        _turn(engine, patience),
        engine.connect() as connection,
        _waiting(connection, patience),
        connection.execution_options(**{_WRITE: True, _DERIVED: derived}).begin(),
    ):
        if patience is not None and connection.dialect.name == "postgresql":
            most = {"most": f"{round(patience * 1000)}ms"}
            connection.execute(text("SELECT set_config('lock_timeout', :most, true)"), most)
        if derived and connection.dialect.name == "postgresql":
            connection.execute(_UNHURRIED, {"name": derived})
        yield connection


@contextmanager
def _waiting(connection: Connection, patience: float | None) -> Iterator[None]:
    """Have SQLite wait no longer than so many seconds for the lock of another process."""
    driver: Any = connection.connection.driver_connection
    if patience is None or connection.dialect.name != "sqlite":
        yield
        return
    (usual,) = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute(f"PRAGMA busy_timeout={round(patience * 1000)}")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout={usual}")


@contextmanager
def _turn(engine: Engine, patience: float | None = None) -> Iterator[None]:
    turn: tuple[Lock, float] | None = engine.get_execution_options().get(_TURN)
    if turn is None:
        yield
        return
    lock, timeout = turn
    timeout = timeout if patience is None else min(timeout, patience)
    if not lock.acquire(timeout=timeout):
        raise CatalogError(
            f"{shown(engine.url)}: another thread has been writing for {timeout:g} seconds",
            hint="run again: nothing that was finished is lost",
        )
    try:
        yield
    finally:
        lock.release()


def take_turns(connection: Connection, name: str) -> None:
    """Wait until no other transaction holds `name`, and hold it to the end of this one that may write."""
    if connection.dialect.name == "postgresql":  # SQLite lets in one writer at a time anyway
        connection.execute(_LOCK, {"name": name})


def now() -> str:
    """Return the time in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def clock(connection: Connection) -> ColumnElement[Any]:
    """Return the time of the database in seconds since 1970: hosts with wrong clocks agree on it."""
    on_server = connection.dialect.name == "postgresql"
    return func.extract("epoch", func.clock_timestamp()) if on_server else literal(time.time())


def shown(url: URL) -> str:
    """Return the path or URL of a database as it may be shown: the password is hidden."""
    plain_file = url.get_backend_name() == "sqlite" and url.database and not url.query
    return url.database or "" if plain_file else url.render_as_string(hide_password=True)


def plainly(connection: Connection, error: Exception) -> Exception:
    """Return an error of the driver as what is done with an engine raises it: in plain words."""
    return _told(connection.dialect, connection.engine.url, error) or error


# --- finding it


def _url(where: str | Path) -> URL:
    is_path = isinstance(where, Path) or "://" not in where
    url = URL.create("sqlite", database=str(where)) if is_path else _parsed(str(where))
    if url.get_backend_name() == "sqlite":
        _check_file(url)
    elif url.get_backend_name() != "postgresql":
        raise ConfigurationError(
            f"{shown(url)}: {url.get_backend_name()} databases are not supported",
            hint="use a path (SQLite) or postgresql+psycopg://...",
        )
    return url


def _parsed(where: str) -> URL:
    try:
        return make_url(where)
    except (ArgumentError, ValueError):
        masked = re.sub(r"//.*@", "//***@", where)
    raise ConfigurationError(
        f"{masked}: not a database URL", hint="write it as postgresql+psycopg://user:password@host:5432/name"
    )


def _check_file(url: URL) -> None:
    name = url.database or ""
    if name in ("", ":memory:"):
        raise ConfigurationError("a database in memory forgets what was paid for", hint="name a file with --db")
    if name.startswith("file:"):
        return
    path = Path(name)
    if path.is_dir():
        raise CatalogError(f"{name}: is a folder, not a database", hint=f"name a file in it, or {_OTHER}")
    if not path.parent.is_dir():
        raise CatalogError(f"{name}: the folder {path.parent} does not exist", hint=f"create it, or {_OTHER}")


def _engine(url: URL, timeout: float) -> Engine:
    sqlite = url.get_backend_name() == "sqlite"
    options: dict[str, Any] = {"pool_size": 16, "max_overflow": 48}  # as many threads read and write at once
    if sqlite:
        options |= {"connect_args": {"timeout": timeout}, "execution_options": {_TURN: (Lock(), timeout)}}
    else:
        options |= {"pool_pre_ping": True}
    if not sqlite and "connect_timeout" not in url.query:
        options["connect_args"] = {"connect_timeout": 10}
    try:
        engine = create_engine(url, **options)
    except NoSuchModuleError as error:
        raise ConfigurationError(f"{shown(url)}: unknown driver", hint="use postgresql+psycopg://...") from error
    except ImportError as error:
        raise ConfigurationError(
            f"{shown(url)}: the driver is not installed ({error})", hint="pip install 'psycopg[binary]'"
        ) from error
    except (ArgumentError, TypeError, ValueError) as error:
        raise ConfigurationError(f"{shown(url)}: {error}", hint="check the options after the question mark") from error
    if engine.dialect.is_async:
        raise ConfigurationError(f"{shown(url)}: this driver is asynchronous", hint="use postgresql+psycopg://...")
    if sqlite:
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _explain)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late, see _begin
    _switch_to_wal(connection)
    connection.execute(f"PRAGMA synchronous={_AT_ONCE}")
    connection.execute("PRAGMA foreign_keys=ON")
    # SQLite's own lower() knows ASCII alone.
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(text: object) -> object:
    return text.lower() if isinstance(text, str) else text


def _switch_to_wal(connection: Any) -> None:
    # SQLite does not wait here, as it does elsewhere, while another process makes the same switch.
    last_try = time.monotonic() + 2
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except connection.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > last_try:
                raise
            time.sleep(0.02)
        else:
            return


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    wanted = _LATER if options.get(_DERIVED) else _AT_ONCE
    if connection.info.get(_DERIVED, _AT_ONCE) != wanted:
        connection.exec_driver_sql(f"PRAGMA synchronous={wanted}")
        connection.info[_DERIVED] = wanted
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITE) else "BEGIN")


# --- bringing it to the newest schema


def _bring_up_to_date(engine: Engine) -> None:
    with engine.connect() as connection:
        if _is_current(connection):
            return
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
        if _is_current(connection):
            return
        from decomposer.store.migrations import upgrade

        upgrade(connection)


def _is_current(connection: Connection) -> bool:
    tables = inspect(connection).get_table_names()
    name = shown(connection.engine.url)
    if "alembic_version" not in tables:
        if tables and connection.dialect.name == "sqlite":
            raise CatalogError(f"{name}: is the database of another program", hint=_OTHER)
        return False
    version = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if version is not None and version > HEAD:
        raise CatalogError(
            f"{name}: has schema {version}, this version of decomposer knows {HEAD} at most",
            hint=f"install a newer decomposer, or {_OTHER}",
        )
    return bool(version == HEAD)


# --- saying what is wrong

_REASONS = (
    ("file is not a database", "is not a SQLite database", _OTHER),
    ("malformed", "is damaged", "restore a backup"),
    ("unable to open", "can't be opened", f"check that you may write to the file and its folder, or {_OTHER}"),
    ("readonly", "is read-only", f"make the file and its folder writable, or {_OTHER}"),
    ("full", "the disk is full", "free some space and run again: nothing that was finished is lost"),
    ("locked", "is in use by another process", "run again when that one is done"),
)


def _explain(context: ExceptionContext) -> DecomposerError | None:
    url = context.engine.url if context.engine is not None else None
    return _told(context.dialect, url, context.original_exception)


def _told(dialect: Dialect, url: URL | None, error: BaseException) -> DecomposerError | None:
    dbapi = dialect.dbapi
    if dbapi is None or not isinstance(error, dbapi.Error):
        return None
    name = shown(url) if url is not None else "the database"
    message = str(error)
    if dialect.name == "sqlite":
        for part, reason, hint in _REASONS:
            if part in message:
                return CatalogError(f"{name}: {reason}", hint=hint)
        return CatalogError(f"{name}: {message}", hint=f"run `decomposer doctor`, or {_OTHER}")
    reason = message.strip().partition("\n")[0] or type(error).__name__
    return CatalogError(f"{name}: {reason}", hint=f"check the server and the URL, or {_OTHER}")
