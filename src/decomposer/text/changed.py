"""Say which words of a text changed, so that a reader sees the difference and not two texts."""

import re
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

Kept = Literal["same", "gone", "new"]

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_MOST = 4_000_000  # pairs of words that are looked at: longer texts are shown whole, one after the other


def word_changes(before: str, after: str) -> list[tuple[Kept, str]]:
    """Return both texts in pieces: what is the `same`, what is `gone` and what is `new`, in reading order.

    The pieces that are same or gone make up `before`, those that are same or new make up `after`.
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) * len(new) > _MOST:
        return _joined([("gone", before), ("new", after)] if before != after else [("same", before)])
    pieces: list[tuple[Kept, str]] = []
    for tag, at, end, there, then in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(old[at:end])))
        else:
            pieces += [("gone", "".join(old[at:end])), ("new", "".join(new[there:then]))]
    return _joined(pieces)


def marked(before: str, after: str) -> str:
    """Return the change in one line of plain text: [-what is gone-] and {+what is new+}, as wdiff writes it."""
    marks = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    return "".join(marks[kept].format(text) for kept, text in word_changes(before, after))


def _joined(pieces: list[tuple[Kept, str]]) -> list[tuple[Kept, str]]:
    told = [piece for piece in pieces if piece[1]]
    return [(kept, "".join(text for _, text in group)) for kept, group in groupby(told, key=lambda one: one[0])]
