"""Name canonical capabilities and give them addresses that are kept."""

from collections.abc import Sequence
from typing import NamedTuple

from decomposer.display import display_safe
from decomposer.reconcile.ids import short_slug
from decomposer.records import Category

SCHEME = "capability://"
_CLEARLY = 2  # times as many members have another name
_SEVERAL = 3  # members at least, before their name counts more than the first


class Naming(NamedTuple):
    """A name that members have: what makes it equal, how it is best written, how many have it, and their category."""

    key: str
    name: str
    members: int
    category: Category


def address(category: Category, name: str, number: int = 1) -> str:
    """Return the address of a canonical capability; `number` tells those apart that would have the same."""
    seen = "".join(char for char in name if display_safe(char) == char)
    return f"{SCHEME}{category}/{short_slug(seen)}{f'-{number}' if number > 1 else ''}"


def renamed(key: str, names: Sequence[Naming]) -> Naming | None:
    """Return the name that fits the members better than the one with `key`, or None: a name changes for good reason.

    That is where no member has it any more, or where another one has clearly more members.
    """
    if not names:
        return None
    held = {one.key: one.members for one in names}
    best = min(names, key=lambda one: (-one.members, one.key))
    clearly = best.members >= max(_SEVERAL, _CLEARLY * held.get(key, 0))
    return best if best.key != key and (key not in held or clearly) else None
