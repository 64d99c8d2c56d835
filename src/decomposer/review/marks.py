"""Decide about records without opening them: accept, reject, flag, and what comes of it when two decide at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from pydantic import JsonValue

from decomposer.decide import BACK, Stamp
from decomposer.ports import Queued, Reviews
from decomposer.records import FIELDS, LISTS, STATES, WORDS, Aspect, Decision, Op, State
from decomposer.review.outcomes import Conflict, Done, Refusal, done

_TRIES = 3  # times that somebody else may come between looking and deciding
_ORDER = (*FIELDS, *LISTS)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one person decides about records: accept or reject them, or ask for another look.

    `dropped` names the fields to leave out by id; without an entry those are left out that do not pass. `versions` are
    those that the person saw; where a record is not named, the present one counts. `overlap` is the share of records
    that a second person is to decide about, too.
    """

    op: Op
    stamp: Stamp
    dropped: Mapping[str, Collection[str]] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    overlap: float = 0.0
    flagged: bool = True


_TOLD = set(Decision.model_fields)


def told(**values: object) -> Decision:
    """Return a decision of values that were checked already; ten thousand of them share what pydantic keeps of each."""
    return Decision.model_construct(_fields_set=_TOLD, **values)


@dataclass(slots=True)
class _Made:
    stamp: Stamp
    number: int = 0
    decisions: list[Decision] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    def add(self, op: Op, queued: Queued, name: Aspect, before: JsonValue, after: JsonValue) -> None:
        stamp = self.stamp
        self.decisions.append(
            told(
                op=op, entry=queued.entry, capability=queued.id, field=name, before=before, after=after,
                base_version=queued.version, batch=stamp.batch, number=self.number, actor=stamp.actor,
                reason=stamp.reason, shown_at=stamp.shown_at, decided_at=stamp.at, model=queued.model,
                prompt=queued.prompt, guard=stamp.guard,
            )
        )  # fmt: skip
        self.number += 1


def settle(reviews: Reviews, ids: Sequence[str], verdict: Verdict, *, found: Sequence[Queued] | None = None) -> Done:
    """Decide about records and store it, in one transaction, however many; `found` are the records, if known.

    Whoever decided about one meanwhile and otherwise is not overruled: both opinions are kept, and it is disputed.
    """
    made = _Made(verdict.stamp)
    left = list(dict.fromkeys(ids))
    stored: list[Decision] = []
    for _ in range(_TRIES):
        found = reviews.find(left) if found is None else found
        known = {one.id for one in found}
        made.refused += [Refusal(one, "the catalog does not hold it") for one in left if one not in known]
        made.decisions = []
        for one in found:
            _decide(reviews, one, verdict, made)
        stale = {one.uid for one in reviews.settle(made.decisions).stale} if made.decisions else set()
        stored += [one for one in made.decisions if one.uid not in stale]
        left = list(dict.fromkeys(one.capability for one in made.decisions if one.uid in stale))
        if not left:
            break
        found = None
    made.conflicts += [Conflict(one, "it changes faster than it can be decided about; try again") for one in left]
    return done(stored, conflicts=made.conflicts, refused=made.refused)


def second_wanted(identity: str, overlap: float) -> bool:
    """Say whether a record is among the share that two people decide about; the same ones everywhere."""
    if overlap <= 0:
        return False
    lot = int.from_bytes(sha256(identity.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    return lot < overlap * 2**64


def blind(queued: Queued, reviewer: str) -> bool:
    """Say whether a reviewer is to give a second opinion, and must not see the first."""
    return bool(queued.second) and queued.second != reviewer and queued.state in ("accepted", "rejected")


def opinion(state: State, dropped: Iterable[str]) -> dict[str, JsonValue]:
    """Return an opinion as a decision keeps it: the state that somebody would give, and the fields left out."""
    return {"opinion": state, "dropped": list(ordered(dropped))}


def ordered(fields: Iterable[str]) -> tuple[str, ...]:
    """Return names of fields in the order of a record."""
    given = set(fields)
    return tuple(name for name in _ORDER if name in given)


def _decide(reviews: Reviews, queued: Queued, verdict: Verdict, made: _Made) -> None:
    if verdict.op == "flag":
        _flag(queued, verdict, made)
        return
    state = STATES[verdict.op]
    wanted = verdict.dropped.get(queued.id)
    # What does not pass is left out, but what is open to a person's own decision is decided by that person.
    drop = ordered({*queued.failing, *queued.dropped} if wanted is None else wanted)
    if state == "accepted":
        nothing = wanted is None and queued.support is None
        if "description" in drop or nothing:
            made.refused.append(Refusal(queued.id, "its description does not pass: edit it, or insist on it"))
            return
    else:
        drop = ordered(queued.dropped)
    if queued.state == "retired":
        made.refused.append(Refusal(queued.id, "it is retired"))
        return
    seen = verdict.versions.get(queued.id, queued.version)
    if blind(queued, verdict.stamp.actor):
        _second(queued, state, drop, made)
    elif seen != queued.version and (meanwhile := _meanwhile(reviews, queued, seen, verdict.stamp.actor)) is not None:
        if meanwhile and all(one.field in ("state", "dropped", "second", "disputed") for one in meanwhile):
            _second(queued, state, drop, made)
        else:
            who = f"{meanwhile[0].actor or 'somebody'} has changed it" if meanwhile else "a new draft has changed it"
            made.conflicts.append(Conflict(queued.id, f"{who} since you saw it: look again", meanwhile))
    else:
        _first(queued, verdict, state, drop, made)


def _flag(queued: Queued, verdict: Verdict, made: _Made) -> None:
    if queued.flagged == verdict.flagged:
        why = "it is flagged already" if queued.flagged else "it is not flagged"
        made.refused.append(Refusal(queued.id, why))
    else:
        made.add("flag", queued, "flagged", queued.flagged, verdict.flagged)


def _first(queued: Queued, verdict: Verdict, state: State, drop: Sequence[str], made: _Made) -> None:
    before = len(made.decisions)
    if queued.state != state:
        made.add(verdict.op, queued, "state", queued.state, state)
    if tuple(queued.dropped) != tuple(drop):
        made.add(verdict.op, queued, "dropped", list(queued.dropped), list(drop))
    if queued.disputed:
        made.add(verdict.op, queued, "disputed", True, False)
    if len(made.decisions) == before:
        made.refused.append(Refusal(queued.id, f"it is {state} already"))
    elif queued.state == "proposed" and not queued.second and second_wanted(queued.id, verdict.overlap):
        made.add(verdict.op, queued, "second", "", verdict.stamp.actor)


def _second(queued: Queued, state: State, drop: Sequence[str], made: _Made) -> None:
    """Keep another person's opinion beside the first, and call the record disputed where they differ."""
    made.add("second", queued, "second", queued.second, opinion(state, drop))
    agree = queued.state == state and (state == "rejected" or ordered(queued.dropped) == tuple(drop))
    if not agree and not queued.disputed:
        made.add("second", queued, "disputed", False, True)


def _meanwhile(reviews: Reviews, queued: Queued, seen: int, actor: str) -> tuple[Decision, ...] | None:
    """Return what others have decided about a record since a version of it was seen, newest first.

    None where only the same person did; empty where nobody decided and yet it changed: a new draft did it.
    """
    told = reviews.history(capability=queued.id)
    since = [one for one in told if one.base_version >= seen and one.field not in WORDS]
    others = tuple(one for one in reversed(since) if one.actor != actor and (one.live or one.op in BACK))
    if others:
        return others
    explained = {one.base_version for one in since}
    return None if set(range(seen, queued.version)) <= explained else ()
