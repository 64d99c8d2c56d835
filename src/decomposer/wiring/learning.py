"""Learn thresholds from labelled pairs and from what people decided in the catalog, and use what was learned."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations, groupby
from pathlib import Path
from typing import TYPE_CHECKING

from decomposer.errors import ConfigurationError
from decomposer.records import Capability, Decision, Entry
from decomposer.same import Learned
from decomposer.same.learned import read
from decomposer.same.pairs import Pair
from decomposer.same.views import masked
from decomposer.settings import Settings

if TYPE_CHECKING:
    from decomposer.wiring.workspace import Workspace

Two = tuple[Capability, Capability]


@dataclass(frozen=True, slots=True)
class Said:
    """What people said of two records of an entry, by deciding: whether they are one, as they read then."""

    entry: str
    a: Capability
    b: Capability
    same: bool


def learned(held: Settings) -> Learned | None:
    """Return the values that the settings name, or None where they name none: those that come with it hold.

    Raises ConfigurationError where the file holds none.
    """
    if held.learned is None:
        return None
    path = Path(held.learned)
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise ConfigurationError(
            f"{held.origin('learned')}: {path} can't be read ({error.strerror})",
            hint="write it with `decomposer learn`",
        ) from error
    return _read(path, changed)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> Learned:
    return read(path)


# --- what people said by deciding


def own_pairs(workspace: "Workspace") -> list[Pair]:
    """Return the pairs that people decided about, without the names of their artifacts, each pair of texts once.

    One capability: records that a person joined, and a text with the revision that a person took over it. Two: records
    that a person has split or holds apart. What was taken back does not count.
    """
    entries: dict[str, Entry | None] = {}

    def find(slug: str) -> Entry | None:
        if slug not in entries:
            entries[slug] = workspace.catalog.find(slug)
        return entries[slug]

    found = list(said(workspace.reviews.history(), find))
    roots = _clusters((one.a.id, one.b.id) for one in found if one.same)
    pairs: dict[tuple[str, ...], Pair] = {}
    for one in found:
        entry = find(one.entry)
        names = [entry.artifact.name, entry.artifact.slug] if entry else []
        texts = [_text(side, names) for side in (one.a, one.b)]
        clusters = (roots.get(one.a.id, one.a.id), roots.get(one.b.id, one.b.id))
        if all(texts) and texts[0] != texts[1]:
            pairs.setdefault(tuple(sorted(texts)), Pair(texts[0], texts[1], one.same, clusters=clusters))
    return list(pairs.values())


def said(decisions: Iterable[Decision], find: Callable[[str], Entry | None]) -> Iterator[Said]:
    """Yield what decisions say of pairs of records, oldest first; `find` gives an entry as it is now."""
    for (_, slug), batch in groupby(decisions, key=lambda one: (one.batch, one.entry)):
        acts = [one for one in batch if one.field in ("record", "apart")]
        joined = [one for one in acts if one.op == "merge" and one.live]
        records = [record for one in joined if (record := _record(one.before))]
        yield from (Said(slug, a, b, True) for a, b in combinations(records, 2))
        for one in acts:
            if one.op == "take" and one.live and (both := _both(one.before, one.after)):
                yield Said(slug, *both, True)
        yield from _held_apart(slug, acts, find)


def _held_apart(slug: str, acts: Sequence[Decision], find: Callable[[str], Entry | None]) -> Iterator[Said]:
    """Yield the pairs that were parted and are held apart to this day, as they read when they were parted."""
    pairs = [(one.capability, str(one.after)) for one in acts if one.field == "apart" and one.after is not None]
    entry = find(slug) if pairs else None
    if entry is None:
        return
    apart = {frozenset(pair) for pair in entry.apart}
    texts = {one.id: one for one in entry.capabilities}
    texts |= {one.capability: record for one in acts if one.field == "record" and (record := _record(one.after))}
    for a, b in pairs:
        if frozenset((a, b)) in apart and a in texts and b in texts:
            yield Said(slug, texts[a], texts[b], False)


def _both(before: object, after: object) -> Two | None:
    old, new = _record(before), _record(after)
    return (old, new) if old and new else None


def _record(found: object) -> Capability | None:
    """Return the record that a decision holds, or None: what can't be read any more teaches nothing."""
    try:
        return Capability.model_validate(found["record"]) if isinstance(found, dict) else None
    except (ValueError, KeyError):
        return None


def _text(one: Capability, own: Sequence[str]) -> str:
    description = masked(one.description.text, own) if one.description else ""
    return f"{masked(one.name, own).rstrip('.')}. {description}".strip()


def _clusters(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Return the least id of those that pairs join, for each id in one."""
    links = list(pairs)
    root = {one: one for one in chain.from_iterable(links)}

    def least(one: str) -> str:
        while root[one] != one:
            one = root[one]
        return one

    for one, other in links:
        low, high = sorted((least(one), least(other)))
        root[high] = low
    return {one: least(one) for one in root}
