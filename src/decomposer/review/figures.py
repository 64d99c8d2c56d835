"""Count what people decided about the work of each prompt and model: accepted, rejected and why, edited, left out."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from decomposer.records import Decision

_LONGEST = 200  # characters of a reason by which it is counted
_NONE = "no reason given"


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of the drafts of one prompt and model. `reasons` are those of rejections, the most frequent first.

    `edited` counts fields that a person wrote anew, `left_out` those that were not accepted with their record.
    """

    prompt: str
    model: str
    accepted: int = 0
    rejected: int = 0
    edited: int = 0
    left_out: int = 0
    merged: int = 0
    split: int = 0
    reasons: tuple[tuple[str, int], ...] = ()

    @property
    def decided(self) -> int:
        """How many records were accepted or rejected."""
        return self.accepted + self.rejected

    @property
    def acceptance(self) -> float | None:
        """The share accepted of what was decided about, 0-1; None where nothing was."""
        return self.accepted / self.decided if self.decided else None


@dataclass(slots=True)
class _Counts:
    of: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)


def figures(decisions: Iterable[Decision]) -> list[Figures]:
    """Return the counts by prompt and model from all decisions, streaming; what was taken back does not count."""
    found: defaultdict[tuple[str, str], _Counts] = defaultdict(_Counts)
    for one in decisions:
        if one.live and (one.prompt or one.model):
            _count(one, found[one.prompt, one.model])
    return [
        Figures(prompt, model, **_named(counts.of), reasons=_most(counts.reasons))
        for (prompt, model), counts in sorted(found.items())
        if counts.of
    ]


def _count(one: Decision, counts: _Counts) -> None:
    match one.op, one.field:
        case "accept", "state":
            counts.of["accepted"] += 1
        case "reject", "state":
            counts.of["rejected"] += 1
            counts.reasons[" ".join(one.reason.split())[:_LONGEST] or _NONE] += 1
        case "accept", "dropped":
            before = one.before if isinstance(one.before, list) else []
            after = one.after if isinstance(one.after, list) else []
            counts.of["left_out"] += len({str(name) for name in after} - {str(name) for name in before})
        case "edit", "state" | "dropped":
            pass
        case "edit", _:
            counts.of["edited"] += 1
        case "merge" | "split" as op, "record":
            # Counted at the record that keeps its id, once for each act.
            if one.before is not None and one.after is not None:
                counts.of["merged" if op == "merge" else "split"] += 1


def _named(counts: Counter[str]) -> dict[str, int]:
    return {name: counts[name] for name in ("accepted", "rejected", "edited", "left_out", "merged", "split")}


def _most(reasons: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(reasons.items(), key=lambda one: (-one[1], one[0])))
