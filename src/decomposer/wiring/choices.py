"""Make the answers to whoever asks for a capability: each with its evidence, why it matches, and how sure that is."""

from collections.abc import Sequence
from urllib.parse import quote

from decomposer.publish.passport import page_of
from decomposer.publish.wording import UNREVIEWED, phrases, support_of
from decomposer.records import FIELDS, LISTS, Capability, Rank, SourceDocument
from decomposer.records.answers import Ability, Choice, Cited, Instead, Offered, Standing, Trusted
from decomposer.wiring.gates import Considered

ALTERNATIVES = 3
_MOST_CITED = 12
_ABOUT = ("id", "name", "category", "state")


def choice(
    found: Considered,
    *,
    id: str,
    uri: str | None,
    why: Sequence[str],
    sure: tuple[float, Sequence[str]],
    alternatives: Sequence[Instead],
) -> Choice:
    """Return one answer. `sure` is how sure it is, 0-1, and what that rests on."""
    trust = _trusted(found)
    rests = (*sure[1], *_rests_on(found, trust))
    return Choice(
        id=id,
        artifact=_offered(found),
        capability=_ability(found.capability, uri),
        why_this_matches=tuple(why),
        evidence=cited(found.capability, found.documents),
        match_confidence=round(min(1.0, max(0.0, sure[0])), 3),
        how_sure=rests,
        trust=trust,
        alternatives=tuple(alternatives)[:ALTERNATIVES],
        last_verified=found.facts.text("read"),
    )


def cited(capability: Capability, documents: Sequence[SourceDocument]) -> tuple[Cited, ...]:
    """Return the lines of the sources that bear out the texts of a capability, each once, at most twelve."""
    spans = [
        (field, span)
        for field, statement in capability.statements()
        for span in (*statement.evidence, *(span for one in statement.sentences for span in one.evidence))
    ]
    spans += [(name, span) for name in LISTS for note in getattr(capability, name) for span in note.evidence]
    kept: dict[tuple[int, int, int], Cited] = {}
    for field, span in spans:
        if span.document < len(documents):
            one = Cited(
                field=field, quote=span.quote, document=documents[span.document].uri, start=span.start, end=span.end,
                how=span.how,
            )  # fmt: skip
            kept.setdefault((span.document, span.start, span.end), one)
    return tuple(kept.values())[:_MOST_CITED]


def _offered(found: Considered) -> Offered:
    artifact, facts = found.artifact, found.facts
    told = {
        "slug": artifact.slug,
        "name": artifact.name,
        "type": facts.text("type") or artifact.type,
        "url": page_of(artifact, facts),
        "license": facts.text("license"),
        "pricing": facts.text("pricing"),
        "free": facts.free,
    }
    return Offered.model_validate(told)


def _ability(capability: Capability, uri: str | None) -> Ability:
    kept: dict[str, object] = {name: getattr(capability, name) for name in (*_ABOUT, *FIELDS)}
    lists = {name: tuple(phrases(getattr(capability, name), capability)) for name in LISTS}
    support = support_of(capability.description, capability)
    return Ability.model_validate({**kept, **lists, "uri": uri, "support": support})


def _trusted(found: Considered) -> Trusted:
    capability = found.capability
    sentences = [one.support for _, statement in capability.statements() for one in statement.sentences]
    return Trusted(
        verified=capability.state == "accepted",
        support=support_of(capability.description, capability),
        supported=sentences.count("supported"),
        sentences=len(sentences),
        evidence=len({(span.document, span.start, span.end) for span in capability.evidence()}),
        rank=_standing(found.rank),
        passport=f"/api/v1/passport/{quote(found.artifact.slug, safe='', errors='replace')}",
    )


def _standing(rank: Rank | None) -> Standing | None:
    return None if rank is None else Standing(points=rank.points, low=rank.low, high=rank.high, as_of=rank.as_of)


def _rests_on(found: Considered, trust: Trusted) -> tuple[str, ...]:
    read = "its source was not read: nothing that is said of it was checked"
    if found.documents:
        read = f"{trust.supported} of {trust.sentences} sentences are supported by its source"
    return read, "a person has accepted it" if trust.verified else UNREVIEWED
