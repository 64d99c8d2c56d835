"""Decide: apply what people decided to an entry."""

from collections.abc import Iterable
from typing import Literal

from decomposer.records import Decision, Entry, State

_STATES: dict[Literal["accept", "reject", "retire"], State] = {
    "accept": "accepted",
    "reject": "rejected",
    "retire": "retired",
}


def fold(entry: Entry, decisions: Iterable[Decision]) -> Entry:
    """Return `entry` with the decisions applied in the order given: the last word on a capability holds.

    A decision without a capability is about all of them. Decisions about another entry or an unknown capability are
    ignored: what they were about may be gone.
    """
    states = {capability.id: capability.state for capability in entry.capabilities}
    for decision in decisions:
        if decision.entry != entry.artifact.slug:
            continue
        if decision.capability is None:
            states = dict.fromkeys(states, _STATES[decision.op])
        elif decision.capability in states:
            states[decision.capability] = _STATES[decision.op]
    decided = tuple(
        capability
        if capability.state == states[capability.id]
        else capability.model_copy(update={"state": states[capability.id]})
        for capability in entry.capabilities
    )
    return entry.model_copy(update={"capabilities": decided})
