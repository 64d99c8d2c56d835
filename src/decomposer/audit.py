"""Audit claims that cite nothing: find the best evidence in a whole document and judge by the rules."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest

from decomposer.records import Document, Evidence, Flag, Support, Unit
from decomposer.text.judging import ORDER, WEIGHTS, Judged, Weights, judge, weighed
from decomposer.text.reading import Reading, read
from decomposer.text.wording import DENIED

__all__ = ["ORDER", "Audited", "find", "find_all"]

LOOKED_AT = 4  # units around which evidence is tried
LONGEST = 800  # characters of evidence of several units


@dataclass(frozen=True, slots=True)
class Audited:
    """A claim, the verdict on it, how much speaks for it (0 to 1), its best evidence, and what is wrong with it."""

    text: str
    support: Support
    score: float
    reason: str
    evidence: tuple[Evidence, ...] = ()
    flags: tuple[Flag, ...] = ()


def find(
    claim: str, document: Document, units: Sequence[Unit], *, index: int = 0, weights: Weights = WEIGHTS
) -> Audited:
    """Return the verdict on a claim by the best that one to three neighbouring units of the document say.

    `units` are all units of the document in order, `index` is the document's place in its source. Deterministic; asks
    no model; never raises on any claim.
    """
    reading = read(document, units)
    tried = [
        (judge(claim, reading.said(window), reading, searched=True, weights=weights), window)
        for window in _windows(claim, reading, weights)
    ]
    if not tried:
        nothing = judge(claim, reading.said(()), reading, searched=True)
        return _audited(claim, nothing, (), document, index)
    # a place that denies the claim is not to be passed over for one that says less of it
    judged, window = max(tried, key=lambda one: (_denied(one[0]), round(one[0].score, 6), -len(one[1])))
    return _audited(claim, judged, window if judged.score > 0 else (), document, index)


def find_all(claims: Iterable[str], document: Document, units: Sequence[Unit], *, index: int = 0) -> list[Audited]:
    """Return the verdicts on several claims, in order."""
    return [find(claim, document, units, index=index) for claim in claims]


def _windows(claim: str, reading: Reading, weights: Weights) -> Iterator[tuple[Unit, ...]]:
    """Yield the stretches of one to three neighbouring units of one section that say most of a claim's words."""
    found: dict[int, float] = {}
    by_form, by_group = reading.places
    for term, weight in weighed(claim, reading, weights):
        said = dict.fromkeys((place for group in term.asks for place in by_group.get(group, ())), weights.near)
        said.update(dict.fromkeys(by_form.get(term.form, ()), 1.0))
        for place, credit in said.items():
            found[place] = found.get(place, 0.0) + weight * credit
    best = nlargest(LOOKED_AT, found, key=lambda place: (found[place], -place))
    spans = dict.fromkeys(
        (start, end) for place in best for start in (place - 1, place) for end in (place + 1, place + 2)
    )
    units = reading.citable
    for start, end in spans:
        window = tuple(units[max(0, start) : end])
        near = all(unit.path == window[0].path for unit in window)
        if len(window) == 1 or (near and sum(unit.end - unit.start for unit in window) <= LONGEST):
            yield window


def _denied(judged: Judged) -> bool:
    return any(
        fault.kind == "contradiction" or (fault.note == DENIED and fault.support == "unsupported")
        for fault in judged.faults
    )


def _audited(claim: str, judged: Judged, window: Iterable[Unit], document: Document, index: int) -> Audited:
    evidence = tuple(
        Evidence(
            document=index, start=unit.start, end=unit.end, quote=document.text[unit.start : unit.end], how="cited",
            score=round(judged.score, 4),
        )
        for unit in window
    )  # fmt: skip
    once = {
        (fault.kind, fault.start, fault.end): Flag(
            kind=fault.kind, text=claim[fault.start : fault.end], note=fault.note
        )
        for fault in judged.faults
        if fault.kind
    }
    return Audited(claim, judged.support, judged.score, judged.reason, evidence, tuple(once.values()))
