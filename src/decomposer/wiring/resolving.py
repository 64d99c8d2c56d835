"""Resolve an address or a need: weigh what would serve, hold it against what the risk asks, and order the answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from decomposer import ports
from decomposer.draft import Reworded
from decomposer.records import Capability, Entry, Filters, Match
from decomposer.records.answers import Choice, Instead, Missed, Resolved, Risk
from decomposer.risk import WORST
from decomposer.wiring.choices import ALTERNATIVES, choice
from decomposer.wiring.gates import Considered, gates, let_through, misses
from decomposer.wiring.ranking import today

if TYPE_CHECKING:
    from decomposer.wiring.answering import Answering

MEMBERS = 50
"""How many members of a canonical capability are weighed, the best supported first."""
_LEFT_OUT = 20
_BEHIND = 5  # hits behind the last answer: what else would do


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be resolved, `also` in other words. `limit` is how many answers there may be."""

    wanted: str
    filters: Filters
    limit: int
    risk: Risk
    also: tuple[Reworded, ...] = ()


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A capability that may be an answer: why it matches, how sure that is, and what that rests on."""

    found: Considered
    uri: str | None
    why: tuple[str, ...]
    sure: float
    rests_on: str


class Resolving:
    """Resolves once: what was weighed and found wanting is kept for the answer."""

    def __init__(self, answering: "Answering", asked: Asked) -> None:
        self._answering = answering
        self._asked = asked
        self._gates = gates(asked.risk)
        self._left_out: list[Missed] = []
        self._id = ""

    def by_address(self, canonical: ports.Canonical) -> Resolved:
        """Return the members of a canonical capability: the best supported first, then by rank."""
        members = sorted(filter(self._passes, self._members(canonical)), key=_order)
        others = [_instead(one, f"has it too: {one.rests_on}") for one in members]
        chosen = tuple(_choice(one, id, others) for id, one in self._counted(members))
        return self._resolved("address", chosen, canonical)

    def by_need(self) -> Resolved:
        """Return what a search for the need finds."""
        asked = self._asked
        found = self._answering.searching.find(
            asked.wanted,
            also=asked.also,
            filters=asked.filters,
            limit=asked.limit + _BEHIND,
            count=False,
            meets=self._meets if self._gates else None,
        )
        rests_on = f"searched by {found.by}: the score orders what this search found and is no probability"
        weighed = [_Weighed(self._considered(one), one.uri, one.why, one.score, rests_on) for one in found.matches]
        others = [_instead(one, "; ".join(one.why)[:300] or "the same search finds it") for one in weighed]
        named = self._counted(weighed, need=found.need)
        chosen = tuple(_choice(one, id, [*self._shared(one), *others]) for id, one in named)
        return self._resolved(found.by, chosen)

    def _counted(self, weighed: list[_Weighed], *, need: str | None = None) -> list[tuple[str, _Weighed]]:
        """Count what is answered with, and return it with the id that an outcome is told of."""
        chosen = weighed[: self._asked.limit]
        hits = [(one.found.artifact.slug, one.found.capability.id) for one in chosen]
        self._id, _ = self._answering.searching.counted(hits, need=need)
        return [(f"{self._id}.{number}", one) for number, one in enumerate(chosen, 1)]

    def _resolved(self, by: str, chosen: tuple[Choice, ...], canonical: ports.Canonical | None = None) -> Resolved:
        asked = self._asked
        return Resolved(
            id=self._id, wanted=asked.wanted, by=by, filters=asked.filters, risk=asked.risk,
            uri=canonical.uri if canonical else None,
            name=canonical.name if canonical else None,
            gates=tuple(gate.says for gate in self._gates),
            as_of=today(),
            resolved=chosen,
            left_out=tuple(self._left_out[:_LEFT_OUT]),
            left_out_total=len(self._left_out),
        )  # fmt: skip

    def _members(self, canonical: ports.Canonical) -> Iterator[_Weighed]:
        """Yield the members that are published and that the filters let through, one an artifact."""
        ranking, seen = self._answering.ranking(), set[str]()
        for member in list(islice(self._answering.registry.members(canonical.number), MEMBERS)):
            entry = None if member.entry in seen else self._answering.published(member.entry)
            capability = _of(entry, member.capability)
            if entry is None or capability is None:
                continue
            ranked = ranking.of(entry)
            facts = ranked.measured.facts
            if let_through(self._asked.filters, facts, entry.documents):
                seen.add(member.entry)
                found = Considered(entry.artifact, entry.documents, capability, facts, ranked.rank)
                yield _weighed(member, found, canonical)

    def _passes(self, one: _Weighed) -> bool:
        return self._hold(one.found)

    def _meets(self, match: Match) -> bool:
        return self._hold(self._considered(match))

    def _hold(self, found: Considered) -> bool:
        """Say whether a capability is what the risk asks for, and keep what it lacks."""
        lacks = misses(found, self._gates)
        if lacks:
            about = found.capability
            missed = Missed(entry=found.artifact.slug, capability=about.id, name=about.name, misses=lacks)
            self._left_out.append(missed)
        return not lacks

    def _considered(self, match: Match) -> Considered:
        facts = self._answering.facts(match.artifact)
        return Considered(match.artifact, match.documents, match.capability, facts, match.rank)

    def _shared(self, one: _Weighed) -> list[Instead]:
        """Return artifacts that have the same canonical capability; what they lack was not looked at."""
        canonical = self._answering.registry.find(one.uri) if one.uri and not self._gates else None
        if canonical is None:
            return []
        members = islice(self._answering.registry.members(canonical.number), ALTERNATIVES + 1)
        return [
            Instead(
                slug=member.entry, name=member.artifact, capability=member.name, uri=canonical.uri,
                why_alternative=f"has the same capability: {_agreement(member)}",
            )
            for member in list(members)
        ]  # fmt: skip


def _weighed(member: ports.Member, found: Considered, canonical: ports.Canonical) -> _Weighed:
    of = "its only record" if canonical.members == 1 else f"one of its {canonical.members} records"
    why = (f"{canonical.uri} is asked for, and this is {of}", *member.reasons)
    sure = 1.0 if member.agreement is None else member.agreement
    return _Weighed(found, canonical.uri, why, sure, _agreement(member))


def _agreement(member: ports.Member) -> str:
    if member.agreement is None:
        return "the only record of its capability"
    return f"it agrees {member.agreement:.2f} of 1 with the other records of its capability (by {member.decided_by})"


def _order(one: _Weighed) -> tuple[int, int, str]:
    said, rank = one.found.capability.description, one.found.rank
    support = -1 if said is None else WORST.index(said.support)
    return -support, -(rank.points if rank else 0), one.found.artifact.slug


def _choice(one: _Weighed, id: str, others: list[Instead]) -> Choice:
    instead: dict[str, Instead] = {}
    for other in others:
        if other.slug != one.found.artifact.slug:
            instead.setdefault(other.slug, other)
    return choice(
        one.found, id=id, uri=one.uri, why=one.why, sure=(one.sure, (one.rests_on,)),
        alternatives=tuple(instead.values()),
    )  # fmt: skip


def _instead(one: _Weighed, why: str) -> Instead:
    artifact, capability = one.found.artifact, one.found.capability
    return Instead(slug=artifact.slug, name=artifact.name, capability=capability.name, uri=one.uri, why_alternative=why)


def _of(entry: Entry | None, id: str) -> Capability | None:
    return next((one for one in entry.capabilities if one.id == id), None) if entry else None
