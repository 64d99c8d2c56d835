"""The words that a text is found by, the same for records and for needs."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice, pairwise
from typing import NamedTuple
from unicodedata import category, normalize

from decomposer.text.stems import stem
from decomposer.text.words import STOP

MOST = 20_000
"""How many words a text has at most; those behind them are not found."""
LONGEST = 40
"""How many characters a word is told from others by."""

_SHORTEST_HUMP, _MOST_UNITS = 3, 5
_MOST_KNOWN = 200_000  # stretches whose words are remembered: the same ones come again and again
_CONTRACTED = frozenset(
    "dont doesnt didnt isnt arent wasnt werent cant couldnt wont wouldnt shouldnt hasnt havent im ive ill id youre "
    "youve theyre theyve weve were hes shes its thats theres whats lets".split()
)
# Scripts that are written without spaces, and Korean, whose words carry their particles.
_RUN = (
    r"\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005\u3040-\u30ff\u3100-\u318f\u3400-\u9fff\uac00-\ud7af"
    r"\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"
)
# What joins letters to words in other scripts without being a letter itself, and what is in a word unseen.
_MARKS = r"\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0dff\u200c\u200d"
_JOINT = r"[-_.'’&+]"
_ASCII = re.compile(r"[A-Za-z0-9]+(?:[-_.'&+][A-Za-z0-9]+)*[+#]{0,2}")
_ANY = re.compile(
    rf"[{_RUN}]+|(?:(?![{_RUN}])[^\W_]|[{_MARKS}])+(?:{_JOINT}(?:(?![{_RUN}])[^\W_]|[{_MARKS}])+)*[+#]{{0,2}}"
)
_UNIT = re.compile(rf"(?:[^\W_]|[{_MARKS}])+")
_UNSPACED = re.compile(rf"[{_RUN}]")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^A-Za-z]+")
_OWNER = re.compile(r"['’][sS]\Z")
_SIGNED = re.compile(r"([A-Za-z])(\+\+|#)\Z")
_ACCENTS = re.compile(r"[\u0300-\u036f]")


class Word(NamedTuple):
    """A word as texts are found by it; it stands at `text[start:end]`. The parts of an identifier lie in the whole."""

    form: str
    start: int
    end: int


def words(text: str) -> list[str]:
    """Return the forms of the words of a text, in order, as often as they stand there: at most `MOST`.

    Case, accents, width and inflection make no difference. An identifier gives its whole and its parts, a script
    without spaces pairs of characters. Words that say nothing are left out unless there are no others.
    """
    return _forms(text, plain=False)[:MOST] or _forms(text, plain=True)[:MOST]


def spoken(text: str) -> list[Word]:
    """Return the words of `words`, each with where it stands."""
    return list(islice(_placed(text, plain=False), MOST)) or list(islice(_placed(text, plain=True), MOST))


def _forms(text: str, *, plain: bool) -> list[str]:
    found: list[str] = []
    known = _known(plain)
    for match in (_ASCII if text.isascii() else _ANY).finditer(text):
        token = match.group()
        forms = known.get(token)
        if forms is None:
            forms = tuple(word.form for word in _taken_apart(token, plain))
            if len(token) <= LONGEST and len(known) < _MOST_KNOWN:
                known[token] = forms
        found += forms
        if len(found) >= MOST:
            break
    return found


@cache
def _known(_plain: bool) -> dict[str, tuple[str, ...]]:
    return {}


def _placed(text: str, *, plain: bool) -> Iterator[Word]:
    for match in (_ASCII if text.isascii() else _ANY).finditer(text):
        at = match.start()
        for form, start, end in _taken_apart(match.group(), plain):
            yield Word(form, at + start, at + end)


def _taken_apart(token: str, plain: bool) -> Iterator[Word]:
    """Yield what a stretch without spaces says; with `plain`, also words that say nothing."""
    if _UNSPACED.match(token):
        yield from _pairs(token)
        return
    if signed := _SIGNED.match(token):  # C++, C#, F#
        yield Word(signed[1].lower() + ("pp" if signed[2] == "++" else "sharp"), 0, len(token))
        return
    units = [match.span() for match in _UNIT.finditer(_OWNER.sub("", token))]
    end = units[-1][1]
    joined = "".join(token[start:end] for start, end in units[:_MOST_UNITS])
    whole = _form(joined, plain=plain) if len(units) <= _MOST_UNITS else ""
    said = {whole, ""}
    if whole:
        yield Word(whole, 0, end)
    if not plain and _folded(joined) in _CONTRACTED:
        return
    for start, end in units:
        unit = token[start:end]
        form = _form(unit, plain=plain) if len(units) > 1 else ""
        if form not in said and len(form) > 1:
            said.add(form)
            yield Word(form, start, end)
        for hump in _HUMP.finditer(unit) if unit.isascii() and not (unit.islower() or unit.isupper()) else ():
            form = _form(hump.group(), plain=plain)
            if form not in said and len(hump.group()) >= _SHORTEST_HUMP:
                said.add(form)
                yield Word(form, start + hump.start(), start + hump.end())


def _pairs(run: str) -> Iterator[Word]:
    """Yield each two neighbouring characters of a run, or the one that stands alone."""
    known = normalize("NFC", normalize("NFKC", run))
    exact = len(known) == len(run)
    for stretch in re.finditer(r"\S+", "".join(one if _is_letter(one) else " " for one in known)):
        places = range(stretch.start(), stretch.end())
        for first, last in pairwise(places) if len(places) > 1 else ((places[0], places[0]),):
            form = known[first : last + 1].casefold()
            yield Word(form, first, last + 1) if exact else Word(form, 0, len(run))


def _form(word: str, *, plain: bool) -> str:
    """Return the form of a word, or "" where it says nothing."""
    folded = _folded(word)
    if plain:
        return folded
    return "" if folded in STOP or folded in _CONTRACTED else stem(folded)[:LONGEST]


def _folded(word: str) -> str:
    if word.isascii() and word.isalnum():
        return word.lower()[:LONGEST]
    bare = _ACCENTS.sub("", normalize("NFKD", normalize("NFKC", word).casefold()))
    return "".join(one for one in normalize("NFC", bare) if _is_letter(one))[:LONGEST]


def _is_letter(character: str) -> bool:
    return character.isalnum() or category(character)[0] == "M"
