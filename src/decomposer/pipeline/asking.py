"""Ask about several parts so that one call finds everything that is missing."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from decomposer.errors import Unanswered

One = TypeVar("One")
Got = TypeVar("Got")


def each(
    ones: Iterable[One], get: Callable[[One], list[Got]], told: Callable[[int], None] = lambda done: None
) -> list[Got]:
    """Return all that `get` gives, in order. Unanswered is raised after the last one, every other error at once."""
    found: list[Got] = []
    missing: Unanswered | None = None
    for done, one in enumerate(ones, start=1):
        try:
            found += get(one)
        except Unanswered as error:
            missing = missing or error
        told(done)
    if missing is not None:
        raise missing
    return found
