"""Say what became of a capability: the same words, other words for the same, or another claim."""

import re
from collections.abc import Collection, Iterator

from decomposer.reconcile.pairing import folded
from decomposer.records import FIELDS, LISTS, Capability, Fate, Judge, Statement

_SUBSTANCE = ("input_types", "output_types")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def fate_of(before: Capability, after: Capability, judge: Judge) -> tuple[Fate, str]:
    """Return whether a capability was kept, reworded or changed, and why.

    It is changed where the judge does not call the two the same, and where a field appeared or fell silent, a verdict,
    a number, the category, or what it takes or gives is another.
    """
    if says(before) == says(after):
        return "kept", "says the same"
    substance = list(_substance(before, after))
    judgement = judge(before, after)
    if judgement.verdict != "same":
        why = f" ({'; '.join(judgement.reasons)})" if judgement.reasons else ""
        substance.insert(0, f"judged {judgement.verdict}{why}")
    if substance:
        return "changed", "; ".join(substance)
    return "reworded", "the same in other words: " + ", ".join(_differing(before, after))


def says(capability: Capability, *, but: Collection[str] = ()) -> tuple[object, ...]:
    """Return what a record tells a reader, with the verdicts and without the evidence, `but` for some fields."""
    said = tuple((field, one.text, one.support) for field, one in capability.statements() if field not in but)
    lists = tuple(tuple(sorted(note.text for note in getattr(capability, name))) for name in LISTS if name not in but)
    return capability.name, capability.category, said, lists


def _substance(before: Capability, after: Capability) -> Iterator[str]:
    if before.category != after.category:
        yield f"category: {before.category}, now {after.category}"
    for field in FIELDS:
        old, new = getattr(before, field), getattr(after, field)
        if old is None or new is None:
            if old is not new:
                yield f"{field}: {'nothing was said' if old is None else 'nothing is said any more'}"
        elif old.support != new.support:
            yield f"{field}: {old.support}, now {new.support}"
        elif _numbers(old) != _numbers(new):
            yield f"{field}: other numbers"
    for name in _SUBSTANCE:
        if _texts(before, name) != _texts(after, name):
            yield f"{name}: others"


def _differing(before: Capability, after: Capability) -> Iterator[str]:
    if before.name != after.name:
        yield "name"
    for field in FIELDS:
        if getattr(before, field) is not None and getattr(before, field).text != getattr(after, field).text:
            yield field
    yield from (name for name in LISTS if _texts(before, name) != _texts(after, name))


def _numbers(statement: Statement) -> list[str]:
    return sorted(_NUMBER.findall(statement.text))


def _texts(capability: Capability, name: str) -> set[str]:
    return {folded(note.text) for note in getattr(capability, name)}
