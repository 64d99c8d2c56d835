"""Judge one claim by the rules: how much of it the evidence says, what is wrong with it, and a score."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from decomposer.records import Support
from decomposer.text.language import language
from decomposer.text.reading import Reading, Said
from decomposer.text.rules import Case, Fault, apart_faults, name_faults, number_faults
from decomposer.text.terms import Bag, Term, stretches, terms
from decomposer.text.wording import (
    comparison_faults,
    negation_faults,
    order_faults,
    scope_faults,
    score_faults,
    superlative_faults,
)
from decomposer.text.words import names, negations, numbers

LONG = 500  # characters of evidence from which on only what stands together counts
_OWN_PRAISE = (comparison_faults, superlative_faults, score_faults)
ORDER: tuple[Support, ...] = ("supported", "vendor_claim", "partial", "unsupported")
"""From the strongest verdict to the weakest."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What the words of a claim count for, and the shares of it that must be found.

    Words and penalties are set by what they mean, not by fitting. `near` is for a near word in place of the same one,
    `apart` for a word that stands in the document but not in that place, `weak` the weight of a word that says little,
    `common` that of a word in every unit as against one in a single unit, `name` that of a name. `cited` is the share
    that makes a claim supported and `too_little` that which leaves it unsupported where evidence was given; `found`
    and `half` are the same where it was looked for and a claim has every chance. These two were chosen with one
    document left out at a time (benchmarks/claims.py). `doubted` and `denied` lower the score for a slight and a grave
    fault.
    """

    near: float = 0.85
    apart: float = 0.3
    weak: float = 0.3
    common: float = 0.4
    name: float = 1.5
    cited: float = 0.5
    too_little: float = 0.2
    found: float = 0.68
    half: float = 0.42
    doubted: float = 0.75
    denied: float = 0.35


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on a claim, a score from 0 to 1, the reason, and what is wrong with it."""

    support: Support
    score: float
    reason: str
    faults: tuple[Fault, ...] = ()


def worst(verdicts: Iterable[Support]) -> Support:
    """Return the weakest of some verdicts; `unsupported` where there are none."""
    return max(verdicts, key=ORDER.index, default="unsupported")


def judge(claim: str, said: Said, reading: Reading, *, searched: bool = False, weights: Weights = WEIGHTS) -> Judged:
    """Return the verdict on a claim by what is said for it.

    With `searched` the evidence was looked for in the whole document: what stands elsewhere in it then makes the claim
    partial rather than unsupported, and more of the claim's words must be found.
    """
    if not said.texts:
        nothing = "nothing in the document speaks of this" if searched else "no text of the source is cited for this"
        why = said.refused or (("citation", nothing),)
        refused = tuple(Fault(kind, "unsupported", 0, len(claim), note) for kind, note in why)
        return Judged("unsupported", 0.0, "; ".join(note for _, note in why), refused)
    case = Case(claim, said, reading, searched)
    if not (terms(claim) or numbers(claim) or names(claim)):
        return _verdict([Fault(None, "partial", 0, 0, "there is nothing in it that can be checked")], 0.0, weights)
    if any(_verbatim(claim, text) for text in said.texts):
        return _verdict([fault for rule in _OWN_PRAISE for fault in rule(case)], 1.0, weights)
    words = weighed(claim, reading, weights) if searched else [(term, _plain(term, weights)) for term in terms(claim)]
    here, anywhere = _coverage(words, said, reading.whole.own if searched else Bag(), weights)
    share = anywhere if searched else here
    faults = [*number_faults(case), *name_faults(case)]
    if _other_language(claim, reading):
        note = "in another language than the source: only numbers and names were checked"
        return _verdict(faults or [Fault(None, "partial", 0, 0, note)], max(share, 0.5), weights)
    rules = (apart_faults, negation_faults, scope_faults, order_faults, *_OWN_PRAISE)
    faults += [fault for rule in rules for fault in rule(case)]
    if here < (weights.found if searched else weights.cited):
        little = anywhere < weights.half if searched else here < weights.too_little
        faults.append(Fault(None, "unsupported" if little else "partial", 0, 0, _missing(case)))
    judged = _verdict(faults, share, weights)
    if judged.support == "supported" and reading.document.language not in (None, "en"):
        return replace(judged, reason=f"{judged.reason}; denials, bounds and comparisons are checked in English alone")
    return judged


def weighed(claim: str, reading: Reading, weights: Weights = WEIGHTS) -> list[tuple[Term, float]]:
    """Return the words of a claim with their weights: rare words of the document and names tell more."""
    named = {word.start for word in names(claim)}
    found = []
    for term in terms(claim):
        weight = weights.common + (1 - weights.common) * reading.rarity(term.form)
        named_weight = weights.name if term.start in named and not term.weak else 1.0
        found.append((term, weight * _plain(term, weights) * named_weight))
    return found


def _plain(term: Term, weights: Weights) -> float:
    return weights.weak if term.weak else 1.0


def _coverage(words: Sequence[tuple[Term, float]], said: Said, elsewhere: Bag, weights: Weights) -> tuple[float, float]:
    """Return how much of the weight of words is said in that place, and in the document as a whole, 0 to 1."""
    total = sum(weight for _, weight in words)
    if not total:
        return 1.0, 1.0
    far = [weights.apart * _credit(term, elsewhere, weights) for term, _ in words]
    around = [_credit(term, said.context, weights) for term, _ in words]
    tried = []
    for own in stretches(said.text) if len(said.text) > LONG else [said.own]:
        near = [max(_credit(term, own, weights), above) for (term, _), above in zip(words, around, strict=True)]
        here = sum(weight * got for (_, weight), got in zip(words, near, strict=True))
        anywhere = sum(weight * max(two) for (_, weight), *two in zip(words, near, far, strict=True))
        tried.append((here / total, anywhere / total))
    return max(tried)


def _credit(term: Term, said: Bag, weights: Weights = WEIGHTS) -> float:
    if term.form in said.forms:
        return 1.0
    return weights.near if term.asks & said.says else 0.0


def _missing(case: Case) -> str:
    both = (case.said.own, case.said.context)
    missing = [term for term in terms(case.claim) if not any(_credit(term, said) for said in both)]
    listed = ", ".join(dict.fromkeys(case.claim[term.start : term.end] for term in missing[:6]))
    return f"not in the cited text: {listed}" if listed else "its words stand in the cited text, but not together"


def _verdict(faults: Sequence[Fault], share: float, weights: Weights) -> Judged:
    support = worst(fault.support for fault in faults) if faults else "supported"
    reason = "; ".join(dict.fromkeys(fault.note for fault in faults if fault.support == support))
    lowered = {"unsupported": weights.denied, "partial": weights.doubted}
    score = share
    for fault in faults:
        if fault.start != fault.end:
            score *= lowered.get(fault.support, 1.0)
    return Judged(support, score, reason or "its numbers, names and words stand in the cited text", tuple(faults))


def _verbatim(claim: str, text: str) -> bool:
    """Return whether a text says a claim word for word, and denies as much as it does."""
    bare = _bare(claim)
    at = _bare(text).find(bare)
    if not bare or at < 0 or len(negations(claim)) != len(negations(text)):
        return False
    return re.search(rf"(?<![\w.,-]){re.escape(bare)}(?!\w|[.,-]\w)", _bare(text)) is not None


def _bare(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .:;,!?。！？：")


def _other_language(claim: str, reading: Reading) -> bool:
    """Return whether a claim is in another script than the prose of a document, or surely in another language."""
    if abs(_latin(claim) - _latin(reading.prose)) > 0.4:
        return True
    spoken = language(claim)
    return spoken is not None and reading.document.language not in (None, spoken)


@lru_cache(maxsize=1024)
def _latin(text: str) -> float:
    letters = [character for character in text if character.isalpha()]
    return sum(character < "ɐ" for character in letters) / len(letters) if letters else 1.0
