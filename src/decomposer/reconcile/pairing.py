"""Pair what was found with what was there: one to one, so that meaning and evidence agree best on the whole."""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Mapping, Sequence
from hashlib import sha256
from unicodedata import normalize

from decomposer.records import Capability, Judge, Provenance, State

_NOBODY = Provenance(model="", prompt="")
_DISMISSED: tuple[State, ...] = ("rejected", "retired")
_ENOUGH = 0.5  # share of the shorter evidence that says alone that it is the same capability, in characters
_TIE = 1e-6


def pair(before: Sequence[Capability], found: Sequence[Capability], *, judge: Judge) -> dict[int, Capability]:
    """Return the capability of `before` for each place in `found` that has one, one to one.

    First those that are equal, then those of one name, then the assignment of the rest with the greatest sum of
    likeness, among pairs that the judge calls the same or that share half of their evidence.
    """
    # By id, not by place: what was kept stands elsewhere in the next run, and must be paired the same way again.
    before = sorted(before, key=lambda capability: capability.id)
    pairs: dict[int, Capability] = {}
    for key in (content, _name):
        _pair_equals(before, found, pairs, key=key)
    used = {capability.id for capability in pairs.values()}
    left = [capability for capability in before if capability.id not in used]
    open_places = [place for place in range(len(found)) if place not in pairs]
    alike = {
        (place, at): likeness
        for place in open_places
        for at, likeness in _candidates(found[place], left, before, judge).items()
    }
    pairs |= {place: left[at] for place, at in _assigned(alike)}
    return pairs


def once(capabilities: Sequence[Capability]) -> list[Capability]:
    """Return the capabilities without exact duplicates."""
    first: dict[Capability, Capability] = {}
    for capability in capabilities:
        first.setdefault(content(capability), capability)
    return list(first.values())


def content(capability: Capability) -> Capability:
    """Return what a record says and rests on, without what only the catalog knows of it."""
    merged = tuple(map(content, capability.merged))
    bare = {"id": "", "state": "proposed", "provenance": _NOBODY, "broader_than": (), "revision": None}
    marks = {"dropped": (), "flagged": False, "disputed": False, "dismissed": ()}
    return capability.model_copy(update={**bare, **marks, "merged": merged})


def folded(name: str) -> str:
    """Return a name without what spelling changes: only spacing and case, for "C++" and "C#" are two things."""
    return re.sub(r"[\s_-]+", " ", normalize("NFKC", name).casefold()).strip()


def _name(capability: Capability) -> str:
    return folded(capability.name)


def _pair_equals(
    before: Sequence[Capability],
    found: Sequence[Capability],
    pairs: dict[int, Capability],
    *,
    key: Callable[[Capability], Hashable],
) -> None:
    used = {capability.id for capability in pairs.values()}
    free: defaultdict[Hashable, deque[Capability]] = defaultdict(deque)
    for capability in before:
        if capability.id not in used:
            free[key(capability)].append(capability)
    for place, capability in enumerate(found):
        if place not in pairs and (equals := free.get(key(capability))):
            pairs[place] = equals.popleft()


# --- likeness


def _candidates(
    proposal: Capability, left: Sequence[Capability], before: Sequence[Capability], judge: Judge
) -> dict[int, float]:
    """Return how alike the proposal is to each of `left` that it may be, by place there.

    What says a rejected record again is not paired with another by its evidence: it would come back under that id.
    """
    said_again = any(one.state in _DISMISSED and judge(one, proposal).verdict == "same" for one in before)
    supporting = _quotes(proposal)
    alike = {}
    for at, other in enumerate(left):
        judgement, quotes = judge(other, proposal), _quotes(other)
        same = judgement.verdict == "same"
        shared, one, all_of_it = map(_characters, (supporting & quotes, quotes, supporting | quotes))
        by_evidence = shared > 0 and shared >= _ENOUGH * min(one, _characters(supporting))
        if same or (by_evidence and (not said_again or other.state in _DISMISSED)):
            meaning = 0.5 + judgement.score / 2 if same else 0.0
            alike[at] = meaning + (shared / all_of_it if all_of_it else 0.0) + _TIE * _lot(other, proposal)
    return alike


def _lot(one: Capability, other: Capability) -> float:
    """Return a number in 0-1 that two records always have: it settles ties the same way in any other company."""
    text = f"{one.id}\n{content(other).model_dump_json()}"
    return int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:6], "big") / 2**48


def _quotes(capability: Capability) -> frozenset[str]:
    return frozenset(quote for span in capability.evidence() if (quote := " ".join(span.quote.split())))


def _characters(quotes: frozenset[str]) -> int:
    return sum(map(len, quotes))


def _assigned(alike: Mapping[tuple[int, int], float]) -> list[tuple[int, int]]:
    """Return the pairs of the assignment with the greatest sum; pairs that nobody contests need no search."""
    rows, columns = Counter(row for row, _ in alike), Counter(column for _, column in alike)
    clear = [(row, column) for row, column in alike if rows[row] == columns[column] == 1]
    contested = {pair: value for pair, value in alike.items() if pair not in set(clear)}
    if not contested:
        return clear
    import numpy
    from scipy.optimize import linear_sum_assignment

    places = sorted({row for row, _ in contested})
    others = sorted({column for _, column in contested})
    gain = numpy.zeros((len(places), len(others)))
    for (row, column), value in contested.items():
        gain[places.index(row), others.index(column)] = value
    chosen = zip(*linear_sum_assignment(gain, maximize=True), strict=True)
    return clear + [(places[row], others[column]) for row, column in chosen if gain[row, column] > 0]
