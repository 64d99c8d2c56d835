"""The tables of search: the full text of what is published, how common words are, and what searches found."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b

from sqlalchemy import Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text, text

from decomposer.records import Filters
from decomposer.store.tables import Name, Plain, metadata

TOTAL = ""
"""The word that counts all records."""

# One row a record that is published or may be. A number is never given twice, and the words of a number never change:
# a record that says something else gets a new one.
searched = Table(
    "searched",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("entry", Name, nullable=False),
    Column("id", Name, nullable=False),
    Column("digest", Text, nullable=False),  # of what it says
    Column("type", Plain, nullable=False),  # these four in lower case, "" where unknown
    Column("price", Plain, nullable=False),
    Column("license", Plain, nullable=False),
    Column("languages", Plain, nullable=False),  # words between spaces
    Column("weights", LargeBinary, nullable=False),  # see match/weighing.py
    Column("words", Plain, nullable=False),  # each once, then those of its name as `:word`, then what filters ask for
    Index("ix_searched_entry_id", "entry", "id", unique=True),
    sqlite_autoincrement=True,
)

# How many records have a word, or what filters ask for.
search_words = Table(
    "search_words",
    metadata,
    Column("word", Name, primary_key=True),
    Column("records", Integer, nullable=False),
    sqlite_with_rowid=False,
)

searches = Table(
    "searches",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Name, nullable=False, unique=True),
    Column("at", Text, nullable=False, index=True),
    Column("need", Plain),  # kept only where somebody asks for it
)

hits = Table(
    "hits",
    metadata,
    Column("search", Integer, nullable=False),  # its number
    Column("place", Integer, nullable=False),
    Column("entry", Name, nullable=False),
    Column("capability", Name, nullable=False),
    Column("outcome", Text),
    Column("comment", Plain, nullable=False),
    Column("told_at", Text),
    PrimaryKeyConstraint("search", "place"),
    sqlite_with_rowid=False,
)

# How often records were found, and entries (`capability` is "" for these: a search counts once, whatever it found of
# one), and what came of it.
match_counts = Table(
    "match_counts",
    metadata,
    Column("entry", Name, nullable=False),
    Column("capability", Name, nullable=False),
    Column("times", Integer, nullable=False),
    Column("successes", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    PrimaryKeyConstraint("entry", "capability"),
    sqlite_with_rowid=False,
)
Index("ix_match_counts_capability", match_counts.c.capability)

_IN_FULL_TEXT = "array_to_tsvector(string_to_array(words, ' ')) @@ ANY (CAST(:question AS tsquery[]))"
_ASKED = {
    "sqlite": (
        "SELECT number, weights FROM "
        "(SELECT rowid FROM searched_words WHERE searched_words MATCH :question LIMIT :most) AS found "
        "JOIN searched ON searched.number = found.rowid"
    ),
    "postgresql": f"SELECT number, weights FROM searched WHERE {_IN_FULL_TEXT} LIMIT :most",  # noqa: S608
}
ASKED = {dialect: text(statement) for dialect, statement in _ASKED.items()}
"""Return the numbers and weights of at most `most` records that the full text has for a question, by dialect."""


def question(
    groups: Sequence[tuple[str, ...]], needed: list[str], *, dialect: str, counts: Mapping[str, int]
) -> str | list[str]:
    """Return what the full text is asked: all words of one of the groups, and every one that is needed beside.

    PostgreSQL takes several questions, of which one has to hold: one for all groups has its index go through the whole
    lists of their words, one for each through the shortest of every group, whichever is less by how many records have
    the words (`counts`).
    The words are such as `match.words` gives, so that none has anything in it that means something here.
    """
    on_server = dialect == "postgresql"
    quote, both, either = ("'", " & ", " | ") if on_server else ('"', " AND ", " OR ")

    def all_of(words: tuple[str, ...] | list[str]) -> str:
        return both.join(f"{quote}{word}{quote}" for word in words)

    def one_of(groups: Sequence[tuple[str, ...]]) -> str:
        asked = either.join(f"({all_of(group)})" for group in groups)
        return f"({asked}){both}{all_of(needed)}" if needed else asked

    if not on_server:
        return one_of(groups)
    alone, several = ([one for one in groups if (len(one) > 1) == more] for more in (False, True))
    whole = sum(counts.get(word, 0) for word in {word for group in several for word in group})
    shortest = sum(len(group) * min(counts.get(word, 0) for word in group) for group in several)
    apart = (alone, *([group] for group in several)) if shortest < whole else (groups,)
    return [one_of(each) for each in apart if each]


def filter_words(kinds: dict[str, list[str]]) -> list[str]:
    """Return what is in the words of a record for its type, price, license and languages, so that filters find it."""
    return [f"{kind}:{_digest(value)}" for kind, values in sorted(kinds.items()) for value in values if value]


def asked_for(filters: Filters) -> dict[str, list[str]]:
    """Return what filters ask for, by kind, in lower case."""
    given = {"type": filters.type, "price": filters.price, "license": filters.license, "language": filters.language}
    return {kind: [value.casefold()] for kind, value in given.items() if value}


def _digest(value: str) -> str:
    return blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
