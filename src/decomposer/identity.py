"""Say who an artifact is: its slug, name and type, from its reference and its metadata, never from its prose."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal
from urllib.parse import unquote

from decomposer.records import Artifact, ArtifactType
from decomposer.records.facts import day

HubKind = Literal["model", "dataset", "space"]

_SUFFIXES = (".md", ".markdown", ".mdx", ".rst", ".html", ".htm", ".txt")
_GENERIC = re.compile(r"(?i)readme([._-][a-z]{2,3}([_-][a-z]{2,4})?)?|(model|dataset)[-_]?card|index")
_BRANCH = re.compile(r"(?i)main|master|head|blob|raw|resolve|tree|refs|heads|[0-9a-f]{40}")
_HUB = re.compile(r"(?i)(?:hf|gh|dist):(?:(?:models|datasets|spaces)/)?(.+)")
_URL = re.compile(r"(?i)https?://([^?#]+)")
_LONGEST_SLUG = 80


def slug_of(ref_or_path_like: str) -> str:
    """Return the slug of a reference, path or name: lower case letters and digits of any script, and `.`, `_`, `-`.

    Files with a generic stem (README, model_card, index) take their folder's name, hub references are `org-name`.
    At most 80 characters, never empty, and its own slug.
    """
    hub = _HUB.fullmatch(ref_or_path_like)
    slug = hub[1] if hub else _stem(ref_or_path_like)
    while (cleaned := _without_suffix(_clean(slug))) != slug:
        slug = cleaned
    return slug or "unnamed"


def name_of(ref_or_path_like: str) -> str:
    """Return what a person would call the thing: the end of a hub reference, else the file stem or folder name."""
    hub = _HUB.fullmatch(ref_or_path_like)
    found = hub[1].rstrip("/").rsplit("/", 1)[-1] if hub else _stem(ref_or_path_like)
    return _text(found) or "unnamed"


def _stem(path: str) -> str:
    url = _URL.match(path)
    parts = [part for part in (unquote(url[1]) if url else path).split("/") if part not in ("", ".", "..")]
    last = stem = _without_suffix(parts.pop()) if parts else ""
    while parts and (_GENERIC.fullmatch(stem) or (url and _BRANCH.fullmatch(stem))):
        stem = _without_suffix(parts.pop())
    return last if _GENERIC.fullmatch(stem) else stem


def _without_suffix(name: str) -> str:
    for suffix in _SUFFIXES:
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


def _clean(name: str) -> str:
    kept = [char if _in_slug(char) else "-" for char in unicodedata.normalize("NFC", name[:1000].lower())]
    slug = re.sub("-+", "-", "".join(kept))
    while slug and not slug[0].isalnum():
        slug = slug[1:]
    return slug[:_LONGEST_SLUG].rstrip("._-")


def _in_slug(char: str) -> bool:
    # vowel signs and other marks are part of words in many scripts, though they are not alphanumeric
    return char in "._-" or char.isalnum() or unicodedata.category(char).startswith("M")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What front matter, a hub or a package index says of an artifact; what is silent or makes no sense is None or ().

    `adapted` says that the weights are an adapter or fine-tune of `base_model`.
    """

    kind: HubKind | None = None
    name: str | None = None
    license: str | None = None
    pipeline_tag: str | None = None
    library: str | None = None
    homepage: str | None = None
    repository: str | None = None
    maintainer: str | None = None
    language: tuple[str, ...] = ()
    base_model: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    downloads: int | None = None
    stars: int | None = None
    updated: str | None = None
    adapted: bool = False

    @classmethod
    def of(cls, **values: object) -> "Metadata":
        """Return metadata from untrusted values by field name: each is coerced, or left out where it can't be."""
        return cls(**{name: _COERCE[name](value) for name, value in values.items()})

    def filled(self, other: "Metadata") -> "Metadata":
        """Return this metadata with what it is silent about taken from `other`."""
        mine = {field.name: getattr(self, field.name) for field in fields(self)}
        silent = [name for name, value in mine.items() if value is None or value is False or value == ()]
        return replace(self, **{name: getattr(other, name) for name in silent})


def front_matter_metadata(values: Mapping[str, object]) -> Metadata:
    """Return what the front matter of a model, dataset or Space card says. Counts are not taken from it: it boasts."""
    tags = _texts(values.get("tags"))
    adapters = {"peft", "lora", "qlora", "adapter"} & {tag.lower() for tag in (*tags, str(values.get("library_name")))}
    return Metadata.of(
        kind=_kind(values),
        name=_first(values, "pretty_name", "title", "model_name", "name"),
        license=_licence(values),
        pipeline_tag=values.get("pipeline_tag"),
        library=values.get("library_name"),
        homepage=values.get("homepage"),
        repository=_first(values, "repository", "repo"),
        maintainer=_first(values, "maintainer", "model_creator", "author"),
        language=_first(values, "language", "languages"),
        base_model=values.get("base_model"),
        tags=tags,
        adapted=bool(adapters) or values.get("base_model_relation") in ("adapter", "finetune"),
    )


_SPACE_KEYS = ("sdk", "app_file")
_DATASET_KEYS = (
    "task_categories", "task_ids", "size_categories", "annotations_creators", "language_creators", "source_datasets",
    "multilinguality", "dataset_info", "pretty_name",
)  # fmt: skip
_MODEL_KEYS = (
    "pipeline_tag", "library_name", "model-index", "base_model", "widget", "inference", "model-type", "model_type",
    "model_name", "datasets", "metrics",
)  # fmt: skip


def _kind(values: Mapping[str, object]) -> HubKind | None:
    if all(key in values for key in _SPACE_KEYS):
        return "space"
    if any(key in values for key in _DATASET_KEYS):
        return "dataset"
    return "model" if any(key in values for key in _MODEL_KEYS) else None


def _licence(values: Mapping[str, object]) -> str | None:
    names = _texts(values.get("license"))
    return _text(values.get("license_name")) if names == ("other",) else _text(", ".join(names))


def _first(values: Mapping[str, object], *keys: str) -> object:
    return next((values[key] for key in keys if _texts(values.get(key))), None)


def describe(slug: str, *, name: str, source: str, metadata: Metadata) -> Artifact:
    """Return the artifact. `name` is that of the reference; one that the metadata gives goes first."""
    known = metadata.name or name
    return Artifact(
        slug=slug,
        name=known,
        type=_type(slug, known, metadata),
        source=source,
        homepage=metadata.homepage,
        repository=metadata.repository,
        license=metadata.license,
        maintainer=metadata.maintainer,
        pipeline_tag=metadata.pipeline_tag,
        language=metadata.language,
        base_model=metadata.base_model,
        downloads=metadata.downloads,
        stars=metadata.stars,
        updated=metadata.updated,
        tags=metadata.tags,
    )


def _type(slug: str, name: str, metadata: Metadata) -> ArtifactType:
    words = set(re.split(r"[\W_]+", f"{slug} {name}".lower()))
    tags = {tag.lower() for tag in metadata.tags}
    if metadata.kind == "dataset":
        return "dataset"
    if metadata.kind == "space":
        return "webapp"
    if metadata.kind == "model" or words >= {"model", "card"}:
        return "finetune" if metadata.base_model and metadata.adapted else "model"
    if ("mcp" in words or "mcp-server" in tags) and "awesome" not in words:
        return "mcp"
    return "framework" if "framework" in tags else "repo"


_LONGEST_TEXT, _LONGEST_LINK, _MOST_TEXTS = 200, 2000, 200
_ABSENT = ("", "null", "~", "unknown")


def _text(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if not isinstance(value, str):
        value = format(value, ".15g")
    printable = "".join(
        char for char in value[:10_000] if char.isspace() or unicodedata.category(char) not in _UNPRINTED
    )
    text = " ".join(printable.split())[:_LONGEST_TEXT].rstrip()
    return None if text.lower() in _ABSENT else text


_UNPRINTED = ("Cc", "Cs")


def _texts(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list | tuple) else [value]
    found = (_text(item) for item in values[:_MOST_TEXTS])
    return tuple(dict.fromkeys(text for text in found if text))


def _link(value: object) -> str | None:
    if not isinstance(value, str) or len(value) > _LONGEST_LINK:
        return None
    link = value.strip()
    plain = link.isprintable() and re.fullmatch(r"(?i)https?://[\w.:\[\]-]+([/?#]\S*)?", link)
    return link if plain else None


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < 2**53 else None


def _day(value: object) -> str | None:
    try:
        return day(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _hub_kind(value: object) -> object:
    return value if value in ("model", "dataset", "space") else None


_COERCE: Mapping[str, Callable[[object], Any]] = {
    "kind": _hub_kind,
    "name": _text,
    "license": _text,
    "pipeline_tag": _text,
    "library": _text,
    "homepage": _link,
    "repository": _link,
    "maintainer": _text,
    "language": _texts,
    "base_model": _texts,
    "tags": _texts,
    "downloads": _count,
    "stars": _count,
    "updated": _day,
    "adapted": bool,
}
