"""Measure an entry against a gold decomposition, and compare two runs with what chance alone would do."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from decomposer.records import Capability, Document, Entry, Run, Support
from decomposer.text import language
from decomposer.text.locate import locate
from decomposer.text.words import comparisons, content, names, negations, numbers, superlatives

HALF = 0.5  # of the shorter span must overlap
ALIKE = 2 / 3  # Dice coefficient of the words of a name and a phrase that say the same
ROUNDS = 2000
SEED = 20_261_121

Audit = Callable[[str], tuple[Support, float]]
Metric = Literal[
    "coverage_must", "coverage_all", "precision", "duplicates", "grounded_share", "invented_supported_rate",
    "invented_unsupported_rate", "true_unsupported_rate", "true_supported_rate", "zero_ok",
]  # fmt: skip
HIGHER_IS_BETTER: dict[Metric, bool] = {
    "coverage_must": True,
    "coverage_all": True,
    "precision": True,
    "duplicates": False,
    "grounded_share": True,
    "invented_supported_rate": False,
    "invented_unsupported_rate": True,
    "true_unsupported_rate": False,
    "true_supported_rate": True,
    "zero_ok": True,
}


class _Gold(BaseModel):
    model_config = ConfigDict(frozen=True)


class GoldCapability(_Gold):
    """A capability that an entry should have; `evidence` are quotes of the document."""

    name: str
    importance: Literal["must", "nice"]
    evidence: tuple[str, ...] = Field(min_length=1)


class Gold(_Gold):
    """What a careful reader finds in one document. Keys that are not measured are ignored."""

    slug: str = Field(min_length=1)
    capabilities: tuple[GoldCapability, ...]
    invented_claims: tuple[str, ...] = ()
    supported_claims: tuple[str, ...] = ()
    near_duplicates: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """`n` of `of`; its value is None of nothing."""

    n: int = 0
    of: int = 0

    @property
    def value(self) -> float | None:
        """The share, 0 to 1."""
        return self.n / self.of if self.of else None

    def __add__(self, other: "Share") -> "Share":
        return Share(self.n + other.n, self.of + other.of)


Shares = dict[Metric, Share]


@dataclass(frozen=True, slots=True)
class AuditedClaim:
    """A claim of a gold file and its verdict. `kinds` are what it turns on; "translated" is in another language."""

    text: str
    invented: bool
    support: Support
    score: float
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """One entry against its gold: the shares, what they rest on, and what the run took."""

    shares: Shares
    run: Run
    claims: tuple[AuditedClaim, ...] = ()
    missed: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    lost_quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """`after` less `before`, with the interval that holds it in 95 % of the resamples of documents."""

    value: float
    low: float
    high: float

    def worse(self, metric: Metric) -> bool:
        """Say whether the whole interval lies on the bad side of 0."""
        return self.high < 0 if HIGHER_IS_BETTER[metric] else self.low > 0


def measure(entry: Entry, gold: Gold, documents: Sequence[Document], *, audit: Audit) -> Measured:
    """Return how `entry`, drafted from `documents`, compares with `gold`; `audit` judges a claim against them.

    A gold capability is covered when a statement of a record cites a span that overlaps one of its quotes by at least
    half of the shorter of the two. A record is right when it covers at least one.
    """
    places = [list(_places(one.evidence, documents)) for one in gold.capabilities]
    covers = [_covers(record, places) for record in entry.capabilities]
    covered = set().union(*covers)
    musts = {number for number, one in enumerate(gold.capabilities) if one.importance == "must"}
    doubled = list(_doubled(entry.capabilities, covers, gold))
    claims = tuple(_audited(gold, documents, audit))
    verdicts = [
        one.support for record in entry.capabilities for _, said in record.statements() for one in said.sentences
    ]
    empty = not gold.capabilities
    return Measured(
        shares={
            "coverage_must": Share(len(covered & musts), len(musts)),
            "coverage_all": Share(len(covered), len(gold.capabilities)),
            "precision": Share(sum(map(bool, covers)), len(covers)),
            "duplicates": Share(len(doubled), len(covers)),
            "grounded_share": Share(sum(one in ("supported", "vendor_claim") for one in verdicts), len(verdicts)),
            "invented_supported_rate": _called(claims, "supported", invented=True),
            "invented_unsupported_rate": _called(claims, "unsupported", invented=True),
            "true_unsupported_rate": _called(claims, "unsupported", invented=False),
            "true_supported_rate": _called(claims, "supported", invented=False),
            "zero_ok": Share(int(empty and not entry.capabilities), int(empty)),
        },
        run=entry.run,
        claims=claims,
        missed=tuple(one.name for number, one in enumerate(gold.capabilities) if number not in covered),
        wrong=tuple(record.name for record, right in zip(entry.capabilities, covers, strict=True) if not right),
        doubled=tuple(doubled),
        lost_quotes=tuple(quote for one in gold.capabilities for quote in one.evidence if not _found(quote, documents)),
    )


def pooled(measured: Iterable[Measured]) -> Shares:
    """Return the shares of several documents together: every capability, record, sentence and claim counts once."""
    total: Shares = {metric: Share() for metric in HIGHER_IS_BETTER}
    for one in measured:
        for metric in total:
            total[metric] += one.shares[metric]
    return total


def auc(claims: Iterable[AuditedClaim]) -> float | None:
    """Return how often a true claim scores higher than an invented one; ties count half, None where one is missing."""
    claims = list(claims)
    true, invented = ([one.score for one in claims if one.invented == made_up] for made_up in (False, True))
    if not true or not invented:
        return None
    wins = sum((one > other) + (one == other) / 2 for one in true for other in invented)
    return wins / (len(true) * len(invented))


def differences(
    before: Mapping[str, Mapping[Metric, Share]], after: Mapping[str, Mapping[Metric, Share]], *, seed: int = SEED
) -> dict[Metric, Difference]:
    """Return `after` less `before` for each metric that both have, over the documents that both have.

    The interval is a paired bootstrap over documents: drawn with replacement, 2,000 times, the same for all metrics.
    """
    slugs = sorted(before.keys() & after.keys())
    draw = Random(seed)  # noqa: S311 (resampling; nothing is secret)
    rounds = [draw.choices(slugs, k=len(slugs)) for _ in range(ROUNDS)] if slugs else []
    result: dict[Metric, Difference] = {}
    for metric in HIGHER_IS_BETTER:
        pairs = {slug: (before[slug].get(metric, Share()), after[slug].get(metric, Share())) for slug in slugs}
        value = _difference(pairs[slug] for slug in slugs)
        resampled = (_difference(pairs[slug] for slug in drawn) for drawn in rounds)
        if value is not None:
            result[metric] = Difference(value, *_interval(sorted(one for one in resampled if one is not None)))
    return result


# --- spans


Span = tuple[int, int, int]


def _places(quotes: Iterable[str], documents: Sequence[Document]) -> Iterator[Span]:
    for quote in quotes:
        yield from _found(quote, documents)


def _found(quote: str, documents: Sequence[Document]) -> list[Span]:
    """Return every place of a quote as (document, start, end): letter by letter, or else wherever `locate` finds it."""
    found = [
        (index, at, at + len(quote)) for index, one in enumerate(documents) for at in _occurrences(quote, one.text)
    ]
    return found or [span for index, one in enumerate(documents) for span in _located(quote, one.text, index)]


def _occurrences(quote: str, text: str) -> Iterator[int]:
    at = text.find(quote)
    while at >= 0:
        yield at
        at = text.find(quote, at + 1)


def _located(quote: str, text: str, index: int) -> Iterator[Span]:
    found = locate(quote, text)
    while found is not None:
        yield index, found.start, found.end
        found = locate(quote, text, start=found.end)


def _covers(record: Capability, places: Sequence[Sequence[Span]]) -> set[int]:
    """Return the numbers of the gold capabilities that the spans cited by a record's statements overlap."""
    cited = {(span.document, span.start, span.end) for _, said in record.statements() for span in said.evidence}
    return {number for number, spans in enumerate(places) if any(_overlap(a, b) for a in cited for b in spans)}


def _overlap(one: Span, other: Span) -> bool:
    shared = min(one[2], other[2]) - max(one[1], other[1])
    return one[0] == other[0] and shared > 0 and shared >= HALF * min(one[2] - one[1], other[2] - other[1])


# --- duplicates


def _doubled(records: Sequence[Capability], covers: Sequence[set[int]], gold: Gold) -> Iterator[str]:
    """Yield the name of every record that says again what an earlier record of the entry says.

    Both cover one and the same `must` capability and nothing else (splitting a `nice` one is no fault), or their names
    say either phrase of one near_duplicates pair.
    """
    seen: set[tuple[str, int]] = set()
    for record, covered in zip(records, covers, strict=True):
        alone = covered if len(covered) == 1 else set()
        mine = {("gold", number) for number in alone if gold.capabilities[number].importance == "must"}
        pairs = enumerate(gold.near_duplicates)
        mine |= {("pair", number) for number, pair in pairs if any(_alike(record.name, one) for one in pair)}
        if mine & seen:
            yield record.name
        seen |= mine


def _alike(one: str, other: str) -> bool:
    mine, theirs = ({word.form for word in content(text)} for text in (one, other))
    return one.casefold() == other.casefold() or 2 * len(mine & theirs) >= ALIKE * (len(mine) + len(theirs)) > 0


# --- claims


def _audited(gold: Gold, documents: Sequence[Document], audit: Audit) -> Iterator[AuditedClaim]:
    written_in = {document.language for document in documents}
    for invented, claims in ((True, gold.invented_claims), (False, gold.supported_claims)):
        for text in claims:
            support, score = audit(text)
            yield AuditedClaim(text, invented, support, score, tuple(_kinds(text, written_in)))


def _kinds(text: str, written_in: set[str | None]) -> Iterator[str]:
    rules = {"number": numbers, "name": names, "negation": negations, "comparison": comparisons}
    found = [kind for kind, rule in rules.items() if rule(text)]
    if "comparison" not in found and superlatives(text):
        found.append("comparison")
    yield from found or ["plain"]
    known = language(text) or ("en" if text.isascii() else None)
    if known and None not in written_in and known not in written_in:
        yield "translated"


def _called(claims: Iterable[AuditedClaim], support: Support, *, invented: bool) -> Share:
    meant = [claim for claim in claims if claim.invented == invented]
    return Share(sum(claim.support == support for claim in meant), len(meant))


# --- resampling


def _difference(pairs: Iterable[tuple[Share, Share]]) -> float | None:
    before_n = before_of = after_n = after_of = 0
    for before, after in pairs:
        before_n, before_of = before_n + before.n, before_of + before.of
        after_n, after_of = after_n + after.n, after_of + after.of
    return after_n / after_of - before_n / before_of if before_of and after_of else None


def _interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the bounds of the middle 95 % of sorted values."""
    last = len(values) - 1
    return values[round(0.025 * last)], values[round(0.975 * last)]
