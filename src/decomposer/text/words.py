"""The words of a text that a claim stands or falls with: numbers, names, negations, comparisons, content words."""

import re
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import NamedTuple

from decomposer.text.stems import stem


class Word(NamedTuple):
    """A word or phrase, `text[start:end]`, and the form it is compared in."""

    form: str
    start: int
    end: int


def _remembered(find: Callable[[str], list[Word]]) -> Callable[[str], list[Word]]:
    """Return a function that finds words, which knows the last texts again: a claim is judged against many places."""
    found = lru_cache(maxsize=1024)(lambda text: tuple(find(text)))

    @wraps(find)
    def remembered(text: str) -> list[Word]:
        return list(found(text))

    return remembered


_UNITS = (
    r"%|percent|per cent|×|x(?![\w])|[kmgtp]i?b(?:ps|/s)?(?![a-z])|bits?|bytes?|ms|µs|ns|seconds?|secs?|s(?![\w])|minutes?|min"
    r"|hours?|h(?![\w])|days?|weeks?|months?|years?|[kmg]?hz|fps|px|pixels?|tokens?|parameters?|params|billion|million"
    r"|thousand|trillion|bn?(?![\w])|m(?![\w])|k(?![\w])|t(?![\w])|-?bit|[°º]c|usd|dollars?|euros?|times"
)
_NUMBER = re.compile(
    rf"(?<![\w.])(?P<sign>[<>≤≥~≈±$€£v]?)(?P<number>\d+(?:[.,]\d+)*)(?:\s?(?P<unit>{_UNITS}))?(?P<plus>\+?)",
    re.IGNORECASE,
)
_SAME_UNIT = {
    "percent": "%", "per cent": "%", "×": "x", "times": "x", "seconds": "s", "second": "s", "secs": "s", "sec": "s",
    "minutes": "min", "minute": "min", "hours": "h", "hour": "h", "days": "day", "weeks": "week", "months": "month",
    "years": "year", "billion": "b", "bn": "b", "million": "m", "thousand": "k", "trillion": "t", "px": "pixel",
    "pixels": "pixel", "tokens": "token", "parameters": "parameter", "params": "parameter", "bits": "bit", "-bit": "bit",
    "bytes": "byte", "dollars": "usd", "dollar": "usd", "euros": "euro",
}  # fmt: skip
_NUMBER_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "dozen": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "hundred": 100,
}  # fmt: skip
_NUMBER_WORD = re.compile(
    rf"\b(?P<number>{'|'.join(_NUMBER_WORDS)})(?:-(?P<ones>{'|'.join(list(_NUMBER_WORDS)[:8])}))?"
    r"(?P<hundred> hundred)?(?: (?P<unit>thousand|million|billion|trillion|percent|per cent|times))?\b",
    re.IGNORECASE,
)
_TIMES = {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}

_NAME = re.compile(r"[^\W_][\w+#.&'’/-]*")
_NEGATION = re.compile(
    r"\b(?:not|no|never|without|cannot|neither|nor|none|nothing|unable|lacks?|except|hardly)\b|n['’]t\b", re.IGNORECASE
)
_COMPARISON = re.compile(
    r"\b(?:(?!fewer|more|other|rather|larger|longer|shorter|greater|later|older)\w+er than|(?:better|worse|rather) (?:\w+ ){0,3}than"
    r"|(?:more|less) (?!than\b)\w+ than|(?<!no )(?:more|less|fewer|larger|longer|greater) than (?!\W?\d|one|two|three|half|a\b|an\b|just)"
    r"|compared (?:to|with|against)|versus|vs\.?|unlike|in contrast(?: to| with)?|as opposed to|outperform\w*|surpass\w*|superior to|inferior to|on par with"
    r"|competitive with|alternatives? to|drop-in replacement|beats|(?:twice|times|half) as \w+"
    r"|\d(?:\.\d+)?\s?(?:x|×|times) (?:more|less|fewer|faster|slower|smaller|larger|cheaper|better|higher|lower))\b",
    re.IGNORECASE,
)
_SCOPES = {
    kind: re.compile(rf"\b(?:{words})(?!\w)", re.IGNORECASE)
    for kind, words in {
        "only": "only|solely|exclusively|nothing but|no other",
        "always": "always|every time|constantly|guarantee[sd]?|in all cases",
        "all": "all|every|any|entire|whole|each|complete(?:ly)?|full|fully|everything|anything",
        "exactly": "exactly|precisely",
        "up to": r"up to|at most|maximum(?: of)?|max\.?|no more than|not more than|limit(?:ed)?(?: (?:of|to))?|within|as (?:many|much) as",
        "at least": r"at least|minimum(?: of)?|min\.?|no less than|no fewer than|or more|or (?:higher|later|newer|above)|and above",
    }.items()
}
_SUPERLATIVE = re.compile(
    r"\b(?:(?<!do )(?<!does )(?<!works )(?<!work )(?<!at )best|fastest|largest|smallest|strongest|easiest|simplest|cheapest|leading|state[- ]of[- ]the[- ]art|sota"
    r"|cutting[- ]edge|unparalleled|unmatched|unrivall?ed|world[- ]class|the most (?!of\b|common|popular|likely|recent)\w+"
    r"|most (?:advanced|powerful|accurate|capable|efficient|comprehensive|complete|performant|versatile)|highest|lowest"
    r"|the (?:very )?first|number one|ultimate|blazing\w*|revolutionary|groundbreaking|superior|(?:very|most|extremely) powerful)\b",
    re.IGNORECASE,
)
_SCORE = re.compile(
    r"\b(?:accurac\w+|f1|bleu|rouge\S*|wer|perplexity|m?ap(?:50)?|auc|scor(?:es?|ed) (?:of )?(?=\d)|pass@\d+|elo|win rate|top-?[15]|benchmarks?"
    r"|mmlu|gsm8k|human-?eval|s?quad|super-?glue|glue|imagenet|m?teb|hellaswag|swe-bench|truthfulqa|arena)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_OWNER = re.compile(r"['’]s$")
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
STOP = frozenset(
    "a an the and or but if of in on at to for from by with as into onto over under about via per is are "
    "was were be been being am do does did has have had can could may might will would shall should must "
    "it its this that these those they them their he she we you your our i there here which who whom "
    "whose what when where how why than then so such also more most other others some any each both all "
    "only just very too not no nor never without up out off again own same one using used use uses user "
    "users allow allows allowing let lets enable enables enabling provide provides providing offer offers "
    "support supports supported supporting include includes including make makes made get gets give gives "
    "e.g i.e etc able way well".split()
)


@_remembered
def numbers(text: str) -> list[Word]:
    """Return the numbers of a text with their units in one form: `1,000 tokens` is `1000 token`, `40 percent` is `40 %`."""
    found = []
    for match in _NUMBER.finditer(text):
        unit = (match.group("unit") or "").lower()
        unit = _SAME_UNIT.get(unit, unit)
        number = _plain_number(match.group("number"))
        found.append(
            Word(f"{number} {unit}".strip(), match.start("number"), match.end("unit") if unit else match.end("number"))
        )
    for match in _NUMBER_WORD.finditer(text):
        value = _NUMBER_WORDS[match.group("number").lower()] + _NUMBER_WORDS.get((match.group("ones") or "").lower(), 0)
        value *= 100 if match.group("hundred") else 1
        unit = (match.group("unit") or "").lower()
        found.append(Word(f"{value} {_SAME_UNIT.get(unit, unit)}".strip(), *match.span()))
    return found


def amounts(form: str) -> set[float]:
    """Return what a number in its form may amount to: `30 k` and `30000` are alike, `30.000` is 30 or 30,000."""
    number, _, unit = form.partition(" ")
    try:
        value = float(number)
    except ValueError:
        return set()
    found = {value * _TIMES.get(unit, 1.0)}
    return found | {value * 1000} if re.fullmatch(r"\d{1,3}\.\d{3}", number) and not unit else found


@_remembered
def names(text: str) -> list[Word]:
    """Return the words that look like names: capitals inside a sentence or a word, letters with digits."""
    found = []
    starts = {start for start, _ in _sentence_starts(text)}
    for match in _NAME.finditer(text):
        word = match.group().rstrip(".'’/-&")
        plain = re.sub(r"['’]s$", "", word)
        inner_capital = any(character.isupper() for character in plain[1:])
        has_digit = any(character.isdigit() for character in plain)
        capital = plain[:1].isupper() and match.start() not in starts
        is_measure = _NUMBER.fullmatch(plain) is not None
        if plain and not is_measure and (inner_capital or capital or (has_digit and not plain[0].isdigit())):
            found.append(Word(plain.casefold(), match.start(), match.start() + len(plain)))
    return [word for word in found if word.form not in STOP]


@_remembered
def negations(text: str) -> list[Word]:
    """Return the words that deny."""
    return _found(_NEGATION, text)


@_remembered
def comparisons(text: str) -> list[Word]:
    """Return the words that compare."""
    return _found(_COMPARISON, text)


@_remembered
def superlatives(text: str) -> list[Word]:
    """Return the words that praise."""
    return _found(_SUPERLATIVE, text)


@_remembered
def scores(text: str) -> list[Word]:
    """Return the words of measured quality, where a text gives a figure with them."""
    return _found(_SCORE, text) if any(character.isdigit() for character in _SCORE.sub("", text)) else []


@_remembered
def scopes(text: str) -> list[Word]:
    """Return the words that widen or narrow what is said; the form is the kind of bound: only, all, up to, at least."""
    found = sorted(
        (Word(kind, *match.span()) for kind, pattern in _SCOPES.items() for match in pattern.finditer(text)),
        key=lambda word: word.start,
    )
    return found


def content(text: str) -> list[Word]:
    """Return the stems of the words that carry meaning, in order; pairs of characters where words have no spaces."""
    found = []
    for match in _WORD.finditer(text):
        form = _form(match.group())
        if form:
            found.append(Word(form, *match.span()))
        elif form is None:
            start, end = match.span()
            found += [Word(text[at : at + 2], at, at + 2) for at in range(start, max(start + 1, end - 1))]
    return found


def spoken(text: str, until: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Return what `content` finds up to an offset, each word in lower case with its stem, and the stems behind it.

    The offset is not inside a word.
    """
    if not text.isascii() and UNSPACED.search(text):
        found = content(text)
        first = [(text[word.start : word.end].lower(), word.form) for word in found if word.end <= until]
        return first, [word.form for word in found[len(first) :]]
    first = [(word.lower(), form) for word in _WORD.findall(text, 0, until) if (form := _form(word))]
    return first, [form for word in _WORD.findall(text, until) if (form := _form(word))]


@lru_cache(maxsize=1 << 16)
def _form(word: str) -> str | None:
    """Return the stem of a word as it is written, "" where it carries no meaning, None where words have no spaces."""
    if UNSPACED.match(word):
        return None
    word = _OWNER.sub("", word.lower())
    return stem(word) if word not in STOP and len(word) > 1 else ""


def _plain_number(number: str) -> str:
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", number):
        number = number.replace(",", "")
    number = number.replace(",", ".")
    return (
        number.rstrip("0").rstrip(".") if number.count(".") == 1 and number.endswith("0") and "." in number else number
    )


def _found(pattern: re.Pattern[str], text: str) -> list[Word]:
    return [Word(match.group().lower(), *match.span()) for match in pattern.finditer(text)]


def _sentence_starts(text: str) -> list[tuple[int, int]]:
    return [match.span(1) for match in re.finditer(r"(?:\A|[.!?:]\s+|\|\s*)[\W_]*([^\W_])", text)]
