"""Create the catalog and the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    _catalog()
    _ledger()


def _catalog() -> None:
    op.create_table(
        "entries",
        sa.Column("slug", _NAME, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("uri", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("proposed", sa.Integer, nullable=False),
        sa.Column("accepted", sa.Integer, nullable=False),
        sa.Column("rejected", sa.Integer, nullable=False),
        sa.Column("retired", sa.Integer, nullable=False),
        sa.Column("updated", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("slug", name="pk_entries"),
    )
    op.create_index("ix_entries_source", "entries", ["source"])
    op.create_index("ix_entries_uri", "entries", ["uri"])
    op.create_table(
        "documents",
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_documents"),
    )
    op.create_table(
        "capabilities",
        sa.Column("id", _NAME, nullable=False),
        sa.Column("entry", _NAME, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("entry", "id", name="pk_capabilities"),
        sa.ForeignKeyConstraint(["entry"], ["entries.slug"], name="fk_capabilities_entries"),
    )
    op.create_table(
        "decisions",
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("op", sa.Text, nullable=False),
        sa.Column("entry", _NAME, nullable=False),
        sa.Column("capability", _NAME),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_decisions"),
        sa.ForeignKeyConstraint(["entry"], ["entries.slug"], name="fk_decisions_entries"),
    )
    op.create_index("ix_decisions_entry", "decisions", ["entry"])


def _ledger() -> None:
    op.create_table(
        "requests",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("endpoint", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("sample", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_requests"),
    )
    op.create_table(
        "attempts",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("raw", sa.LargeBinary),
        sa.Column("error", sa.Text),
        sa.Column("prompt_tokens", sa.Integer),
        sa.Column("completion_tokens", sa.Integer),
        sa.Column("sent_at", sa.Text, nullable=False),
        sa.Column("done_at", sa.Text),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("key", "attempt", name="pk_attempts"),
        sa.ForeignKeyConstraint(["key"], ["requests.key"], name="fk_attempts_requests"),
        sa.CheckConstraint("state IN ('sent', 'answered', 'refused', 'failed')", name="ck_attempts_state"),
    )
