"""The tables of facts: what was said, the figures that hold, what is made from what, and what is usual."""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text

from decomposer.store.tables import Name, Plain, metadata

facts = Table(
    "facts",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("entry", Name, ForeignKey("entries.slug"), nullable=False),
    Column("key", Text, nullable=False),
    Column("value", Plain, nullable=False),
    Column("source", Plain, nullable=False),
    Column("as_of", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("actor", Plain, nullable=False),
    Column("said_at", Text, nullable=False),
    Index("ix_facts_entry_seq", "entry", "seq"),
)

# The adoption figures that hold now, one row an entry and key; `log` is ln(1+value).
figures = Table(
    "figures",
    metadata,
    Column("entry", Name, ForeignKey("entries.slug"), nullable=False),
    Column("key", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("value", BigInteger, nullable=False),
    Column("log", Float, nullable=False),
    PrimaryKeyConstraint("entry", "key"),
    Index("ix_figures_type_key", "type", "key", "value", "log"),
)

# What entries say they are made from, as `named` writes it.
bases = Table(
    "bases",
    metadata,
    Column("base", Plain, nullable=False),
    Column("entry", Name, ForeignKey("entries.slug"), nullable=False, index=True),
    PrimaryKeyConstraint("base", "entry"),
)

norms = Table(
    "norms",
    metadata,
    Column("as_of", Text, primary_key=True),
    Column("seq", Integer, nullable=False),  # of the newest fact that is in them
    Column("data", Text, nullable=False),  # JSON
)
