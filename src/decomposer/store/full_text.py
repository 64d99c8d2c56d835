"""Keep the texts of records: one row each, with the words that it is found by, and how many records have each word."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, update

from decomposer.records import LISTS, Capability, Category, Entry, Support
from decomposer.registry import Comparing, Prepared, digest
from decomposer.same.blocks import rarest
from decomposer.store.postings import Postings
from decomposer.store.prebuilt import Among, Prebuilt, Rows
from decomposer.store.registry_tables import stems, texts

LISTED = ("proposed", "accepted")
_RANK: dict[Support | None, int] = {"supported": 0, "vendor_claim": 1, "partial": 2, "unsupported": 3, None: 4}
_PASSED_OVER = ("instruction_like", "hidden_source", "contradiction")  # flags of what must not define anything
_MOST_EVIDENCE = 999
_KEPT = ("called", "key", "category", "standing", "definition", "support", "data")  # of a record as it was written
_DESCRIBED = ("name", "text", "category", "support", "definition", "standing")

_OF_ENTRY = Prebuilt(
    select(*(texts.c[name] for name in ("number", "id", "digest", "words", *_DESCRIBED))).where(
        texts.c.entry == bindparam("entry")
    )
)
_COUNTED = Among("SELECT word, records FROM stems WHERE word {among}")
_COUNT = Rows(stems, "(word) DO UPDATE SET records = stems.records + excluded.records")
_ADD = Rows(texts)
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
    definition: str
    support: str | None
    data: str
    terms: tuple[int, ...]
    new: bool


class _Worded(NamedTuple):
    """A record that is new or says something else, with its row as it was."""

    id: str
    said: dict[str, Any]
    digest: str
    made: Prepared
    row: Any | None


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
    """The texts, as one transaction changes them; `postings` say which records have which terms."""

    def __init__(self, connection: Connection, comparing: Comparing, postings: Postings, *, recipe: str) -> None:
        self._connection = connection
        self._comparing = comparing
        self._postings = postings
        self._recipe = recipe

    def bring(self, entry: Entry) -> Brought:
        """Write what an entry says now, and return what is different."""
        brought, counts = Brought(), Counter[str]()
        held = {row.id: row for row in _OF_ENTRY.rows(self._connection, {"entry": entry.artifact.slug})}
        own = (entry.artifact.name, entry.artifact.slug)
        parts: dict[str, str] = {}
        worded: list[_Worded] = []
        for capability in entry.capabilities:
            if capability.state in LISTED:
                row = held.pop(capability.id, None)
                if found := self._compared(capability, own, row, brought):
                    worded.append(found)
                parts.update((part.id, capability.id) for part in capability.parts())
        known = self._known({word for one in worded for word in one.made.words})
        for one in worded:
            brought.worded.append(self._written(one, entry.artifact.slug, known, counts))
        brought.numbers.update((one.id, one.number) for one in brought.worded)
        for row in held.values():
            into = brought.numbers.get(parts.get(row.id, ""))
            brought.gone[row.number] = into
            counts.subtract(row.words.split())
            self._postings.leave(row.number)
            self._connection.execute(_REMOVE, {"at": row.number})
        # In one order, whoever writes.
        changed = [{"word": word, "records": count} for word, count in sorted(counts.items()) if count]
        _COUNT.put(self._connection, changed)
        return brought

    def _compared(
        self, capability: Capability, own: tuple[str, str], row: Any | None, brought: Brought
    ) -> "_Worded | None":
        """Return a record that is new or says something else; of another only what stands beside that is written."""
        said = described(capability)
        now = digest([self._recipe, *own, *_compared(capability)])
        if row is None or row.digest != now:
            return _Worded(capability.id, said, now, self._comparing.prepare(capability, own), row)
        if any(getattr(row, name) != value for name, value in said.items()):
            self._connection.execute(_CHANGE, {"at": row.number, **said})
            brought.described.append(row.number)
        brought.numbers[capability.id] = row.number
        return None

    def _written(self, one: "_Worded", slug: str, known: Mapping[str, int], counts: Counter[str]) -> Written:
        made, row = one.made, one.row
        values = one.said | {
            "called": made.name,
            "key": digest([made.key]) if made.key else "",
            "words": " ".join(made.words),
            "data": made.data,
            "digest": one.digest,
            "recipe": self._recipe,
        }
        if row is None:
            number = _ADD.add(self._connection, values | {"entry": slug, "id": one.id})
        else:
            counts.subtract(row.words.split())
            number = int(row.number)
            self._postings.leave(number)
            self._connection.execute(_CHANGE, {"at": number, **values})
        # `counts` says how many records more have a word than the database knows of.
        held = {word: known.get(word, 0) + counts[word] for word in made.words}
        terms = rarest(self._comparing.weights(made.words), held)
        counts.update(made.words)
        return _of(number, slug, one.id, values, terms, new=row is None)

    def _known(self, words: Collection[str]) -> dict[str, int]:
        """Return how many records have each word, as the database knows."""
        return dict(_COUNTED.rows(self._connection, sorted(words))) if words else {}

    def read(self, numbers: Iterable[int]) -> list[Written]:
        """Return records that were written before."""
        rows = self._connection.execute(_WRITTEN, {"numbers": sorted(numbers)}).mappings().all()
        terms = self._postings.terms_of([row["number"] for row in rows])
        return [
            _of(row["number"], row["entry"], row["id"], dict(row), tuple(terms.get(row["number"], ())), new=False)
            for row in rows
        ]


def _of(
    number: int, entry: str, identity: str, values: Mapping[str, Any],
    terms: tuple[int, ...], *, new: bool,
) -> Written:  # fmt: skip
    said = {name: values[name] for name in _KEPT}
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
