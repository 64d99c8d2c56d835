"""What stands beside a match in a text: a denial, a unit or the rest of a word that the quote leaves out."""

import re
from bisect import bisect_left
from enum import IntEnum

from decomposer.text.tokenized import UNSPACED, Stream, Tokenized

DENYING = frozenset(
    "not no never without cannot nor neither non none nothing hardly nowhere don doesn isn won dont doesnt cant "
    "не нет без ни нельзя לא אין אינו ללא ليس لا لم لن غير بدون नहीं नही न nicht kein keine ohne ne pas sans sin nunca "
    "não nao niet geen inte ikke nie bez değil 안 못 ❌ ✗ ✘ ✖ ❎ 🚫 ⛔ ☐ ⬜".split()
)
# The next four patterns are looked for in the tokens before or after a match, lower case, one space between any two.
_DENIED = re.compile(
    rf"(?:(?:^| )(?:{'|'.join(map(re.escape, sorted(DENYING)))}|\w+n't)(?: (?:(?!only)\w+ly|yet|longer|be|ever))*"
    r"|(?:不|没|沒|無|无|非|未|勿|别|別)(?: [能会會可是有法再得必应應用被])?|ไ ม ่(?: ไ ด ้)?)$"
)
_DENIED_AFTER = re.compile(
    r"(?:[ぁ-ん] ){0,6}?(?:な い|ま せ ん|な か っ た)|(?:(?:noch|leider|derzeit|aktuell|auch) )?(?:nicht|kein\w*)\b"
    r"|(?:not|never|no|except|unless|नहीं|değil|niet|inte|ikke|pas)(?: |$)|(?:않|못|없|아니)|[❌✗✘✖❎🚫⛔]|不 [可能行]"
)
_SCOPED = re.compile(
    r"(?:(?:^| )(?:up to|at least|at most|no more than|(?:less|more|fewer|greater) than|only|over|under|below|above"
    r"|almost|nearly|max|min|до|bis|mindestens|至 少|最 多|超 过|[<>≤≥~±$€£₹])|[-])$"
)
_UNIT = re.compile(
    r"(?:[%‰°x+^]|percent\w*|(?:m|b|tr)illion|thousand|hundred|[kmgtp]i?b(?:ps)?|[kmbt]|[mnµμ]?s|[kmg]?hz|seconds?|minutes?"
    r"|hours?|days?|weeks?|months?|years?|[千万億亿百倍])(?: |$)"
)
_NUMBER = re.compile(r"\d[\d.,'_]*")
_PAUSE = re.compile(r"[,.!?;()（），、。！？；]|:\S| - ")
_TIES = frozenset("/&=-")
_NO_SPACES = re.compile(f"[{UNSPACED}]")


class Worth(IntEnum):
    """What comparing gave: `max` of several is what they come to."""

    SAME = 0
    DOUBTFUL = 1
    OTHER = 2


def surroundings(whole: Tokenized, first: int, last: int, quote: str) -> Worth:
    """Return whether the seen tokens `first` to `last` are said plainly: not struck out, denied or cut off beside."""
    seen = whole.seen
    doubt = bisect_left(seen.doubtful, first)
    led, followed = before(whole, first), after(whole, last)
    counts = seen.forms[first][0].isdecimal() and _SCOPED.search(led)
    measures = _NUMBER.fullmatch(seen.forms[last]) and _UNIT.match(followed)
    closed = quote.rstrip("\"'”’ \n")[-1:]
    asks = closed in ("?", ".", "。") and (closed == "?") != ("?" in (seen.gap(last).split() or [""])[0])
    denied = _DENIED.search(led) or _DENIED_AFTER.match(followed)
    struck = doubt < len(seen.doubtful) and seen.doubtful[doubt] <= last
    worth = Worth(bool(struck or counts or measures or asks or denied))
    return max(worth, _tied(seen, first - 1), _tied(seen, last))


def before(whole: Tokenized, first: int) -> str:
    """Return the seen tokens before a match, up to five, as far back as one reads on without a pause."""
    number = first
    while number > max(0, first - 5) and _reads_on(whole, number - 1):
        number -= 1
    return " ".join(whole.seen.forms[number:first]).casefold()


def after(whole: Tokenized, last: int) -> str:
    """Return the seen tokens after a match, up to nine, as far as one reads on without a pause."""
    number = last
    while number < min(last + 9, len(whole.seen.forms) - 1) and _reads_on(whole, number):
        number += 1
    return " ".join(whole.seen.forms[last + 1 : number + 1]).casefold()


def _reads_on(whole: Tokenized, number: int) -> bool:
    seen = whole.seen
    return not _PAUSE.search(seen.gap(number)) and not whole.parted(seen.ends[number], seen.starts[number + 1])


def _tied(seen: Stream, number: int) -> Worth:
    """Return what it is worth that a match ends between token `number` and the next: C|++, node|.js, GPU|-free."""
    if not 0 <= number < len(seen.forms) - 1:
        return Worth.SAME
    left, gap, right = seen.forms[number], seen.gap(number), seen.forms[number + 1]
    if gap == "":
        if right in ("+", "#", "@", "^") or left in ("@", "#", "^"):
            return Worth.DOUBTFUL if right == "+" and left[-1].isdecimal() else Worth.OTHER
        return Worth(right in _TIES or left in _TIES)
    if gap not in (".", "-") or _NO_SPACES.match(left[-1]) or _NO_SPACES.match(right):
        return Worth.SAME
    new_sentence = right[0].isupper() and right[1:2].islower()
    return Worth.DOUBTFUL if gap == "-" or new_sentence else Worth.OTHER
