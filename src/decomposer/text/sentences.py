"""Find where sentences end in plain text: English, Chinese, Japanese, Russian, Arabic and their like."""

import re
from collections.abc import Iterator

_ABBREVIATIONS = frozenset(
    "al approx cf ca dept dr e.g eg ed eds eq eqs esp est etc fig figs i.e ie inc jr ltd mr mrs ms "
    "op prof resp sec sr st tab vs ver viz vol z.b bzw ggf usw т.е т.д т.п т.к т.н др г гг рис см "
    "стр напр ул им".split()
)
_BEFORE_NUMBERS = frozenset(["no", "nos", "p", "pp", "v"])
_END = re.compile(
    r"[。！？｡︒]+[」』）〉》”’\"'\)\]]*"  # full-width ends need no space after them
    r"|[.!?…؟۔।]+[\"'”’»)\]]*(?=\s)"  # others do
    r"|\n"  # a break that the author made
)
_WORD_BEFORE = re.compile(r"[^\s(\[{\"'“‘«]+$")


def ends(plain: str) -> Iterator[int]:
    """Yield the offsets in `plain` where one sentence ends and the next begins, in order; linear in its length.

    A full stop ends no sentence after an abbreviation, an initial or a list number, nor before a lower-case letter.
    """
    for found in _END.finditer(plain):
        mark = found.group()
        at = found.end()
        if (
            mark == "\n"
            or mark[0] in "。！？｡︒"
            or (_begins_sentence(plain, at) and not (mark[0] == "." and _is_abbreviated(plain, found.start())))
        ):
            yield at


def split(plain: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences of `plain`, without the white space between them."""
    spans = []
    start = 0
    for end in [*ends(plain), len(plain)]:
        piece = plain[start:end]
        if piece.strip():
            left = start + len(piece) - len(piece.lstrip())
            spans.append((left, left + len(piece.strip())))
        start = end
    return spans


def _begins_sentence(plain: str, at: int) -> bool:
    for character in plain[at : at + 12]:
        if character.isspace() or character in "\"'“‘«([{*_#>-–—•":
            continue
        return not character.islower()
    return True


def _is_abbreviated(plain: str, stop: int) -> bool:
    found = _WORD_BEFORE.search(plain, max(0, stop - 24), stop)
    if found is None:
        return True
    word = found.group().lower().rstrip(".")
    if word in _ABBREVIATIONS or (word in _BEFORE_NUMBERS and plain[stop + 1 : stop + 3].strip()[:1].isdigit()):
        return True
    if len(word) == 1 and word.isalpha() and found.group().isupper():
        return True
    starts_text = not plain[max(0, found.start() - 24) : found.start()].strip()
    return word.isdigit() and len(word) <= 3 and starts_text
