"""Say in a line what an entry and its records are, for lists, and keep that as text between exports."""

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from markupsafe import Markup

from decomposer.display import one_line
from decomposer.publish.pictures import Priced, price_per_capability
from decomposer.publish.site import saying, searching
from decomposer.publish.site.state import Made
from decomposer.publish.site.views import CapabilityLine, EntryLine, EntryView
from decomposer.records import Capability, Price, Statement, Support
from decomposer.risk import BARRED, WORST

_NAME = 120
_FIRST: Mapping[str, int] = {}


class Kept(NamedTuple):
    """A line of an entry as it is kept, with how many of its sentences have each verdict, and its categories."""

    line: EntryLine
    sentences: dict[str, int]
    categories: dict[str, int]


def made(view: EntryView, stamp: str, on: Mapping[str, int] = _FIRST) -> Made:
    """Return what lists and searches say of an entry; `on` says which records are not on its first page."""
    entry, artifact = view.entry, view.entry.artifact
    records = [_record(view, at, on) for at in range(len(entry.capabilities))]
    sentences: dict[str, int] = {}
    categories: dict[str, int] = {}
    for one in entry.capabilities:
        categories[one.category] = categories.get(one.category, 0) + 1
        for _, statement in one.statements():
            for support in _shown(one, statement):
                sentences[support] = sentences.get(support, 0) + 1
    name = one_line(artifact.name, limit=_NAME)
    line = [
        artifact.slug, name, _type(view), entry.source_kind.kind,
        next((one.said for one in records if one.said), ""), len(records),
        sum(one.state == "accepted" for one in entry.capabilities),
        *((view.rank.points, view.rank.low, view.rank.high) if view.rank else (None, None, None)),
        *_cost(view),
    ]  # fmt: skip
    return Made(
        artifact.slug,
        stamp,
        name.casefold(),
        _text([line, sentences, categories]),
        searching.row(view, on),
        tuple((one.id, one.category, _text(_values(one))) for one in records),
    )


def kept(text: str) -> Kept:
    """Return the line of an entry from its text."""
    line, sentences, categories = json.loads(text)
    return Kept(EntryLine(*line), sentences, categories)


def record(text: str) -> CapabilityLine:
    """Return the line of a record from its text."""
    return CapabilityLine(*json.loads(text))


def prices(found: Iterable[EntryLine | CapabilityLine]) -> Markup:
    """Return a picture of what artifacts cost; nothing where no price is known."""
    rows = {(one.slug if isinstance(one, EntryLine) else one.entry): one for one in found}
    if not any(one.price for one in rows.values()):
        return Markup()
    return price_per_capability([_priced(one) for one in rows.values()], prefix="prices")


def _priced(one: EntryLine | CapabilityLine) -> Priced:
    name, count = (one.name, one.capabilities) if isinstance(one, EntryLine) else (one.artifact, one.beside)
    return Priced(name, count, Price.read(one.price) if one.price else None, one.free)


def _cost(view: EntryView) -> tuple[str, bool | None]:
    return view.facts.text("starting_price") or view.facts.text("input_price") or "", view.facts.free


def _record(view: EntryView, at: int, on: Mapping[str, int]) -> CapabilityLine:
    one, artifact = view.entry.capabilities[at], view.entry.artifact
    parts = _shown(one, one.description)
    said = saying.first_said(one)
    price, free = _cost(view)
    return CapabilityLine(
        entry=artifact.slug,
        artifact=one_line(artifact.name, limit=_NAME),
        type=_type(view),
        id=one.id,
        name=one_line(one.name, limit=_NAME),
        category=one.category,
        state=one.state,
        support=min(parts, key=WORST.index, default=None) if said else None,
        said=said,
        points=view.rank.points if view.rank else None,
        price=price,
        free=free,
        beside=len(view.entry.capabilities),
        page=on.get(one.id, 1),
    )


def _type(view: EntryView) -> str:
    return view.facts.text("type") or view.entry.artifact.type


def _shown(capability: Capability, statement: Statement | None) -> list[Support]:
    """Return the verdicts on the sentences of a field that are published."""
    if statement is None:
        return []
    supports = [one.support for one in statement.sentences] or [statement.support]
    if capability.state == "accepted":
        return supports
    if any(flag.kind in BARRED for flag in statement.flags):
        return []
    return [support for support in supports if support != "unsupported"]


def _values(one: CapabilityLine) -> list[object]:
    return [
        one.entry, one.artifact, one.type, one.id, one.name, one.category, one.state, one.support, one.said, one.points,
        one.price, one.free, one.beside, one.page,
    ]  # fmt: skip


def _text(value: object) -> str:
    """Return JSON in ASCII, so that half a surrogate pair in an id comes back as it was."""
    return json.dumps(value, separators=(",", ":"))
