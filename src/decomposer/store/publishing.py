"""What a site shows of a whole catalog, in SQL: what has changed, and what the published artifacts share."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Engine, and_, bindparam, false, func, select

from decomposer.ports import Group, Stamp
from decomposer.records import Category, Entry, Fact, State
from decomposer.store.entries import WHOLE, read
from decomposer.store.facts import named
from decomposer.store.facts_tables import bases, facts
from decomposer.store.registry_tables import canonicals, likenesses, members, texts
from decomposer.store.review_tables import events, queue
from decomposer.store.search_tables import match_counts
from decomposer.store.tables import entries

_BLOCK = 1000  # rows fetched at a time when streaming
_SLUGS: Any = bindparam("slugs", expanding=True)
_NUMBERS: Any = bindparam("numbers", expanding=True)
_HUBS = ("hf:", "gh:")
_LIKE = select(likenesses).where(likenesses.c.a.in_(_NUMBERS), likenesses.c.b.in_(_NUMBERS))


class SqlSite:
    """What a database opened by `open_database` says of what is published: all of it, or what is in one `state`."""

    def __init__(self, engine: Engine, *, state: State | None = None) -> None:
        self._engine = engine
        self._state = state
        shown: tuple[State, ...] = ("accepted", "proposed") if state is None else (state,)
        self._shown: ColumnElement[bool] = queue.c.state.in_(shown)
        if state == "accepted":
            self._shown = and_(self._shown, queue.c.disputed == false())

    def stamps(self) -> Iterator[Stamp]:
        """Yield the entries that may be published, by slug.

        Whatever the database holds of an entry goes into its digest, and what it shares with others.
        """
        with self._engine.connect() as connection:
            parts = _Parts()
            parts.queued(connection)
            parts.counted(connection)
            parts.said(connection)
            parts.judged(connection)
            parts.shared(self._membership(connection))
            retired = _retired(connection)
            derived = _derived(connection)
            for row in connection.execution_options(yield_per=_BLOCK).execute(_ROWS):
                if not self._publishable(row, retired):
                    continue
                scheme, _, name = row.source.partition(":")
                made = derived[named(name)] if f"{scheme}:" in _HUBS else None
                own = (self._state, row.data, row.updated, row.past, made)
                yield parts.stamp(row.slug, row.name, own)

    def read(self, slugs: Sequence[str]) -> Iterator[Entry]:
        """Yield entries by slug; those that are not there, and those that were retired as a whole, are left out."""
        with self._engine.connect() as connection:
            for kept in read(connection.execute(WHOLE.where(entries.c.slug.in_(_SLUGS)), {"slugs": list(slugs)})):
                entry = kept.entry
                if entry.capabilities or entry.artifact.slug not in _retired(connection):
                    yield entry

    def groups(self) -> Iterator[Group]:
        """Yield the canonical capabilities that two published artifacts and more have, by number."""
        with self._engine.connect() as connection:
            for _, rows in groupby(self._membership(connection, whole=True), key=lambda row: row.canonical):
                found = list(rows)
                if len({row.entry for row in found}) < 2:
                    continue
                one = found[0]
                yield Group(
                    number=one.canonical,
                    uri=one.uri,
                    name=one.name,
                    category=cast(Category, one.category),
                    members=tuple((row.entry, row.id) for row in found),
                    defined_in=one.defined_in,
                    defined_by=one.defined_by,
                )

    def relations(self) -> Iterator[tuple[int, int]]:
        """Yield canonical capabilities, by number, of which the first is broader than the second, in order.

        Of links that go both ways, what most of them say holds.
        """
        ours, theirs = members.alias("ours"), members.alias("theirs")
        query = (
            select(likenesses.c.verdict, ours.c.canonical.label("a"), theirs.c.canonical.label("b"), func.count())
            .join(ours, ours.c.number == likenesses.c.a)
            .join(theirs, theirs.c.number == likenesses.c.b)
            .where(likenesses.c.verdict.in_(("broader", "narrower")), ours.c.canonical != theirs.c.canonical)
            .group_by(likenesses.c.verdict, ours.c.canonical, theirs.c.canonical)
        )
        links: Counter[tuple[int, int]] = Counter()
        with self._engine.connect() as connection:
            for verdict, a, b, count in connection.execute(query):
                links[(a, b) if verdict == "broader" else (b, a)] += count
        return iter(sorted(pair for pair, count in links.items() if count > links.get(pair[::-1], 0)))

    def membership(self, slugs: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Return for each entry its records, by id: rows with `number`, `canonical`, `uri` and `name`."""
        query = (
            select(texts.c.entry, texts.c.id, texts.c.number, members.c.canonical, canonicals.c.uri, canonicals.c.name)
            .join(members, members.c.number == texts.c.number)
            .join(canonicals, canonicals.c.number == members.c.canonical)
            .where(texts.c.entry.in_(_SLUGS))
        )
        found: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        with self._engine.connect() as connection:
            for row in connection.execute(query, {"slugs": list(slugs)}):
                found[row.entry][row.id] = row
        return found

    def having(self, numbers: Iterable[int]) -> dict[int, list[Any]]:
        """Return for canonical capabilities the published artifacts that have them, best supported first.

        A row has `entry`, `name` and `type`; each entry is there once.
        """
        query = (
            select(members.c.canonical, members.c.entry, entries.c.name, entries.c.type)
            .join(texts, texts.c.number == members.c.number)
            .join(entries, entries.c.slug == members.c.entry)
            .join(queue, and_(queue.c.entry == texts.c.entry, queue.c.id == texts.c.id))
            .where(members.c.canonical.in_(_NUMBERS), self._shown)
            .order_by(members.c.canonical, members.c.standing, members.c.number)
        )
        found: defaultdict[int, dict[str, Any]] = defaultdict(dict)
        with self._engine.connect() as connection:
            for row in connection.execute(query, {"numbers": sorted(numbers)}):
                found[row.canonical].setdefault(row.entry, row)
        return {number: list(rows.values()) for number, rows in found.items()}

    def said(self, slugs: Sequence[str]) -> dict[str, list[Fact]]:
        """Return what was said of entries, in the order in which it was said."""
        query = select(facts).where(facts.c.entry.in_(_SLUGS)).order_by(facts.c.seq)
        found: defaultdict[str, list[Fact]] = defaultdict(list)
        with self._engine.connect() as connection:
            for row in connection.execute(query, {"slugs": list(slugs)}):
                found[row.entry].append(Fact.model_construct(**row._mapping))
        return found

    def derived(self, sources: Mapping[str, str]) -> dict[str, int | None]:
        """Return how many other entries say that they are made from an entry; None for one that is on no hub."""
        names = {slug: named(source.partition(":")[2]) for slug, source in sources.items() if source.startswith(_HUBS)}
        query = select(bases.c.base, bases.c.entry).where(bases.c.base.in_(_SLUGS))
        made: defaultdict[str, set[str]] = defaultdict(set)
        with self._engine.connect() as connection:
            for base, slug in connection.execute(query, {"slugs": sorted({*names.values()} - {""})}):
                made[base].add(slug)
        return {slug: len(made[names[slug]] - {slug}) if slug in names else None for slug in sources}

    def matched(self, slugs: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Return how often searches found entries (under "") and their records, and what came of it, as rows."""
        query = select(match_counts).where(match_counts.c.entry.in_(_SLUGS))
        found: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        with self._engine.connect() as connection:
            for row in connection.execute(query, {"slugs": list(slugs)}):
                found[row.entry][row.capability] = row
        return found

    def likenesses(self, numbers: Sequence[int]) -> list[Any]:
        """Return what was judged of pairs of records, by number: rows with `a`, `b`, `verdict`, `score` and others."""
        with self._engine.connect() as connection:
            return list(connection.execute(_LIKE, {"numbers": list(numbers)})) if numbers else []

    def _membership(self, connection: Connection, *, whole: bool = False) -> Iterator[Any]:
        """Yield the published records that are of a canonical capability, by its number, best supported first."""
        more = [canonicals.c[name] for name in ("category", "defined_in", "defined_by")]
        query = (
            select(members.c.canonical, texts.c.entry, texts.c.id, canonicals.c.uri, canonicals.c.name)
            .add_columns(*(more if whole else [entries.c.name.label("artifact"), entries.c.type]))
            .join(texts, texts.c.number == members.c.number)
            .join(canonicals, canonicals.c.number == members.c.canonical)
            .join(queue, and_(queue.c.entry == texts.c.entry, queue.c.id == texts.c.id))
            .join(entries, entries.c.slug == texts.c.entry)
            .where(self._shown, canonicals.c.artifacts > 1 if whole else members.c.canonical > 0)
            .order_by(members.c.canonical, members.c.standing, members.c.number)
        )
        yield from connection.execution_options(yield_per=_BLOCK).execute(query)

    def _publishable(self, row: Any, retired: set[str]) -> bool:
        if self._state is not None:
            return bool(getattr(row, self._state))
        return bool(row.accepted + row.proposed) or (not row.rejected + row.retired and row.slug not in retired)


_ROWS = select(
    *(entries.c[name] for name in ("slug", "name", "source", "data", "updated", "past")),
    *(entries.c[name] for name in ("accepted", "proposed", "rejected", "retired")),
).order_by(entries.c.slug)


class _Parts:
    """Collects what goes into the digests of entries. `likely` is what only a comparison shows."""

    def __init__(self) -> None:
        self._held: defaultdict[str, list[object]] = defaultdict(list)
        self._likely: defaultdict[str, list[object]] = defaultdict(list)

    def stamp(self, slug: str, name: str, own: tuple[object, ...]) -> Stamp:
        """Return the stamp of an entry."""
        held = (own, self._held.pop(slug, ()))
        return Stamp(slug, name, digest(held), digest((held, self._likely.pop(slug, ()))))

    def queued(self, connection: Connection) -> None:
        """Add the version and the place of each record: each change of a record gives it another version."""
        query = select(queue.c.entry, queue.c.id, queue.c.version, queue.c.position).order_by(queue.c.entry, queue.c.id)
        rows = connection.execution_options(yield_per=_BLOCK).execute(query)
        for slug, group in groupby(rows, key=itemgetter(0)):
            self._held[slug].append(digest([row[1:] for row in group]))

    def said(self, connection: Connection) -> None:
        """Add the number of the last fact that was said of each."""
        for slug, seq in connection.execute(select(facts.c.entry, func.max(facts.c.seq)).group_by(facts.c.entry)):
            self._held[slug].append(seq)

    def counted(self, connection: Connection) -> None:
        """Add how often searches found it and its records, and what came of it."""
        query = select(match_counts).order_by(match_counts.c.entry, match_counts.c.capability)
        rows = connection.execution_options(yield_per=_BLOCK).execute(query)
        for slug, group in groupby(rows, key=lambda row: row.entry):
            self._held[slug].append(digest([tuple(row) for row in group]))

    def shared(self, rows: Iterable[Any]) -> None:
        """Add what each shares: the canonical capability of each record, and all that have it."""
        for canonical, group in groupby(rows, key=itemgetter(0)):
            found = list(group)
            _, _, _, uri, name, *_ = found[0]
            others = [(entry, *called) for _, entry, _, _, _, *called in found] if len(found) > 1 else ()
            mark = digest((canonical, uri, name, others))
            for _, entry, identity, *_ in found:
                self._held[entry].append((identity, mark))

    def judged(self, connection: Connection) -> None:
        """Add what was judged of its records beside others."""
        query = (
            select(texts.c.entry, func.count(), func.sum(likenesses.c.score), func.sum(likenesses.c.b))
            .join(texts, texts.c.number == likenesses.c.a)
            .group_by(texts.c.entry)
        )
        for slug, *summed in connection.execute(query):
            self._likely[slug].append([str(one) for one in summed])


def digest(value: object) -> str:
    """Return a digest of a value by how it is written."""
    return blake2b(repr(value).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _retired(connection: Connection) -> set[str]:
    """Return the entries that were retired as a whole: there is no capability to carry the state."""
    query = select(events.c.entry).where(events.c.op == "retire", events.c.capability == "", events.c.live)
    return set(connection.scalars(query))


def _derived(connection: Connection) -> Counter[str]:
    """Return how many entries say that they are made from what is called by a name."""
    counted = connection.execute(select(bases.c.base, func.count()).group_by(bases.c.base))
    return Counter({row[0]: row[1] for row in counted})
