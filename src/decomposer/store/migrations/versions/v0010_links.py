"""Keep what people said of records of different entries, and have the registry find fast what people ruled on."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_INDEXED = ("one", "other", "one_entry", "other_entry")


def upgrade() -> None:
    """Create the table, and mark the members on which people have ruled."""
    op.create_table(
        "links",
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("field", sa.Text, nullable=False),
        *(sa.Column(name, _NAME, nullable=False) for name in _INDEXED),
        sa.Column("live", sa.Boolean, nullable=False),
        *(sa.Column(name, sa.Integer) for name in ("one_at", "other_at")),
        sa.PrimaryKeyConstraint("seq", name="pk_links"),
    )
    for name in _INDEXED:
        op.create_index(f"ix_links_{name}", "links", [name])
    person, ruled = sa.text("decided_by = 'person'"), sa.text("ruled")
    for side in "ab":
        name = f"ix_likenesses_person_{side}"
        op.create_index(name, "likenesses", [side], sqlite_where=person, postgresql_where=person)
    op.add_column("members", sa.Column("ruled", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE members SET ruled = TRUE WHERE number IN (SELECT a FROM likenesses WHERE decided_by = 'person' "
        "UNION SELECT b FROM likenesses WHERE decided_by = 'person')"
    )
    op.create_index("ix_members_ruled", "members", ["canonical"], sqlite_where=ruled, postgresql_where=ruled)
