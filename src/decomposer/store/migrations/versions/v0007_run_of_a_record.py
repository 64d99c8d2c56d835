"""Have the queue know which batch run drafted each record."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_WAITING = sa.text("waits IS NOT NULL")
_FILTERED = (
    "waits", "calm", "since", "second", "category", "support", "flags", "passing", "flagged", "model", "prompt", "run",
    "name",
)  # fmt: skip
# A damaged record is told of where it is read; here it is passed over, and PostgreSQL has no cast that would do that.
_RUN = {
    "sqlite": "CASE WHEN json_valid(c.data) THEN json_extract(c.data, '$.provenance.run') END",
    "postgresql": """substring(c.data from '"run": ?"([^"\\\\]*)"')""",
}


def upgrade() -> None:
    """Add the column, fill it from the records, and have SQLite's index for filters hold it."""
    op.add_column("queue", sa.Column("run", sa.Text, nullable=False, server_default=""))
    dialect = op.get_bind().dialect.name
    found = f"SELECT {_RUN[dialect]} FROM capabilities c WHERE c.entry = queue.entry AND c.id = queue.id"  # noqa: S608
    op.execute(f"UPDATE queue SET run = COALESCE(({found}), '') WHERE EXISTS ({found})")  # noqa: S608
    if dialect == "sqlite":
        op.drop_index("ix_queue_entry", "queue")
        key = ["entry", "position", "id", *_FILTERED]
        op.create_index("ix_queue_entry", "queue", key, sqlite_where=_WAITING)
