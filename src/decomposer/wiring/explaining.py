"""Explain whether two capabilities are one, where each is an id of the catalog or a text of its own."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from difflib import get_close_matches

from decomposer.decide.standing import APART, between, holding
from decomposer.decide.words import told
from decomposer.errors import UsageError
from decomposer.ports import Linked
from decomposer.records import Entry, Judgement
from decomposer.same import Judging, Learned, View, Why, explained, stored, turned, view_of_text

Find = Callable[[str], Entry | None]
Said = Callable[[Collection[str]], Linked]

_SLUG = re.compile(r"[^\s/]+")
_ID = re.compile(r"[^\s/]+/[^\s/]+")


@dataclass(frozen=True, slots=True)
class Explained:
    """Why two capabilities are one or not; `ids` are None for a text."""

    ids: tuple[str | None, str | None]
    why: Why


def explain(
    one: str, other: str, find: Find, *, learned: Learned | None = None, linked: Said = lambda ids: Linked()
) -> Explained:
    """Return why `one` and `other` are one capability or not, as drafting judges it, or as a person or a model decided.

    What looks like an id, two words with a slash and no space, is one; `find` gives its entry, and `linked` what people
    said of records across entries. Raises UsageError for an id that the catalog does not hold and for a text without
    words.
    """
    values = learned or stored()
    held = {text: _entry_of(text, find) for text in (one, other) if _ID.fullmatch(text)}
    why = explained(_view(one, held.get(one), values), _view(other, held.get(other), values), learned=values)
    if one != other and {one, other} == held.keys():
        ruled = _decided(one, other, held[one], why.judgement)
        if ruled.decided_by != "person" and one.partition("/")[0] != other.partition("/")[0]:
            ruled = _across(linked([one, other]), one, other, ruled)
        why = replace(why, judgement=ruled)
    return Explained((one if one in held else None, other if other in held else None), why)


def _decided(one: str, other: str, entry: Entry, ruled: Judgement) -> Judgement:
    """Return what holds of two records of an entry: what a person said, else a model, else the rules."""
    pair = {one, other}
    if any(pair == set(held) for held in entry.apart):
        return Judgement("different", 0.0, ("a person has split them", *ruled.reasons), "person")
    for judged in entry.judged:
        if pair == {judged.a, judged.b}:
            found = Judgement(judged.verdict, judged.score, judged.reasons, "model")
            return found if judged.a == one else turned(found)
    for twin in entry.twins:
        if pair == {twin.a, twin.b} and twin.decided_by == "model":
            return replace(ruled, reasons=twin.reasons)
    return ruled


def _across(linked: Linked, one: str, other: str, ruled: Judgement) -> Judgement:
    """Return what people said of records of two entries, or what follows from it; else what the rules say."""
    if apart := holding(linked, one, other, APART):
        return Judgement("different", 0.0, (f"a person said so: {told(apart)}", *ruled.reasons), "person")
    if words := between(linked, one, other):
        how = "a person said so" if len(words) == 1 else "it follows from what people said"
        return Judgement("same", 1.0, (f"{how}: {told(words)}", *ruled.reasons), "person")
    return ruled


def are_entries(one: str, other: str, find: Find) -> bool:
    """Say whether both are slugs of entries; a word alone that is none is a text."""
    return all(_SLUG.fullmatch(text) for text in (one, other)) and all(find(text) for text in (one, other))


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


def _view(text: str, entry: Entry | None, learned: Learned) -> View:
    if entry is not None:
        parts = (part for capability in entry.capabilities for part in capability.parts())
        return Judging.of(entry.artifact, learned=learned).view(next(part for part in parts if part.id == text))
    if not any(character.isalnum() for character in text):
        raise UsageError("a text without words can't be compared", hint="name a capability's id, or say what it does")
    return view_of_text(text, learned=learned)
