"""Explain whether two capabilities are one, where each is an id of the catalog or a text of its own."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches

from decomposer.errors import UsageError
from decomposer.records import Entry, Judgement
from decomposer.same import Judging, View, Why, explained, stored, view_of_text

Find = Callable[[str], Entry | None]

_ID = re.compile(r"[^\s/]+/[^\s/]+")


@dataclass(frozen=True, slots=True)
class Explained:
    """Why two capabilities are one or not; `ids` are None for a text."""

    ids: tuple[str | None, str | None]
    why: Why


def explain(one: str, other: str, find: Find) -> Explained:
    """Return why `one` and `other` are one capability or not, as drafting judges it, or as a person has decided.

    What looks like an id, two words with a slash and no space, is one; `find` gives its entry. Raises UsageError for an
    id that the catalog does not hold and for a text without words.
    """
    held = {text: _entry_of(text, find) for text in (one, other) if _ID.fullmatch(text)}
    why = explained(_view(one, held.get(one)), _view(other, held.get(other)), learned=stored())
    if one != other and any({one, other} == set(pair) for entry in held.values() for pair in entry.apart):
        decided = Judgement("different", 0.0, ("a person has split them", *why.judgement.reasons), "person")
        why = replace(why, judgement=decided)
    return Explained((one if one in held else None, other if other in held else None), why)


def _entry_of(identity: str, find: Find) -> Entry:
    """Return the entry that holds a capability, or a part of one, of that id."""
    slug, _, short = identity.partition("/")
    entry = find(slug)
    if entry is None:
        hint = "`decomposer list` shows the entries; a text of your own has a space in it"
        raise UsageError(f"no capability is called {identity!r}: there is no entry {slug!r}", hint=hint)
    ids = [part.id for capability in entry.capabilities for part in capability.parts()]
    if identity not in ids:
        close = get_close_matches(short, [one.partition("/")[2] for one in ids], n=1)
        hint = f"did you mean {slug}/{close[0]}?" if close else f"`decomposer show {slug}` shows its capabilities"
        raise UsageError(f"no capability of the catalog is called {identity!r}", hint=hint)
    return entry


def _view(text: str, entry: Entry | None) -> View:
    if entry is not None:
        parts = (part for capability in entry.capabilities for part in capability.parts())
        return Judging.of(entry.artifact).view(next(part for part in parts if part.id == text))
    if not any(character.isalnum() for character in text):
        raise UsageError("a text without words can't be compared", hint="name a capability's id, or say what it does")
    return view_of_text(text, learned=stored())
