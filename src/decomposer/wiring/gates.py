"""Say what a risk asks of a capability: each stricter one asks all that the one before it does, and more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import get_args

from decomposer.records import Artifact, Capability, Facts, Filters, Rank, SourceDocument
from decomposer.records.answers import Risk
from decomposer.risk import passes

WIDEST = 40
"""Points that the rank may be uncertain by where the risk is strict: adoption at least has to be known."""


@dataclass(frozen=True, slots=True)
class Considered:
    """A published capability that may be the answer, and what is known of its artifact."""

    artifact: Artifact
    documents: tuple[SourceDocument, ...]
    capability: Capability
    facts: Facts
    rank: Rank | None


@dataclass(frozen=True, slots=True)
class Gate:
    """What has to hold, in words, and what says whether it does."""

    says: str
    holds: Callable[[Considered], bool]


def gates(risk: Risk) -> tuple[Gate, ...]:
    """Return what a risk asks for; `default` asks for nothing but that it is published."""
    risks = get_args(Risk)
    return tuple(gate for one in risks[: risks.index(risk) + 1] for gate in _GATES[one])


def misses(considered: Considered, asked: tuple[Gate, ...]) -> tuple[str, ...]:
    """Return what is asked for and does not hold, in words."""
    return tuple(gate.says for gate in asked if not gate.holds(considered))


def let_through(filters: Filters, facts: Facts, documents: tuple[SourceDocument, ...]) -> bool:
    """Say whether an artifact is what filters ask for; what is not known of it is not that."""
    languages = {document.language.casefold() for document in documents if document.language}
    asked = {"type": filters.type, "pricing": filters.price, "license": filters.license}
    known = all(
        wanted is None or wanted.casefold() == (facts.text(key) or "").casefold()  # type: ignore[arg-type]
        for key, wanted in asked.items()
    )
    return known and (filters.language is None or filters.language.casefold() in languages)


def _described(one: Considered) -> bool:
    said = one.capability.description
    return said is not None and said.support == "supported" and passes(said)


def _borne_out(one: Considered) -> bool:
    return all(
        passes(said) and {said.support, *(sentence.support for sentence in said.sentences)} == {"supported"}
        for _, said in one.capability.statements()
    )


_GATES: Mapping[Risk, tuple[Gate, ...]] = {
    "default": (),
    "production": (
        Gate("its source was read", lambda one: bool(one.documents)),
        Gate("its source supports every sentence of its description", _described),
    ),
    "enterprise": (
        Gate("a person has accepted it", lambda one: one.capability.state == "accepted"),
        Gate("its license is known", lambda one: one.facts.text("license") is not None),
    ),
    "strict": (
        Gate("its source supports every sentence of all that is said of it", _borne_out),
        Gate(
            f"its rank is known to {WIDEST} points",
            lambda one: one.rank is not None and one.rank.high - one.rank.low <= WIDEST,
        ),
    ),
}
