"""Say as JSON what a comparison shows: the table, the verdict, and of each record what its page says, no more.

What a page leaves out of a proposal is left out here as well; the whole records lie in the files of the two entries.
"""

from typing import Any

from decomposer.publish.compare_words import place, said
from decomposer.records import Alone, Capability, Comparison, Pair, Side

_Held = dict[str, Any]


def compared(found: Comparison) -> _Held:
    """Return what both pages and programs are told of two entries, as `shapes.SiteComparison` has it."""
    a, b = found.a, found.b
    return {
        "as_of": found.as_of,
        "need": found.need,
        "rows": found.rows,
        "verdict": found.verdict,
        "shared": [_pair(pair, a, b) for pair in found.shared],
        "only_a": [_alone(one, a) for one in found.only_a],
        "only_b": [_alone(one, b) for one in found.only_b],
        "hidden_rows": found.hidden_rows,
        "hidden_shared": found.hidden_shared,
    }


def side(one: Side, entry: str) -> _Held:
    """Return one of the two; `entry` is the link to the file of its entry."""
    counts = {name: getattr(one, name) for name in ("capabilities", "accepted", "left_out", "read")}
    rank = {name: getattr(one.rank, name) for name in ("points", "low", "high")}
    return {"slug": one.artifact.slug, "name": one.name, "entry": entry, **counts, **rank}


def _pair(pair: Pair, a: Side, b: Side) -> _Held:
    judged = {name: getattr(pair, name) for name in ("verdict", "score", "reasons", "decided_by", "relevance")}
    return {"a": _record(pair.a, a), "b": _record(pair.b, b), **judged}


def _alone(one: Alone, of: Side) -> _Held:
    near = {name: getattr(one, name) for name in ("nearest", "nearness", "relevance")}
    return {"capability": _record(one.capability, of), **near}


def _record(one: Capability, of: Side) -> _Held:
    texts = [
        {
            "field": text.field,
            "text": text.text,
            "label": text.label,
            "evidence": [{"quote": span.quote, "place": place(span, of)} for span in text.evidence],
        }
        for text in said(one, of, public=True)
    ]
    return {**{name: getattr(one, name) for name in ("id", "name", "category", "state")}, "said": texts}
