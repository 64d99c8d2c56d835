"""Publish entries as manifests, `unfragile.yml` of version 1.0: only what is known, and only records that fit one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field

from decomposer.display import display_safe
from decomposer.ports import Exported, Exporting, LeftOut
from decomposer.publish.files import ALONE, Folder, file_name, json_text, published
from decomposer.publish.wording import UNREVIEWED, phrases, plain, said, what_then, why_unsaid, words
from decomposer.records import ArtifactType, Capability, Entry, Facts, Record
from decomposer.records.entry import absent, empty

SHORTEST = 100
"""Characters of a description that a manifest takes, at least."""

_MARK = '"generator": "decomposer"'
_LISTED = r'"file": "([^"\\/]+\.unfragile\.yml)"'
_WIDTH = 100
_NOTES = {"accepted": "accepted by a person", "proposed": f"proposed: {UNREVIEWED}"}


class ManifestArtifact(Record):
    """Who the artifact is; what is not known is not there."""

    name: Annotated[str, Field(min_length=1)]
    slug: str
    type: ArtifactType
    maintainer: str | None = Field(default=None, exclude_if=absent)
    repository: str | None = Field(default=None, exclude_if=absent)
    homepage: str | None = Field(default=None, exclude_if=absent)
    license: str | None = Field(default=None, exclude_if=absent)


class Conditions(Record):
    """When to use a capability."""

    best_for: list[str] = Field(default=[], alias="bestFor", exclude_if=empty)
    limitations: list[str] = Field(default=[], exclude_if=empty)
    requires: list[str] = Field(default=[], exclude_if=empty)


class ManifestCapability(Record):
    """One capability: `id` is dotted, and `description` long enough to say how it works."""

    id: Annotated[str, Field(pattern=r"^[^\s.]+\.[^\s.]+$")]
    name: Annotated[str, Field(min_length=1)]
    description: Annotated[str, Field(min_length=SHORTEST)]
    intents_served: list[str] = Field(default=[], exclude_if=empty)
    conditions: Conditions | None = Field(default=None, exclude_if=absent)
    unique_aspect: str | None = Field(default=None, exclude_if=absent)


class ManifestPricing(Record):
    """What using it costs; a price that nobody knows is not there."""

    model: Literal["free", "freemium", "paid", "open-source"]


class Manifest(Record):
    """A manifest: an artifact and at least one capability. What nobody wrote down is not there."""

    unfragile_version: Literal["1.0"] = "1.0"
    artifact: ManifestArtifact
    capabilities: Annotated[list[ManifestCapability], Field(min_length=1)]
    pricing: ManifestPricing | None = Field(default=None, exclude_if=absent)


def export(entries: Iterator[Entry], folder: Path, exporting: Exporting = ALONE) -> Exported:
    """Write a manifest for each entry that has a capability which fits one, and `index.unfragile.json`."""
    files = Folder(folder, "index.unfragile.json", mark=_MARK, listed=_LISTED)
    lines = []
    for entry in filter(None, map(published, entries)):
        fitting = list(_fitting(entry, exporting))
        if not fitting:
            reason = (
                f"no record of it fits a manifest{what_then(entry)}" if entry.capabilities else "it has no capabilities"
            )
            exporting.leave_out(LeftOut(entry.artifact.slug, reason))
            continue
        name = file_name(entry.artifact.slug, "unfragile.yml")
        files.write(name, page(entry, fitting, exporting.facts(entry.artifact)))
        lines.append({"slug": entry.artifact.slug, "file": name, "capabilities": len(fitting)})
    index = {"generator": "decomposer", "form": "unfragile", "entries": lines}
    return files.close(json_text(index))


def page(entry: Entry, fitting: list[Capability], facts: Facts) -> str:
    """Return the manifest of an entry with these of its capabilities as YAML, the state of each as a comment."""
    whole = manifest(entry, fitting, facts).model_dump(mode="json", by_alias=True)
    records, pricing = whole.pop("capabilities"), whole.pop("pricing", None)
    pieces = [_yaml(whole), "capabilities:\n"]
    for capability, record in zip(fitting, records, strict=True):
        pieces += [f"# {_NOTES[capability.state]}\n", _yaml([record])]
    pieces += [_yaml({"pricing": pricing})] if pricing else []
    # What acts on a terminal stands in double quotes (see `_scalar`), where these escapes are those of YAML.
    return display_safe("".join(pieces))


def manifest(entry: Entry, fitting: list[Capability], facts: Facts) -> Manifest:
    """Return the manifest of an entry with these of its capabilities, which fit one."""
    artifact = entry.artifact
    ids: dict[str, None] = {}
    for capability in fitting:
        _add_id(capability, artifact.slug, ids)
    known = {key: facts.text(key) for key in ("maintainer", "repository", "homepage", "license")}
    told = {
        "name": plain(artifact.name) or plain(artifact.slug) or "unnamed",
        "slug": plain(artifact.slug),
        "type": facts.text("type") or artifact.type,
        **{key: plain(text) for key, text in known.items() if text},
    }
    pricing = facts.text("pricing")
    return Manifest(
        artifact=ManifestArtifact.model_validate(told),
        capabilities=[_record(one, identity) for one, identity in zip(fitting, ids, strict=True)],
        pricing=ManifestPricing.model_validate({"model": pricing}) if pricing else None,
    )


def _fitting(entry: Entry, exporting: Exporting) -> Iterator[Capability]:
    """Yield the capabilities that fit a manifest, and tell of the others."""
    for capability in entry.capabilities:
        text = said(capability.description, capability)
        if text and len(text) >= SHORTEST and plain(capability.name):
            yield capability
        else:
            exporting.leave_out(LeftOut(entry.artifact.slug, _why_not(capability, text, entry), capability.id))


def _why_not(capability: Capability, text: str | None, entry: Entry) -> str:
    if not text or capability.description is None:
        return why_unsaid(capability, entry)
    if len(text) >= SHORTEST:
        return "it has no name"
    cut = " without what its source does not support" if text != plain(capability.description.text) else ""
    return f"its description has {len(text)} characters{cut}, a manifest needs {SHORTEST}"


def _record(capability: Capability, identity: str) -> ManifestCapability:
    conditions = Conditions(
        bestFor=phrases(capability.best_for, capability),
        limitations=phrases(capability.limitations, capability),
        requires=phrases(capability.requires, capability),
    )
    return ManifestCapability(
        id=identity,
        name=plain(capability.name),
        description=said(capability.description, capability) or "",
        intents_served=phrases(capability.intents, capability),
        conditions=conditions if conditions != Conditions() else None,
        unique_aspect=said(capability.unique, capability),
    )


def _add_id(capability: Capability, slug: str, ids: dict[str, None]) -> None:
    """Add the dotted id of a capability, such as `my_tool.read_pdf`: letters and digits, and no id twice."""
    own = capability.id.removeprefix(f"{slug}/")
    first, last = ("_".join(words(part)) or "unnamed" for part in (slug, own))
    identity, number = f"{first}.{last}", 1
    while identity in ids:
        number += 1
        identity = f"{first}.{last}_{number}"
    ids[identity] = None


# --- YAML


def _yaml(value: object) -> str:
    text: str = yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=False, width=_WIDTH
    )
    return text


def _scalar(dumper: Any, text: str) -> Any:
    """Quote what acts on a terminal, and what another version of YAML would read as a number or a date."""
    style = None if text[:1].isalpha() and display_safe(text) == text else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


# No anchors: a value that stands twice is written twice.
_Dumper: Any = type(
    "_Dumper", (getattr(yaml, "CSafeDumper", yaml.SafeDumper),), {"ignore_aliases": lambda self, data: True}
)
_Dumper.add_representer(str, _scalar)
