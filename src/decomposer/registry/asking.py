"""Choose which words of a record to ask the full text for, so that a look costs the same however many there are."""

from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple

MOST_FOUND = 150
"""How many records the words asked for may have in common with a record, added up: each one found is ranked."""
_TOGETHER = 4  # of the words that too many records have, the rarest: several of them together are rare again
_TWO, _THREE = 2, 3


class Question(NamedTuple):
    """What to ask for: any of the `words`, or any of the `groups` with all of its words. May be empty."""

    words: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]


def question(words: Mapping[str, float], held: Mapping[str, int], *, most: int = MOST_FOUND) -> Question:
    """Return which words to ask for: the rarest in the catalog, and of equally many the one that weighs most.

    `words` are those of a record with their learned weights, `held` says how many records have each. The words of
    together at most `most` records are asked for alone, the next rarest only together: in pairs, and where even these
    may be in too many records, in threes.
    """
    order = sorted((one for one in words if held.get(one, 0) > 0), key=lambda one: (held[one], -words[one], one))
    alone = total = 0
    for one in order:
        total += held[one]
        if total > most:
            break
        alone += 1
    common = order[alone : alone + _TOGETHER]
    size = _THREE if len(common) > _TWO and held[common[1]] > most else _TWO
    return Question(tuple(order[:alone]), tuple(combinations(common, size)))
