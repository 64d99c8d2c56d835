"""Describe pages in the words of schema.org, as a JSON-LD block that each carries: what is known and no more.

The types: software in the widest sense (agents, models, tools, services) is a `SoftwareApplication`, the only type with
a `featureList`; a web app is a `WebApplication`; a repository is a `SoftwareSourceCode` as well, for its address. A
dataset is a `Dataset`, and so is a benchmark that consists of data. Texts that only teach or list are a
`LearningResource` or a `CreativeWork`, as are prompts and templates, whatever else they speak of. A capability that
several artifacts have is a `DefinedTerm`, the catalog a `WebSite`, a list in it a `CollectionPage`.
"""

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup

from decomposer.publish.passport import page_of
from decomposer.publish.site import links
from decomposer.publish.site.views import CanonicalView, CapabilityLine, EntryLine, EntryView, StartView
from decomposer.publish.wording import plain, said
from decomposer.records import Entry, Facts
from decomposer.records.facts import Count, FactKey

if TYPE_CHECKING:
    from decomposer.publish.site.drawing import Chrome

_CONTEXT = "https://schema.org"
_APPLICATION = {
    "model": "AI model", "finetune": "AI model", "agent": "AI agent", "mcp": "MCP server", "skill": "Agent skill",
    "api": "Web API", "cli": "Command-line tool", "extension": "Extension", "framework": "Framework",
    "platform": "Platform", "workflow": "Workflow", "benchmark": "Benchmark",
}  # fmt: skip
_LICENSES = {
    name.casefold(): f"https://spdx.org/licenses/{name}.html"
    for name in (
        "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-4.0", "CC-BY-NC-4.0", "CC-BY-SA-4.0", "CC0-1.0",
        "EUPL-1.2", "ISC", "MIT", "MPL-2.0", "ODbL-1.0", "Unlicense",
    )
}  # fmt: skip
_ACTIONS: tuple[tuple[Count, str], ...] = (
    ("downloads", "DownloadAction"), ("likes", "LikeAction"), ("stars", "LikeAction"),
)  # fmt: skip
_PRICES: tuple[tuple[FactKey, str], ...] = (
    ("starting_price", ""),
    ("input_price", "input"),
    ("output_price", "output"),
)
_MOST = 60
_LONGEST = 500
# What would end a script element, begin a comment in it, or end a line of a script: as escapes it means the same.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\x7f"}


def entry(view: EntryView, chrome: "Chrome") -> Markup:
    """Return the block of an entry's page. Nobody rates the artifact, so there are no ratings."""
    about, facts = view.entry, view.facts
    kinds = _types(about, facts)
    known = {**dict(_known(about, facts)), **_page(chrome), **dict(_features(about, facts, kinds))}
    return _element({"@type": kinds[0] if len(kinds) == 1 else kinds, "name": plain(about.artifact.name), **known})


def canonical(view: CanonicalView, chrome: "Chrome") -> Markup:
    """Return the block of the page of a canonical capability."""
    known: dict[str, Any] = {"name": plain(view.name), "termCode": view.uri}
    if view.definition:
        known["description"] = _cut(plain(view.definition))
    if view.aliases:
        known["alternateName"] = [_cut(plain(alias)) for alias in view.aliases[:_MOST]]
    return _element({"@type": "DefinedTerm", **known, **_page(chrome)})


def start(view: StartView, chrome: "Chrome") -> Markup:
    """Return the block of the first page of the catalog. How it is searched can be said where its address is known."""
    known: dict[str, Any] = {"name": plain(chrome.title), "dateModified": view.as_of}
    if chrome.base_url:
        action = {"@type": "SearchAction", "target": f"{chrome.base_url}/{links.SEARCH}?q={{words}}"}
        known |= {"url": f"{chrome.base_url}/", "potentialAction": {**action, "query-input": "required name=words"}}
    return _element({"@type": "WebSite", **known})


def listing(name: str, lines: Iterable[EntryLine | CapabilityLine], chrome: "Chrome") -> Markup:
    """Return the block of a page that lists entries or records, in its order."""
    items = [
        {"@type": "ListItem", "position": position, **_item(line, chrome)} for position, line in enumerate(lines, 1)
    ]
    listed = {"@type": "ItemList", "numberOfItems": len(items), "itemListElement": items[:_MOST]}
    return _element({"@type": "CollectionPage", "name": plain(name), **_page(chrome), "mainEntity": listed})


def _element(described: dict[str, Any]) -> Markup:
    text = json.dumps({"@context": _CONTEXT, **described}, ensure_ascii=True, separators=(",", ":"))
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(text.translate(_ESCAPES)))  # noqa: S704


def _page(chrome: "Chrome") -> dict[str, str]:
    return {"mainEntityOfPage": f"{chrome.base_url}/{quote(chrome.place)}"} if chrome.base_url else {}


def _item(line: EntryLine | CapabilityLine, chrome: "Chrome") -> dict[str, str]:
    if isinstance(line, EntryLine):
        name, address = line.name, links.Links().entry(line.slug)
    else:
        name, address = f"{line.artifact}: {line.name}", links.Links().entry(line.entry, line.id, line.page)
    return {"name": _cut(plain(name)), **({"url": f"{chrome.base_url}/{address}"} if chrome.base_url else {})}


def _types(entry: Entry, facts: Facts) -> list[str]:
    kind, read = facts.text("type") or entry.artifact.type, entry.source_kind.kind
    if read == "tutorial":
        return ["LearningResource"]
    if kind == "dataset" or (kind == "benchmark" and read == "dataset"):
        return ["Dataset"]
    if kind in ("prompt", "template") or read in ("list", "placeholder", "other"):
        return ["CreativeWork"]
    if kind == "webapp":
        return ["WebApplication"]
    return ["SoftwareApplication", "SoftwareSourceCode"] if kind == "repo" else ["SoftwareApplication"]


def _known(entry: Entry, facts: Facts) -> Iterator[tuple[str, Any]]:
    artifact = entry.artifact
    if first := next(_described(entry), None):
        yield "description", _cut(first)
    if home := page_of(artifact, facts):
        yield "url", home
    if license_ := facts.text("license"):
        yield "license", _LICENSES.get(license_.casefold()) or {"@type": "CreativeWork", "name": plain(license_)}
    if maintainer := facts.text("maintainer"):
        yield "maintainer", {"name": plain(maintainer)}  # whether it is a person or an organization nobody knows
    if updated := facts.text("updated"):
        yield "dateModified", updated
    if tags := [plain(tag) for tag in artifact.tags[:_MOST] if plain(tag)]:
        yield "keywords", tags
    if artifact.language:
        yield "inLanguage", [plain(one) for one in artifact.language[:_MOST]]
    counters = [_counter(action, count) for key, action in _ACTIONS if (count := facts.count(key)) is not None]
    if counters:
        yield "interactionStatistic", counters
    yield from _cost(facts)


def _described(entry: Entry) -> Iterator[str]:
    """Yield the descriptions that may be published, in the order of the records."""
    yield from (text for one in entry.capabilities if (text := said(one.description, one)))


def _cost(facts: Facts) -> Iterator[tuple[str, Any]]:
    pricing = facts.text("pricing")
    if pricing in ("free", "open-source"):
        yield "isAccessibleForFree", True
    elif pricing == "paid":
        yield "isAccessibleForFree", False
    offers: list[dict[str, Any]] = [{"@type": "Offer", "price": "0", "priceCurrency": "USD"}] * (pricing == "free")
    for key, name in _PRICES:
        if price := facts.price(key):
            unit = price.unit.replace("tokens", f"{name} tokens") if name else price.unit
            amount = {"price": format(price.amount.normalize(), "f"), "priceCurrency": "USD", "unitText": unit}
            offers.append({"@type": "Offer", "priceSpecification": {"@type": "UnitPriceSpecification", **amount}})
    if offers:
        yield "offers", offers


def _features(entry: Entry, facts: Facts, kinds: list[str]) -> Iterator[tuple[str, Any]]:
    """Yield what it can do: the names of the records of which something may be said."""
    names = [_cut(plain(one.name)) for one in entry.capabilities if said(one.description, one)][:_MOST]
    if "SoftwareSourceCode" in kinds and (repository := facts.text("repository")):
        yield "codeRepository", repository
    if kinds[0] in ("SoftwareApplication", "WebApplication"):
        yield "applicationCategory", _APPLICATION.get(facts.text("type") or entry.artifact.type, "Software")
        if names:
            yield "featureList", names
    elif names:
        yield "about", [{"@type": "Thing", "name": name} for name in names]


def _counter(action: str, count: int) -> dict[str, Any]:
    interaction = {"@type": action}
    return {"@type": "InteractionCounter", "interactionType": interaction, "userInteractionCount": count}


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
