"""The tables of the registry: the full text of records, canonical capabilities with their members and addresses."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Row,
    Table,
    Text,
    text,
)

from decomposer.registry import Question
from decomposer.store.tables import Name, Plain, metadata

# One row a record that is published or may be. `words` are those of its lead, which the full text is made of.
texts = Table(
    "texts",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("entry", Name, nullable=False),
    Column("id", Name, nullable=False),
    Column("name", Plain, nullable=False),
    Column("text", Plain, nullable=False),
    Column("category", Text, nullable=False),
    Column("support", Text),  # of the description, as definition and standing are; the lower that is, the better
    Column("definition", Plain, nullable=False),
    Column("standing", Integer, nullable=False),
    Column("called", Plain, nullable=False),  # its name less that of its artifact
    Column("key", Text, nullable=False),
    Column("words", Plain, nullable=False),
    Column("data", Plain, nullable=False),  # what it is judged by
    Column("digest", Text, nullable=False),
    Column("recipe", Text, nullable=False, index=True),
    Index("ix_texts_entry_id", "entry", "id", unique=True),
    Index("ix_texts_key", "key"),
)

# How many records have a word, so that rare ones are asked for.
stems = Table(
    "stems",
    metadata,
    Column("word", Name, primary_key=True),
    Column("records", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# What was judged of pairs, the smaller number first: those that are one, broader or narrower, or that a person decided.
likenesses = Table(
    "likenesses",
    metadata,
    Column("a", Integer, nullable=False),
    Column("b", Integer, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("score", Float, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("reasons", Plain, nullable=False),  # one a line
    PrimaryKeyConstraint("a", "b"),
    Index("ix_likenesses_b", "b"),
    sqlite_with_rowid=False,
)

canonicals = Table(
    "canonicals",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("uri", Plain, nullable=False, index=True),
    Column("name", Plain, nullable=False),
    Column("key", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("merged_into", Integer),
    Column("artifacts", Integer, nullable=False),
    Column("members", Integer, nullable=False),
    Column("definition", Plain, nullable=False),
    Column("defined_in", Plain, nullable=False),
    Column("defined_by", Plain, nullable=False),
    Column("support", Text),
    Index(
        "ix_canonicals_shared", "artifacts", "uri",
        sqlite_where=text("artifacts > 1"), postgresql_where=text("artifacts > 1"),
    ),
)  # fmt: skip

addresses = Table(
    "addresses",
    metadata,
    Column("uri", Name, primary_key=True),
    Column("canonical", Integer, nullable=False, index=True),
    Column("base", Name, nullable=False),  # the address less its number
    Column("suffix", Integer, nullable=False),
    Index("ix_addresses_base_suffix", "base", "suffix"),
)

members = Table(
    "members",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("canonical", Integer, nullable=False),
    Column("entry", Name, nullable=False),
    Column("sample", BigInteger, nullable=False),  # a digest of its id: the least of these are compared with
    Column("standing", Integer, nullable=False),
    Index("ix_members_canonical_sample", "canonical", "sample"),
    Index("ix_members_canonical_entry", "canonical", "entry"),
    Index("ix_members_canonical_standing", "canonical", "standing", "number"),
)

_OF = "SELECT t.number, t.entry, t.data, m.canonical FROM"
_HOME = "LEFT JOIN members m ON m.number = t.number WHERE t.number <> :at"
_NAMED = (
    "SELECT number, -1e9 AS place FROM texts WHERE key = :key AND key <> '' AND number <> :at ORDER BY number LIMIT 8"
)
_ASKED = {
    "sqlite": (
        "SELECT rowid AS number, rank AS place FROM texts_words "
        "WHERE texts_words MATCH :question ORDER BY rank LIMIT :most"
    ),
    "postgresql": (
        "SELECT number, -(SELECT sum(weight) FROM unnest(CAST(:words AS text[]), CAST(:weights AS float8[])) "
        "AS asked(word, weight) WHERE word = ANY(string_to_array(words, ' '))) AS place FROM texts "
        "WHERE array_to_tsvector(string_to_array(words, ' ')) @@ CAST(:question AS tsquery) "
        "ORDER BY place, number LIMIT :most"
    ),
}
_FOUND = {
    dialect: text(
        " ".join(
            (
                _OF,
                "(SELECT number, min(place) AS place FROM (SELECT * FROM (",
                asked,
                ") AS a UNION ALL SELECT * FROM (",
                _NAMED,
                ") AS b) AS each_of GROUP BY number) AS f JOIN texts t ON t.number = f.number",
                _HOME,
                "ORDER BY f.place, t.number",
            )
        )
    )
    for dialect, asked in _ASKED.items()
}
_NOTHING = {"sqlite": '""', "postgresql": ""}


def found(
    connection: Connection, asked: Question, weights: Mapping[str, float], *, at: int, key: str, most: int
) -> Sequence[Row[Any]]:
    """Return the records that are worth judging beside the one `at` a number, the likeliest first.

    These are a few of the same `key`, and the `most` that the full text ranks first for a question. A row has `number`,
    `entry`, `data` and `canonical`.
    """
    name = connection.dialect.name
    quote, both, either = ("'", " & ", " | ") if name == "postgresql" else ('"', " AND ", " OR ")
    groups = [*((one,) for one in asked.words), *asked.groups]
    parts = [f"({both.join(f'{quote}{one}{quote}' for one in group)})" for group in groups]
    # The full text has the record itself too.
    given: dict[str, object] = {
        "question": either.join(parts) or _NOTHING[name],
        "most": most + 1,
        "at": at,
        "key": key,
    }
    if name == "postgresql":
        words = sorted({*asked.words, *(one for group in asked.groups for one in group)})
        given |= {"words": words, "weights": [weights[word] for word in words]}
    return connection.execute(_FOUND[name], given).all()
