"""The tables of the catalog and the ledger, and how values are written into them."""

from decimal import ROUND_CEILING, Decimal
from functools import cache
from json import JSONEncoder
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Insert,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
    text,
)


class Verbatim(TypeDecorator[str]):
    """Text that must come back exactly as it was, as UTF-8 bytes: no database alters or refuses those."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Return the bytes to store."""
        return None if value is None else value.encode("utf-8", "surrogatepass")

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Return the stored text."""
        return None if value is None else bytes(value).decode("utf-8", "surrogatepass")


class Plain(TypeDecorator[str]):
    """Text to list, search and sort by. What PostgreSQL can't hold (NUL, lone surrogates) becomes a mark."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text to store."""
        return None if value is None else plain(value)


def plain(value: str) -> str:
    """Return text as every database can hold it."""
    return value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


class Money(TypeDecorator[Decimal]):
    """US dollars, kept as whole picodollars: sums are exact in every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Return the picodollars to store, rounded up."""
        return None if value is None else int((value * PICO).to_integral_value(ROUND_CEILING))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Return the dollars."""
        return None if value is None else Decimal(int(value)) / PICO


PICO = 10**12
_JSON = JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def json_text(value: object) -> str:
    """Return `value` as JSON that every database takes; what UTF-8 can't hold is written as an escape."""
    return _JSON.encode(value).encode("utf-8", "backslashreplace").decode()


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# Names sort by code point in every database, so that the order of a catalog does not depend on where it is kept.
Name = Text().with_variant(Text(collation="C"), "postgresql")

entries = Table(
    "entries",
    metadata,
    Column("slug", Name, primary_key=True),
    Column("source", Plain, nullable=False, index=True),
    Column("uri", Plain, nullable=False, index=True),  # of the first document, as is sha256
    Column("sha256", Text, nullable=False),
    Column("name", Plain, nullable=False),
    Column("type", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("proposed", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("retired", Integer, nullable=False),
    Column("updated", Text, nullable=False),
    Column("model", Plain, nullable=False, server_default=""),  # of the run that drafted it, as are prompt and recipe
    Column("prompt", Plain, nullable=False, server_default=""),
    Column("recipe", Text, nullable=False, server_default=""),
    Column("digests", Text, nullable=False, server_default=""),  # of all its documents, one a line
    Column("data", Text, nullable=False),
    Column("past", Integer, nullable=False, server_default="0"),  # the highest version that a removed record had
)

documents = Table(
    "documents",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("text", Verbatim, nullable=False),
)

capabilities = Table(
    "capabilities",
    metadata,
    Column("id", Name, nullable=False),
    Column("entry", Name, ForeignKey("entries.slug"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", Plain, nullable=False),
    Column("category", Text, nullable=False),
    Column("data", Text, nullable=False),  # JSON, less what is decided about it: `queue` says that
    PrimaryKeyConstraint("entry", "id"),
)

requests = Table(
    "requests",
    metadata,
    Column("key", Text, primary_key=True),
    Column("endpoint", Plain, nullable=False),
    Column("model", Plain, nullable=False),
    Column("mode", Plain, nullable=False),
    Column("sample", Integer, nullable=False),
    Column("body", Text, nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    Column("key", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("raw", Verbatim),
    Column("error", Plain),
    Column("prompt_tokens", Integer),
    Column("completion_tokens", Integer),
    Column("sent_at", Text, nullable=False),
    Column("done_at", Text),
    Column("host", Plain, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("cost_usd", Money),
    Column("estimated_usd", Money),
    Column("run", Integer),
    Column("job", Integer),
    PrimaryKeyConstraint("key", "attempt"),
    Index("ix_attempts_run", "run"),
    Index("ix_attempts_job", "job", sqlite_where=text("job IS NOT NULL"), postgresql_where=text("job IS NOT NULL")),
    Index("ix_attempts_sent", "sent_at", sqlite_where=text("state = 'sent'"), postgresql_where=text("state = 'sent'")),
    ForeignKeyConstraint(["key"], ["requests.key"]),
    CheckConstraint("state IN ('sent', 'answered', 'refused', 'failed')", name="state"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("fingerprint", Text, nullable=False, index=True),
    Column("source", Plain, nullable=False),
    Column("model", Plain, nullable=False),
    Column("prompt", Plain, nullable=False),
    Column("settings", Text, nullable=False),
    Column("max_cost_usd", Money),
    Column("spent_usd", Money, nullable=False),
    Column("reserved_usd", Money, nullable=False),
    Column("state", Text, nullable=False),
    Column("fed", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("progress", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("beat", Text, nullable=False),
)

work = Table(
    "work",
    metadata,
    Column("run", Integer, ForeignKey("runs.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("ref", Verbatim, nullable=False),
    Column("state", Text, nullable=False),  # waiting, held, or how it ended
    Column("owner", Plain),
    Column("until", Float),  # when the lease runs out, in seconds since 1970 on the database's host
    Column("slug", Name),
    Column("reason", Plain),
    Column("capabilities", Integer),
    Column("requests", Integer),
    Column("cached", Integer),
    Column("prompt_tokens", Integer),
    Column("completion_tokens", Integer),
    Column("cost_usd", Money),
    Column("seconds", Float),
    Column("raw", Verbatim),  # the last, so that sums need not read past it
    PrimaryKeyConstraint("run", "position"),
    Index(
        "ix_work_open", "run", "position",
        sqlite_where=text("state IN ('waiting', 'held')"), postgresql_where=text("state IN ('waiting', 'held')"),
    ),
    Index(
        "ix_work_failed", "run", "position",
        sqlite_where=text("state = 'failed'"), postgresql_where=text("state = 'failed'"),
    ),
)  # fmt: skip

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mark", Text, nullable=False, unique=True),
    Column("run", Integer, ForeignKey("runs.id"), nullable=False, index=True),
    Column("endpoint", Plain, nullable=False),
    Column("model", Plain, nullable=False),
    Column("state", Text, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("remote", Plain, nullable=False),
    Column("status", Plain, nullable=False),
    Column("created", Text, nullable=False),
)


def insert_missing(connection: Connection, table: Table) -> Insert:
    """Return an insert that does nothing where the row is there, even if another process adds it now.

    The rows are given when it is executed; for a single one the `rowcount` of the result says whether it was missing.
    """
    return _insert_missing(connection.dialect.name, table)


@cache
def _insert_missing(dialect: str, table: Table) -> Insert:
    insert: Any
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert
    statement: Insert = insert(table).on_conflict_do_nothing()
    return statement.execution_options(preserve_rowcount=True)
