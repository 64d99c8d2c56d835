"""Revise an entry by a new draft of its source: evidence moves with the text, ids and decisions stay."""

from collections.abc import Sequence

from decomposer.anchor import anchor
from decomposer.merge import merge
from decomposer.reconcile import reconcile
from decomposer.records import Changes, Document, Entry, Judge


def revise(previous: Entry | None, drafted: Entry, documents: Sequence[Document], *, judge: Judge) -> Changes:
    """Return what a draft makes of the entry as it was; what a person has split there is not joined again.

    Old evidence is moved to where its quotes stand in `documents`, those of the draft.
    """
    if previous is None:
        return reconcile(None, drafted, judge=judge)
    known = {one.id: one for one in previous.capabilities}
    apart = [(known[one], known[other]) for one, other in previous.apart if {one, other} <= known.keys()]
    if apart:
        parted = merge(drafted.capabilities, judge=judge, apart=apart)
        drafted = drafted.model_copy(update={"capabilities": tuple(parted)})
    return reconcile(anchor(previous, documents), drafted, judge=judge)
