"""What people do to the records of an entry, as decisions: edit, take or dismiss a revision, join, part."""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import get_args

from decomposer.decide.aspects import WORDED, same_value, value, worded
from decomposer.decide.making import Making, Stamp
from decomposer.ports import Acted, Held
from decomposer.records import FIELDS, LISTS, Aspect, Capability, Category, Note


class Unfit(Exception):
    """What somebody wants to do to a record can't be done to it, and why."""


def edit(held: Held, identity: str, field: Aspect, said: object, stamp: Stamp, *, passes: bool) -> Acted:
    """Decide that a field says something else: a text, a checked statement, notes, or None for nothing.

    `passes` says that it may be accepted. What was left out before is no longer where it passes now. An accepted
    record whose new text does not pass is a proposal again: a person has to insist on such a text. Raises Unfit.
    """
    making, one = Making(held, stamp), _one(held, identity)
    if field not in (*WORDED, *LISTS):
        raise Unfit(f"there is no field {field!r}")
    if field == "name" and not said:
        raise Unfit("a record needs a name")
    if field == "category" and said not in get_args(Category):
        raise Unfit(f"{said!r} is no category")
    new = worded(said, edited=True, documents=[document.sha256 for document in held.entry.documents])
    if same_value(field, value(held.entry, identity, field), new):
        raise Unfit(f"its {field} says that already")
    making.change("edit", identity, field, new)
    if field in one.dropped and (passes or not said):
        making.change("edit", identity, "dropped", [name for name in one.dropped if name != field])
    if one.state == "accepted" and not passes and field in FIELDS:
        making.change("edit", identity, "state", "proposed")
    return making.acted()


def take(held: Held, identity: str, stamp: Stamp, *, failing: Callable[[Capability], Sequence[str]]) -> Acted:
    """Decide that a record says what the newest draft says of it; of that, the fields that are `failing` are left out.

    Its state stays, but for an accepted one whose new description does not pass. Raises Unfit.
    """
    making, old = Making(held, stamp), _one(held, identity)
    new = old.revision
    if new is None:
        raise Unfit("no other draft waits for it")
    bad = failing(new)
    kept: dict[str, object] = {name: getattr(old, name) for name in ("id", "state", "broader_than", "flagged")}
    kept["dropped"] = tuple(field for field in bad if field != "description")
    if old.state == "accepted" and "description" in bad:
        kept["state"] = "proposed"
    making.replace("take", identity, new.model_copy(update={**kept, "revision": None, "disputed": False}))
    return making.acted()


def dismiss(held: Held, identity: str, stamp: Stamp) -> Acted:
    """Decide that a record stays as it is, whatever the newest draft says. Raises Unfit."""
    making = Making(held, stamp)
    if _one(held, identity).revision is None:
        raise Unfit("no other draft waits for it")
    making.change("reject", identity, "revision", None)
    return making.acted()


def join(held: Held, joined: Capability, others: Sequence[str], stamp: Stamp) -> Acted:
    """Decide that records are one: `joined` is what all of them say, under the id that survives. Raises Unfit."""
    making = Making(held, stamp)
    for other in others:
        _one(held, other)
        making.apart("merge", joined.id, other, held=False)
    for one, other in combinations(others, 2):
        making.apart("merge", one, other, held=False)
    making.replace("merge", joined.id, _by_hand(joined, "merged"))
    for other in others:
        making.change("merge", other, "record", None)
    return making.acted()


def part(held: Held, identity: str, parts: Sequence[Capability], stamp: Stamp) -> Acted:
    """Decide that a record is several: `parts`, the first of them under its id, the others behind it, all held apart.

    Raises Unfit.
    """
    making = Making(held, stamp)
    _one(held, identity)
    if len(parts) < 2:
        raise Unfit("it was not merged of several records")
    making.replace("split", identity, _by_hand(parts[0], "split"))
    behind = identity
    for one in parts[1:]:
        making.insert("split", _by_hand(one, "split"), behind=behind)
        behind = one.id
    for first, other in combinations([one.id for one in parts], 2):
        making.apart("split", first, other, held=True)
    return making.acted()


def notes_of(texts: Sequence[str], old: Sequence[Note]) -> tuple[Note, ...]:
    """Return notes that say `texts`, with the evidence of those that were there before."""
    known = {note.text: note for note in old}
    return tuple(known.get(text, Note(text=text)) for text in dict.fromkeys(texts))


def _one(held: Held, identity: str) -> Capability:
    for one in held.entry.capabilities:
        if one.id == identity:
            return one
    raise Unfit("it is not in its entry any more")


def _by_hand(one: Capability, how: str) -> Capability:
    """Return a record marked as a person's, so that no draft changes it."""
    edited = tuple(sorted({*one.provenance.edited, how}))
    return one.model_copy(update={"provenance": one.provenance.model_copy(update={"edited": edited})})
