"""Create the registry of canonical capabilities, and the full text of records that it is looked up in."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_SHARED = sa.text("artifacts > 1")
_FULL_TEXT = {
    "sqlite": (
        "CREATE VIRTUAL TABLE texts_words USING fts5("
        "words, content='texts', content_rowid='number', tokenize=\"ascii tokenchars '_'\")",
        "CREATE TRIGGER texts_added AFTER INSERT ON texts BEGIN "
        "INSERT INTO texts_words(rowid, words) VALUES (new.number, new.words); END",
        "CREATE TRIGGER texts_removed AFTER DELETE ON texts BEGIN "
        "INSERT INTO texts_words(texts_words, rowid, words) VALUES ('delete', old.number, old.words); END",
        "CREATE TRIGGER texts_changed AFTER UPDATE OF words ON texts WHEN old.words <> new.words BEGIN "
        "INSERT INTO texts_words(texts_words, rowid, words) VALUES ('delete', old.number, old.words); "
        "INSERT INTO texts_words(rowid, words) VALUES (new.number, new.words); END",
    ),
    "postgresql": ("CREATE INDEX ix_texts_words ON texts USING gin (array_to_tsvector(string_to_array(words, ' ')))",),
}


def upgrade() -> None:
    """Create the tables; `due` says already that every entry has to be brought in."""
    _texts()
    _canonicals()
    for statement in _FULL_TEXT[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)


def _texts() -> None:
    op.create_table(
        "texts",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("entry", _NAME, nullable=False),
        sa.Column("id", _NAME, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "text", "category")),
        sa.Column("support", sa.Text),
        sa.Column("definition", sa.Text, nullable=False),
        sa.Column("standing", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("called", "key", "words", "data", "digest", "recipe")),
        sa.PrimaryKeyConstraint("number", name="pk_texts"),
    )
    op.create_index("ix_texts_entry_id", "texts", ["entry", "id"], unique=True)
    op.create_index("ix_texts_key", "texts", ["key"])
    op.create_index("ix_texts_recipe", "texts", ["recipe"])
    op.create_table(
        "stems",
        sa.Column("word", _NAME, nullable=False),
        sa.Column("records", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("word", name="pk_stems"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "likenesses",
        sa.Column("a", sa.Integer, nullable=False),
        sa.Column("b", sa.Integer, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("a", "b", name="pk_likenesses"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_likenesses_b", "likenesses", ["b"])


def _canonicals() -> None:
    op.create_table(
        "canonicals",
        sa.Column("number", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("uri", "name", "key", "category")),
        sa.Column("merged_into", sa.Integer),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("artifacts", "members")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("definition", "defined_in", "defined_by")),
        sa.Column("support", sa.Text),
        sa.PrimaryKeyConstraint("number", name="pk_canonicals"),
    )
    op.create_index("ix_canonicals_uri", "canonicals", ["uri"])
    op.create_index(
        "ix_canonicals_shared", "canonicals", ["artifacts", "uri"], sqlite_where=_SHARED, postgresql_where=_SHARED
    )
    op.create_table(
        "addresses",
        sa.Column("uri", _NAME, nullable=False),
        sa.Column("canonical", sa.Integer, nullable=False),
        sa.Column("base", _NAME, nullable=False),
        sa.Column("suffix", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("uri", name="pk_addresses"),
    )
    op.create_index("ix_addresses_canonical", "addresses", ["canonical"])
    op.create_index("ix_addresses_base_suffix", "addresses", ["base", "suffix"])
    op.create_table(
        "members",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("canonical", sa.Integer, nullable=False),
        sa.Column("entry", _NAME, nullable=False),
        sa.Column("sample", sa.BigInteger, nullable=False),
        sa.Column("standing", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_members"),
    )
    op.create_index("ix_members_canonical_sample", "members", ["canonical", "sample"])
    op.create_index("ix_members_canonical_entry", "members", ["canonical", "entry"])
    op.create_index("ix_members_canonical_standing", "members", ["canonical", "standing", "number"])
