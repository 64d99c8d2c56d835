"""Publish entries as trust passports, a JSON file each: what is known and who looked at it, null where nobody knows."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from decomposer.ports import Exported, Exporting, LeftOut
from decomposer.publish.files import ALONE, Folder, file_name, json_text, published
from decomposer.publish.wording import phrases, plain, said, support_of, what_then, why_unsaid, words
from decomposer.records import Artifact, ArtifactType, Capability, Category, Entry, Facts, Matched, Record, Support

_MARK = '"generator": "decomposer"'
_LISTED = r'"file": "([^"\\/]+\.passport\.json)"'
_HUBS = (
    (re.compile(r"hf:((?:datasets/|spaces/)?[\w.-]+/[\w.-]+)"), "https://huggingface.co/"),
    (re.compile(r"gh:([\w.-]+/[\w.-]+)"), "https://github.com/"),
)


class PassportPricing(Record):
    """What using the artifact costs: `free` says whether it can be used without paying, null where nobody knows."""

    model: Literal["free", "freemium", "paid", "open-source", "unknown"]
    free: bool | None
    starting_price: str | None


class PassportArtifact(Record):
    """Who the artifact is. It is `verified` where a person has accepted every capability that the passport names."""

    id: str
    slug: str
    name: str
    type: ArtifactType
    url: str | None
    page_url: str | None = None
    categories: tuple[str, ...] = ()
    tags: list[str]
    pricing: PassportPricing
    status: Literal["active"] = "active"
    verified: bool


class PassportCapability(Record):
    """What it can do. `confidence`, `matches` and `success_rate` are observed, null where nobody observed any.

    `state` says whether a person has accepted it; `support` is the verdict on the worst of its description, and
    `evidence` counts the places in the source that are cited.
    """

    id: str
    uri: str
    name: str
    description: str | None
    intents: list[str]
    best_for: list[str]
    limitations: list[str]
    requires: list[str]
    input_types: list[str]
    output_types: list[str]
    confidence: float | None = None
    matches: int | None = None
    success_rate: float | None = None
    state: Literal["accepted", "proposed"]
    support: Support | None
    evidence: int


class Outcomes(Record):
    """What was observed of its use; null is not zero."""

    matches: int | None = None
    success_rate: float | None = None
    avg_confidence: float | None = None
    top_intents: list[str] | None = None


class Trust(Record):
    """What is known of how far it can be trusted: null is unknown, which is neither low nor none."""

    score: float | None = None
    verified: bool
    data_access_risk: Literal["low", "moderate", "high"] | None = None
    permissions: list[str] | None = None
    failure_modes: list[str] | None = None
    observed_outcomes: Outcomes = Outcomes()


class PassportBody(Record):
    """The passport of one artifact."""

    format: Literal["1.0"] = Field(default="1.0", alias="@version")
    version: Literal["2026-05"] = "2026-05"
    artifact: PassportArtifact
    capabilities: list[PassportCapability]
    trust: Trust
    links: dict[str, str] = Field(alias="_links")


class PassportName(Record):
    """The form of the passport."""

    unfragile: PassportBody


class Passport(Record):
    """A trust passport as a file holds it; a text that nobody knows is null."""

    passport: PassportName


def export(entries: Iterator[Entry], folder: Path, exporting: Exporting = ALONE) -> Exported:
    """Write a passport for each entry, and `index.passport.json`. Raises UsageError where it can't."""
    files = Folder(folder, "index.passport.json", mark=_MARK, listed=_LISTED)
    lines = []
    for entry in filter(None, map(published, entries)):
        made = passport(entry, exporting)
        if made is None:
            reason = f"no record of it can be published without its support{what_then(entry)}"
            exporting.leave_out(LeftOut(entry.artifact.slug, reason))
            continue
        name = file_name(entry.artifact.slug, "passport.json")
        files.write(name, json_text(made))
        count = len(made.passport.unfragile.capabilities)
        lines.append({"slug": entry.artifact.slug, "file": name, "capabilities": count})
    return files.close(json_text({"generator": "decomposer", "form": "passport", "entries": lines}))


def passport(entry: Entry, exporting: Exporting = ALONE) -> Passport | None:
    """Return the passport of a published entry, telling what was left out; None where nothing is left of what it held.

    A proposal with a description of which nothing may be published is left out, whatever its name promises.
    """
    kept = []
    for capability in entry.capabilities:
        if capability.description is None or said(capability.description, capability):
            kept.append(capability)
        else:
            exporting.leave_out(LeftOut(entry.artifact.slug, why_unsaid(capability, entry), capability.id))
    if not kept and entry.capabilities:
        return None
    reviewed = bool(kept) and all(one.state == "accepted" for one in kept)
    facts = exporting.facts(entry.artifact)
    links = {key: plain(link) for key in ("homepage", "repository") if (link := facts.text(key))}
    times = exporting.times([one.id for one in kept])
    body = PassportBody(
        artifact=_artifact(entry, facts, reviewed=reviewed),
        capabilities=[_capability(one, entry, exporting, times) for one in kept],
        trust=Trust(verified=reviewed, observed_outcomes=_outcomes(exporting.matched(entry.artifact.slug))),
        _links=links,
    )
    return Passport(passport=PassportName(unfragile=body))


def address(category: Category, name: str) -> str:
    """Return the address that the reference gives a capability: its category and its name, words joined by dots."""
    return "capability://" + ".".join([category, *(words(name) or ["capability"])])


def page_of(artifact: Artifact, facts: Facts) -> str | None:
    """Return the address of an artifact: its homepage, else its repository, else the page that it was read from."""
    return facts.text("homepage") or facts.text("repository") or _place(artifact.source)


def _artifact(entry: Entry, facts: Facts, *, reviewed: bool) -> PassportArtifact:
    artifact = entry.artifact
    prices = (facts.shown(key) for key in ("starting_price", "input_price", "output_price"))
    pricing = {
        "model": facts.text("pricing") or "unknown",
        "free": facts.free,
        "starting_price": next(filter(None, prices), None),
    }
    told = {
        "id": plain(artifact.slug),
        "slug": plain(artifact.slug),
        "name": plain(artifact.name),
        "type": facts.text("type") or artifact.type,
        "url": page_of(artifact, facts),
        "tags": list(filter(None, map(plain, artifact.tags))),
        "pricing": PassportPricing.model_validate(pricing),
        "verified": reviewed,
    }
    return PassportArtifact.model_validate(told)


def _outcomes(matched: Matched | None) -> Outcomes:
    """Return what came of searches: without any outcome there is no rate of success."""
    if matched is None:
        return Outcomes()
    told = matched.successes + matched.failures
    return Outcomes(matches=matched.times, success_rate=round(matched.successes / told, 3) if told else None)


def _capability(
    capability: Capability, entry: Entry, exporting: Exporting, times: Mapping[str, int] | None
) -> PassportCapability:
    known = exporting.address(entry.artifact.slug, capability.id)
    lists = ("intents", "best_for", "limitations", "requires", "input_types", "output_types")
    told = {
        "id": plain(capability.id),
        "uri": known or address(capability.category, plain(capability.name)),
        "name": plain(capability.name),
        "description": said(capability.description, capability),
        **{name: phrases(getattr(capability, name), capability) for name in lists},
        "matches": None if times is None else times.get(capability.id, 0),
        "state": capability.state,
        "support": support_of(capability.description, capability),
        "evidence": len({(span.document, span.start, span.end) for span in capability.evidence()}),
    }
    return PassportCapability.model_validate(told)


def _place(source: str) -> str | None:
    """Return the page that a source is read from, where it names one."""
    for hub, site in _HUBS:
        if found := hub.fullmatch(source):
            return f"{site}{found[1]}"
    return source if re.fullmatch(r"https?://[\w.:\[\]-]+([/?#]\S*)?", source) and source.isprintable() else None
