"""Compare two entries of a workspace: with the judge that drafting has, their ranks of the day, and a stated need."""

from typing import TYPE_CHECKING

from decomposer.compare import Relevance, compare
from decomposer.errors import UsageError
from decomposer.records import Capability, Comparison, Provenance
from decomposer.same import Judging
from decomposer.wiring.ranking import Ranking

if TYPE_CHECKING:
    from decomposer.wiring.workspace import Workspace

_LONGEST_NEED = 300


def compared(one: str, other: str, workspace: "Workspace", *, need: str | None = None) -> Comparison:
    """Return two entries side by side. Raises UsageError for no such entry, one with itself, and a need without words.

    The names of both are masked when their capabilities are judged.
    """
    if one == other:
        raise UsageError(f"{one!r} is one entry", hint="name two")
    a, b = workspace.entry(one), workspace.entry(other)
    judge = Judging.of(a.artifact, b.artifact, learned=workspace.learned)
    ranking = Ranking(workspace)
    first, second = ranking.of(a), ranking.of(b)
    wanted = None if need is None else _need(need)
    return compare(
        a,
        b,
        same=judge,
        ranks=(first.rank, second.rank),
        facts=(first.measured.facts, second.measured.facts),
        need=wanted,
        relevance=None if wanted is None else relevance(wanted, judge),
    )


def relevance(need: str, judge: Judging) -> Relevance:
    """Return what says how near a capability is to a need in plain words, 0-1: as judged of two records, or by letters.

    The words count first; letters that they share tell apart what shares no word, and count a third of that at most.
    """
    asked = Capability(id="", name=need, category="other", provenance=Provenance(model="", prompt=""))

    def near(capability: Capability) -> float:
        score, letters = judge.closeness(asked, capability)
        return max(score, letters / 3)

    return near


def _need(text: str) -> str:
    plain = " ".join(text.split())
    if not any(character.isalnum() for character in plain) or len(plain) > _LONGEST_NEED:
        hint = f"say in up to {_LONGEST_NEED} characters what is needed"
        raise UsageError("that need can't be looked for", hint=hint)
    return plain
