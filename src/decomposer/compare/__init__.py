"""Compare two entries: a table of facts, their capabilities aligned one to one, and a verdict by rules."""

from collections.abc import Callable

from decomposer.compare.aligning import aligned
from decomposer.compare.buyers import needed
from decomposer.compare.shown import shown
from decomposer.compare.table import rows
from decomposer.compare.verdict import verdict
from decomposer.records import Capability, Comparison, Entry, Facts, Judge, Rank, Side

Relevance = Callable[[Capability], float]

__all__ = ["Relevance", "compare"]


def compare(
    a: Entry, b: Entry, *, same: Judge, ranks: tuple[Rank, Rank], facts: tuple[Facts, Facts],
    need: str | None = None, relevance: Relevance | None = None,
) -> Comparison:  # fmt: skip
    """Return the two side by side. Records that were rejected or retired, and fields left out, are not compared.

    `ranks` and `facts` are those of A and B. `relevance` says how near a capability is to the `need`, 0-1; without one
    what a person accepted goes first, then what its source bears out best.
    """
    records = shown(a), shown(b)
    sides = (_side(a, records[0], facts[0], ranks[0]), _side(b, records[1], facts[1], ranks[1]))
    shared, only_a, only_b = aligned(*records, same=same, relevance=relevance)
    lines = verdict(sides, shared, (only_a, only_b))
    if need is not None and relevance is not None:
        lines = (*lines, needed(sides, records, need, relevance))
    return Comparison(
        a=sides[0],
        b=sides[1],
        as_of=max(rank.as_of for rank in ranks),
        rows=rows(*sides),
        shared=shared,
        only_a=only_a,
        only_b=only_b,
        verdict=lines,
        need=need,
    )


def _side(entry: Entry, records: tuple[Capability, ...], facts: Facts, rank: Rank) -> Side:
    return Side(
        artifact=entry.artifact,
        facts=facts,
        rank=rank,
        documents=entry.documents,
        source_kind=entry.source_kind,
        capabilities=len(records),
        accepted=sum(one.state == "accepted" for one in records),
        left_out=len(entry.capabilities) - len(records),
    )
