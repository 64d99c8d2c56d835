"""Create the full text of what is published, on which searches run, and the counts of what they find."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_FULL_TEXT = {
    "sqlite": (
        # Which words a record has is all that is asked of it: where and how often is not kept.
        "CREATE VIRTUAL TABLE searched_words USING fts5(words, content='searched', content_rowid='number', "
        "detail=none, columnsize=0, tokenize=\"ascii tokenchars ':'\")",
        "CREATE TRIGGER searched_added AFTER INSERT ON searched BEGIN "
        "INSERT INTO searched_words(rowid, words) VALUES (new.number, new.words); END",
        "CREATE TRIGGER searched_removed AFTER DELETE ON searched BEGIN "
        "INSERT INTO searched_words(searched_words, rowid, words) VALUES ('delete', old.number, old.words); END",
        "CREATE TRIGGER searched_changed AFTER UPDATE OF words ON searched WHEN old.words <> new.words BEGIN "
        "INSERT INTO searched_words(searched_words, rowid, words) VALUES ('delete', old.number, old.words); "
        "INSERT INTO searched_words(rowid, words) VALUES (new.number, new.words); END",
    ),
    # Without fastupdate: every search would read through what waits to be brought in.
    "postgresql": (
        "CREATE INDEX ix_searched_words ON searched USING gin (array_to_tsvector(string_to_array(words, ' '))) "
        "WITH (fastupdate=off)",
    ),
}


def upgrade() -> None:
    """Create the tables; every entry has to be brought in."""
    _searched()
    _matched()
    for statement in _FULL_TEXT[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)
    op.execute("INSERT INTO due (task, entry) SELECT 'search', slug FROM entries")


def _searched() -> None:
    op.create_table(
        "searched",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("entry", _NAME, nullable=False),
        sa.Column("id", _NAME, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("digest", "type", "price", "license", "languages")),
        sa.Column("weights", sa.LargeBinary, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_searched"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_searched_entry_id", "searched", ["entry", "id"], unique=True)
    op.create_table(
        "search_words",
        sa.Column("word", _NAME, nullable=False),
        sa.Column("records", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("word", name="pk_search_words"),
        sqlite_with_rowid=False,
    )


def _matched() -> None:
    op.create_table(
        "searches",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("id", _NAME, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("need", sa.Text),
        sa.PrimaryKeyConstraint("number", name="pk_searches"),
        sa.UniqueConstraint("id", name="uq_searches_id"),
    )
    op.create_index("ix_searches_at", "searches", ["at"])
    op.create_table(
        "hits",
        sa.Column("search", sa.Integer, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("entry", _NAME, nullable=False),
        sa.Column("capability", _NAME, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("told_at", sa.Text),
        sa.PrimaryKeyConstraint("search", "place", name="pk_hits"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "match_counts",
        sa.Column("entry", _NAME, nullable=False),
        sa.Column("capability", _NAME, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("times", "successes", "failures")),
        sa.PrimaryKeyConstraint("entry", "capability", name="pk_match_counts"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_match_counts_capability", "match_counts", ["capability"])
