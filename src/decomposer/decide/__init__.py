"""Decide: apply what people decided to an entry, and make the decisions that an act of a person comes to."""

from decomposer.decide.acts import (
    Unfit,
    dismiss,
    edit,
    join,
    notes_of,
    part,
    take,
)
from decomposer.decide.aspects import fold, put, same_value, shown, value
from decomposer.decide.back import BACK, Blocked, blockers, overlapping, redo, take_back
from decomposer.decide.making import Making, Stamp

__all__ = [
    "BACK",
    "Blocked",
    "Making",
    "Stamp",
    "Unfit",
    "blockers",
    "dismiss",
    "edit",
    "fold",
    "join",
    "notes_of",
    "overlapping",
    "part",
    "put",
    "redo",
    "same_value",
    "shown",
    "take",
    "take_back",
    "value",
]
