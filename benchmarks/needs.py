"""Make a large catalog as searches meet it, written straight into the tables, and needs to find its records by.

Through the catalog a million records would take hours. So the rows of entries, records and queue are written as the
store would have written them, without the texts of documents and with little evidence, and every entry is due for the
index.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, islice
from typing import Any

from sqlalchemy import Engine

from benchmarks.catalogs import Planted, catalog
from benchmarks.wordings import ENDINGS, SYLLABLES
from decomposer.records import Filters
from decomposer.store.engine import writing
from decomposer.store.given import many
from decomposer.store.tables import json_text

COMMON = (
    "model text image data tool code language file video audio document training search agent api task prompt output "
    "input format speech generation question answer result analysis web page workflow support team user project "
    "customer report content message email chat knowledge database query table vector memory local cloud server "
    "python script plugin browser test review translation summary caption photo voice music style color number"
).split()
"""Words that stand in a quarter down to a twentieth of all records."""

LICENSES = ("mit", "apache-2.0", "gpl-3.0", "llama3.1", "cc-by-4.0")
RARE_LICENSES = 1_000
_TYPES = ("model", "repo", "framework", "agent", "mcp", "dataset", "cli", "app")
_LANGUAGES = ("en", "en", "en", "en", "en", "en", "en", "zh", "de", "fr")
_PRICES = ("open-source", "open-source", "free", "freemium", "paid", "unknown")
_BLOCK = 500  # entries a transaction
_AT = "2026-11-21T00:00:00+00:00"
_ENTRY = (
    "INSERT INTO entries (slug, source, uri, sha256, name, type, kind, proposed, accepted, rejected, retired, updated, "
    "data) VALUES (?, ?, ?, ?, ?, ?, 'software', ?, 0, 0, 0, ?, ?)"
)
_RECORD = "INSERT INTO capabilities (id, entry, position, name, category, data) VALUES (?, ?, ?, ?, 'other', ?)"
_QUEUED = (
    "INSERT INTO queue (entry, id, position, name, version, state, calm, hazard, revised, category, flags, failing, "
    "dropped, passing, flagged, disputed, second, model, prompt, run, since, cluster) VALUES (?, ?, ?, ?, 1, "
    "'proposed', 0, 0, FALSE, 'other', '', '', '', FALSE, FALSE, FALSE, '', 'bench', 'v1', '', ?, 0)"
)
_DUE = "INSERT INTO due (task, entry) VALUES ('search', ?)"


NONE = Filters()


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody looks for: its kind, its words, and what a hit has to be."""

    kind: str
    text: str
    filters: Filters = NONE


class Vocabulary:
    """Words as they are spread in texts: a few common ones, and very many that are made up and rarer and rarer."""

    def __init__(self, size: int, chance: random.Random) -> None:
        made = {_made_up(chance) for _ in range(size)}
        self.words = [*COMMON, *sorted(made - set(COMMON))]
        self._sums = list(accumulate(1 / (place + 10) for place in range(len(self.words))))

    def draw(self, chance: random.Random, count: int) -> list[str]:
        """Return so many words, drawn after Zipf."""
        return chance.choices(self.words, cum_weights=self._sums, k=count)


def _made_up(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=chance.choice((2, 3, 3, 4)))) + chance.choice(ENDINGS)


def fill(engine: Engine, records: int, *, seed: int = 1) -> list[Need]:
    """Write a catalog of so many records into an empty database, and return needs of several kinds."""
    chance = random.Random(seed)
    vocabulary = Vocabulary(min(400_000, 20_000 + records), chance)
    sampled: list[tuple[str, str]] = []
    numbered = groupby(catalog(records, seed=seed).records(), key=lambda one: one.artifact)
    entries = (_rows(f"tool-{n}", name, list(group), vocabulary, chance) for n, (name, group) in enumerate(numbered))
    every = max(1, records // 4_000)
    while block := list(islice(entries, _BLOCK)):
        sampled += [said for *_, told in block for said in told][::every]
        with writing(engine) as connection:
            many(connection, _ENTRY, (entry for entry, *_ in block))
            many(connection, _RECORD, (row for _, rows, _, _ in block for row in rows))
            many(connection, _QUEUED, (row for _, _, rows, _ in block for row in rows))
            many(connection, _DUE, ((entry[0],) for entry, *_ in block))
    return list(needs(sampled, vocabulary, chance))


def _rows(
    slug: str, name: str, planted: Sequence[Planted], vocabulary: Vocabulary, chance: random.Random
) -> tuple[tuple[Any, ...], list[tuple[Any, ...]], list[tuple[Any, ...]], list[tuple[str, str]]]:
    """Return the rows of an entry: its own, those of its records, what queues them; and what its records say."""
    license_ = chance.choice((*LICENSES, *LICENSES, f"license-{chance.randrange(RARE_LICENSES)}"))
    uri = f"bench/{slug}/README.md"
    document = {
        "uri": uri, "sha256": f"{chance.getrandbits(256):064x}", "chars": 9_000, "media_type": "text/markdown",
        "language": chance.choice(_LANGUAGES),
    }  # fmt: skip
    data = {
        "artifact": {
            "slug": slug, "name": name, "type": chance.choice(_TYPES), "source": f"bench/{slug}", "license": license_,
            "tags": vocabulary.draw(chance, 3), "pricing": {"model": chance.choice(_PRICES)},
        },
        "documents": [document],
        "source_kind": {"kind": "software", "reason": "planted"},
        "run": {"model": "bench", "prompt": "v1"},
    }  # fmt: skip
    kind = data["artifact"]["type"]  # type: ignore[index]
    entry = (slug, f"bench/{slug}", uri, document["sha256"], name, kind, len(planted), _AT, json_text(data))
    records, queued, told = [], [], []
    for place, one in enumerate(planted):
        identity, drawn = f"{slug}/record-{place}", vocabulary.draw(chance, 30)
        intent = " ".join(drawn[:5])
        records.append((identity, slug, place, one.name, json_text(_record(identity, one, drawn))))
        queued.append((slug, identity, place, one.name, _AT))
        told.append((f"{one.name} {intent}", one.description))
    return entry, records, queued, told


def _record(identity: str, one: Planted, drawn: Sequence[str]) -> dict[str, Any]:
    notes = {"intents": (drawn[:5], drawn[5:10]), "best_for": (drawn[10:14],), "limitations": (drawn[14:18],)}
    return {
        "id": identity,
        "name": one.name,
        "category": "other",
        "description": _said(one.description),
        "unique": _said(f"Works with {' '.join(drawn[18:26])}."),
        **{name: [{"text": " ".join(each)} for each in said] for name, said in notes.items()},
        "input_types": [{"text": drawn[26]}],
        "output_types": [{"text": " ".join(drawn[27:])}],
        "provenance": {"model": "bench", "prompt": "v1"},
    }


def _said(claim: str) -> dict[str, Any]:
    evidence = [{"document": 0, "start": 0, "end": len(claim), "quote": claim, "how": "cited"}]
    sentence = {"start": 0, "end": len(claim), "support": "supported", "reason": "", "evidence": evidence}
    return {"text": claim, "support": "supported", "evidence": evidence, "sentences": [sentence]}


def needs(said: Sequence[tuple[str, str]], vocabulary: Vocabulary, chance: random.Random) -> Iterator[Need]:
    """Yield eighty needs of each kind: what records say in part, and words by how common they are."""

    def some(count: int) -> str:
        return " ".join(chance.sample(COMMON[:30], count))

    for _ in range(80):
        name, description = (text.split() for text in chance.choice(said))
        yield Need("words of a record", " ".join(chance.sample(name, min(len(name), chance.randint(5, 8)))))
        start = chance.randrange(max(1, len(description) - 12))
        yield Need("a sentence", "I need something that " + " ".join(description[start : start + 12]))
        yield Need("common words", some(chance.randint(2, 4)))
        yield Need("many common words", some(chance.randint(7, 12)))
        rare = vocabulary.words[chance.randrange(2_000, len(vocabulary.words))]
        yield Need("one rare word", f"{some(6)} {rare}")
        yield Need("common, common filter", some(5), Filters(type="model", language="en"))
        yield Need("common, rare filter", some(5), Filters(license=f"license-{chance.randrange(RARE_LICENSES)}"))
        yield Need("40 words", " ".join(vocabulary.draw(chance, 30) + description[:10]))
