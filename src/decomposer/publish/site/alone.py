"""Show entries that come alone, without a catalog behind them: no ranks, no searches, nothing shared."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Any

from decomposer.ports import Exporting, Given, Group, Membership, Stamp
from decomposer.records import Comparison, Entry, Norms


class Alone:
    """The `Figures` of the entries that an exporter is given; these are held in memory."""

    def __init__(self, entries: Iterable[Entry], exporting: Exporting) -> None:
        self._entries = {entry.artifact.slug: entry for entry in entries}
        self._exporting = exporting

    @property
    def norms(self) -> Norms | None:
        """None: nobody ranks."""
        return None

    def stamps(self) -> Iterator[Stamp]:
        """Yield the entries by slug."""
        for slug, entry in sorted(self._entries.items()):
            facts = self._exporting.facts(entry.artifact)
            held = repr((entry, facts, list(self._members(entry)))).encode("utf-8", "surrogatepass")
            yield Stamp(slug, entry.artifact.name, blake2b(held, digest_size=12).hexdigest())

    def read(self, slugs: Sequence[str]) -> Iterator[Given]:
        """Yield entries with their facts and addresses."""
        for entry in filter(None, map(self._entries.get, slugs)):
            yield Given(entry, self._exporting.facts(entry.artifact), members=dict(self._members(entry)))

    def groups(self) -> Iterator[Group]:
        """Yield nothing."""
        return iter(())

    def relations(self) -> Iterator[tuple[int, int]]:
        """Yield nothing."""
        return iter(())

    def compare(self, pairs: Sequence[tuple[str, str]]) -> Iterator[Comparison | None]:
        """Yield None for each pair: nothing is shared."""
        return (None for _ in pairs)

    def progress(self) -> Any:
        """Return nothing."""
        return ()

    def _members(self, entry: Entry) -> Iterator[tuple[str, Membership]]:
        for one in entry.capabilities:
            if uri := self._exporting.address(entry.artifact.slug, one.id):
                yield one.id, Membership(uri, one.name)
