"""Say what became of what somebody decided: what holds, what was refused, and what stands against it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from decomposer.decide import ids_of, shown
from decomposer.records import WORDS, Decision, Op

_DID: dict[Op, str] = {
    "accept": "accepted", "reject": "rejected", "retire": "retired", "flag": "flagged", "edit": "edited",
    "take": "took the newer draft of", "merge": "merged", "split": "split", "same": "said to be one capability:",
    "apart": "said to be two capabilities:", "second": "gave a second opinion on",
    "undo": "taken back:", "redo": "in place again:", "revert": "taken back:",
}  # fmt: skip
_NAMED = 3  # ids that one line names


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that was left as it is: its id, and why."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A record about which something else was decided: its id, what stands against it, and the decisions that do."""

    id: str
    reason: str
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one act of a person; `text` is one plain line that says so. The decisions are stored."""

    decisions: tuple[Decision, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    refused: tuple[Refusal, ...] = ()
    text: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """The records that were decided about, each once, in order."""
        return tuple(dict.fromkeys(one.capability for one in self.decisions))


@dataclass(frozen=True, slots=True)
class Selector:
    """Which decisions are meant: those that meet all that is given. `since` is ISO 8601, `run` drafted the record."""

    seq: int | None = None
    batch: str | None = None
    actor: str | None = None
    run: str | None = None
    since: str | None = None


def done(
    decisions: Sequence[Decision],
    *,
    conflicts: Iterable[Conflict] = (),
    refused: Iterable[Refusal] = (),
    text: str = "",
) -> Done:
    """Return what became of an act, with the line that says so."""
    conflicts, refused = tuple(conflicts), tuple(refused)
    said = [text or told(decisions)] if decisions else []
    left = [*((one.id, one.reason) for one in conflicts), *((one.id, one.reason) for one in refused)]
    said += [f"{_short(identity)}: {reason}" for identity, reason in left[:_NAMED]]
    said += [f"and {len(left) - _NAMED:,} more left as they are"] if len(left) > _NAMED else []
    return Done(tuple(decisions), conflicts, refused, "; ".join(said) or "nothing was decided")


def told(decisions: Sequence[Decision]) -> str:
    """Return what decisions of one batch did, in one line, such as `accepted image-search, without unique`."""
    first = next((one for one in decisions if one.field in ("state", "record", "second")), decisions[0])
    ids = list(dict.fromkeys(one.capability or one.entry for one in decisions))
    if first.field in WORDS:
        ids = list(dict.fromkeys(chain.from_iterable(map(ids_of, decisions))))
        return f"{_DID[first.op]} {', '.join(ids) if len(decisions) == 1 else f'{len(ids):,} records'}"
    named = ", ".join(map(_short, ids)) if len(ids) <= _NAMED else f"{len(ids):,} records"
    did = _DID[first.op]
    if first.op == "reject" and first.field == "revision":
        did = "kept the text of"
    if first.op == "flag" and first.after is False:
        did = "took the flag off"
    line = f"{did} {named}"
    dropped = [one for one in decisions if one.field == "dropped" and one.op == "accept" and one.after]
    if len(ids) == 1 and dropped:
        line += f", without {shown('dropped', dropped[0].after)}"
    elif dropped:
        line += f", {len(dropped):,} of them without a field"
    disputed = sum(one.field == "disputed" and one.after is True for one in decisions)
    return line + (f"; {disputed:,} now disputed: another reviewer decided otherwise" if disputed else "")


def _short(identity: str) -> str:
    return identity.rpartition("/")[2] or identity
