"""Have every entry brought in again: some words have another stem (note was not, forest was for), blocks other keys."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make every entry due for search and registry, less those that are.

    The recipe of the registry is another one from now on, so each record is looked at and put into its blocks.
    """
    op.execute(
        "INSERT INTO due (task, entry) SELECT 'search', slug FROM entries WHERE slug NOT IN "
        "(SELECT entry FROM due WHERE task = 'search')"
    )
    op.execute("DELETE FROM blocks")
    op.execute("DELETE FROM leads")
    op.execute(
        "INSERT INTO due (task, entry) SELECT DISTINCT 'registry', entry FROM texts WHERE entry NOT IN "
        "(SELECT entry FROM due WHERE task = 'registry')"
    )
