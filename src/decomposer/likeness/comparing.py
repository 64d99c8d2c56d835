"""Weigh what speaks for two entries being one artifact, and say in what relation they stand, with every reason."""

from collections.abc import Iterator, Sequence
from math import prod
from typing import NamedTuple

from decomposer.likeness.naming import name
from decomposer.likeness.sketches import resemblance
from decomposer.records.likeness import Address, Likeness, Name, Relation, Traits

PROPOSED = 0.6
"""The score from which a pair is proposed to a person."""

_LITTLE_TEXT = 200  # characters under which equal texts say nothing: placeholders are alike everywhere
_FEW_RUNS = 20  # of words, under which a share of them says nothing
_FEW_LINES = 4  # links and lines of code, likewise
_SHARED_TEXT = 0.15  # share of the shorter text from which it is told
_COPIED = 0.5  # share of the shorter text from which it was taken over
_ALONE = 0.5
_UNVERSIONED = 0.5  # what a name in common counts where only one of the two has a version
_BY_VERSION = {"model", "finetune", "dataset"}  # each version of these is listed for itself
_WEIGHTS = {
    "address": 0.75, "crossed": 0.6, "name": 0.5, "part of name": 0.25, "suffix": 0.5, "digest": 0.97,
}  # fmt: skip
_CODES = {"zh": {"zh", "cn", "tw"}, "ja": {"ja", "jp"}, "ko": {"ko", "kr"}, "fa": {"fa"}, "pt": {"pt", "br"}}


class Shared(NamedTuple):
    """How much two entries have in common: share of the shorter text, and of links and lines of code, 0-1."""

    prose: float
    fixed: float
    all_fixed: float


class _Evidence(NamedTuple):
    weight: float
    reason: str


def likeness(a: Traits, b: Traits, *, capabilities: float | None = None) -> Likeness | None:
    """Return what two entries have to do with each other, or None where nothing speaks for one artifact.

    `capabilities` is the share of the shorter list of capabilities that the other has too, where it is known. Pieces
    of evidence are taken to be independent: the score is 1 - the product of what each leaves open (noisy or). What
    speaks against one artifact - another size, another name under the same owner - leaves no proposal, or only that one
    is derived from the other. The result is the same for (b, a).
    """
    if (b.slug, b.digests) < (a.slug, a.digests):
        a, b = b, a
    shared = _shared(a, b)
    if made := _derived(a, b, shared):
        return made
    found = list(_evidence(a, b, shared))
    if capabilities is not None and found and capabilities >= 0.5:
        found.append(
            _Evidence(0.5 * capabilities, f"{capabilities:.0%} of the shorter list of capabilities is in both")
        )
    if not found or _contradicts(a, b, shared):
        return None
    score = min(1 - prod(1 - one.weight for one in found), _cap(found, shared))
    one, other, relation, why = _relation(a, b, shared)
    reasons = (why, *(one.reason for one in sorted(found, key=lambda one: (-one.weight, one.reason))))
    return Likeness(one=one.slug, other=other.slug, relation=relation, score=round(score, 4), reasons=reasons)


def _cap(found: Sequence[_Evidence], shared: Shared) -> float:
    """Return what the score may be at most: one piece of evidence alone is no proposal, unless it is the text."""
    alone = len(found) == 1 and found[0].weight < _WEIGHTS["digest"] and shared.prose < _COPIED
    return _ALONE if alone else 1.0


# --- what speaks for it


def _shared(a: Traits, b: Traits) -> Shared:
    enough = min(a.prose.size, b.prose.size) >= _FEW_RUNS
    both, lines = resemblance(a.prose, b.prose), resemblance(a.fixed, b.fixed)
    several = min(a.fixed.size, b.fixed.size) >= _FEW_LINES
    return Shared(both[1] if enough else 0.0, lines[1] if several else 0.0, lines[0] if several else 0.0)


def _evidence(a: Traits, b: Traits, shared: Shared) -> Iterator[_Evidence]:
    if min(a.chars, b.chars) >= _LITTLE_TEXT and (equal := set(a.digests) & set(b.digests)):
        yield _Evidence(_WEIGHTS["digest"], f"the same document, to the byte ({len(equal)})")
    sure = _UNVERSIONED if bool(_versions(a)) != bool(_versions(b)) else 1.0
    ours, theirs = {*a.own, *a.said}, {*b.own, *b.said}
    if common := sorted(ours & theirs):
        yield _Evidence(_WEIGHTS["address"], f"both are found at {', '.join(common[:3])}")
    elif crossed := sorted(ours & set(b.mentioned) | theirs & set(a.mentioned)):
        yield _Evidence(_WEIGHTS["crossed"] * _named(a, b) * sure, f"one links to the other: {', '.join(crossed[:3])}")
    if alike := _alike_names(a, b):
        yield _Evidence(_WEIGHTS["name"] * sure, f"they have a name in common: {alike}")
    elif part := _contained(a, b):
        yield _Evidence(_WEIGHTS["part of name"], f"the name of one is in that of the other: {part}")
    if code := _suffixed(a, b):
        yield _Evidence(
            _WEIGHTS["suffix"], f"the name of one is that of the other with the language of its text: {code}"
        )
    if shared.prose >= _SHARED_TEXT:
        yield _Evidence(0.9 * shared.prose, f"{shared.prose:.0%} of the shorter text is in both")
    if shared.fixed >= _SHARED_TEXT:
        yield _Evidence(0.8 * shared.fixed, f"{shared.fixed:.0%} of the links and lines of code are in both")


def _named(a: Traits, b: Traits) -> float:
    """Return how much a link from one to the other counts: little where their names have nothing in common."""
    return 1.0 if _alike_names(a, b) or _contained(a, b) else 0.25


def _alike_names(a: Traits, b: Traits) -> str:
    pairs = [(one, other) for one in a.names for other in b.names if one.core == other.core and len(one.core) > 2]
    return pairs[0][0].core if pairs else ""


def _suffixed(a: Traits, b: Traits) -> str:
    """Return the language that a name ends with beside the other's, where the text is in it: README.ar, guide-zh.

    That of a model says what the model is for, and not of its card.
    """
    if {a.type, b.type} & _BY_VERSION or a.language == b.language:
        return ""
    pairs = [(side, one, held) for side, other in ((a, b), (b, a)) for one in side.names for held in other.names]
    found = (
        one.language
        for side, one, held in pairs
        if one.language
        and one.language.split("-")[0] in _CODES.get(side.language or "", {side.language})
        and one.model_copy(update={"language": ""}) == held
    )
    return next(found, "")


def _contained(a: Traits, b: Traits) -> str:
    for one in a.names:
        for other in b.names:
            short, long = sorted((one.words, other.words), key=len)
            if len(short) < len(long) and len("".join(short)) > 4 and set(short) <= set(long):
                return " ".join(short)
    return ""


# --- what speaks against it


def _contradicts(a: Traits, b: Traits, shared: Shared) -> bool:
    """Say whether names or addresses set two entries apart: sizes, variants, or another thing of the same owner."""
    if set(a.digests) & set(b.digests) and min(a.chars, b.chars) >= _LITTLE_TEXT:
        return False
    if _sizes_apart(a, b) or _versions_apart(a, b):
        return True
    # An owner does not list one thing twice: what has another name there is another thing, however alike the texts.
    ours, theirs = ({_parsed(one) for one in (*side.own, *side.said)} for side in (a, b))
    owners = {(one.place, one.owner) for one in ours} & {(one.place, one.owner) for one in theirs}
    for place, owner in owners:
        here = ({one for one in side if (one.place, one.owner) == (place, owner)} for side in (ours, theirs))
        if owner and not set.intersection(*here):
            return True
    return False


def _sizes_apart(a: Traits, b: Traits) -> bool:
    ours, theirs = (set(_marks(side)) for side in (a, b))
    return bool(ours and theirs and ours != theirs) and not (ours <= theirs or theirs <= ours)


def _marks(of: Traits) -> Iterator[str]:
    for one in of.names:
        yield from (*one.sizes, *one.variants)
        if of.type in _BY_VERSION and one.language:
            yield f"for {one.language}"


def _versions(of: Traits) -> set[str]:
    return {version for one in of.names for version in one.versions}


def _versions_apart(a: Traits, b: Traits) -> bool:
    """Say whether versions make two things of two: those of models do, and whole numbers, as in GPT-2 and GPT-3."""
    ours, theirs = _versions(a), _versions(b)
    whole = any("." not in version for version in ours ^ theirs)
    return bool(ours and theirs and not ours & theirs) and (whole or {a.type, b.type} & _BY_VERSION != set())


def _parsed(text: str) -> Address:
    place, _, rest = text.partition(":")
    owner, _, named = rest.rpartition("/") if place != "web" else ("", "", rest)
    return Address(place, owner, named)


# --- how they stand to each other


def _derived(a: Traits, b: Traits, shared: Shared) -> Likeness | None:
    """Return that one was made from the other, where metadata or a name says so."""
    for one, other in ((a, b), (b, a)):
        if based := sorted(set(one.bases) & {*other.own, *other.said}):
            return _made(one, other, 0.95, f"its metadata names {based[0]} as what it was made from")
        named = {_what(name(_parsed(text).name)) for text in one.bases} & {_what(held) for held in other.names}
        marks = _formats(one) - _formats(other)
        same = _alike_names(a, b) or _contained(a, b)
        if marks and same and not _sizes_apart(a, b):
            return _made(one, other, 0.7, f"its name says {', '.join(sorted(marks))}: {same} in another form")
        if named and not set(one.own) & set(other.own):
            return _made(one, other, 0.7, f"its metadata says that it was made from {' '.join(sorted(named)[0][0])}")
    return None


def _made(one: Traits, other: Traits, score: float, why: str) -> Likeness:
    return Likeness(one=one.slug, other=other.slug, relation="derived", score=score, reasons=(why,))


def _what(one: Name) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    return (one.core,), one.versions, (*one.sizes, *one.variants)


def _formats(of: Traits) -> set[str]:
    return {mark for one in of.names for mark in one.formats}


def _relation(a: Traits, b: Traits, shared: Shared) -> tuple[Traits, Traits, Relation, str]:
    """Return which of two is what of the other, and why it is taken for that."""
    if a.language and b.language and a.language != b.language and shared.prose < _COPIED:
        one, other = (b, a) if _original(a, b) else (a, b)
        return one, other, "translation", f"their languages are {a.language} and {b.language}"
    if dated := _dated(a, b):
        return dated
    if not {a.type, b.type} & _BY_VERSION and (_owners_apart(a, b) or (not _alike_names(a, b) and _contained(a, b))):
        one, other = (b, a) if len(_longest(a).words) <= len(_longest(b).words) else (a, b)
        return one, other, "fork", "owner or name differ, and one carries the name of the other"
    if 0 < shared.prose < _COPIED and a.newest and b.newest and a.newest != b.newest:
        one, other = (a, b) if a.newest < b.newest else (b, a)
        return (
            one,
            other,
            "older_version",
            f"its text knows no year after {one.newest}, the other's knows {other.newest}",
        )
    return a, b, "same", "nothing tells them apart"


def _original(a: Traits, b: Traits) -> bool:
    """Say whether `a` is the original: the one whose name has no language, or that is in English, or is longer."""
    ours, theirs = (any(one.language for one in side.names) for side in (a, b))
    if ours != theirs:
        return theirs
    if (a.language == "en") != (b.language == "en"):
        return a.language == "en"
    return a.chars >= b.chars


def _dated(a: Traits, b: Traits) -> tuple[Traits, Traits, Relation, str] | None:
    for what in ("dates", "versions"):
        ours, theirs = (sorted({one for held in side.names for one in getattr(held, what)}) for side in (a, b))
        if what == "dates" and bool(ours) != bool(theirs):
            one, other = (a, b) if ours else (b, a)
            return one, other, "older_version", f"its name is dated {(ours or theirs)[-1]}"
        if ours and theirs and not set(ours) & set(theirs):
            one, other = (a, b) if _number(ours[-1]) < _number(theirs[-1]) else (b, a)
            return one, other, "older_version", f"{what} in their names: {ours[-1]} and {theirs[-1]}"
    return None


def _number(text: str) -> list[int]:
    return [int(part) for part in text.replace("-", ".").replace("_", ".").split(".") if part.isdigit()]


def _owners_apart(a: Traits, b: Traits) -> bool:
    owners = [{_parsed(one).owner for one in side.own if _parsed(one).place == "gh"} for side in (a, b)]
    return bool(owners[0] and owners[1] and not owners[0] & owners[1])


def _longest(of: Traits) -> Name:
    return max(of.names, key=lambda one: len(one.words))
