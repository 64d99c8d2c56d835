"""Choose what of an entry is compared: nothing that a person rejected, retired or left out."""

from decomposer.records import LISTS, Capability, Entry

_DISMISSED = ("rejected", "retired")


def shown(entry: Entry) -> tuple[Capability, ...]:
    """Return the records that are compared, without what is kept for those who edit them.

    What people disagree about is no more than a proposal.
    """
    return tuple(_bare(one) for one in entry.capabilities if one.state not in _DISMISSED)


def _bare(one: Capability) -> Capability:
    own = (one.merged, one.revision, one.dismissed, one.dropped, one.broader_than)
    if not any((*own, one.flagged, one.disputed)):
        return one
    left_out: dict[str, object] = {name: () if name in LISTS else None for name in one.dropped}
    kept: dict[str, object] = {"merged": (), "revision": None, "dismissed": (), "dropped": (), "broader_than": ()}
    state = "proposed" if one.disputed else one.state
    return one.model_copy(update={**left_out, **kept, "state": state, "flagged": False, "disputed": False})
