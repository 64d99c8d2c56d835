"""The tables of the catalog and the ledger, and how values are written into them."""

from json import dumps
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Insert,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
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
        return None if value is None else value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def json_text(value: object) -> str:
    """Return `value` as JSON that every database takes; what UTF-8 can't hold is written as an escape."""
    return dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace").decode()


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
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
    Column("data", Text, nullable=False),
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
    Column("state", Text, nullable=False),
    Column("data", Text, nullable=False),
    PrimaryKeyConstraint("entry", "id"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("op", Text, nullable=False),
    Column("entry", Name, ForeignKey("entries.slug"), nullable=False, index=True),
    Column("capability", Name),
    Column("actor", Plain, nullable=False),
    Column("reason", Plain, nullable=False),
    Column("at", Text, nullable=False),
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
    PrimaryKeyConstraint("key", "attempt"),
    ForeignKeyConstraint(["key"], ["requests.key"]),
    CheckConstraint("state IN ('sent', 'answered', 'refused', 'failed')", name="state"),
)


def insert_missing(connection: Connection, table: Table, values: Any) -> Insert:
    """Return an insert of one row that does nothing where the row is there, even if another process adds it now.

    The `rowcount` of its result says whether it did: 1 or 0.
    """
    insert: Any
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert
    statement: Insert = insert(table).values(values).on_conflict_do_nothing()
    return statement.execution_options(preserve_rowcount=True)
