"""The index of search in SQL: the full text of what is published, kept in line with the entries of the catalog."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, Select, bindparam, delete, func, select, text

from decomposer.match.asking import TOGETHER, Room, asked, worth
from decomposer.match.needs import MOST_TERMS
from decomposer.match.weighing import scores
from decomposer.ports.registry import Caught
from decomposer.ports.search import Candidate, Term
from decomposer.records import Filters
from decomposer.store import engine as database
from decomposer.store.given import many
from decomposer.store.review_tables import due
from decomposer.store.search_tables import ASKED, TOTAL, asked_for, filter_words, question, search_words, searched
from decomposer.store.searchable import Searchable, read
from decomposer.store.tables import entries, plain

TASK = "search"
# First what has many of the words, then what has few: where common words stand together more often than expected, so
# that only some of those records can be ranked, the first are the ones that would come out best. The last steps are
# for words that stand together less often than expected; how often they do is learned from step to step.
_ROOMS = (
    (Room(group=60, records=1_500, places=300_000), 2_500),
    (Room(group=1_500, records=3_000, places=350_000), 3_500),
    (Room(group=6_000, records=6_000, places=300_000), 2_500),
    (Room(group=24_000, records=24_000, places=400_000), 2_500),
)
_STEPS = 2  # that are always taken
_NAME_WORTH = 1.6
_BLOCK = 500
_NONE = Filters()

_OPEN = due.c.task == TASK
_DUE = select(due.c.entry).where(_OPEN, due.c.entry > bindparam("after")).order_by(due.c.entry).limit(bindparam("most"))
_LEFT = select(func.count()).where(_OPEN, due.c.entry > bindparam("after"))
_SLUGS: Any = bindparam("slugs", expanding=True)
_LOCK = select(entries.c.slug).where(entries.c.slug.in_(_SLUGS)).order_by(entries.c.slug).with_for_update()
_DONE = delete(due).where(_OPEN, due.c.entry.in_(_SLUGS))
_FILTERS = ("type", "price", "license", "languages")
_HELD = select(*(searched.c[name] for name in ("number", "entry", "id", "digest", "words", *_FILTERS))).where(
    searched.c.entry.in_(_SLUGS)
)
_ADD = (
    "INSERT INTO searched (type, price, license, languages, words, entry, id, digest, weights) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_CHANGE = "UPDATE searched SET type = ?, price = ?, license = ?, languages = ?, words = ? WHERE number = ?"
_REMOVE = "DELETE FROM searched WHERE number = ?"
_COUNT = (
    "INSERT INTO search_words (word, records) VALUES (?, ?) "
    "ON CONFLICT (word) DO UPDATE SET records = search_words.records + excluded.records"
)
_WORDS = select(search_words).where(search_words.c.word.in_(bindparam("words", expanding=True)))
_NUMBERED = select(*(searched.c[name] for name in ("number", "entry", "id", *_FILTERS))).where(
    searched.c.number.in_(bindparam("numbers", expanding=True))
)
_NAMED = select(searched.c.number, searched.c.entry, searched.c.id, searched.c.words).where(
    searched.c.number.in_(bindparam("numbers", expanding=True))
)
_NEWER = (
    select(searched.c.number, searched.c.entry, searched.c.id)
    .where(searched.c.number > bindparam("than"))
    .order_by(searched.c.number)
    .limit(bindparam("most"))
)
# The full text is what finds records, whatever the planner thinks of it, and the same ones every time.
_SETTLED = text(
    "SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true), "
    "set_config('max_parallel_workers_per_gather', '0', true), set_config('work_mem', '64MB', true)"
)
# SQLite reads its file as mapped memory while it searches: thousands of pages are read once each, and a process that
# has just started has none of them. Of a larger file it maps the first 2 GB, as it is usually built.
_MAPPED = f"PRAGMA mmap_size={1 << 36}"


class Looked(NamedTuple):
    """What a search finds, how many records have each of its words, and how many records there are."""

    candidates: list[Candidate]
    counts: Mapping[str, int]
    total: int


class SqlIndex:
    """An `Index` in a database opened by `open_database`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def due(self) -> int:
        """Return how many entries have changed since they were brought in."""
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).where(_OPEN)) or 0

    def catch_up(self, *, most: int, after: str = "") -> Caught:
        """Bring in at most so many of the entries that are due, in one transaction, in order of slug behind `after`.

        Going on behind the last one of each step comes to an end, whatever is damaged or becomes due meanwhile.
        """
        with database.writing(self._engine) as connection:
            database.take_turns(connection, TASK)
            slugs = list(connection.scalars(_DUE, {"most": most, "after": after}))
            damaged = _bring(connection, slugs) if slugs else []
            last = slugs[-1] if slugs else after
            left = connection.scalar(_LEFT, {"after": last}) or 0
        return Caught(len(slugs) - len(damaged), left, last, tuple(damaged))

    def size(self) -> int:
        """Return how many records can be found."""
        with self._engine.connect() as connection:
            return _counts(connection, [TOTAL]).get(TOTAL, 0)

    def newest(self) -> int:
        """Return the highest number of a record, 0 where there is none."""
        with self._engine.connect() as connection:
            return connection.scalar(select(func.max(searched.c.number))) or 0

    def newer(self, than: int, *, most: int) -> list[Candidate]:
        """Return the first records whose numbers are higher, in order. What a record says never changes its number."""
        with self._engine.connect() as connection:
            rows = connection.execute(_NEWER, {"than": than, "most": most})
            return [Candidate(row.number, row.entry, row.id) for row in rows]

    def commonness(self, words: Sequence[str]) -> Mapping[str, int]:
        """Return how many records have each of the words; those that none has are left out."""
        with self._engine.connect() as connection:
            return _counts(connection, [word for word in words if _is_word(word)])

    def candidates(self, terms: Sequence[Term], *, filters: Filters = _NONE, most: int) -> list[Candidate]:
        """Return the records that the full text ranks first, the best first; ties by number.

        The time is bounded whatever the words: rare words are asked for alone, common ones by twos and more, and at
        most some thousand records are ranked. By what they are ranked, BM25 over fields, is the same in every database.
        """
        return self.look(terms, filters=filters, most=most).candidates

    def look(self, terms: Sequence[Term], *, filters: Filters = _NONE, most: int) -> Looked:
        """Return what `candidates`, `commonness` and `size` do of the same moment, at once."""
        weights = _weights(terms)
        needed = filter_words(asked_for(filters))
        with self._engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(_SETTLED)
            else:
                connection.exec_driver_sql(_MAPPED)
            counts = _counts(connection, [TOTAL, *weights, *(f":{word}" for word in weights), *needed])
            found = _found(connection, weights, counts, needed, most)
            numbers = list(found)
            ranked = scores([found[number] for number in numbers], weights, counts, counts.get(TOTAL, 0))
            best = sorted(zip(numbers, ranked, strict=True), key=lambda one: (-one[1], one[0]))[:most]
            rows = _numbered(connection, [number for number, _ in best], _NAMED)
        held = ((rows[number], score) for number, score in best if number in rows)
        return Looked(
            [Candidate(row.number, row.entry, row.id, score, None, _named(row, weights)) for row, score in held],
            {word: counts[word] for word in weights if word in counts},
            counts.get(TOTAL, 0),
        )

    def among(self, numbers: Sequence[int], *, filters: Filters = _NONE) -> list[Candidate]:
        """Return those of the records with these numbers that the filters let through, in the order given."""
        sought = asked_for(filters)
        with self._engine.connect() as connection:
            rows = _numbered(connection, numbers)
        kept = (rows[number] for number in dict.fromkeys(numbers) if number in rows)
        return [Candidate(row.number, row.entry, row.id) for row in kept if _let_through(row, sought)]


# --- bringing in


def _bring(connection: Connection, slugs: list[str]) -> list[str]:
    """Bring in entries, and return what is wrong with those that can't be read."""
    # The entries are locked before they are no longer due: whoever changes one now makes it due again afterwards.
    connection.execute(_LOCK, {"slugs": slugs}).all()
    held: defaultdict[str, dict[str, Row[Any]]] = defaultdict(dict)
    for row in connection.execute(_HELD, {"slugs": slugs}):
        held[row.entry][row.id] = row
    read_now = dict(read(connection, slugs))
    damaged = {slug: found for slug, found in read_now.items() if isinstance(found, str)}
    done = [slug for slug in slugs if slug not in damaged]
    news = _News()
    for slug in done:
        found = read_now.get(slug, ())
        news.compare(slug, held.pop(slug, {}), [one for one in found if isinstance(one, Searchable)])
    news.write(connection)
    if done:
        connection.execute(_DONE, {"slugs": done})
    return list(damaged.values())


class _News:
    """What becomes of rows, as one transaction writes it."""

    def __init__(self) -> None:
        self._removed: list[tuple[object, ...]] = []
        self._added: list[tuple[object, ...]] = []
        self._changed: list[tuple[object, ...]] = []
        self._counts: Counter[str] = Counter()

    def compare(self, slug: str, held: dict[str, Row[Any]], found: Iterable[Searchable]) -> None:
        """Note what is different of an entry."""
        for one in found:
            row = held.pop(one.id, None)
            written = (*(one.filters[name] for name in _FILTERS), " ".join(one.words))
            if row is not None and row.digest == one.digest:
                if written != (*(getattr(row, name) for name in _FILTERS), row.words):
                    self._changed.append((*written, row.number))
                    self._counts.subtract(row.words.split())
                    self._counts.update(one.words)
                continue
            if row is not None:
                self._remove(row)
            self._added.append((*written, slug, one.id, one.digest, one.weights))
            self._counts[TOTAL] += 1
            self._counts.update(one.words)
        for row in held.values():
            self._remove(row)

    def write(self, connection: Connection) -> None:
        """Write what was noted."""
        many(connection, _REMOVE, self._removed)
        many(connection, _CHANGE, self._changed)
        many(connection, _ADD, self._added)
        # In one order, whoever writes.
        many(connection, _COUNT, ((word, count) for word, count in sorted(self._counts.items()) if count))

    def _remove(self, row: Row[Any]) -> None:
        self._removed.append((row.number,))
        self._counts[TOTAL] -= 1
        self._counts.subtract(row.words.split())


# --- finding


def _found(
    connection: Connection, weights: Mapping[str, float], counts: Mapping[str, int], needed: list[str], wanted: int
) -> dict[int, bytes]:
    """Return the records that are worth ranking, with what their words weigh."""
    total = counts.get(TOTAL, 0)
    known = worth(weights, counts, total, name=_NAME_WORTH)
    if not known or any(one not in counts for one in needed):
        return {}
    bound = min((counts[one] for one in needed), default=None)
    within = 1.0
    for one in needed:
        within *= counts[one] / total
    found: dict[int, bytes] = {}
    together = TOGETHER
    before: str | list[str] = ""
    for step, (room, most) in enumerate(_ROOMS):
        if step >= _STEPS and len(found) >= wanted:
            break
        chosen = asked(known, total, room, together=together, within=within, bound=bound)
        sought = question(chosen.groups, needed, dialect=connection.dialect.name, counts=counts)
        if sought == before:
            continue
        rows = connection.execute(ASKED[connection.dialect.name], {"question": sought, "most": most}).all()
        together, before = chosen.together(together, len(rows)), sought
        found.update((number, weights) for number, weights in rows)
    return found


def _weights(terms: Sequence[Term]) -> dict[str, float]:
    """Return what each word that can be asked for weighs; of a word that is given twice, the greater weight."""
    weights: dict[str, float] = {}
    for term in terms:
        if _is_word(term.word) and term.weight > 0:
            weights[term.word] = max(weights.get(term.word, 0.0), term.weight)
    return dict(sorted(weights.items(), key=lambda one: (-one[1], one[0]))[:MOST_TERMS])


def _is_word(word: str) -> bool:
    """Say whether a word may be one of a record: what is none is asked of no database."""
    return bool(word) and ":" not in word and plain(word) == word


def _counts(connection: Connection, words: Iterable[str]) -> dict[str, int]:
    rows = (row for block in _blocks(dict.fromkeys(words)) for row in connection.execute(_WORDS, {"words": block}))
    return {row.word: row.records for row in rows if row.records > 0}


def _numbered(connection: Connection, numbers: Iterable[int], columns: Select[Any] = _NUMBERED) -> dict[int, Row[Any]]:
    blocks = _blocks(dict.fromkeys(numbers))
    return {row.number: row for block in blocks for row in connection.execute(columns, {"numbers": block})}


def _named(row: Row[Any], weights: Mapping[str, float]) -> frozenset[str]:
    """Return which of the words the name of a record has."""
    held = frozenset(row.words.split())
    return frozenset(word for word in weights if f":{word}" in held)


def _blocks(values: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(values)
    while block := list(islice(rest, _BLOCK)):
        yield block


def _let_through(row: Row[Any], asked: Mapping[str, list[str]]) -> bool:
    held = {"type": [row.type], "price": [row.price], "license": [row.license], "language": row.languages.split()}
    return all(value in held[kind] for kind, values in asked.items() for value in values)
