"""Databases for the port suites: SQLite in a file, and PostgreSQL where a server answers."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from decomposer.store.engine import open_database

CHECKOUT = Path(__file__).parents[2]
SERVER = os.environ.get("DECOMPOSER_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test")


@cache
def _why_no_postgresql() -> str:
    if find_spec("psycopg") is None:
        return "psycopg is not installed"
    server = create_engine(SERVER, connect_args={"connect_timeout": 3})
    try:
        server.connect().close()
    except OperationalError:
        return f"no PostgreSQL server answers at {make_url(SERVER).render_as_string()}"
    finally:
        server.dispose()
    return ""


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a new, empty database: a file, or a schema of its own on the server."""
    if request.param == "sqlite":
        yield str(tmp_path / "catalog.db")
        return
    if reason := _why_no_postgresql():
        pytest.skip(reason)
    schema = f"decomposer_{uuid4().hex}"
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(SERVER).update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    server.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Give the opened database."""
    opened = open_database(database_url)
    yield opened
    opened.dispose()


Race = Callable[[str, list[str]], list[str]]


@pytest.fixture
def race(database_url: str) -> Race:
    """Give a function that runs a script in several processes at once, one an argument, and returns their outputs.

    The script finds the address of the database in `sys.argv[1]` and its own argument in `sys.argv[2]`.
    """

    def run(script: str, arguments: list[str]) -> list[str]:
        command = [sys.executable, "-W", "error", "-c", script, database_url]
        started = [
            subprocess.Popen(
                [*command, argument], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=CHECKOUT
            )
            for argument in arguments
        ]
        ended = [process.communicate(timeout=60) for process in started]
        assert [errors for _, errors in ended] == [""] * len(arguments)
        return [output for output, _ in ended]

    return run
