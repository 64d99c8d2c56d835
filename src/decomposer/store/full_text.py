"""Keep the texts of records: one row each, with the words that it is found by, and how many records have each word."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Insert, Row, bindparam, delete, insert, select, update

from decomposer.records import LISTS, Capability, Category, Entry, Support
from decomposer.registry import Comparing, digest
from decomposer.same.blocks import rarest
from decomposer.store.blocks import SqlBlocks
from decomposer.store.prebuilt import Prebuilt
from decomposer.store.registry_tables import stems, texts

LISTED = ("proposed", "accepted")
_RANK: dict[Support | None, int] = {"supported": 0, "vendor_claim": 1, "partial": 2, "unsupported": 3, None: 4}
_PASSED_OVER = ("instruction_like", "hidden_source", "contradiction")  # flags of what must not define anything
_MOST_EVIDENCE = 999
_DESCRIBED = ("name", "text", "category", "support", "definition", "standing")

_OF_ENTRY = Prebuilt(
    select(*(texts.c[name] for name in ("number", "id", "digest", "words", *_DESCRIBED))).where(
        texts.c.entry == bindparam("entry")
    )
)
_COUNTED = select(stems.c.word, stems.c.records).where(stems.c.word.in_(bindparam("words", expanding=True)))
_ADD = insert(texts)
_CHANGE = update(texts).where(texts.c.number == bindparam("at"))
_REMOVE = delete(texts).where(texts.c.number == bindparam("at"))
_WRITTEN = select(texts).where(texts.c.number.in_(bindparam("numbers", expanding=True))).order_by(texts.c.number)


class Written(NamedTuple):
    """A record as it was written: what finding its canonical capability needs of it. `new` says it was not there.

    `terms` are the rarest of its lead, by `same.blocks`.
    """

    number: int
    entry: str
    id: str
    called: str
    key: str
    category: Category
    standing: int
    terms: tuple[int, ...]
    data: str
    new: bool


@dataclass(slots=True)
class Brought:
    """What became of the texts of an entry.

    `numbers` are those of its records by id, `worded` are new or say something else, in the order of the entry,
    `described` changed beside what is compared. `gone` are no more, each with the record that it was merged into.
    """

    numbers: dict[str, int] = field(default_factory=dict)
    worded: list[Written] = field(default_factory=list)
    described: list[int] = field(default_factory=list)
    gone: dict[int, int | None] = field(default_factory=dict)


class Texts:
    """The texts, as one transaction changes them; `blocks` are those in which the records stand."""

    def __init__(self, connection: Connection, comparing: Comparing, blocks: SqlBlocks, *, recipe: str) -> None:
        self._connection = connection
        self._comparing = comparing
        self._blocks = blocks
        self._recipe = recipe

    def bring(self, entry: Entry) -> Brought:
        """Write what an entry says now, and return what is different."""
        brought, counts = Brought(), Counter[str]()
        held = {row.id: row for row in _OF_ENTRY.run(self._connection, {"entry": entry.artifact.slug})}
        own = (entry.artifact.name, entry.artifact.slug)
        parts: dict[str, str] = {}
        for capability in entry.capabilities:
            if capability.state in LISTED:
                row = held.pop(capability.id, None)
                brought.numbers[capability.id] = self._written(capability, entry, own, row, brought, counts)
                parts.update((part.id, capability.id) for part in capability.parts())
        for row in held.values():
            into = brought.numbers.get(parts.get(row.id, ""))
            brought.gone[row.number] = into
            counts.subtract(row.words.split())
            self._blocks.leave(row.number)
            self._connection.execute(_REMOVE, {"at": row.number})
        self._count(counts)
        return brought

    def _written(
        self, capability: Capability, entry: Entry, own: tuple[str, str], row: Row[Any] | None,
        brought: Brought, counts: Counter[str],
    ) -> int:  # fmt: skip
        said = described(capability)
        now = digest([self._recipe, *own, *_compared(capability)])
        if row is not None and row.digest == now:
            if any(getattr(row, name) != value for name, value in said.items()):
                self._connection.execute(_CHANGE, {"at": row.number, **said})
                brought.described.append(row.number)
            return int(row.number)
        made = self._comparing.prepare(capability, own)
        values = said | {
            "called": made.name,
            "key": digest([made.key]) if made.key else "",
            "words": " ".join(made.words),
            "data": made.data,
            "digest": now,
            "recipe": self._recipe,
        }
        if row is None:
            values |= {"entry": entry.artifact.slug, "id": capability.id}
            (number,) = self._connection.execute(_ADD, values).inserted_primary_key or (0,)
        else:
            counts.subtract(row.words.split())
            number = row.number
            self._blocks.leave(number)
            self._connection.execute(_CHANGE, {"at": number, **values})
        terms = self._rarest(made.words, counts)
        counts.update(made.words)
        brought.worded.append(_of(int(number), entry.artifact.slug, capability.id, values, terms, new=row is None))
        return int(number)

    def _rarest(self, words: Sequence[str], counts: Counter[str]) -> tuple[int, ...]:
        """Return the rarest terms; `counts` says how many records more have a word than the database knows of."""
        held = Counter({word: counts[word] for word in words})
        held.update({row.word: row.records for row in self._connection.execute(_COUNTED, {"words": words})})
        return rarest(self._comparing.weights(words), held)

    def read(self, numbers: Iterable[int]) -> list[Written]:
        """Return records that were written before."""
        rows = self._connection.execute(_WRITTEN, {"numbers": sorted(numbers)}).mappings().all()
        terms = self._blocks.terms_of([row["number"] for row in rows])
        return [
            _of(row["number"], row["entry"], row["id"], dict(row), tuple(terms.get(row["number"], ())), new=False)
            for row in rows
        ]

    def _count(self, counts: Counter[str]) -> None:
        # In one order, whoever writes.
        changed = [{"word": word, "records": count} for word, count in sorted(counts.items()) if count]
        if changed:
            self._connection.execute(_counting(self._connection.dialect.name), changed)


def _of(
    number: int, entry: str, identity: str, values: Mapping[str, Any], terms: tuple[int, ...], *, new: bool
) -> Written:
    said = {name: values[name] for name in ("called", "key", "category", "standing", "data")}
    return Written(number=number, entry=entry, id=identity, terms=terms, new=new, **said)


def described(capability: Capability) -> dict[str, Any]:
    """Return the columns of a record beside what it is judged by: texts to search and the definition it offers."""
    said = capability.description
    offered = said is not None and "description" not in capability.dropped
    offered = offered and not any(flag.kind in _PASSED_OVER for flag in said.flags if said is not None)  # type: ignore[union-attr]
    support = said.support if said is not None and offered else None
    evidence = min(len(said.evidence), _MOST_EVIDENCE) if said is not None else 0
    return {
        "name": capability.name,
        "text": "\n".join(_texts(capability)),
        "category": capability.category,
        "support": support,
        "definition": said.text if said is not None and offered else "",
        "standing": _RANK[support] * (_MOST_EVIDENCE + 1) + _MOST_EVIDENCE - evidence,
    }


def _texts(capability: Capability) -> Iterable[str]:
    yield capability.name
    for name, statement in capability.statements():
        if name not in capability.dropped:
            yield statement.text
    for name in LISTS:
        if name not in capability.dropped:
            yield from (note.text for note in getattr(capability, name))


def _compared(capability: Capability) -> Iterable[str]:
    """Yield what a record is judged by."""
    yield capability.name
    yield capability.description.text if capability.description else ""
    for name in ("input_types", "output_types"):
        yield name
        yield from (note.text for note in getattr(capability, name))


@cache
def _counting(dialect: str) -> Insert:
    upsert: Any
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as upsert
    else:
        from sqlalchemy.dialects.sqlite import insert as upsert
    adding = upsert(stems)
    statement: Insert = adding.on_conflict_do_update(
        index_elements=["word"], set_={"records": stems.c.records + adding.excluded.records}
    )
    return statement
