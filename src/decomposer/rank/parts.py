"""Score the inputs of each part of a rank, 0-1, each with the reason; what is unknown has no score."""

from calendar import timegm
from collections.abc import Callable, Mapping
from math import log1p
from typing import cast

from decomposer.rank.weights import (
    ADOPTION,
    ADOPTION_OTHERWISE,
    ECOSYSTEM,
    FRESHNESS,
    HALF_LIFE,
    MATCH,
    PRIOR,
    PRIOR_OUTCOMES,
    QUALITY,
    REFERENCE,
)
from decomposer.records import FactKey, Facts, Input, Measured, Norms, PartName, Share
from decomposer.records.facts import Count

_FIGURES: tuple[Count, ...] = ("downloads", "stars", "likes")
_SECONDS_A_DAY = 86_400
_ENOUGH = 5  # artifacts whose mean says what is usual
_COMPLETE = 0.5  # how much of completeness the records are, and the facts the rest
_DIGITS = 6


def inputs_of(name: PartName, kind: str, measured: Measured, norms: Norms) -> tuple[Input, ...]:
    """Return the inputs of a part for an artifact of a type."""
    return _PARTS[name](kind, measured, norms)


def prior_of(name: PartName, kind: str, norms: Norms) -> float:
    """Return what a part counts of which nothing is known: the mean of its figures in the type, where there is one."""
    wanted = ADOPTION.get(kind, ADOPTION_OTHERWISE) if name == "adoption" else {}
    usual = {key: norm for key in wanted if (norm := norms.of(kind, key)) and norm.entries >= _ENOUGH}
    means = {key: norm.mean_log / log1p(max(norm.most, REFERENCE[key])) for key, norm in usual.items()}
    weight = sum(wanted[key] for key in means)
    return sum(wanted[key] * mean for key, mean in means.items()) / weight if weight else PRIOR


def _adoption(kind: str, measured: Measured, norms: Norms) -> tuple[Input, ...]:
    wanted = ADOPTION.get(kind, ADOPTION_OTHERWISE)
    known = [key for key in _FIGURES if key not in wanted and measured.facts.count(key) is not None]
    weights: dict[str, float] = {**wanted, **dict.fromkeys(known, max(wanted.values()))}
    return tuple(_figure(key, weight, kind, measured.facts, norms) for key, weight in weights.items())


def _ecosystem(kind: str, measured: Measured, norms: Norms) -> tuple[Input, ...]:
    dependents = _figure("dependents", ECOSYSTEM["dependents"], kind, measured.facts, norms)
    if measured.derived is None:
        why = "it has no address on a hub by which others could name it"
        return dependents, Input(name="derived", weight=ECOSYSTEM["derived"], why=why)
    most = max(norms.derived_most, REFERENCE["derived"])
    derived = Input(
        name="derived",
        weight=ECOSYSTEM["derived"],
        value=f"{measured.derived:,}",
        score=_log_share(measured.derived, most),
        why=f"ln(1+{measured.derived:,}) / ln(1+{most:,}): entries of the catalog that are made from it",
        source="the catalog",
        as_of=norms.as_of,
    )
    return dependents, derived


def _figure(key: str, weight: float, kind: str, facts: Facts, norms: Norms) -> Input:
    known = facts.known.get(_key(key))
    if known is None:
        return Input(name=key, weight=weight, why=f"nobody has said how many {key} it has")
    count, norm = int(known.value), norms.of(kind, key)
    most = max(norm.most if norm else 0, REFERENCE[key], count)
    usual = f"the most of {norm.entries:,} of type {kind}" if norm and norm.most == most else "the reference"
    return Input(
        name=key,
        weight=weight,
        value=f"{count:,}",
        score=_log_share(count, most),
        why=f"ln(1+{count:,}) / ln(1+{most:,}): {usual}",
        source=known.source,
        as_of=known.as_of,
    )


def _quality(kind: str, measured: Measured, norms: Norms) -> tuple[Input, ...]:
    found = measured.quality
    unread = "no source was read, so nothing could be checked"
    supported = _share("supported", found.supported, "sentences that the source bears out, partly counts half",
                       unknown=unread if not found.read else "no sentence to check")  # fmt: skip
    evidenced = _share("evidenced", found.evidenced, "sentences and notes that cite the source", unknown="no text")
    present = _share("present", found.present, "citations that the source as last read still holds",
                     unknown="nothing is cited" if found.read else unread)  # fmt: skip
    reviewed = _share("reviewed", found.reviewed, "records that a person has accepted", unknown="no record to review")
    return supported, evidenced, _complete(measured), present, reviewed


def _complete(measured: Measured) -> Input:
    found = measured.quality
    facts = _ratio(found.complete) or 0.0
    described = _ratio(found.described)
    if described is None and not found.read:
        return Input(name="complete", weight=QUALITY["complete"], why="no source was read, and no record is held")
    value = f"{_shown(found.described)} fields of records, {_shown(found.complete)} facts"
    why = "half the fields for what it does, for whom, limits, needs and formats; half the known facts"
    score = _COMPLETE * (described or 0.0) + (1 - _COMPLETE) * facts
    return Input(name="complete", weight=QUALITY["complete"], value=value, score=round(score, _DIGITS), why=why)


def _share(name: str, share: Share, what: str, *, unknown: str) -> Input:
    ratio = _ratio(share)
    if ratio is None:
        return Input(name=name, weight=QUALITY[name], why=unknown)
    return Input(name=name, weight=QUALITY[name], value=_shown(share), score=round(ratio, _DIGITS), why=what)


def _match(kind: str, measured: Measured, norms: Norms) -> tuple[Input, ...]:
    found = measured.matched
    if found is None:
        why = "no search has met it yet"
        return tuple(Input(name=name, weight=weight, why=why) for name, weight in MATCH.items())
    told, good = found.successes + found.failures, found.successes
    most = max(REFERENCE["times"], found.times)
    times = Input(
        name="times",
        weight=MATCH["times"],
        value=f"{found.times:,}",
        score=round(PRIOR + (1 - PRIOR) * _log_share(found.times, most), _DIGITS),
        why=f"{PRIOR:g} + {1 - PRIOR:g} × ln(1+{found.times:,}) / ln(1+{most:,}): searches that met it, over the prior",
    )
    if not told:
        return times, Input(name="outcomes", weight=MATCH["outcomes"], why="nobody has told what came of a search")
    outcomes = Input(
        name="outcomes",
        weight=MATCH["outcomes"],
        value=f"{good:,} of {told:,}",
        score=round((good + PRIOR_OUTCOMES / 2) / (told + PRIOR_OUTCOMES), _DIGITS),
        why=f"({good:,}+{PRIOR_OUTCOMES // 2}) / ({told:,}+{PRIOR_OUTCOMES}): outcomes that were good, with a prior",
    )
    return times, outcomes


def _freshness(kind: str, measured: Measured, norms: Norms) -> tuple[Input, ...]:
    what = {"updated": "the source last changed", "read": "its present text was read here"}
    return tuple(_age(_key(name), what[name], weight, measured.facts, norms) for name, weight in FRESHNESS.items())


def _age(key: FactKey, what: str, weight: float, facts: Facts, norms: Norms) -> Input:
    known = facts.known.get(key)
    if known is None:
        return Input(name=key, weight=weight, why=f"it is not known when {what}")
    days = max(0, _day(norms.as_of) - _day(known.value))
    score = round(0.5 ** (days / HALF_LIFE), _DIGITS)
    why = f"0.5 ^ ({days:,} / {HALF_LIFE}): days since {what}"
    return Input(
        name=key, weight=weight, value=known.value, score=score, why=why, source=known.source, as_of=known.as_of
    )


_PARTS: Mapping[PartName, Callable[[str, Measured, Norms], tuple[Input, ...]]] = {
    "adoption": _adoption, "quality": _quality, "ecosystem": _ecosystem, "match": _match, "freshness": _freshness,
}  # fmt: skip


def _key(name: str) -> FactKey:
    return cast(FactKey, name)


def _log_share(count: int, most: int) -> float:
    return round(log1p(count) / log1p(most), _DIGITS)


def _ratio(share: Share) -> float | None:
    return share.part / share.of if share.of else None


def _shown(share: Share) -> str:
    return f"{share.part:g} of {share.of:,}"


def _day(text: str) -> int:
    """Return a day as a number of days."""
    year, month, day = map(int, text[:10].split("-"))
    return timegm((year, month, day, 0, 0, 0)) // _SECONDS_A_DAY
