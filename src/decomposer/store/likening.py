"""Write what was judged of pairs of records of the registry as rows, and read it again."""

from typing import Any, cast

from decomposer.display import display_safe
from decomposer.records import DecidedBy, Judgement, Verdict

Pair = tuple[int, int]


def pair_of(one: int, other: int) -> Pair:
    """Return two numbers of records as rows hold them, the smaller first."""
    return (one, other) if one < other else (other, one)


def row_of(pair: Pair, judgement: Judgement) -> dict[str, object]:
    """Return the row of likenesses for what was judged of a pair."""
    reasons = display_safe("\n".join([" ".join(one.split()) for one in judgement.reasons]))
    said = {"verdict": judgement.verdict, "score": judgement.score, "decided_by": judgement.decided_by}
    return {"a": pair[0], "b": pair[1], **said, "reasons": reasons}


def judgement_of(row: Any) -> Judgement:
    """Return a row of likenesses as the judgement of its first record and its second."""
    reasons = tuple(row.reasons.split("\n")) if row.reasons else ()
    return Judgement(cast(Verdict, row.verdict), row.score, reasons, cast(DecidedBy, row.decided_by))
