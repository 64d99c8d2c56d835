"""Take existing entries into the catalog: beside what it holds of them, and never over what a person decided."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from decomposer.adopt import adopt
from decomposer.errors import SourceError
from decomposer.ports import Catalog
from decomposer.reconcile import reconcile
from decomposer.records import Artifact, Capability, Entry, Pricing, Source
from decomposer.same import Judging, Learned, same_name
from decomposer.sources import scheme
from decomposer.sources.catalog_entries import NOWHERE, PAGE, Imported
from decomposer.sources.path import uri_of

Fate = Literal["new", "changed", "unchanged"]
_FILLED = ("homepage", "repository", "license", "maintainer")


@dataclass(frozen=True, slots=True)
class Taken:
    """An entry that was taken: `fate` is what became of what the catalog held, `notes` what was left out of it."""

    place: str
    slug: str
    name: str
    source: str
    fate: Fate
    capabilities: int
    notes: tuple[str, ...] = ()


def take(imported: Imported, catalog: Catalog, *, source: str | None = None, learned: Learned | None = None) -> Taken:
    """Store an entry that was written elsewhere; `source` says where it can be redrafted from.

    Records are told apart by the `learned` values, by default those that come with the program. Taking the same entry
    again changes nothing. Raises CatalogError.
    """
    adopted = adopt(imported.entry, catalog.text)
    entry, wanted = adopted.entry, None if source is None else _reference(source)
    if wanted is not None and (_held(catalog, wanted) or not _held(catalog, entry.artifact.source)):
        entry = entry.model_copy(update={"artifact": entry.artifact.model_copy(update={"source": wanted})})
    fate: Fate = "new"

    def change(previous: Entry | None, slug: str) -> Entry:
        nonlocal fate
        joined = join(previous, _sourced(entry, wanted), slug, learned=learned)
        fate = "new" if previous is None else "unchanged" if joined == previous else "changed"
        return joined

    kept = catalog.take(entry, change)
    artifact = kept.artifact
    notes = (*imported.notes, *adopted.notes)
    return Taken(imported.place, artifact.slug, artifact.name, artifact.source, fate, len(kept.capabilities), notes)


def join(previous: Entry | None, found: Entry, slug: str, *, learned: Learned | None = None) -> Entry:
    """Return what an entry that was written elsewhere makes of the one that the catalog holds.

    An entry with documents, or a new edition of the same manifest, is reconciled like a new draft. Texts without a
    source never replace or remove anything: what has a new name is added.
    """
    slug = previous.artifact.slug if previous else slug
    named = _named(found, slug)
    if previous is None:
        return reconcile(None, named, judge=Judging.of(named.artifact, learned=learned)).entry
    edition = not previous.documents and previous.run.prompt == found.run.prompt != PAGE
    if not found.documents and not edition:
        known = set(map(same_name, previous.capabilities))
        fresh = tuple(capability for capability in named.capabilities if same_name(capability) not in known)
        update = {"artifact": _filled(previous.artifact, named.artifact), "capabilities": previous.capabilities + fresh}
        return previous.model_copy(update=update) if not fresh else _reconciled(previous, update, learned)
    update = {**dict(named), "artifact": _resourced(named.artifact, previous.artifact)}
    joined = _reconciled(previous, update, learned)
    same_but_run = joined.model_copy(update={"run": previous.run}) == previous
    return previous if same_but_run else joined


def load_again(held: Entry, load: Callable[[str], Source]) -> Source:
    """Return the source of an entry as it reads now, under the entry's slug, name, type and pricing.

    What else the metadata now says goes first, what it is silent about stays as it was. Raises SourceError, also where
    the entry has no source.
    """
    kept = held.artifact
    if not kept.source or kept.source == "-" or kept.source.startswith(NOWHERE):
        hint = "import it again with --source REF, or draft its REF"
        raise SourceError(f"{kept.slug}: the entry has no source to draft it from", hint=hint)
    source = load(kept.source)
    found = _filled(source.artifact, kept)
    update: dict[str, object] = {name: getattr(kept, name) for name in ("slug", "name", "type", "source")}
    if kept.pricing != Pricing():
        update["pricing"] = kept.pricing
    return Source(found.model_copy(update=update), source.documents)


def _reference(source: str) -> str:
    """Return a reference as its loader writes it down."""
    return uri_of(Path(source)) if scheme(source) == "path" else source


def _held(catalog: Catalog, source: str) -> bool:
    artifact = Artifact(slug="", name="", type="repo", source=source)
    return catalog.standing(Source(artifact, ())) is not None


def _sourced(entry: Entry, source: str | None) -> Entry:
    if source is None:
        return entry
    return entry.model_copy(update={"artifact": entry.artifact.model_copy(update={"source": source})})


def _named(entry: Entry, slug: str) -> Entry:
    """Return the entry under a slug, its ids included; what is no id of it is left to be given one."""
    before = f"{entry.artifact.slug}/"

    def renamed(capability: Capability) -> Capability:
        short = capability.id.removeprefix(before) if capability.id.startswith(before) else ""
        sound = bool(short) and short.isprintable() and not set(short) & set(" /\\")
        return capability.model_copy(update={"id": f"{slug}/{short}" if sound else ""})

    update = {
        "artifact": entry.artifact.model_copy(update={"slug": slug}),
        "capabilities": tuple(map(renamed, entry.capabilities)),
    }
    return entry.model_copy(update=update)


def _reconciled(previous: Entry, update: dict[str, object], learned: Learned | None) -> Entry:
    judge = Judging.of(previous.artifact, learned=learned)
    return reconcile(previous, previous.model_copy(update=update), judge=judge).entry


def _resourced(artifact: Artifact, before: Artifact) -> Artifact:
    nowhere = artifact.source.startswith(NOWHERE)
    return artifact.model_copy(update={"source": before.source}) if nowhere else artifact


def _filled(artifact: Artifact, other: Artifact) -> Artifact:
    """Return an artifact with what it is silent about taken from another one."""
    update = {name: getattr(other, name) for name in _FILLED if getattr(artifact, name) is None}
    if artifact.pricing == Pricing():
        update["pricing"] = other.pricing
    if artifact.source.startswith(NOWHERE):
        update["source"] = other.source
    return artifact.model_copy(update=update)
