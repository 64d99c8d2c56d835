"""Say which entries of the catalog are meant: terms such as `type=model prompt<v2 age>30d`, all of which must hold."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import get_args

from decomposer.errors import UsageError
from decomposer.ports import CONDITIONS, Condition, Listing, Waits
from decomposer.records import ArtifactType, Category, FlagKind, Kind, State, Support

_OPERATORS: Mapping[str, tuple[str, ...]] = {
    "type": ("=", "!="),
    "kind": ("=", "!="),
    "state": ("=", "!="),
    "slug": ("=", "!="),
    "source": ("=", "!="),
    "name": ("~",),
    "model": ("=", "!="),
    "prompt": ("=", "!=", "<"),
    "recipe": ("=", "!="),
    "age": ("<", ">"),
}
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "type": get_args(ArtifactType),
    "kind": get_args(Kind),
    "state": get_args(State),
}
_OF_RECORDS: Mapping[str, tuple[str, ...]] = {
    "category": get_args(Category),
    "support": get_args(Support),
    "flag": get_args(FlagKind),
    "waits": get_args(Waits),
    "passing": ("yes", "no"),
    "flagged": ("yes", "no"),
}
_TERM = re.compile(r"(?P<key>[a-z]+)(?P<operator>!=|[=<>~])(?P<value>.+)", re.DOTALL)
_RELEASE = re.compile(r"v(\d{1,6})")
_AGE = re.compile(r"(\d{1,6})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
CURRENT = "current"
HINT = (
    "terms: type=model kind=software slug=GLOB source=GLOB name~TEXT model=NAME prompt<v2 recipe!=current age>30d "
    "state=proposed stale, or all; `!=` is the opposite of `=`"
)


@dataclass(frozen=True, slots=True)
class Term:
    """One condition, such as `prompt`, `<`, `v2`; its value has been checked."""

    key: str
    operator: str
    value: str

    def holds(self, listing: Listing, now: datetime, recipe: str) -> bool:
        """Say whether an entry meets the condition; `recipe` is what `current` stands for."""
        match self.key:
            case "name":
                return self.value.casefold() in listing.name.casefold()
            case "age":
                age = now - datetime.fromisoformat(listing.updated)
                return age > _span(self.value) if self.operator == ">" else age < _span(self.value)
            case "prompt" if self.operator == "<":
                return _older(listing.prompt, self.value)
        return self._fits(listing, recipe) == (self.operator == "=")

    def _fits(self, listing: Listing, recipe: str) -> bool:
        match self.key:
            case "state":
                return any(count and state == self.value for state, count in listing.states.items())
            case "model":
                return any(fnmatchcase(listing.model, name) for name in (self.value, f"openai/{self.value}"))
            case "recipe":
                return listing.recipe == (recipe if self.value == CURRENT else self.value)
            case "slug" | "source":
                return fnmatchcase(getattr(listing, self.key), self.value)
        return bool(getattr(listing, self.key) == self.value)


@dataclass(frozen=True, slots=True)
class Query:
    """Which entries are meant. With `stale`, only those whose source reads otherwise now: its loader finds that out."""

    text: str
    terms: tuple[Term, ...] = ()
    stale: bool = False

    def holds(self, listing: Listing, now: datetime, *, recipe: str = "") -> bool:
        """Say whether an entry is meant, as far as its line in the catalog tells.

        `now` is in UTC, with its offset; `recipe` is the one that entries drafted now would have. Entries that are
        retired altogether are meant only where a term is about that state.
        """
        if _retired(listing) and not any(term.key == "state" for term in self.terms):
            return False
        return all(term.holds(listing, now, recipe) for term in self.terms)


def parse(text: str) -> Query:
    """Return the query that `text` writes out: terms separated by spaces, values with spaces in quotes.

    Raises UsageError that names the first wrong term.
    """
    terms: list[Term] = []
    words = _words(text)
    for word in words:
        if word not in ("all", "stale"):
            terms.append(_term(word))
    return Query(text, tuple(terms), stale="stale" in words)


def conditions(text: str) -> tuple[Condition, ...]:
    """Return the conditions on records that `text` writes out, such as `category=image.visual risk>300`.

    `all`, or no text at all, is no condition. Raises UsageError that names the first wrong term.
    """
    words = _words(text) if text.strip() else []
    return tuple(_condition(word) for word in words if word != "all")


def _condition(word: str) -> Condition:
    found = _TERM.fullmatch(word)
    if found is None or found["operator"] not in CONDITIONS.get(found["key"], ()):
        written = ", ".join(f"{key}{one}..." for key, operators in CONDITIONS.items() for one in operators)
        raise UsageError(f"query: {word!r} is no term about records", hint=f"write {written}, or all")
    key, value = found["key"], found["value"]
    wanted = f"choose one of {', '.join(_OF_RECORDS[key])}" if value not in _OF_RECORDS.get(key, (value,)) else ""
    if key == "risk" and not re.fullmatch(r"\d{1,4}", value):
        wanted = "write a number from 0 to 1000"
    if wanted := wanted or _wanted(key, found["operator"], value):
        raise UsageError(f"query: {word!r}: {value!r} is no {key}", hint=wanted)
    return Condition(key, found["operator"], value)


def _words(text: str) -> list[str]:
    lexer = shlex.shlex(text, posix=True)
    lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
    try:
        words = list(lexer)
    except ValueError as error:
        raise UsageError(f"query {text!r}: a quote is not closed", hint="close it, or leave it out") from error
    if not words:
        raise UsageError("the query is empty", hint="write `all` for every entry")
    return words


def _term(word: str) -> Term:
    found = _TERM.fullmatch(word)
    if found is None or found["key"] not in _OPERATORS:
        raise UsageError(f"query: {word!r} is no term", hint=HINT)
    key, operator, value = found["key"], found["operator"], found["value"]
    if operator not in _OPERATORS[key]:
        written = ", ".join(f"{key}{one}..." for one in _OPERATORS[key])
        raise UsageError(f"query: {word!r}: {key} has no {operator!r}", hint=f"write {written}")
    wanted = _wanted(key, operator, value)
    if wanted:
        raise UsageError(f"query: {word!r}: {value!r} is no {key}", hint=wanted)
    return Term(key, operator, value)


def _wanted(key: str, operator: str, value: str) -> str:
    """Return what a value should be, or nothing where it is fine."""
    if key in _CHOICES and value not in _CHOICES[key]:
        return f"choose one of {', '.join(_CHOICES[key])}"
    if key == "prompt" and operator == "<" and not _RELEASE.fullmatch(value):
        return "only released prompts are older or newer: write prompt<v2"
    if key == "age" and not _AGE.fullmatch(value):
        return "write a number of minutes, hours, days or weeks: 90m, 12h, 30d, 8w"
    return ""


def _older(prompt: str, than: str) -> bool:
    mine, other = _RELEASE.fullmatch(prompt), _RELEASE.fullmatch(than)
    return mine is not None and other is not None and int(mine[1]) < int(other[1])


def _span(value: str) -> timedelta:
    found = _AGE.fullmatch(value)
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else timedelta()


def _retired(listing: Listing) -> bool:
    held = {state for state, count in listing.states.items() if count}
    return held == {"retired"}
