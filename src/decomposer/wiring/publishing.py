"""Say what a site shows besides the entries: ranks of the day, what artifacts share, and counts of searches."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, cast

from decomposer.compare import compare
from decomposer.ports import Given, Group, Membership, Stamp
from decomposer.rank import rank
from decomposer.records import Capability, Comparison, Entry, Facts, Judgement, Matched, Norms, Rank, State
from decomposer.wiring import keeping
from decomposer.wiring.ranking import fact_log, measure, today

if TYPE_CHECKING:
    from decomposer.wiring.workspace import Workspace

_KEPT = 48
"""How many entries are kept for the comparisons that follow: four blocks. Each holds some 400 kB of memory."""
_MOST_HAVING = 4_000
"""How many canonical capabilities are kept with who has them."""
_OTHERS = 6
"""How many others that have a capability are named beside it."""
_TURNED = {"broader": "narrower", "narrower": "broader"}


class SiteFigures:
    """The `Figures` of a workspace: of all that is published, or of what is in one `state`.

    The registry is taken as it is; whoever asks brings it up to date first.
    """

    def __init__(self, workspace: "Workspace", *, state: State | None = None) -> None:
        from decomposer.store.publishing import SqlSite

        self._workspace = workspace
        self._state = state
        self._site = SqlSite(workspace.engine, state=state)
        self._having: dict[int, list[Any]] = {}
        self._recent: OrderedDict[str, tuple[Given, dict[str, Any]] | None] = OrderedDict()

    @property
    def norms(self) -> Norms:
        """What is usual on the day of all ranks."""
        return self._norms

    def stamps(self) -> Iterator[Stamp]:
        """Yield what may be published, by slug, without reading the entries."""
        return self._site.stamps()

    def read(self, slugs: Sequence[str]) -> Iterator[Given]:
        """Yield the entries as they may be published; those of which nothing may be are left out."""
        self._remember(slugs)
        for slug in slugs:
            held = self._recent[slug]
            if held is not None:
                yield held[0]

    def groups(self) -> Iterator[Group]:
        """Yield the canonical capabilities that two published artifacts and more have, by number."""
        return self._site.groups()

    def relations(self) -> Iterator[tuple[int, int]]:
        """Yield canonical capabilities, by number, of which the first is broader than the second, in order."""
        return self._site.relations()

    def compare(self, pairs: Sequence[tuple[str, str]]) -> Iterator[Comparison | None]:
        """Yield two entries side by side for each pair, by what the registry says of their records.

        None where one of the two is gone.
        """
        slugs = sorted({slug for pair in pairs for slug in pair})
        self._remember(slugs)
        told = self._likenesses(slugs)
        for a, b in pairs:
            first, second = self._recent[a], self._recent[b]
            if first is None or second is None:
                yield None
                continue
            (one, ours), (other, theirs) = first, second
            yield compare(
                one.entry,
                other.entry,
                same=partial(_registered, ours, theirs, told),
                ranks=(cast(Rank, one.rank), cast(Rank, other.rank)),
                facts=(one.facts, other.facts),
            )

    def progress(self) -> Any:
        """Return what is known of the catalog over time, as pictures take it."""
        from decomposer.wiring.over_time import days

        return days(self._workspace)

    @cached_property
    def _norms(self) -> Norms:
        return fact_log(self._workspace).norms(today())

    def _read(self, slugs: Sequence[str]) -> Iterator[tuple[Given, dict[str, Any]]]:
        belongs = self._site.membership(slugs)
        if len(self._having) > _MOST_HAVING:
            self._having.clear()
        numbers = {row.canonical for rows in belongs.values() for row in rows.values()} - self._having.keys()
        self._having |= {one: [] for one in numbers} | self._site.having(numbers)
        entries = [one for one in map(self._narrowed, self._site.read(slugs)) if one is not None]
        said, counted = self._site.said(slugs), self._site.matched(slugs)
        derived = self._site.derived({one.artifact.slug: one.artifact.source for one in entries})
        for entry in entries:
            slug = entry.artifact.slug
            facts = Facts.of(entry.artifact, said.get(slug, ()))
            matched = counted.get(slug, {})
            measured = measure(entry, facts, derived=derived[slug], matched=_matched(matched.get("")))
            rows = belongs.get(slug, {})
            given = Given(
                entry=entry,
                facts=facts,
                rank=rank(entry.artifact, measured, self.norms),
                measured=measured,
                members={one: self._member(row, slug) for one, row in rows.items()},
                times={one: row.times for one, row in matched.items() if one},
            )
            yield given, rows

    def _narrowed(self, entry: Entry) -> Entry | None:
        if self._state is None:
            return entry
        narrowed = keeping.only(entry, self._state)
        return narrowed if narrowed.capabilities else None

    def _member(self, row: Any, slug: str) -> Membership:
        others = [one for one in self._having.get(row.canonical, []) if one.entry != slug]
        named = tuple((one.entry, one.name, one.type) for one in others[:_OTHERS])
        return Membership(row.uri, row.name, len(others) + 1, named)

    def _remember(self, slugs: Sequence[str]) -> None:
        """Have entries at hand, and those of earlier blocks as far as there is room."""
        missing = [slug for slug in slugs if slug not in self._recent]
        found = {given.entry.artifact.slug: (given, rows) for given, rows in self._read(missing)} if missing else {}
        for slug in slugs:
            held = self._recent.pop(slug, None) or found.get(slug)
            self._recent[slug] = held
        while len(self._recent) > max(_KEPT, len(slugs)):
            self._recent.popitem(last=False)

    def _likenesses(self, slugs: Sequence[str]) -> dict[tuple[int, int], Any]:
        """Return what was judged of pairs of the records of entries, by number."""
        held = filter(None, map(self._recent.get, slugs))
        numbers = [row.number for _, rows in held for row in rows.values()]
        return {(row.a, row.b): row for row in self._site.likenesses(numbers)}


def _matched(row: Any) -> Matched | None:
    return Matched(times=row.times, successes=row.successes, failures=row.failures) if row and row.times else None


def _registered(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], told: Mapping[tuple[int, int], Any],
    a: Capability, b: Capability,
) -> Judgement:  # fmt: skip
    """Return what the registry says of two records: of one canonical capability they are the same."""
    one, other = ours.get(a.id), theirs.get(b.id)
    if one is None or other is None:
        return _NOTHING
    row = told.get((one.number, other.number)) or told.get((other.number, one.number))
    joined = one.canonical == other.canonical
    if row is None:
        return _JOINED if joined else _NOTHING
    reasons = tuple(row.reasons.split("\n")) if row.reasons else ()
    if joined:
        return Judgement("same", max(row.score, 0.5), reasons, row.decided_by)
    turned = row.a != one.number
    verdict = _TURNED.get(row.verdict, row.verdict) if turned else row.verdict
    # What the registry keeps apart although the two alone look the same is no more than near.
    return Judgement("related" if verdict == "same" else verdict, row.score, reasons, row.decided_by)


_JOINED = Judgement("same", 0.5, ("both are of one canonical capability",))
_NOTHING = Judgement("different", 0.0)
