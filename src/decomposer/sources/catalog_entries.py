"""Read existing entries, so that a catalog can take them: our own JSON, unfragile.yml manifests and compare pages."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, get_args

from pydantic import AliasChoices, AliasPath, BaseModel, Field, ValidationError

from decomposer.errors import SourceError
from decomposer.ground import LONGEST_NAME, LONGEST_TEXT
from decomposer.identity import Metadata, describe, slug_of
from decomposer.records import (
    FIELDS,
    LISTS,
    Artifact,
    ArtifactType,
    Capability,
    Category,
    Entry,
    Note,
    Price,
    Pricing,
    Provenance,
    Run,
    SourceKind,
    Statement,
)
from decomposer.sources import compare_page
from decomposer.sources.catalog_files import HINT, CatalogFile, json_lines, read_catalog_file, wrong_shape

MODEL = "imported"
NOWHERE = "imported:"
"""What the source of an entry begins with that names none; the slug follows."""

PAGE = "compare-page"

_MOST_CAPABILITIES = 1000
_MOST_NOTES = 50
_SITES = (
    (re.compile(r"https?://(?:www\.)?github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?"), "gh:"),
    (re.compile(r"https?://huggingface\.co/((?:datasets/|spaces/)?[\w.-]+/[\w.-]+)/?"), "hf:"),
)
_TYPES = {"repository": "repo", "mcp server": "mcp", "web app": "webapp", "fine-tune": "finetune"}
_PRICES = {"open source": "open-source"}


@dataclass(frozen=True, slots=True)
class Imported:
    """One entry as a file holds it, at `place` in it. `notes` say what was left out of it."""

    place: str
    entry: Entry
    notes: tuple[str, ...] = ()


class _Said(BaseModel):
    text: str


class _Record(BaseModel):
    """A capability as others write it."""

    name: str | None = None
    category: str | None = None
    description: _Said | str | None = None
    unique: _Said | str | None = Field(default=None, validation_alias=AliasChoices("unique", "unique_aspect"))
    vs_alternatives: _Said | str | None = Field(
        default=None, validation_alias=AliasChoices("vs_alternatives", "vsAlternatives")
    )
    intents: list[_Said | str | None] | None = Field(
        default=None, validation_alias=AliasChoices("intents", "intents_served")
    )
    best_for: list[_Said | str | None] | None = Field(
        default=None, validation_alias=AliasChoices("best_for", AliasPath("conditions", "bestFor"))
    )
    limitations: list[_Said | str | None] | None = Field(
        default=None, validation_alias=AliasChoices("limitations", AliasPath("conditions", "limitations"))
    )
    requires: list[_Said | str | None] | None = Field(
        default=None, validation_alias=AliasChoices("requires", AliasPath("conditions", "requires"))
    )
    input_types: list[_Said | str | None] | None = Field(
        default=None, validation_alias=AliasChoices("input_types", AliasPath("conditions", "inputTypes"))
    )
    output_types: list[_Said | str | None] | None = Field(
        default=None, validation_alias=AliasChoices("output_types", AliasPath("conditions", "outputTypes"))
    )


class _Manifest(BaseModel):
    """An entry as others write it; whatever else stands in it is left alone."""

    artifact: dict[str, Any]
    capabilities: list[_Record] = Field(max_length=_MOST_CAPABILITIES)
    pricing: dict[str, Any] | str | None = None


def read_entries(path: Path) -> Iterator[Imported | SourceError]:
    """Yield the entries of a file in its order; one that can't be taken is a SourceError, and the others go on.

    JSON lines are streamed. Raises SourceError for a file that can't be read or holds no entries.
    """
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        yield from (_of_value(value, str(path), place) for place, value in json_lines(path))
        return
    found = read_catalog_file(path)
    if found.form == "page":
        yield from _of_page(found.page, str(path))
    elif not found.values:
        raise SourceError(f"{path}: holds no entries", hint=HINT)
    elif not _is_index(found):
        for place, value in found.values.items():
            yield _of_value(value, str(path), place, form="unfragile.yml" if found.form == "manifest" else "json")


def _is_index(found: CatalogFile) -> bool:
    """Say whether this is the index that `export --as json` writes beside the entries."""
    whole = found.values.get("it")
    return isinstance(whole, dict) and whole.get("generator") == "decomposer" and "artifact" not in whole


def _of_value(value: Any, path: str, place: str, *, form: str = "json") -> Imported | SourceError:
    if isinstance(value, SourceError):
        return value
    where = path if place == "it" else f"{path}: {place}"
    try:
        if isinstance(value, dict) and {"documents", "source_kind"} <= value.keys():
            return _ours(Entry.model_validate(value), where)
        return _theirs(_Manifest.model_validate(value), where, form)
    except ValidationError as error:
        return wrong_shape(path, place, error)


# --- our own


def _ours(entry: Entry, place: str) -> Imported:
    artifact = entry.artifact
    slug = slug_of(artifact.slug)
    notes = [] if slug == artifact.slug else [f"{artifact.slug!r} can't be a slug; it is called {slug}"]
    source = artifact.source
    if _leaves_the_folder(source):
        notes.append(f"its source {source} is a file outside this folder; name it with --source to redraft from it")
        source = f"{NOWHERE}{slug}"
    named = artifact.model_copy(update={"slug": slug, "source": source or f"{NOWHERE}{slug}"})
    return Imported(place, entry.model_copy(update={"artifact": named}), tuple(notes))


def _leaves_the_folder(source: str) -> bool:
    """Say whether a source is a path that whoever wrote the file may have chosen on purpose."""
    path = Path(source)
    return path.is_absolute() or source.startswith(("~", "\\")) or ".." in re.split(r"[/\\]", source)


# --- those of others


def _theirs(manifest: _Manifest, place: str, form: str) -> Imported:
    said = manifest.artifact
    metadata = Metadata.of(**{name: said.get(name) for name in ("name", "license", "maintainer", "homepage", "tags")})
    metadata = metadata.filled(Metadata.of(repository=said.get("repository") or said.get("repo")))
    artifact = _artifact(metadata, said.get("slug"), str(said.get("type") or ""), _pricing(manifest.pricing))
    notes: list[str] = []
    capabilities = [_capability(one, form, notes) for one in manifest.capabilities]
    return _imported(place, artifact, [one for one in capabilities if one is not None], form, notes)


def _of_page(text: str, path: str) -> Iterator[Imported]:
    types, prices = compare_page.facts(text, "Type"), compare_page.facts(text, "Pricing")
    starting, counts = compare_page.facts(text, "Starting Price"), compare_page.facts(text, "Capabilities")
    for name, group in groupby(compare_page.records(text, path), key=lambda record: record.artifact):
        pricing = _starting(_pricing(prices.get(name)), starting.get(name, ""), Path(path).name)
        artifact = _artifact(Metadata.of(name=name), None, types.get(name, ""), pricing)
        notes: list[str] = []
        found = [_Record.model_validate({**dict(one.fields), "name": one.name or one.first_words}) for one in group]
        capabilities = [_capability(one, PAGE, notes) for one in found]
        held = [one for one in capabilities if one is not None]
        counted = re.match(r"\d{1,6}", counts.get(name, ""))
        if counted and int(counted[0]) > len(held):
            notes.append(f"the page shows {len(held)} of {int(counted[0])} capabilities; the others are not on it")
        yield _imported(path, artifact, held, PAGE, notes)


def _imported(
    place: str, artifact: Artifact, capabilities: Sequence[Capability], form: str, notes: Sequence[str]
) -> Imported:
    kind = SourceKind(kind="other", reason="the source was not read: these texts were written elsewhere")
    entry = Entry(
        artifact=artifact,
        documents=(),
        source_kind=kind,
        capabilities=tuple(capabilities),
        run=Run(model=MODEL, prompt=form),
    )
    return Imported(place, entry, tuple(dict.fromkeys(notes)))


def _artifact(metadata: Metadata, slug: object, kind: str, pricing: Pricing) -> Artifact:
    called = slug_of(slug if isinstance(slug, str) and slug.strip() else metadata.name or "unnamed")
    artifact = describe(called, name=metadata.name or called, source=_source(metadata, called), metadata=metadata)
    kind = kind.strip().casefold()
    kind = _TYPES.get(kind, kind)
    update: dict[str, object] = {"pricing": pricing}
    if kind in get_args(ArtifactType):
        update["type"] = kind
    return artifact.model_copy(update=update)


def _source(metadata: Metadata, slug: str) -> str:
    """Return where the texts can be redrafted from: the repository on a hub, or nowhere."""
    for link in filter(None, (metadata.repository, metadata.homepage)):
        for site, prefix in _SITES:
            found = site.fullmatch(link)
            if found:
                return f"{prefix}{found[1]}"
    return f"{NOWHERE}{slug}"


def _pricing(said: object) -> Pricing:
    wanted = said.get("model") if isinstance(said, Mapping) else said
    word = wanted.strip().casefold() if isinstance(wanted, str) else ""
    word = _PRICES.get(word, word)
    return Pricing.model_validate({"model": word}) if word in ("free", "freemium", "paid", "open-source") else Pricing()


def _starting(pricing: Pricing, said: str, page: str) -> Pricing:
    """Return the pricing with what a page says of the price of a token, such as `$1.00e-7 per prompt token`."""
    try:
        price = Price.read(said)
    except ValueError:
        return pricing
    per_token = price.unit == "1M tokens" and "token" in said
    return pricing.model_copy(update={"input_per_mtok": price.amount, "source": page}) if per_token else pricing


def _capability(record: _Record, form: str, notes: list[str]) -> Capability | None:
    said = {field: _cut(_text(getattr(record, field)), LONGEST_TEXT, notes) for field in FIELDS}
    name = _cut(record.name or " ".join(next(filter(None, said.values()), "").split()[:6]), LONGEST_NAME, notes)
    if not name:
        notes.append("a capability without a name and a text was left out")
        return None
    update: dict[str, Any] = {field: Statement(text=text) if text else None for field, text in said.items()}
    for listed in LISTS:
        phrases = [_cut(_text(one), LONGEST_NAME, notes) for one in (getattr(record, listed) or [])[:_MOST_NOTES]]
        update[listed] = tuple(Note(text=phrase) for phrase in dict.fromkeys(phrases) if phrase)
    category: Any = record.category if record.category in get_args(Category) else "other"
    provenance = Provenance(model=MODEL, prompt=form)
    return Capability(id="", name=name, category=category, provenance=provenance, **update)


def _text(said: _Said | str | None) -> str:
    return said.text if isinstance(said, _Said) else said or ""


def _cut(text: str, longest: int, notes: list[str]) -> str:
    plain = " ".join(text.split())
    if len(plain) > longest:
        notes.append(f"texts over {longest:,} characters were cut")
    return plain[:longest].rstrip()
