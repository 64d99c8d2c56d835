"""The tables of the registry: the texts of records, who has which terms, canonical capabilities with members."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from decomposer.store.tables import Name, Plain, metadata

_PERSON = text("decided_by = 'person'")
_RULED = text("ruled")

# One row a record that is published or may be. `words` are those of its lead.
texts = Table(
    "texts",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("entry", Name, nullable=False),
    Column("id", Name, nullable=False),
    Column("name", Plain, nullable=False),
    Column("text", Plain, nullable=False),
    Column("category", Text, nullable=False),
    Column("support", Text),  # of the description, as definition and standing are; the lower that is, the better
    Column("definition", Plain, nullable=False),
    Column("standing", Integer, nullable=False),
    Column("called", Plain, nullable=False),  # its name less that of its artifact
    Column("key", Text, nullable=False),
    Column("words", Plain, nullable=False),
    Column("data", Plain, nullable=False),  # what it is judged by
    Column("digest", Text, nullable=False),
    Column("recipe", Text, nullable=False, index=True),
    Index("ix_texts_entry_id", "entry", "id", unique=True),
    Index("ix_texts_key", "key"),
)

# How many records have a word, so that rare ones are asked for.
stems = Table(
    "stems",
    metadata,
    Column("word", Name, primary_key=True),
    Column("records", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# The records that have a term, among their rarest: numbers of 4 bytes, in no order. A key is the term and then the
# number of the row, as a term of many records has several.
postings = Table(
    "postings",
    metadata,
    Column("key", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("numbers", LargeBinary, nullable=False),
)

# The rarest terms of each record when it was written, numbers of 8 bytes: in whose postings it stands.
leads = Table(
    "leads",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("terms", LargeBinary, nullable=False),
)

# What was judged of pairs, the smaller number first: all but those that differ, and what a person decided.
likenesses = Table(
    "likenesses",
    metadata,
    Column("a", Integer, nullable=False),
    Column("b", Integer, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("score", Float, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("reasons", Plain, nullable=False),  # one a line
    PrimaryKeyConstraint("a", "b"),
    Index("ix_likenesses_b", "b"),
    *(Index(f"ix_likenesses_person_{side}", side, sqlite_where=_PERSON, postgresql_where=_PERSON) for side in "ab"),
    sqlite_with_rowid=False,
)

canonicals = Table(
    "canonicals",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("uri", Plain, nullable=False, index=True),
    Column("name", Plain, nullable=False),
    Column("key", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("merged_into", Integer),
    Column("artifacts", Integer, nullable=False),
    Column("members", Integer, nullable=False),
    Column("definition", Plain, nullable=False),
    Column("defined_in", Plain, nullable=False),
    Column("defined_by", Plain, nullable=False),
    Column("support", Text),
    Index(
        "ix_canonicals_shared", "artifacts", "uri",
        sqlite_where=text("artifacts > 1"), postgresql_where=text("artifacts > 1"),
    ),
)  # fmt: skip

addresses = Table(
    "addresses",
    metadata,
    Column("uri", Name, primary_key=True),
    Column("canonical", Integer, nullable=False, index=True),
    Column("base", Name, nullable=False),  # the address less its number
    Column("suffix", Integer, nullable=False),
    Index("ix_addresses_base_suffix", "base", "suffix"),
)

members = Table(
    "members",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("canonical", Integer, nullable=False),
    Column("entry", Name, nullable=False),
    Column("sample", BigInteger, nullable=False),  # a digest of its id: the least of these are compared with
    Column("standing", Integer, nullable=False),
    Column("ruled", Boolean, nullable=False),  # a person has ruled on a pair with it
    Index("ix_members_canonical_sample", "canonical", "sample"),
    Index("ix_members_ruled", "canonical", sqlite_where=_RULED, postgresql_where=_RULED),
    Index("ix_members_canonical_entry", "canonical", "entry"),
    Index("ix_members_canonical_standing", "canonical", "standing", "number"),
)
