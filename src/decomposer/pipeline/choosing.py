"""Choose worked examples among records that people accepted, and write them as a file that a prompt takes."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from decomposer import risk
from decomposer.display import display_safe
from decomposer.draft import Claim, Draft, DraftCapability, DraftKind
from decomposer.errors import ConfigurationError
from decomposer.pipeline.examples import load_examples
from decomposer.pipeline.excerpts import Excerpt, cut_out, neighbours
from decomposer.prompt import as_answer, units_as_text
from decomposer.records import FIELDS, LISTS, Capability, Document, Entry, Evidence, Kind, Unit
from decomposer.segment import units_of
from decomposer.text import tokens
from decomposer.text.language import language

MOST = 3  # examples
ROOM = 400  # tokens of an example: with three of them the fixed part of a prompt stays below 2,500
_RECORDS = 3  # of one example
_NEIGHBOURS = 2  # units that nothing cites, so that an example shows that not every unit is cited
_TRIED = 6  # records of an entry, and
_LOOKED_AT = 40  # entries that are tried before fewer examples do
_REASONS: dict[Kind, str] = {
    "software": "The text describes a tool and what it does.",
    "model": "The text describes a model and what it does.",
    "dataset": "The text describes a data set and what it is for.",
    "tutorial": "The text teaches how something is done.",
    "list": "The text is a list of things made by others.",
    "placeholder": "The text was never filled in.",
    "other": "The text describes something else than software, a model or data.",
}
_HEAD = """\
# Examples that a prompt shows, taken from records that people accepted. Edit them freely: each is grounded and checked
# before it is sent. An example is not shown for the document that it was taken from (source, sha256).
"""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An entry, and the ids of its records that people accepted."""

    entry: Entry
    ids: frozenset[str]

    @property
    def records(self) -> list[Capability]:
        """The records that can be examples, the best first: accepted, settled, and borne out by the source."""
        found = [one for one in self.entry.capabilities if one.id in self.ids and _exemplary(one)]
        return sorted(found, key=lambda one: (risk.text_risk(_without_dropped(one)), -_said(one), one.id))


Read = Callable[[Entry, int], Document | None]


def choose(
    candidates: Iterable[Accepted], read: Read, *, spoken: str = "en", most: int = MOST, room: int = ROOM
) -> list[dict[str, Any]]:
    """Return at most `most` examples of at most `room` tokens each, as the items of an examples file.

    Only what is written in the language `spoken` is chosen, as far as a language can be told.

    The best records come first; then artifact types and categories that are not shown yet, more records, and shorter
    documents. The same candidates give the same examples, in whatever order they come. `read(entry, index)` returns a
    document as it was drafted from.
    """
    able = (one for one in candidates if one.records and _language(one) in (None, spoken.partition("-")[0].lower()))
    waiting = sorted(able, key=lambda one: one.entry.artifact.slug)
    chosen: list[dict[str, Any]] = []
    types: set[str] = set()
    categories: set[str] = set()
    digests: set[str] = set()
    for _ in range(_LOOKED_AT):
        if len(chosen) == most or not waiting:
            break
        best = min(waiting, key=lambda one: _rank(one, types, categories))
        waiting.remove(best)
        item = _item(best, read, room)
        if item is None or item["sha256"] in digests:
            continue
        chosen.append(item)
        digests.add(item["sha256"])
        types.add(best.entry.artifact.type)
        categories.update(one["category"] for one in item["draft"]["capabilities"])
    return chosen


def as_yaml(items: Sequence[dict[str, Any]]) -> str:
    """Return examples as a file; where a text holds what would act on a terminal, with escapes for all but ASCII."""

    def dumped(*, readable: bool) -> str:
        text = yaml.dump(list(items), Dumper=_Dumper, sort_keys=False, width=110, allow_unicode=readable)
        return f"{_HEAD}{text}"

    text = dumped(readable=True)
    return text if display_safe(text) == text else dumped(readable=False)


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, and shares nothing between items."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _block(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _block)


def _exemplary(one: Capability) -> bool:
    return one.state == "accepted" and not (one.disputed or one.flagged) and risk.passing(_without_dropped(one))


def _without_dropped(one: Capability) -> Capability:
    out = {name: None if name in FIELDS else () for name in one.dropped if name in FIELDS + LISTS}
    return one.model_copy(update=out)


def _language(one: Accepted) -> str | None:
    return language(" ".join(said.text for record in one.records for _, said in record.statements()))


def _said(one: Capability) -> int:
    kept = _without_dropped(one)
    return len(list(kept.statements())) + sum(bool(getattr(kept, name)) for name in LISTS)


def _rank(one: Accepted, types: Collection[str], categories: Collection[str]) -> tuple[int | str, ...]:
    records = one.records[:_RECORDS]
    worst = min(risk.text_risk(_without_dropped(record)) for record in records)
    news = len({record.category for record in records} - set(categories))
    size = sum(document.chars for document in one.entry.documents)
    known = one.entry.artifact.type in types
    return worst, int(known), -news, -len(records), -max(map(_said, records)), size, one.entry.artifact.slug


def _item(one: Accepted, read: Read, room: int) -> dict[str, Any] | None:
    """Return the example of an entry: its best records that fit, from the document that the first of them rests on."""
    index = next((span.document for record in one.records for span in record.evidence()), None)
    document = None if index is None else read(one.entry, index)
    if index is None or document is None:
        return None
    making = _Making(one.entry, document, index, units_of(document))
    kept: list[Capability] = []
    best: dict[str, Any] | None = None
    for record in one.records[:_TRIED]:
        if len(kept) == _RECORDS:
            break
        item = making.item([*kept, record], room, aside=0)
        if item is not None:
            kept, best = [*kept, record], item
    return (making.item(kept, room, aside=_NEIGHBOURS) or best) if kept else None


class _Making:
    """Makes an example of one document of an entry."""

    def __init__(self, entry: Entry, document: Document, index: int, units: Sequence[Unit]) -> None:
        self._entry = entry
        self._document = document
        self._index = index
        self._units = units

    def item(self, records: Sequence[Capability], room: int, *, aside: int) -> dict[str, Any] | None:
        """Return the example, or None where it does not fit or our own grounding does not believe it."""
        wanted = {number for record in records for number in self._numbers(record)}
        taken = {number for record in self._others(records) for number in self._numbers(record)}
        near = neighbours(self._document, self._units, wanted, wanted | taken)[:aside]
        excerpt = cut_out(self._document, self._units, [*wanted, *near]) if all(map(self._numbers, records)) else None
        if excerpt is None:
            return None
        kind = self._entry.source_kind.kind
        in_order = sorted(records, key=lambda record: (min(self._numbers(record)), record.id))
        said = [self._capability(_without_dropped(record), excerpt) for record in in_order]
        if any(one.description is None for one in said):
            return None
        draft = Draft(source_kind=DraftKind(kind=kind, reason=_REASONS[kind]), capabilities=said)
        item = {
            "source": self._entry.artifact.source,
            "sha256": self._document.sha256,
            "document": excerpt.text,
            "draft": draft.model_dump(mode="json", exclude_defaults=True),
        }
        return item if self._believed(item, room) else None

    def _believed(self, item: dict[str, Any], room: int) -> bool:
        try:
            (example,) = load_examples(as_yaml([item]))
        except ConfigurationError:
            return False
        shown = units_as_text(example.segment.numbered(), example.segment.document)
        return tokens(shown) + tokens(as_answer(example.draft)) <= room

    def _others(self, records: Sequence[Capability]) -> Iterator[Capability]:
        """Yield what else the entry says the artifact can do: a unit that says so would be left out of the answer."""
        ids = {record.id for record in records}
        yield from (one for one in self._entry.capabilities if one.id not in ids and one.state != "rejected")

    def _numbers(self, record: Capability) -> set[int]:
        return {number for span in _without_dropped(record).evidence() for number in self._cited([span])}

    def _cited(self, evidence: Iterable[Evidence]) -> list[int]:
        """Return the numbers of the units that spans of this document lie in, in order."""
        spans = [span for span in evidence if span.document == self._index]
        return [
            unit.number
            for unit in self._units
            if any(unit.start < span.end and span.start < unit.end for span in spans) and unit.shown
        ]

    def _capability(self, record: Capability, excerpt: Excerpt) -> DraftCapability:
        def claim(text: str, evidence: Sequence[Evidence]) -> Claim | None:
            units = [excerpt.numbers[number] for number in self._cited(evidence) if number in excerpt.numbers]
            elsewhere = any(span.document != self._index for span in evidence)
            return None if elsewhere or not units else Claim(text=text, units=units)

        said: dict[str, Any] = {name: claim(one.text, one.evidence) for name, one in record.statements()}
        for name in LISTS:
            found = (claim(note.text, note.evidence) for note in getattr(record, name))
            said[name] = [one for one in found if one is not None]
        return DraftCapability(name=record.name, category=record.category, **{"description": None, **said})
