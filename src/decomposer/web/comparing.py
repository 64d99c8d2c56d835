"""Show what differs between two texts, word by word."""

import re
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "del", "ins"]
MOST_WORDS = 1_500
_WORD = re.compile(r"\s+|\w+|[^\w\s]")


def compared(before: str, after: str) -> list[tuple[Kind, str]]:
    """Return the pieces that both texts have, and those that only the one before or the one after has, in order.

    Texts that are too long to be compared by word differ as a whole.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        return [("same", before)] if before == after else [("del", before), ("ins", after)]
    pieces: list[tuple[Kind, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", "".join(old[a:b])))
            continue
        pieces += [("del", "".join(old[a:b]))] if b > a else []
        pieces += [("ins", "".join(new[c:d]))] if d > c else []
    return pieces
