"""The registry in SQL: canonical capabilities, kept in line with the entries of the catalog as these change."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Connection, Engine, Row, and_, bindparam, delete, func, literal, or_, select

from decomposer.cluster import affinity
from decomposer.errors import CatalogError
from decomposer.ports import Embedder
from decomposer.ports.registry import Canonical, Caught, Definition, Member, Relation
from decomposer.records import Category, Entry
from decomposer.registry import CORE, Comparing, Views, digest
from decomposer.store import engine as database
from decomposer.store.entries import WHOLE, read
from decomposer.store.joining import Joining
from decomposer.store.likening import judgement_of
from decomposer.store.near_leads import NearLeads
from decomposer.store.registry_tables import addresses, canonicals, likenesses, members, texts
from decomposer.store.review_tables import due, queue
from decomposer.store.ruled import said_one
from decomposer.store.tables import entries, insert_missing

TASK = "registry"
_BLOCK = 200  # rows fetched at a time when streaming
_MOST_RELATED = 2000  # pairs that are read to tell what is broader and narrower

_OPEN = due.c.task == TASK
_DUE = select(due.c.entry).where(_OPEN, due.c.entry > bindparam("after")).order_by(due.c.entry).limit(bindparam("most"))
_LEFT = select(func.count()).where(_OPEN, due.c.entry > bindparam("after"))
_LOCK = select(entries.c.slug).where(entries.c.slug.in_(bindparam("slugs", expanding=True)))
_ENTRY = WHOLE.where(entries.c.slug == bindparam("slug"))
_DONE = delete(due).where(_OPEN, due.c.entry == bindparam("slug"))
_RECIPES = select(func.min(texts.c.recipe), func.max(texts.c.recipe))
_SHARED = select(canonicals).where(canonicals.c.artifacts > 1).order_by(canonicals.c.artifacts.desc(), canonicals.c.uri)
_CORE = (
    select(members.c.number, texts.c.entry, texts.c.id)
    .join(texts, texts.c.number == members.c.number)
    .where(members.c.canonical == bindparam("at"))
    .order_by(members.c.sample)
    .limit(CORE)
)
_MEMBERS = (
    select(
        members.c.number, texts.c.entry, texts.c.id, texts.c.name, texts.c.support,
        entries.c.name.label("artifact"), queue.c.state,
    )
    .join(texts, texts.c.number == members.c.number)
    .outerjoin(entries, entries.c.slug == texts.c.entry)
    .outerjoin(queue, and_(queue.c.entry == texts.c.entry, queue.c.id == texts.c.id))
    .where(members.c.canonical == bindparam("at"))
    .order_by(members.c.standing, members.c.number)
)  # fmt: skip
_NUMBERS: Any = bindparam("numbers", expanding=True)
_CORE_NUMBERS: Any = bindparam("core", expanding=True)
_WITH_CORE = select(likenesses).where(
    or_(
        and_(likenesses.c.a.in_(_NUMBERS), likenesses.c.b.in_(_CORE_NUMBERS)),
        and_(likenesses.c.b.in_(_NUMBERS), likenesses.c.a.in_(_CORE_NUMBERS)),
    )
)


class SqlRegistry:
    """A `Registry` in a database opened by `open_database`; `comparing` judges records, by default as drafting does.

    With an `embedder` records are compared too that are near by their vectors: after it changes, all is judged again.
    """

    def __init__(self, engine: Engine, *, comparing: Comparing | None = None, embedder: Embedder | None = None) -> None:
        self._engine = engine
        self._comparing = comparing or Views()
        self._leads = NearLeads(engine, embedder, self._comparing) if embedder else None
        recipe = self._comparing.recipe
        self._recipe = digest([recipe, embedder.name]) if embedder else recipe

    def due(self) -> int:
        """Return how many entries have changed since they were brought in, or were judged by another recipe."""
        waiting: Any = select(due.c.entry).where(_OPEN)
        with self._engine.connect() as connection:
            if self._outdated(connection):
                waiting = waiting.union(select(texts.c.entry).where(texts.c.recipe != self._recipe))
            return connection.scalar(select(func.count()).select_from(waiting.subquery())) or 0

    def catch_up(self, *, most: int, after: str = "") -> Caught:
        """Bring in at most so many of the entries that are due, in one transaction, in order of slug behind `after`.

        Going on behind the last one of each step comes to an end, whatever is damaged or becomes due meanwhile.
        """
        with self._joining() as (connection, joining):
            self._judge_again(connection)
            slugs = list(connection.scalars(_DUE, {"most": most, "after": after}))
            damaged = _bring(connection, joining, slugs) if slugs else []
            last = slugs[-1] if slugs else after
            left = connection.scalar(_LEFT, {"after": last}) or 0
        return Caught(len(slugs) - len(damaged), left, last, tuple(damaged))

    def add(self, entries: Iterable[Entry]) -> None:
        """Bring in entries as they are now, in one transaction: their records join, what they lost leaves."""
        with self._joining() as (_, joining):
            for entry in entries:
                joining.bring(entry)
            joining.finish()

    def shared(self, *, limit: int | None = None) -> Iterator[Canonical]:
        """Yield the canonical capabilities of two artifacts and more, the most shared first, streaming."""
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=_BLOCK).execute(_SHARED.limit(limit)):
                yield _canonical(row)

    def find(self, uri: str) -> Canonical | None:
        """Return the canonical capability that an address means, or None."""
        meant = select(canonicals).join(addresses, addresses.c.canonical == canonicals.c.number)
        with self._engine.connect() as connection:
            row = connection.execute(meant.where(addresses.c.uri == _sound(uri))).first()
        return None if row is None else _canonical(row)

    def canonical_of(self, entry: str, capability: str) -> Canonical | None:
        """Return the canonical capability of a record, or None."""
        of = select(canonicals).join(members, members.c.canonical == canonicals.c.number)
        of = of.join(texts, texts.c.number == members.c.number)
        with self._engine.connect() as connection:
            row = connection.execute(of.where(texts.c.entry == _sound(entry), texts.c.id == _sound(capability))).first()
        return None if row is None else _canonical(row)

    def addresses(self, canonical: int) -> list[str]:
        """Return the other addresses that lead to it, sorted."""
        own = select(canonicals.c.uri).where(canonicals.c.number == canonical).scalar_subquery()
        others = select(addresses.c.uri).where(addresses.c.canonical == canonical, addresses.c.uri != own)
        with self._engine.connect() as connection:
            return list(connection.scalars(others.order_by(addresses.c.uri)))

    def aliases(self, canonical: int) -> list[str]:
        """Return the other names that its members have, the commonest first."""
        names = select(texts.c.called, func.count().label("having")).group_by(texts.c.called)
        names = names.join(members, members.c.number == texts.c.number).where(members.c.canonical == canonical)
        with self._engine.connect() as connection:
            own = connection.scalar(select(canonicals.c.name).where(canonicals.c.number == canonical)) or ""
            rows = connection.execute(names).all()
        others: dict[str, str] = {}
        for row in sorted(rows, key=lambda row: (-row.having, row.called)):
            if row.called.casefold() != own.casefold():
                others.setdefault(row.called.casefold(), row.called)
        return list(others.values())

    def members(self, canonical: int) -> Iterator[Member]:
        """Yield its members, the best supported first, streaming."""
        with self._engine.connect() as connection:
            core = {row.number: f"{row.id}" for row in connection.execute(_CORE, {"at": canonical})}
            rows = connection.execution_options(yield_per=_BLOCK).execute(_MEMBERS, {"at": canonical})
            for block in rows.partitions():
                yield from _members(connection, block, core, canonical=canonical)

    def broader(self, canonical: int) -> list[Relation]:
        """Return the canonical capabilities of which it is a special case, the surest first."""
        return self._related(canonical, above=True)

    def narrower(self, canonical: int) -> list[Relation]:
        """Return its special cases, the surest first."""
        return self._related(canonical, above=False)

    @contextmanager
    def _joining(self) -> Iterator[tuple[Connection, Joining]]:
        """Give a transaction in which records join, that no other of its kind overlaps."""
        if self._leads:
            with self._engine.connect() as connection:  # most of it is done while others write
                self._leads.catch_up(connection)
        with database.writing(self._engine, derived=TASK) as connection:
            if self._leads:
                self._leads.catch_up(connection)
            adding = self._leads.adding() if self._leads else None
            yield connection, Joining(connection, self._comparing, recipe=self._recipe, adding=adding)
        if adding:
            adding.keep()

    def _judge_again(self, connection: Connection) -> None:
        """Make due whatever was judged by other learned values."""
        if not self._outdated(connection):
            return
        old = select(literal(TASK), texts.c.entry).where(texts.c.recipe != self._recipe).distinct()
        missing: Any = insert_missing(connection, due)
        connection.execute(missing.from_select(["task", "entry"], old))

    def _outdated(self, connection: Connection) -> bool:
        """Say whether something was judged by another recipe."""
        return not set(connection.execute(_RECIPES).one()) <= {self._recipe, None}

    def _related(self, canonical: int, *, above: bool) -> list[Relation]:
        with self._engine.connect() as connection:
            groups: defaultdict[int, list[tuple[Row[Any], bool]]] = defaultdict(list)
            for row, own_first in _linked(connection, canonical):
                # `broader` says that the first record is the general one.
                general_is_own = (row.verdict == "broader") == own_first
                groups[row.other].append((row, not general_is_own))
            found = []
            for other, pairs in groups.items():
                mine = [row for row, is_above in pairs if is_above is above]
                if 2 * len(mine) > len(pairs):  # of links that go both ways, what most of them say
                    found.append(_relation(connection, other, mine, above=above))
        return sorted(found, key=lambda one: (-one.pairs, one.uri))


def _bring(connection: Connection, joining: Joining, slugs: list[str]) -> list[str]:
    """Bring in entries, and return what is wrong with those that can't be read."""
    # The entries are locked before they are no longer due: whoever changes one now makes it due again afterwards.
    locked = _LOCK.order_by(entries.c.slug).with_for_update()
    connection.execute(locked, {"slugs": slugs}).all()
    done, damaged = [], []
    for slug in slugs:
        rows = connection.execute(_ENTRY, {"slug": slug}).all()
        try:
            kept = next(read(rows), None)
        except CatalogError as error:  # it is damaged: what the database itself says is raised above
            damaged.append(str(error))
            continue
        done.append({"slug": slug})
        if kept is not None:
            joining.bring(kept.entry)
    joining.finish()
    if done:
        connection.execute(_DONE, done)
    return damaged


def _linked(connection: Connection, canonical: int) -> Iterator[tuple[Row[Any], bool]]:
    """Yield what is broader or narrower than a member, and whether the member is the first of the pair."""
    for own, other in ((likenesses.c.a, likenesses.c.b), (likenesses.c.b, likenesses.c.a)):
        theirs = members.alias()
        query = (
            select(likenesses, theirs.c.canonical.label("other"))
            .join(members, members.c.number == own)
            .join(theirs, theirs.c.number == other)
            .where(members.c.canonical == canonical, theirs.c.canonical != canonical)
            .where(likenesses.c.verdict.in_(("broader", "narrower")))
            .order_by(likenesses.c.score.desc(), likenesses.c.a, likenesses.c.b)
            .limit(_MOST_RELATED)
        )
        for row in connection.execute(query):
            yield row, own is likenesses.c.a


def _relation(connection: Connection, other: int, rows: list[Row[Any]], *, above: bool) -> Relation:
    named = connection.execute(select(canonicals.c.uri, canonicals.c.name).where(canonicals.c.number == other)).one()
    best = min(rows, key=lambda row: (-row.score, row.a, row.b))
    ids = select(texts.c.number, texts.c.id).where(texts.c.number.in_([best.a, best.b]))
    by_number = {row.number: row.id for row in connection.execute(ids)}
    general, special = (best.a, best.b) if best.verdict == "broader" else (best.b, best.a)
    reasons = judgement_of(best).reasons
    return Relation(named.uri, named.name, len(rows), by_number[general], by_number[special], reasons)


def _members(connection: Connection, block: Sequence[Any], core: dict[int, str], *, canonical: int) -> Iterator[Member]:
    given = {"numbers": [row.number for row in block], "core": list(core)}
    links: defaultdict[int, dict[int, Row[Any]]] = defaultdict(dict)
    for link in connection.execute(_WITH_CORE, given):
        links[link.a][link.b] = links[link.b][link.a] = link
    said = said_one(connection, canonical, [row.number for row in block])
    for row in block:
        others = {one: links[row.number][one] for one in core if one != row.number and one in links[row.number]}
        compared = len(core) - (row.number in core)
        alike = [affinity(judgement_of(link)) for link in others.values() if link.verdict == "same"]
        best = min(others, key=lambda one: (others[one].verdict != "same", -others[one].score, one), default=None)
        like, why = (None, None) if best is None else (core[best], judgement_of(others[best]))
        like, why = said.get(row.number, (like, why))
        yield Member(
            entry=row.entry,
            artifact=row.artifact or row.entry,
            capability=row.id,
            name=row.name,
            state=row.state or "proposed",
            support=row.support,
            agreement=sum(alike) / compared if compared else None,
            like=like,
            reasons=why.reasons if why else (),
            decided_by=why.decided_by if why else "rule",
        )


def _canonical(row: Row[Any]) -> Canonical:
    definition = None
    if row.definition:
        definition = Definition(row.definition, row.defined_in, row.defined_by, row.support)
    return Canonical(
        number=row.number,
        uri=row.uri,
        name=row.name,
        category=cast(Category, row.category),
        state="active" if row.members else "empty",
        artifacts=row.artifacts,
        members=row.members,
        definition=definition,
    )


def _sound(text: str) -> str:
    """Return what a person typed as every database takes it; what none holds is found nowhere."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
