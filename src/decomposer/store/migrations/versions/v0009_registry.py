"""Create the blocks in which records of the registry are found; the full text that they were asked for goes."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_FULL_TEXT = {
    "sqlite": (
        "DROP TRIGGER texts_added",
        "DROP TRIGGER texts_removed",
        "DROP TRIGGER texts_changed",
        "DROP TABLE texts_words",
    ),
    "postgresql": ("DROP INDEX ix_texts_words",),
}


def upgrade() -> None:
    """Create the tables, and have every entry brought in again when the registry is used next.

    The recipe is another one from now on, so each record is looked at and put into its blocks.
    """
    op.create_table(
        "blocks",
        sa.Column("key", _KEY, nullable=False, autoincrement=False),
        sa.Column("numbers", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_blocks"),
    )
    op.create_table(
        "leads",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("terms", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_leads"),
    )
    for statement in _FULL_TEXT[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)
    op.execute(
        "INSERT INTO due (task, entry) SELECT DISTINCT 'registry', entry FROM texts WHERE entry NOT IN "
        "(SELECT entry FROM due WHERE task = 'registry')"
    )
