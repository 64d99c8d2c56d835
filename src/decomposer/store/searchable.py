"""Read what entries say as searches find it: straight from their rows, as many are brought in at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from json import loads
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Row, bindparam, select

from decomposer.match.weighing import packed, weighed
from decomposer.match.words import words
from decomposer.records import FIELDS, LISTS, Artifact
from decomposer.records.facts import Fact, FactKey, Facts
from decomposer.store.facts import SOUGHT
from decomposer.store.facts_tables import facts
from decomposer.store.review_tables import queue
from decomposer.store.search_tables import filter_words
from decomposer.store.tables import capabilities, entries, plain

LISTED = ("proposed", "accepted")
_NAME, _INTENTS, _REST = 3, 2, 1
_SLUGS: Any = bindparam("slugs", expanding=True)
_ENTRIES = select(entries.c.slug, entries.c.data).where(entries.c.slug.in_(_SLUGS)).order_by(entries.c.slug)
_RECORDS = (
    select(capabilities.c.entry, capabilities.c.id, capabilities.c.data, queue.c.dropped)
    .join(queue, (queue.c.entry == capabilities.c.entry) & (queue.c.id == capabilities.c.id))
    .where(capabilities.c.entry.in_(_SLUGS), queue.c.state.in_(LISTED))
    .order_by(capabilities.c.entry, capabilities.c.position)
)
_FACTS = select(facts).where(facts.c.entry.in_(_SLUGS), facts.c.key.in_(SOUGHT)).order_by(facts.c.entry, facts.c.seq)


@dataclass(frozen=True, slots=True)
class Searchable:
    """A record as it is written: the columns of its row, and `words` as a list."""

    id: str
    digest: str
    filters: Mapping[str, str]
    weights: bytes
    words: tuple[str, ...]


def read(connection: Connection, slugs: Sequence[str]) -> Iterator[tuple[str, list[Searchable] | str]]:
    """Yield entries with their records that are published or may be; what is wrong with one instead, if it is damaged.

    Entries that are no more are not yielded.
    """
    given = {"slugs": list(slugs)}
    records = _grouped(connection.execute(_RECORDS, given))
    said = _grouped(connection.execute(_FACTS, given))
    for slug, data in connection.execute(_ENTRIES, given).all():
        try:
            yield slug, list(_entry(loads(data), records.get(slug, ()), said.get(slug, ())))
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            reason = "it is not as it was written" if isinstance(error, ValidationError) else str(error)
            yield slug, f"the entry {slug!r} is damaged: {reason.partition(chr(10))[0]}"


def _grouped(rows: Any) -> dict[str, list[Row[Any]]]:
    return {entry: list(group) for entry, group in groupby(rows, key=lambda row: row.entry)}


def _entry(data: Any, records: Sequence[Row[Any]], said: Sequence[Row[Any]]) -> Iterator[Searchable]:
    artifact = Artifact.model_validate(data["artifact"])
    languages = sorted(
        {"".join(plain(one["language"]).split()).casefold() for one in data["documents"] if one.get("language")}
    )
    known = Facts.of(artifact, [Fact.model_validate(row._asdict()) for row in said])
    values = {kind: (known.text(key) or "").casefold() for kind, key in _KINDS}
    filters = {**values, "languages": " ".join(languages)}
    asked = filter_words({**{kind: [value] for kind, value in values.items()}, "language": languages})
    shared = words("\n".join((artifact.name, *artifact.tags)))
    for row in records:
        yield _record(row.id, loads(row.data), (row.dropped or "").split(), shared, filters, asked)


_KINDS: tuple[tuple[str, FactKey], ...] = (("type", "type"), ("price", "pricing"), ("license", "license"))


def _record(
    identity: str, data: Any, dropped: Sequence[str], shared: list[str], filters: Mapping[str, str], asked: list[str]
) -> Searchable:
    name = words(data["name"])
    times = weighed(((name, _NAME), (words(_notes(data, ("intents",), dropped)), _INTENTS), (shared, _REST),
                     (words(_rest(data, dropped)), _REST)))  # fmt: skip
    found = (*times, *(f":{word}" for word in dict.fromkeys(name)))
    weights = packed(times)
    digest = blake2b(weights + " ".join(found).encode(), digest_size=12).hexdigest()
    return Searchable(id=identity, digest=digest, filters=filters, weights=weights, words=(*found, *asked))


def _rest(data: Any, dropped: Sequence[str]) -> str:
    said = [data[name]["text"] for name in FIELDS if name not in dropped and data.get(name)]
    return "\n".join((*said, _notes(data, LISTS[1:], dropped)))


def _notes(data: Any, names: Sequence[str], dropped: Sequence[str]) -> str:
    return "\n".join(note["text"] for name in names if name not in dropped for note in data.get(name) or ())
