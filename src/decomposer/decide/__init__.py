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
from decomposer.decide.standing import SAME, against, between, holding, ids_of, pair
from decomposer.decide.words import link

__all__ = [
    "BACK",
    "SAME",
    "Blocked",
    "Making",
    "Stamp",
    "Unfit",
    "against",
    "between",
    "blockers",
    "dismiss",
    "edit",
    "fold",
    "holding",
    "ids_of",
    "join",
    "link",
    "notes_of",
    "overlapping",
    "pair",
    "part",
    "put",
    "redo",
    "same_value",
    "shown",
    "take",
    "take_back",
    "value",
]
