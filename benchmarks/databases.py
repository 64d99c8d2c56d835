"""Give benchmarks a new database: a file, or a schema of its own on a server."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text


@contextmanager
def new_database(server: str | None) -> Iterator[str]:
    """Give the address of a new database, which is gone at the end: without a server a file."""
    if not server:
        with tempfile.TemporaryDirectory() as folder:
            yield str(Path(folder) / "catalog.db")
        return
    schema = f"decomposer_{uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection, ExitStack() as stack:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
        stack.callback(lambda: connection.execute(text(f"DROP SCHEMA {schema} CASCADE")))
        url = make_url(server).update_query_dict({"options": f"-csearch_path={schema}"})
        yield url.render_as_string(hide_password=False)
    admin.dispose()
