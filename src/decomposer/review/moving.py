"""Move decisions between catalogs as JSON lines: what is there already is passed over, what does not fit is told."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from pydantic import ValidationError

from decomposer.decide import Making, Stamp, ids_of
from decomposer.display import json_safe
from decomposer.errors import CatalogError, UsageError
from decomposer.ports import Acted, Held, Queued, Reviews
from decomposer.records import MARKS, Decision
from decomposer.review.outcomes import Conflict

_CHUNK = 500  # batches of marks that go into one transaction
_OTHERWISE = "it says something else here"
_MISSING = "the catalog does not hold it"


class _Unfitting(Exception):
    """A decision that does not fit what an entry says now."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.uid)
        self.decision = decision


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of decisions from elsewhere: how many were `stored`, were `known` already, and did not fit."""

    stored: int
    known: int
    conflicts: tuple[Conflict, ...] = ()


def export(decisions: Iterable[Decision]) -> Iterator[str]:
    """Yield decisions as JSON lines, in the order given; what only the catalog knows of them, seq and live, stays."""
    for one in decisions:
        yield json_safe(one.model_dump_json(exclude={"seq", "live"}))


def read(lines: Iterable[str]) -> Iterator[Decision]:
    """Yield the decisions of JSON lines. Raises UsageError that names the first wrong line."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            decision = Decision.model_validate({**json.loads(line), "seq": None, "live": True})
        except (ValidationError, ValueError, TypeError, RecursionError) as error:
            reason = str(error).partition("\n")[0]
            raise UsageError(
                f"line {number} is no decision ({reason})", hint="apply what `events export` wrote"
            ) from error
        if not decision.batch:
            raise UsageError(f"line {number} names no batch", hint="apply what `events export` wrote")
        yield decision


def apply(decisions: Iterable[Decision], reviews: Reviews) -> Applied:
    """Store decisions from another catalog that fit what the records say here, in their order.

    A decision that is here already is passed over, by its uid. What a batch says of one record, and what it changes of
    the words of an entry, is taken together or not at all.
    """
    stored = known = 0
    conflicts: list[Conflict] = []
    for group in _groups(decisions):
        fresh = _fresh(group, reviews)
        known += len(group) - len(fresh)
        worded = {one.entry for one in fresh if one.field not in MARKS or not one.capability}
        count, found = _marks([one for one in fresh if one.entry not in worded], reviews)
        stored, conflicts = stored + count, conflicts + found
        for entry in sorted(worded):
            mine = [one for one in fresh if one.entry == entry]
            try:
                stored += len(_words(entry, mine, reviews).decisions)
            except _Unfitting as error:
                conflicts.append(Conflict(error.decision.capability or entry, _OTHERWISE, (error.decision,)))
            except CatalogError:
                conflicts.append(Conflict(entry, _MISSING, tuple(mine)))
    return Applied(stored, known, tuple(conflicts))


def _groups(decisions: Iterable[Decision]) -> Iterator[list[Decision]]:
    """Yield batches; several in one group where all are about marks, and no record comes twice."""
    group: list[Decision] = []
    seen: set[str] = set()
    batches = 0
    for _, own in groupby(decisions, key=lambda one: one.batch):
        batch = list(own)
        ids = {one.capability for one in batch}
        words = any(one.field not in MARKS for one in (*group, *batch))
        if group and (words or ids & seen or batches >= _CHUNK):
            yield group
            group, seen, batches = [], set(), 0
        group, seen, batches = group + batch, seen | ids, batches + 1
    if group:
        yield group


def _fresh(group: Sequence[Decision], reviews: Reviews) -> list[Decision]:
    here = {one.uid for one in reviews.named({one.uid for one in group})}
    return list({one.uid: one for one in group if one.uid not in here}.values())


def _marks(decisions: Sequence[Decision], reviews: Reviews) -> tuple[int, list[Conflict]]:
    if not decisions:
        return 0, []
    by_id: dict[str, list[Decision]] = {}
    for one in decisions:
        by_id.setdefault(one.capability, []).append(one)
    now = {one.id: one for one in reviews.find(list(by_id))}
    fitting: list[Decision] = []
    conflicts = []
    for identity, mine in by_id.items():
        queued = now.get(identity)
        if queued is None or any(one.entry != queued.entry for one in mine):
            conflicts.append(Conflict(identity, _MISSING, tuple(mine)))
        elif not all(_fits(queued, one) for one in mine):
            conflicts.append(Conflict(identity, _OTHERWISE, tuple(mine)))
        else:
            fitting += [one.model_copy(update={"base_version": queued.version}) for one in mine]
    stale = reviews.settle(fitting).stale if fitting else ()
    conflicts += [Conflict(one.capability, "it was decided about just now; apply again", (one,)) for one in stale]
    return len(fitting) - len(stale), conflicts


def _fits(queued: Queued, one: Decision) -> bool:
    present = getattr(queued, one.field)
    if one.field == "second":
        return bool(present == ("" if isinstance(one.before, dict) else one.before or ""))
    return bool((list(present) if one.field == "dropped" else present) == one.before)


def _words(entry: str, decisions: Sequence[Decision], reviews: Reviews) -> Acted:
    def act(held: Held) -> Acted:
        making = Making(held, Stamp("", "", ""))
        for one in decisions:
            if one.capability and not making.holds(one, one.before):
                raise _Unfitting(one)
            making.add(one.model_copy(update={"base_version": held.versions.get(one.capability, 0)}))
        return making.acted()

    return reviews.act(entry, sorted(set(chain.from_iterable(map(ids_of, decisions)))), act)
