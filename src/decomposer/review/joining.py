"""Join records by a person's hand, and name what a record comes apart into."""

from collections.abc import Sequence

from decomposer.decide import Unfit
from decomposer.merge import join
from decomposer.reconcile import Ids
from decomposer.records import Capability, Entry


def joined(entry: Entry, ids: Sequence[str]) -> tuple[Capability, list[str]]:
    """Return records as one, and the ids of those that are in it now: the first that is accepted survives.

    What a person has settled in the survivor stays; else the best supported text of each field is taken, and evidence
    is pooled. Raises Unfit for a record that is not there or that is rejected.
    """
    by_id = {one.id: one for one in entry.capabilities}
    for one in ids:
        if one not in by_id:
            raise Unfit(f"{one} is not in the entry")
        if by_id[one].state in ("rejected", "retired"):
            raise Unfit(f"{one} is {by_id[one].state}")
    first = next((one for one in ids if by_id[one].state == "accepted"), ids[0])
    others = [one for one in ids if one != first]
    return join([by_id[first], *(by_id[one] for one in others)]), others


def parts(entry: Entry, identity: str) -> tuple[Capability, ...]:
    """Return what a record was made of, as it was: the first under its id, the others under theirs.

    Those without an id of their own get one that nobody ever had. Raises Unfit.
    """
    one = next((one for one in entry.capabilities if one.id == identity), None)
    if one is None:
        raise Unfit("it is not in its entry any more")
    if len(one.merged) < 2:
        raise Unfit("it was not merged of several records")
    used = {other.id for other in entry.capabilities}
    ids = Ids(entry.artifact.slug, entry, found=used)
    named = [one.merged[0].model_copy(update={"id": identity})]
    for part in one.merged[1:]:
        own = part.id if part.id and part.id not in used else ids.free(part.model_copy(update={"id": ""}))
        used.add(own)
        named.append(part.model_copy(update={"id": own}))
    return tuple(named)
