"""Read the members of canonical capabilities that others are compared with, and those on which people ruled."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import Connection

from decomposer.registry import CORE
from decomposer.store.prebuilt import Among

_CORE = (
    "SELECT * FROM (SELECT {place} AS place, 1 AS core, number, canonical, sample FROM members "  # noqa: S608 (a constant)
    "WHERE canonical = {{given}} "
    f"ORDER BY sample LIMIT {CORE}) AS core_{{place}}"
)
_RULED = "SELECT {place}, 0, number, canonical, number FROM members WHERE canonical = {{given}} AND ruled"
_WHOLE = (
    "SELECT m.place, m.core, m.number, t.entry, t.data, m.sample, m.canonical "
    "FROM ({parts}) AS m JOIN texts t ON t.number = m.number"
)


class Standing(NamedTuple):
    """A member of a canonical capability as it is judged: `core` says that others are compared with it."""

    number: int
    canonical: int
    core: bool
    entry: str
    data: str


def members_of(connection: Connection, canonicals: Sequence[int]) -> list[Standing]:
    """Return the members that stand for canonical capabilities, and those of each on which people ruled.

    One that is both comes twice. They are in the order of what is given; the sample that is the core comes first.
    """
    rows = _members(len(canonicals)).rows(connection, *(one for one in canonicals for _ in range(2)))
    rows.sort(key=lambda row: (row[0], -row[1], row[5]))
    return [Standing(number, canonical, bool(core), entry, data) for _, core, number, entry, data, _, canonical in rows]


@cache
def _members(count: int) -> Among:
    """Return the statement for so many canonical capabilities."""
    parts = [part.format(place=place) for place in range(count) for part in (_CORE, _RULED)]
    return Among(_WHOLE.format(parts=" UNION ALL ".join(parts)))
