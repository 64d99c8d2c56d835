"""Take back what was decided, or put it in place again: one batch, or all that is meant, however long ago."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby
from typing import Literal

from decomposer.decide import BACK, Blocked, Stamp, blockers, ids_of, redo, take_back
from decomposer.decide.back import Find
from decomposer.errors import UsageError
from decomposer.ports import Acted, Catalog, Held, Queued, Reviews
from decomposer.records import MARKS, WORDS, Decision, Evidence, Op
from decomposer.review.marks import told as told_of
from decomposer.review.outcomes import Conflict, Done, Selector, done, told

Back = Literal["undo", "redo", "revert"]
_LATER = "{who} has decided about it since"
_ANOTHER = "it says something else now"


class Changed(Exception):
    """A record is not what the person who decides about it has seen."""

    def __init__(self, identity: str) -> None:
        super().__init__(identity)
        self.id = identity


def last_held(reviews: Reviews, actor: str) -> list[Decision]:
    """Return the newest batch of a reviewer that holds, or what of it does."""
    for one in reviews.history(actor=actor, backwards=True):
        if one.live and one.op not in BACK:
            return [other for other in reviews.history(batch=one.batch) if other.live and other.op not in BACK]
    return []


def last_taken_back(reviews: Reviews, actor: str) -> list[Decision]:
    """Return the batch that a reviewer took back last and that is not in place, or what of it is not."""
    asked: dict[str, bool] = {}
    for one in reviews.history(actor=actor, backwards=True):
        if one.op in ("undo", "revert") and one.target is not None and not asked.get(one.batch):
            asked[one.batch] = True
            back = {other.target for other in reviews.history(batch=one.batch) if other.target is not None}
            out = [other for other in reviews.named(back) if not other.live]
            if out:
                return out
    return []


def selected(reviews: Reviews, catalog: Catalog, selector: Selector) -> list[Decision]:
    """Return the decisions that are meant and hold. Raises UsageError where nothing narrows them."""
    if selector == Selector():
        raise UsageError("nothing says which decisions are meant", hint="name a number, batch, reviewer, run or time")
    of_run = None if selector.run is None else {
        one.id for entry in catalog.entries() for one in entry.capabilities if one.provenance.run == selector.run
    }  # fmt: skip
    after = 0 if selector.seq is None else selector.seq - 1
    found = reviews.history(batch=selector.batch, actor=selector.actor, since=selector.since, after=after)
    meant = []
    for one in found:
        if selector.seq is not None and one.seq != selector.seq:
            break
        if one.live and one.op not in BACK and (of_run is None or one.capability in of_run):
            meant.append(one)
    if selector.seq is not None and meant:  # what was done at once to a record is taken back at once
        whole = reviews.history(batch=meant[0].batch)
        alone = meant[0].field in MARKS
        meant = [one for one in whole if one.live and (not alone or one.capability == meant[0].capability)]
    return meant


def take(reviews: Reviews, catalog: Catalog, decisions: Sequence[Decision], stamp: Stamp, *, op: Back) -> Done:
    """Take decisions back, the newest first, or put them in place again, the oldest first, in one batch.

    Marks of however many records change in one transaction. What one batch changed of the words of an entry is taken
    back together or not at all. What stands in the way is reported, and the rest is done.
    """
    stored: list[Decision] = []
    conflicts: list[Conflict] = []
    ordered = sorted(decisions, key=lambda one: one.seq or 0, reverse=op != "redo")
    for group in _batches(ordered):
        marks = [one for one in group if one.field in MARKS and one.capability]
        worded = {one.entry for one in group if one.field not in MARKS or not one.capability}
        made, found = _marks(reviews, [one for one in marks if one.entry not in worded], stamp, len(stored), op=op)
        stored += made
        conflicts += found
        for entry in sorted(worded):
            mine = [one for one in group if one.entry == entry]
            try:
                stored += _words(reviews, catalog, entry, mine, stamp, len(stored), op=op)
            except Blocked as error:
                conflicts.append(_conflict(error.decision, error.later))
    text = f"{'in place again' if op == 'redo' else 'taken back'}: {told(decisions)}" if stored else ""
    one_batch = len({one.batch for one in decisions}) == 1 and not conflicts
    return done(stored, conflicts=conflicts, text=text if one_batch else "")


def why_changed(reviews: Reviews, identity: str, seen: int) -> Conflict:
    """Return what stands against a decision about a record that is not what was seen."""
    told = reviews.history(capability=identity)
    since = tuple(one for one in told if one.base_version >= seen and one.field not in WORDS)
    who = f"{since[-1].actor or 'somebody'} has decided about it" if since else "a new draft has changed it"
    return Conflict(identity, f"{who} since you saw it: look again", since)


def finder(catalog: Catalog, entry: Callable[[], Sequence[str]]) -> Find:
    """Return what finds a quote in the documents of an entry as they are now; `entry` gives their sha256."""
    from decomposer.text import locate

    def find(span: Evidence, sha256: str) -> Evidence | None:
        for place, sha in enumerate(entry()):
            text = catalog.text(sha)
            found = locate(span.quote, text) if text is not None and span.quote else None
            if text is not None and found is not None:
                quote = text[found.start : found.end]
                update = {"document": place, "start": found.start, "end": found.end, "quote": quote}
                return span.model_copy(update={**update, "how": found.how, "score": found.score})
        return None

    return find


def _batches(decisions: Iterable[Decision]) -> Iterator[list[Decision]]:
    """Yield decisions by batch; batches of one mark each are taken together where no record comes twice."""
    group: list[Decision] = []
    seen: set[str] = set()
    for _, own in groupby(decisions, key=lambda one: one.batch):
        mine = list(own)
        ids = {one.capability for one in mine}
        if group and (seen & ids or any(one.field not in MARKS for one in (*group, *mine))):
            yield group
            group, seen = [], set()
        group += mine
        seen |= ids
    if group:
        yield group


def _marks(
    reviews: Reviews, targets: Sequence[Decision], stamp: Stamp, number: int, *, op: Back
) -> tuple[list[Decision], list[Conflict]]:
    if not targets:
        return [], []
    by_id: dict[str, list[Decision]] = {}
    for one in targets:
        by_id.setdefault(one.capability, []).append(one)
    now = {one.id: one for one in reviews.find(list(by_id))}
    later: dict[str, list[Decision]] = {}
    # A batch is stored in one piece: nothing that somebody else decided lies between its own.
    first = max if len({one.batch for one in targets}) == 1 else min
    for one in reviews.later(list(by_id), since=first(one.seq or 0 for one in targets)):
        later.setdefault(one.capability, []).append(one)
    made: list[Decision] = []
    conflicts = []
    for identity, mine in by_id.items():
        if identity not in now:
            conflicts.append(Conflict(identity, "the catalog does not hold it any more"))
            continue
        queued, against = now[identity], later.get(identity, [])
        blocked = next((_conflict(one, found) for one in mine if against and (found := blockers(one, against))), None)
        if blocked is None and any(not _holds(queued, one, op) for one in mine):
            blocked = Conflict(identity, _ANOTHER)
        if blocked is not None:
            conflicts.append(blocked)
            continue
        for one in mine:
            made.append(_turned(one, queued, stamp, number + len(made), op))
    stale = {one.uid: one for one in reviews.settle(made).stale} if made else {}
    conflicts += [Conflict(one.capability, "it was decided about just now; try again") for one in stale.values()]
    return [one for one in made if one.uid not in stale], conflicts


def _turned(one: Decision, queued: Queued, stamp: Stamp, number: int, op: Op) -> Decision:
    before, after = (one.before, one.after) if op == "redo" else (one.after, one.before)
    return told_of(
        op=op, entry=one.entry, capability=one.capability, field=one.field, before=before, after=after,
        base_version=queued.version, batch=stamp.batch, number=number, actor=stamp.actor, reason=stamp.reason,
        target=one.uid, decided_at=stamp.at, model=one.model, prompt=one.prompt,
    )  # fmt: skip


def _holds(queued: Queued, one: Decision, op: Op) -> bool:
    """Say whether a mark is now as it has to be."""
    expected = one.before if op == "redo" else one.after
    present = getattr(queued, one.field)
    if one.field == "second":  # of an opinion that was given the queue keeps nothing
        return bool(present == ("" if isinstance(expected, dict) else expected or ""))
    return bool((list(present) if one.field == "dropped" else present) == expected)


def _words(
    reviews: Reviews, catalog: Catalog, entry: str, batch: Sequence[Decision], stamp: Stamp, number: int, *, op: Back
) -> list[Decision]:
    shas: list[str] = []
    records = any(one.field == "record" for one in batch)
    places = [one for one in reviews.history(entry=entry) if one.field == "record"] if records else []
    find = finder(catalog, lambda: shas)

    def act(held: Held) -> Acted:
        shas[:] = [document.sha256 for document in held.entry.documents]
        if op == "redo":
            acted = redo(held, batch, stamp, places=places, find=find)
        else:
            acted = take_back(held, batch, stamp, op=op, places=places, find=find)
        again = (one.model_copy(update={"number": number + one.number}) for one in acted.decisions)
        return Acted(acted.entry, tuple(again))

    about = sorted(set(chain.from_iterable(map(ids_of, batch))))
    return list(reviews.act(entry, about, act).decisions)


def _conflict(decision: Decision, later: Sequence[Decision]) -> Conflict:
    why = _LATER.format(who=later[-1].actor or "somebody") if later else _ANOTHER
    return Conflict(decision.capability or decision.entry, why, tuple(later))
