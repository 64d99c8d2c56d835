"""The tables of who artifacts are: traits, keys, proposals, and what people ruled."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text

from decomposer.store.tables import Name, Plain, metadata

identities = Table(
    "identities",
    metadata,
    Column("entry", Name, ForeignKey("entries.slug"), primary_key=True),
    Column("traits", Text, nullable=False),  # JSON
)

identity_keys = Table(
    "identity_keys",
    metadata,
    Column("key", Plain, nullable=False),
    Column("entry", Name, ForeignKey("entries.slug"), nullable=False, index=True),
    PrimaryKeyConstraint("key", "entry"),
)

# `low` and `high` are the slugs in order; `turned` says that it is the high one that is `relation` of the low one.
identity_pairs = Table(
    "identity_pairs",
    metadata,
    Column("low", Name, nullable=False),
    Column("high", Name, nullable=False, index=True),
    Column("turned", Boolean, nullable=False),
    Column("relation", Text, nullable=False),
    Column("score", Float, nullable=False),
    Column("reasons", Text, nullable=False),  # JSON
    PrimaryKeyConstraint("low", "high"),
    Index("ix_identity_pairs_score", "score", "low", "high"),
)

identity_rulings = Table(
    "identity_rulings",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("op", Text, nullable=False),
    Column("low", Name, nullable=False),
    Column("high", Name, nullable=False, index=True),
    Column("turned", Boolean, nullable=False),
    Column("relation", Text),
    Column("actor", Plain, nullable=False),
    Column("reason", Plain, nullable=False),
    Column("decided_at", Plain, nullable=False),
    Column("target", Integer),
    Column("live", Boolean, nullable=False),
    Index("ix_identity_rulings_low_high", "low", "high"),
)
