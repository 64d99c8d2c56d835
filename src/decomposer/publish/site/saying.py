"""Say in words what an entry holds: verdicts, categories, facts, and which addresses may be linked to."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from decomposer.display import display_safe, one_line
from decomposer.records import Capability, Category, Evidence, Facts, Statement, Support
from decomposer.records.facts import KEYS
from decomposer.records.kinds import called
from decomposer.risk import BARRED

FIELDS = {"description": "", "unique": "Unique", "vs_alternatives": "Compared with alternatives"}
LIST_TITLES = {
    "intents": "Serves", "best_for": "Best for", "limitations": "Limitations", "requires": "Requires",
    "input_types": "Takes", "output_types": "Gives",
}  # fmt: skip
VERDICTS: dict[Support, tuple[str, str]] = {
    "supported": ("✓", "supported"),
    "vendor_claim": ("“", "its own claim"),
    "partial": ("±", "partly supported"),
    "unsupported": ("✗", "not supported by its source"),
}
"""The sign and the words for each verdict: neither needs colour."""
CATEGORIES: dict[Category, str] = {
    "tool.use.integration": "Tool use and integration", "search.retrieval": "Search and retrieval",
    "data.processing.analysis": "Data processing and analysis", "automation.workflow": "Automation and workflow",
    "code.generation.editing": "Code generation and editing", "image.visual": "Images",
    "memory.knowledge": "Memory and knowledge", "text.generation.language": "Text and language",
    "audio.speech": "Audio and speech", "video.motion": "Video and motion", "model.training": "Model training",
    "safety.evaluation": "Safety and evaluation", "planning.reasoning": "Planning and reasoning", "other": "Other",
}  # fmt: skip
TYPES = {
    "agent": "Agents", "api": "APIs", "app": "Apps", "benchmark": "Benchmarks", "cli": "Command lines",
    "dataset": "Datasets", "extension": "Extensions", "finetune": "Fine-tunes", "framework": "Frameworks",
    "mcp": "MCP servers", "model": "Models", "platform": "Platforms", "product": "Products", "prompt": "Prompts",
    "repo": "Repositories", "skill": "Skills", "template": "Templates", "webapp": "Web apps", "workflow": "Workflows",
}  # fmt: skip
_FACTS = {
    "type": "Type", "maintainer": "Maintainer", "license": "License", "homepage": "Homepage",
    "repository": "Repository", "pricing": "Pricing", "input_price": "Input price", "output_price": "Output price",
    "starting_price": "Starting price", "downloads": "Downloads", "stars": "Stars", "likes": "Likes",
    "dependents": "Dependents", "updated": "Source last changed", "read": "Source last read",
}  # fmt: skip
_ONLY_KNOWN = ("input_price", "output_price", "starting_price", "read")
_BY = {"metadata": "from its metadata", "prices": "from a price file", "person": "by a person"}
_ADDRESS = re.compile(r"(?i)https?://(?:[\w-]+\.)*[\w-]+(?::\d{1,5})?(?:[/?#][^\s\"<>\\^`{|}]*)?")
_HUBS = (
    (re.compile(r"hf:((?:datasets/|spaces/)?[\w.-]+/[\w.-]+)"), "https://huggingface.co/"),
    (re.compile(r"gh:([\w.-]+/[\w.-]+)"), "https://github.com/"),
)
_LOCAL = re.compile(r"[/\\~]|[A-Za-z]:[/\\]|file:")
_LONGEST_LINK = 2000


class FactLine(NamedTuple):
    """A fact as it is shown; `value` is None where nobody knows. `link` and `source_link` are addresses or empty."""

    label: str
    value: str | None
    link: str
    source: str
    source_link: str
    as_of: str
    by: str


def facts(known: Facts) -> Iterator[FactLine]:
    """Yield the facts that people ask for, unknown ones too; prices and days only where they are known."""
    for key in KEYS:
        found = known.known.get(key)
        if found is None:
            if key not in _ONLY_KNOWN:
                yield FactLine(_FACTS[key], None, "", "", "", "", "")
            continue
        if key == "read":  # when this catalog read the source is nobody's word
            yield FactLine(_FACTS[key], known.shown(key), "", "", "", "", "")
            continue
        link = address(found.value) if key in ("homepage", "repository") else ""
        source = one_line(source_name(found.source))
        shown = known.shown(key)
        value = called(found.value) if key == "type" else shown
        as_of = "" if found.as_of == shown else found.as_of
        yield FactLine(_FACTS[key], value, link, source, place_of(found.source), as_of, _BY[found.by])


def source_name(source: str) -> str:
    """Return what a source is called for readers: of a path of this machine its last part."""
    return re.split(r"[/\\]", source.rstrip("/\\"))[-1] if _LOCAL.match(source) else source


def sentence(text: str) -> str:
    """Return text that begins like a sentence."""
    return text[:1].upper() + text[1:]


def read_as(kind: str) -> str:
    """Return what a text is, in words: a placeholder, about software, something else."""
    return {"software": "about software", "other": "something else"}.get(kind, f"a {kind}")


def address(text: str) -> str:
    """Return an address that may be linked to, or nothing: http or https, no name or password, nothing hidden."""
    if len(text) > _LONGEST_LINK or not _ADDRESS.fullmatch(text) or not text.isprintable():
        return ""
    return text if display_safe(text) == text else ""


def place_of(source: str) -> str:
    """Return the page that a source is read from, where it names one."""
    for hub, site in _HUBS:
        if found := hub.fullmatch(source):
            return f"{site}{found[1]}"
    return address(source)


def first_said(capability: Capability, most: int = 160) -> str:
    """Return the beginning of what may be said of a capability on one line, or nothing."""
    statement = capability.description
    if statement is None or (capability.state != "accepted" and {flag.kind for flag in statement.flags} & BARRED):
        return ""
    for text, support, _, _ in parts(statement):
        if support != "unsupported" or capability.state == "accepted":
            return one_line(text, limit=most)
    return ""


def parts(statement: Statement) -> list[tuple[str, Support, str, tuple[Evidence, ...]]]:
    """Return the sentences of a statement: text, verdict, why, and evidence of each."""
    whole = [(statement.text, statement.support, "", statement.evidence)]
    return [(statement.text[s.start : s.end], s.support, s.reason, s.evidence) for s in statement.sentences] or whole
