"""What can be wrong with the wording of a claim: denials, bounds, order in time, comparisons and praise."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from decomposer.records import Support
from decomposer.text.rules import Case, Fault, claimed_numbers, clause, near, number_fault
from decomposer.text.stems import stem
from decomposer.text.terms import Term, terms
from decomposer.text.words import Word, comparisons, negations, scopes, scores, superlatives

DENIED = "the cited text denies this"

# --- negation and scope


def negation_faults(case: Case) -> Iterator[Fault]:
    """A claim that denies what the cited text does not deny, or asserts what it denies."""
    mine = [word for word in negations(case.claim) if not _says_optional(case.claim, word)]
    theirs = negations(case.said.everything)
    if mine and not _same_denied(case.claim, case.said.everything):
        if not theirs and not _IMPLIED.search(case.said.everything):
            elsewhere = case.whole is not None and _same_denied(case.claim, case.whole.text)
            yield case.fault("negation", mine[0], "the cited text does not deny this", elsewhere=elsewhere)
        elif case.whole is not None or not theirs:
            yield Fault("negation", "partial", mine[0].start, mine[0].end, "the cited text denies something else")
    if not mine and theirs:
        yield from _denied_by(case)


_IMPLIED = re.compile(
    r"\b(?:only|optional\w*|disabl\w*|avoid\w*|prevent\w*|refus\w*|prohibit\w*|forbid\w*|restrict\w*|exclu\w*|removed?"
    r"|deprecated|discontinued|skip\w*|omit\w*|ignor\w*|unsupported|instead|fails?|un\w{4,}ed|limit\w*"
    r"|out[- ]of[- ]scope|free|open[- ]source|locally|offline)\b",
    re.IGNORECASE,
)
_OPTIONAL = re.compile(
    r"\W+(?:\w+\W+)?(?:obligatory|required|necessary|mandatory|needed|compulsory|need\b|must\b)", re.IGNORECASE
)


def _says_optional(claim: str, word: Word) -> bool:
    return _OPTIONAL.match(claim, word.end) is not None


def _denied_by(case: Case) -> Iterator[Fault]:
    for text in case.said.texts:
        denied = _denied(text)
        shared = [term for term in terms(case.claim) if term.form in denied]
        asserted = _asserted(text, denied)
        if shared and not all(term.form in asserted for term in shared):
            term = next(term for term in shared if term.form not in asserted)
            whole_claim = len(shared) * 3 >= len(terms(case.claim)) * 2
            grave = (case.whole is None or whole_claim) and not _IMPLIED.search(case.claim)
            support: Support = "unsupported" if grave else "partial"
            yield Fault("negation", support, term.start, term.end, DENIED)
            return


@lru_cache(maxsize=1024)
def _denied(text: str) -> frozenset[str]:
    """Return the stems of the few words after each negation, or before it where it ends its clause."""
    found: set[str] = set()
    for word in negations(text):
        after = terms(clause(text[word.end : word.end + 60]))[:3]
        found |= {term.form for term in after or terms(text[max(0, word.start - 40) : word.start])[-2:]}
    return frozenset(form for form in found if len(form) > 2)  # units of measure deny nothing


def _same_denied(claim: str, text: str) -> bool:
    """Return whether a text denies something near to what a claim denies."""
    theirs = _beside_negations(text)
    return any(near(term, theirs) for term in _beside_negations(claim))


@lru_cache(maxsize=1024)
def _beside_negations(text: str) -> tuple[Term, ...]:
    return tuple(
        term
        for word in negations(text)
        for stretch in (text[max(0, word.start - 40) : word.start], clause(text[word.end : word.end + 60]))
        for term in terms(stretch)
        if not term.weak
    )


def _asserted(text: str, denied: frozenset[str]) -> set[str]:
    counts = Counter(term.form for term in terms(text))
    return {form for form, count in counts.items() if count > 1 or form not in denied}


def scope_faults(case: Case) -> Iterator[Fault]:
    """Words that widen or narrow a claim (only, all, always, at least) where the cited text has none of the kind."""
    theirs = {word.form for word in scopes(case.said.everything)}
    for word in scopes(case.claim):
        if word.form not in theirs:
            written = case.claim[word.start : word.end]
            note = f"{written}: the cited text sets no such bound"
            yield Fault(None, "partial", word.start, word.end, note)


_ORDER = re.compile(
    r"\b(?P<when>before|during|after|prior to|while) (?:the |each |every |any )?(?P<what>[^\W\d_]+)", re.I
)


def order_faults(case: Case) -> Iterator[Fault]:
    """Things that a claim lets happen before, during or after something, and the cited text at another time."""
    theirs = {(found["when"].lower(), stem(found["what"].lower())) for found in _ORDER.finditer(case.said.text)}
    for found in _ORDER.finditer(case.claim):
        when, what = found["when"].lower(), stem(found["what"].lower())
        others = sorted(other for other, of in theirs if of == what and other != when)
        if others and (when, what) not in theirs:
            note = f"{found.group()}: the cited text says {others[0]}"
            yield Fault("contradiction", "partial", found.start(), found.end(), note)


# --- comparison and praise


def comparison_faults(case: Case) -> Iterator[Fault]:
    """Comparisons: those that the source makes are its own claim, in its own direction; others are made up."""
    mine = comparisons(case.claim)
    if not mine:
        return
    theirs = comparisons(case.said.everything)
    if theirs and any(_alike(mine[0], other) for other in theirs):
        note = f"comparison that the source makes of itself: {case.claim[mine[0].start : mine[0].end]}"
        yield Fault(None, "vendor_claim", mine[0].start, mine[0].end, note)
        return
    written = case.claim[mine[0].start : mine[0].end].strip()
    note = f"{written}: the cited text makes {'another' if theirs else 'no'} comparison"
    given = [word for word in claimed_numbers(case.claim) if not number_fault(word, "", case.said.everything)]
    if case.whole and (len(given) > 1 or _CONTRAST.match(mine[0].form)):
        yield Fault("comparison", "partial", mine[0].start, mine[0].end, note)
        return
    elsewhere = case.whole is not None and bool(comparisons(case.whole.text))
    yield case.fault("comparison", mine[0], note, elsewhere=elsewhere)


_CONTRAST = re.compile(r"rather|unlike|in contrast|as opposed")
_NEUTRAL = re.compile(r"compared|versus|vs|unlike|contrast|opposed|par|competitive|alternative|drop-in")


def _alike(mine: Word, theirs: Word) -> bool:
    if _NEUTRAL.search(mine.form) or _NEUTRAL.search(theirs.form):
        return True
    return any(near(term, _terms_of(theirs.form)) for term in _terms_of(mine.form)) or mine.form == theirs.form


def _terms_of(comparison: str) -> tuple[Term, ...]:
    return terms(re.sub(r"\b(?:than|more|less|to)\b", "", comparison)) or terms("better")


def superlative_faults(case: Case) -> Iterator[Fault]:
    """Praise: that of the source is its own claim, other praise is made up."""
    mine = superlatives(case.claim)
    if not mine:
        return
    word, written = mine[0], case.claim[mine[0].start : mine[0].end]
    if superlatives(case.said.everything):
        yield Fault(None, "vendor_claim", word.start, word.end, f"praise that the source makes of itself: {written}")
        return
    elsewhere = case.whole is not None and bool(superlatives(case.whole.text))
    yield case.fault("superlative", word, f"{written}: the cited text makes no praise", elsewhere=elsewhere)


def score_faults(case: Case) -> Iterator[Fault]:
    """A measured quality that the source gives of itself, with nothing to look it up in."""
    mine = scores(case.claim)
    if mine and not case.said.referenced:
        word, written = mine[0], case.claim[mine[0].start : mine[0].end]
        note = f"a figure that the source gives of itself, without a reference: {written}"
        yield Fault(None, "vendor_claim", word.start, word.end, note)
