"""Rank entries of a workspace: bring together what was said, counted and measured, and what is usual on the day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from decomposer import ports
from decomposer.errors import ConfigurationError, SourceError, UsageError
from decomposer.rank import complete_facts, quality_of, rank
from decomposer.records import Entry, Fact, FactKey, Facts, Matched, Measured, Norms, Rank
from decomposer.records.facts import COUNTS, PRICES, SETTABLE, UNKNOWN, canonical, day
from decomposer.wiring.reviewing import reviewer_of

if TYPE_CHECKING:
    from decomposer.prices import PriceTable
    from decomposer.wiring.workspace import Workspace

_LONGEST_NAMED = 100


@dataclass(frozen=True, slots=True)
class Ranked:
    """A rank with all that it follows from: `rank(artifact, measured, norms)` gives it again."""

    entry: Entry
    measured: Measured
    norms: Norms
    rank: Rank


def fact_log(workspace: "Workspace") -> ports.FactLog:
    """Return what is said of the artifacts of a workspace."""
    from decomposer.store.facts import SqlFacts

    return SqlFacts(workspace.engine)


def match_log(workspace: "Workspace") -> ports.MatchLog:
    """Return what searches of a workspace found, and what came of it."""
    from decomposer.store.match_log import SqlMatchLog

    return SqlMatchLog(workspace.engine)


def today() -> str:
    """Return the day, in UTC."""
    return datetime.now(UTC).date().isoformat()


def facts_of(entry: Entry, workspace: "Workspace") -> Facts:
    """Return what holds of the artifact of an entry."""
    return Facts.of(entry.artifact, fact_log(workspace).said(entry.artifact.slug))


class Ranking:
    """Ranks entries by the norms of one day, which are read once."""

    def __init__(self, workspace: "Workspace", *, anew: bool = False) -> None:
        self._log = fact_log(workspace)
        self._matches = match_log(workspace)
        self.norms = self._log.norms(today(), anew=anew)

    def of(self, entry: Entry, *, matched: Matched | None = None) -> Ranked:
        """Return the rank of an entry; `matched` is what came of searches, by default as the catalog has counted."""
        artifact = entry.artifact
        matched = matched or self._matches.matched(artifact.slug)
        facts = Facts.of(artifact, self._log.said(artifact.slug))
        # By its address alone: an artifact may call itself whatever others are made from.
        scheme, _, name = artifact.source.partition(":")
        derived = self._log.derived(artifact.slug, [name]) if scheme in ("hf", "gh") else None
        measured = measure(entry, facts, derived=derived, matched=matched if matched.times else None)
        return Ranked(entry, measured, self.norms, rank(artifact, measured, self.norms))


def measure(entry: Entry, facts: Facts, *, derived: int | None, matched: Matched | None) -> Measured:
    """Return all that the rank of an entry depends on besides the norms."""
    quality = complete_facts(quality_of(entry), facts)
    return Measured(facts=facts, quality=quality, derived=derived, matched=matched)


def ranked(workspace: "Workspace", slugs: Sequence[str] = (), *, anew: bool = False) -> Iterator[Ranked]:
    """Yield the ranks of the entries named, or of all by slug, streaming. Raises UsageError for no such entry."""
    entries = [workspace.entry(slug) for slug in slugs] if slugs else workspace.catalog.entries()
    ranking = Ranking(workspace, anew=anew)
    for entry in entries:
        yield ranking.of(entry)


@dataclass(frozen=True, slots=True)
class Priced:
    """What a price table brought, new facts only, and how the artifact was found in it or why not."""

    facts: list[Fact]
    note: str


# --- saying


def said(pairs: Sequence[str], entry: Entry, workspace: "Workspace", *, source: str, as_of: str) -> list[Fact]:
    """Keep what a person says of an artifact, as `key=value` each, and return it.

    Figures and prices need a source. `unknown` says that nobody knows; nothing takes back what was said by hand. Raises
    UsageError that names the pair that can't be taken; then none is.
    """
    facts = [_fact(pair, entry.artifact.slug, source, as_of or today()) for pair in pairs]
    dated = [fact.model_copy(update={"actor": reviewer_of(workspace)}) for fact in facts]
    return fact_log(workspace).say(dated)


def _fact(pair: str, slug: str, source: str, as_of: str) -> Fact:
    name, equals, text = pair.partition("=")
    key = next((key for key in SETTABLE if key == name.strip().casefold().replace("-", "_")), None)
    if not equals or key is None:
        raise UsageError(f"{_named(pair)} is no fact", hint=f"write key=value; keys: {', '.join(SETTABLE)}")
    try:
        value = canonical(key, text)
    except ValueError as error:
        raise UsageError(f"{_named(pair)} can't be taken", hint=str(error)) from None
    if value and value != "unknown" and key in (*COUNTS, *PRICES) and not source:
        raise UsageError(f"{pair!r} has no source", hint="name the page that says so with --source URL")
    try:
        on = day(as_of)
    except ValueError as error:
        raise UsageError(f"--as-of {as_of!r} is no day", hint=str(error)) from None
    if max(on, value if key == "updated" and value != UNKNOWN else "") > _latest():
        raise UsageError(f"{_named(pair)} is of a day to come", hint="name the day for which it holds")
    return Fact(entry=slug, key=key, value=value, source=source, as_of=on, by="person")


def _named(pair: str) -> str:
    return repr(pair if len(pair) <= _LONGEST_NAMED else f"{pair[:_LONGEST_NAMED]}…")


def _latest() -> str:
    """Return tomorrow: somewhere it has begun."""
    return (date.fromisoformat(today()) + timedelta(days=1)).isoformat()


# --- prices


def price_table(place: str, workspace: "Workspace") -> "PriceTable":
    """Return the prices in a file, or at an address, of models.dev, OpenRouter or LiteLLM, or in our own format.

    Raises ConfigurationError where it is none, and SourceError where the address does not answer.
    """
    from decomposer.prices import read_prices
    from decomposer.prices.formats import parse_prices

    if not place.lower().startswith(("https://", "http://")):
        return read_prices(place)
    fetched = workspace.fetch(place, accept="application/json")
    if fetched is None:
        raise SourceError(f"{place}: there is nothing at this address", hint="check the address")
    try:
        return parse_prices(fetched.body.decode("utf-8-sig"), as_of=today(), source=place)
    except ValueError as error:
        hint = "give our own format or a file of models.dev, OpenRouter or LiteLLM"
        raise ConfigurationError(f"prices {place}: {error}", hint=hint) from None


def priced(entry: Entry, table: "PriceTable", workspace: "Workspace", *, model: str | None = None) -> Priced:
    """Keep what a price table says of an artifact, under `model` or the names it has, and return that.

    Nothing is kept where the table has it at several prices, or not at all: unknown stays unknown. Raises UsageError
    for a `model` that is not in the table.
    """
    from decomposer.prices.artifacts import offer

    artifact = entry.artifact
    found = offer(table, [model] if model else [artifact.source.partition(":")[2], artifact.name, artifact.slug])
    if found.price is None:
        if model:
            raise UsageError(f"{model}: {found.note}", hint="`provider/name` as the file has it")
        return Priced([], found.note)
    values: dict[FactKey, str] = {
        "input_price": f"{found.price.input}/1M tokens",
        "output_price": f"{found.price.output}/1M tokens",
        "pricing": "paid" if found.price.input or found.price.output else "free",
    }
    facts = [
        Fact(entry=artifact.slug, key=key, value=canonical(key, value), source=found.note, as_of=table.as_of,
             by="prices", actor=reviewer_of(workspace))
        for key, value in values.items()
    ]  # fmt: skip
    held = {(one.key, one.value, one.source, one.as_of) for one in fact_log(workspace).said(artifact.slug)}
    fresh = [one for one in facts if (one.key, one.value, one.source, one.as_of) not in held]
    return Priced(fact_log(workspace).say(fresh) if fresh else [], found.note)
