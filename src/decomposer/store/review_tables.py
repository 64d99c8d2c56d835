"""The tables of decisions, of what waits for one, and of what is to be made again."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from decomposer.store.tables import Name, Plain, metadata

_WAITING = text("waits IS NOT NULL")
_LEASED = text("holder IS NOT NULL")
_SECOND = text("second <> ''")
FILTERED = (
    "waits", "calm", "since", "second", "category", "support", "flags", "passing", "flagged", "model", "prompt", "run",
    "name",
)  # fmt: skip

events = Table(
    "events",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("op", Text, nullable=False),
    Column("entry", Plain, nullable=False),
    Column("capability", Plain, nullable=False),
    Column("field", Text, nullable=False),
    Column("before", Text, nullable=False),  # JSON, as is after
    Column("after", Text, nullable=False),
    Column("base_version", Integer, nullable=False),
    Column("batch", Plain, nullable=False),
    Column("number", Integer, nullable=False),
    Column("actor", Plain, nullable=False),
    Column("reason", Plain, nullable=False),
    Column("target", Plain),
    Column("shown_at", Plain),
    Column("decided_at", Plain, nullable=False),
    Column("model", Plain, nullable=False),
    Column("prompt", Plain, nullable=False),
    Column("guard", Plain, nullable=False),
    Column("live", Boolean, nullable=False),
    UniqueConstraint("batch", "number"),
    Index("ix_events_capability_seq", "capability", "seq"),
    Index("ix_events_entry_seq", "entry", "seq"),
    Index("ix_events_actor_seq", "actor", "seq"),
    Index("ix_events_decided_at", "decided_at"),
)

# One row a record, whether it waits or not: what is decided about it, and what orders, filters and decisions need of it
# without reading it. The rows are narrow and what they say is nowhere else, so that many are decided about at once.
queue = Table(
    "queue",
    metadata,
    Column("entry", Name, nullable=False),
    Column("id", Name, nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", Plain, nullable=False),
    Column("version", Integer, nullable=False),
    Column("waits", Text),
    Column("state", Text, nullable=False),
    Column("calm", Integer, nullable=False),  # 1000 less the risk, so that every order ascends
    Column("hazard", Integer, nullable=False),  # the risk of its text alone
    Column("revised", Boolean, nullable=False),
    Column("category", Text, nullable=False),
    Column("support", Text),
    Column("flags", Text, nullable=False),  # words between spaces, as are failing and dropped
    Column("failing", Text, nullable=False),
    Column("dropped", Text, nullable=False),
    Column("passing", Boolean, nullable=False),
    Column("flagged", Boolean, nullable=False),
    Column("disputed", Boolean, nullable=False),
    Column("second", Plain, nullable=False),  # who decided first, where another is to decide too
    Column("model", Plain, nullable=False),
    Column("prompt", Plain, nullable=False),
    Column("run", Plain, nullable=False),  # the batch run that drafted it, "" for none
    Column("since", Text, nullable=False),
    Column("cluster", BigInteger, nullable=False),
    Column("holder", Plain),
    Column("until", Float),  # when the lease runs out, in seconds since 1970 on the database's host
    PrimaryKeyConstraint("entry", "id"),
    *(
        Index(f"ix_queue_{name}", *columns, sqlite_where=_WAITING, postgresql_where=_WAITING)
        for name, columns in {
            "risk": ("calm", "entry", "position", "id"),
            # In SQLite with all that filters ask for, so that counting need not look at each row; PostgreSQL does that
            # fast enough, and would refuse long texts in an index.
            "entry": ("entry", "position", "id", *FILTERED),
            "oldest": ("since", "entry", "position", "id"),
            "cluster": ("cluster", "entry", "position", "id"),
        }.items()
    ),
    Index("ix_queue_holder", "holder", sqlite_where=_LEASED, postgresql_where=_LEASED),
    Index("ix_queue_second", "second", sqlite_where=_SECOND, postgresql_where=_SECOND),
)

due = Table(
    "due",
    metadata,
    # queue: its rows there say the state alone; registry: it says something new; identity: it or its documents are
    # new; search: it says something new to those who look for it, or what filters ask for is new
    Column("task", Text, nullable=False),
    Column("entry", Name, nullable=False),
    PrimaryKeyConstraint("task", "entry"),
)
