"""Say that records of different entries are one capability, or two, where nothing said before stands against it."""

from collections.abc import Sequence

from decomposer.decide.acts import Unfit
from decomposer.decide.making import Making, Stamp
from decomposer.decide.standing import APART, SAME, against, holding, pair
from decomposer.ports import Acted, Held
from decomposer.records import Decision


def link(held: Held, one: str, other: str, stamp: Stamp, *, same: bool) -> Acted:
    """Decide that two records are one capability (`same`) or are two; neither record changes by it.

    `held` is what is held of the entry of the first of them by order, and what was said of both across entries. Raises
    Unfit where one of them is not there or not to be published, where that was said before, and where it can't hold
    together with what was.
    """
    first, last = sorted((one, other))
    for identity in (first, last):
        _check(held, identity)
    making, field = Making(held, stamp), SAME if same else APART
    if known := holding(held.linked, first, last, field):
        raise Unfit(f"that holds already: {told(known)}")
    if stands := against(held.linked, first, last, field):
        raise Unfit(_contradicted(stands))
    making.change("same" if same else "apart", first, field, last)
    return making.acted()


def told(words: Sequence[Decision]) -> str:
    """Return words that were said in one line, such as `17 same clip/find puma/see, by ann, 2026-11-21`."""
    return "; ".join(
        f"{'' if one.seq is None else f'{one.seq} '}{'same' if one.field == SAME else 'apart'} "
        f"{' '.join(pair(one) or ())}, by {one.actor or 'somebody'}, {one.decided_at[:10]}"
        f"{f' ({one.reason})' if one.reason else ''}"
        for one in words
    )


def _check(held: Held, identity: str) -> None:
    found = held.linked.records.get(identity)
    if found is None:
        raise Unfit(f"the catalog holds no record {identity}")
    if found.id != identity:
        raise Unfit(f"{identity} was merged into {found.id}: name that one")
    if found.state in ("rejected", "retired"):
        raise Unfit(f"{identity} is {found.state}")


def _contradicted(stands: Sequence[Decision | str]) -> str:
    words = [one for one in stands if isinstance(one, Decision)]
    if not words:
        return f"a person holds {' and '.join(map(str, stands))} apart, and they would be one by it"
    back = " or ".join(f"`decomposer revert {one.seq}`" for one in words)
    return f"it can't hold together with what was said before: {told(words)}; {back} takes that back"
