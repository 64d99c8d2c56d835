"""Decide in tests from as little as a test wants to say."""

from decomposer.ports import Queued, Reviews, Settled
from decomposer.records import STATES, Decision, Op


def deciding(one: Queued, op: Op = "accept", *, batch: str = "", number: int = 0, actor: str = "ann") -> Decision:
    """Return the decision that puts a record into the state of `op`."""
    told = Decision(op=op, entry=one.entry, capability=one.id, before=one.state, after=STATES[op])
    return told.model_copy(
        update={"base_version": one.version, "batch": batch, "number": number, "actor": actor, "model": one.model}
    )


def decide(reviews: Reviews, *ids: str, op: Op = "accept") -> Settled:
    """Put records into the state of `op`, all at once."""
    return reviews.settle([deciding(one, op) for one in reviews.find(ids)])
