"""Create the table of what was counted in the catalog by day."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the table; what was never counted is not made up."""
    counted = ("entries", "covered", "capabilities", "reviewed", "supported", "partial", "unsupported", "vendor_claim")
    op.create_table(
        "days",
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("counted_at", sa.Text, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in counted),
        sa.PrimaryKeyConstraint("day", name="pk_days"),
    )
