"""Load what hits are shown with: their entries as they are published, ranked, and addresses; several at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from decomposer.publish.files import published
from decomposer.rank import rank
from decomposer.records import Capability, Entry, FactKey, Facts, Matched, Norms, Rank
from decomposer.wiring.ranking import fact_log, measure, today

if TYPE_CHECKING:
    from decomposer.wiring.workspace import Workspace

_KEYS: tuple[tuple[str, FactKey], ...] = (("type", "type"), ("price", "pricing"), ("license", "license"))


@dataclass(frozen=True, slots=True)
class Known:
    """An entry as it is published, with its records by id, what filters ask of it, and its rank."""

    entry: Entry
    records: Mapping[str, Capability]
    facts: Mapping[str, str]
    rank: Rank


class Showing:
    """Loads what hits are shown with, in as many statements for many entries as for one. Safe for several threads."""

    def __init__(self, workspace: "Workspace") -> None:
        from decomposer.store.publishing import SqlSite

        self._workspace = workspace
        self._site = SqlSite(workspace.engine)
        self._lock = Lock()
        self._usual: Norms | None = None

    def known(self, slugs: Iterable[str]) -> dict[str, Known]:
        """Return the entries that are published of those named, by slug. Raises CatalogError for a damaged one."""
        entries = [one for one in map(published, self._site.read(list(slugs))) if one is not None]
        found = [one.artifact.slug for one in entries]
        if not found:
            return {}
        said, counted = self._site.said(found), self._site.matched(found)
        derived = self._derived(entries)
        known: dict[str, Known] = {}
        for entry in entries:
            slug = entry.artifact.slug
            facts = Facts.of(entry.artifact, said.get(slug, ()))
            matched = _matched(counted.get(slug, {}).get(""))
            measured = measure(entry, facts, derived=derived.get(slug), matched=matched)
            told = {name: facts.text(key) or "" for name, key in _KEYS}
            records = {one.id: one for one in entry.capabilities}
            known[slug] = Known(entry, records, told, rank(entry.artifact, measured, self._norms()))
        return known

    def addresses(self, slugs: Iterable[str]) -> dict[tuple[str, str], str]:
        """Return the capability:// addresses of the records of entries, by entry and id, where the registry has one."""
        rows = self._site.membership(list(slugs))
        return {(slug, identity): row.uri for slug, held in rows.items() for identity, row in held.items()}

    def _derived(self, entries: Sequence[Entry]) -> Mapping[str, int | None]:
        return self._site.derived({one.artifact.slug: one.artifact.source for one in entries})

    def _norms(self) -> Norms:
        with self._lock:
            if self._usual is None or self._usual.as_of != today():
                self._usual = fact_log(self._workspace).norms(today())
            return self._usual


def _matched(row: Any) -> Matched | None:
    return Matched(times=row.times, successes=row.successes, failures=row.failures) if row and row.times else None
