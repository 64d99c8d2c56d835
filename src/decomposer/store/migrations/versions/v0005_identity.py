"""Create the tables of who artifacts are, and have every entry looked at once."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "identities",
        sa.Column("entry", _NAME, nullable=False),
        sa.Column("traits", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("entry", name="pk_identities"),
        sa.ForeignKeyConstraint(["entry"], ["entries.slug"], name="fk_identities_entries"),
    )
    op.create_table(
        "identity_keys",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("entry", _NAME, nullable=False),
        sa.PrimaryKeyConstraint("key", "entry", name="pk_identity_keys"),
        sa.ForeignKeyConstraint(["entry"], ["entries.slug"], name="fk_identity_keys_entries"),
    )
    op.create_index("ix_identity_keys_entry", "identity_keys", ["entry"])
    _pairs(
        "identity_pairs", sa.Column("score", sa.Float, nullable=False), sa.Column("reasons", sa.Text, nullable=False)
    )
    op.create_index("ix_identity_pairs_score", "identity_pairs", ["score", "low", "high"])
    _rulings()
    op.get_bind().execute(sa.text("INSERT INTO due SELECT 'identity', slug FROM entries"))


def _pairs(table: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        table,
        sa.Column("low", _NAME, nullable=False),
        sa.Column("high", _NAME, nullable=False),
        sa.Column("turned", sa.Boolean, nullable=False),
        sa.Column("relation", sa.Text, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("low", "high", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_high", table, ["high"])


def _rulings() -> None:
    op.create_table(
        "identity_rulings",
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("op", sa.Text, nullable=False),
        sa.Column("low", _NAME, nullable=False),
        sa.Column("high", _NAME, nullable=False),
        sa.Column("turned", sa.Boolean, nullable=False),
        sa.Column("relation", sa.Text),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("decided_at", sa.Text, nullable=False),
        sa.Column("target", sa.Integer),
        sa.Column("live", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_identity_rulings"),
    )
    op.create_index("ix_identity_rulings_high", "identity_rulings", ["high"])
    op.create_index("ix_identity_rulings_low_high", "identity_rulings", ["low", "high"])
