"""Keep for each term which records have it, in place of the blocks: these follow from it."""

from array import array
from collections import defaultdict
from sys import byteorder

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_PART = 16  # bits of a key behind the term: the number of the row
_ROW = 480  # records of a row
_AT_ONCE = 1_000  # rows read or written at a time

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_LEADS = sa.text("SELECT number, terms FROM leads ORDER BY number")
_ADD = sa.text("INSERT INTO postings (key, numbers) VALUES (:key, :numbers)")


def upgrade() -> None:
    """Create the postings and fill them from the terms that are kept of each record. Memory: 4 bytes a term of each."""
    op.drop_table("blocks")
    op.create_table(
        "postings",
        sa.Column("key", _KEY, nullable=False, autoincrement=False),
        sa.Column("numbers", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_postings"),
    )
    connection = op.get_bind()
    having: defaultdict[int, array[int]] = defaultdict(lambda: array("i"))
    for number, packed in connection.execute(_LEADS, execution_options={"yield_per": _AT_ONCE}):
        terms: array[int] = array("q", bytes(packed))
        if byteorder == "big":
            terms.byteswap()
        for term in terms:
            having[term].append(number)
    rows = []
    for term, numbers in having.items():
        if byteorder == "big":
            numbers.byteswap()
        for part, start in enumerate(range(0, len(numbers), _ROW)):
            rows.append({"key": term << _PART | part, "numbers": numbers[start : start + _ROW].tobytes()})
        if len(rows) >= _AT_ONCE:
            connection.execute(_ADD, rows)
            rows = []
    if rows:
        connection.execute(_ADD, rows)
