"""The table of what people said of records of different entries."""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text

from decomposer.store.tables import Name, metadata

# One row a decision on a word; `live` says that the word holds, which is not so for one that takes a word back.
links = Table(
    "links",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("field", Text, nullable=False),
    Column("one", Name, nullable=False),
    Column("other", Name, nullable=False),
    Column("one_entry", Name, nullable=False),
    Column("other_entry", Name, nullable=False),
    Column("live", Boolean, nullable=False),
    # Which records of the registry these are in now, as the entries were when it last brought them in.
    Column("one_at", Integer),
    Column("other_at", Integer),
    Index("ix_links_one", "one"),
    Index("ix_links_other", "other"),
    Index("ix_links_one_entry", "one_entry"),
    Index("ix_links_other_entry", "other_entry"),
)
