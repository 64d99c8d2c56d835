"""Publish a comparison as Markdown."""

from collections.abc import Callable, Iterator
from functools import partial

from decomposer.publish.compare_words import UNKNOWN, hidden, near, only, place, relation, reviewed, said
from decomposer.publish.markdown import escape
from decomposer.publish.remembered import Remembered
from decomposer.records import Alone, Capability, Comparison, Side

Texts = Callable[[Capability, Side], str]
"""Gives what is said of a record of a side."""


def page(comparison: Comparison, *, public: bool = False) -> str:
    """Return the whole comparison as a Markdown page; for the `public` without what may not be published."""
    return "\n\n".join(_blocks(comparison, _public_texts if public else _texts)) + "\n"


def _blocks(found: Comparison, texts: Texts) -> Iterator[str]:
    a, b = found.a, found.b
    yield f"# {escape(a.name)} vs {escape(b.name)}"
    yield f"As of {found.as_of}. What is unknown is said so; it is no zero and no “no”."
    yield "\n".join(_table(found))
    yield "## Verdict"
    yield "\n".join(f"* {escape(line.text)}" for line in found.verdict)
    if note := hidden(found):
        yield escape(note)
    if found.shared:
        yield f"## Both have ({len(found.shared)})"
    for pair in found.shared:
        same_name = pair.a.name.casefold() == pair.b.name.casefold()
        yield f"### {escape(pair.a.name if same_name else f'{pair.a.name} / {pair.b.name}')}"
        yield f"*{escape(relation(pair, found))}*"
        for one, side in ((pair.a, a), (pair.b, b)):
            yield f"**{escape(side.name)}**, {reviewed(one)}:"
            yield texts(one, side)
    for alone, side, other in ((found.only_a, a, b), (found.only_b, b, a)):
        yield from _alone(alone, side, other, texts)


def _table(found: Comparison) -> Iterator[str]:
    yield f"|  | {escape(found.a.name)} | {escape(found.b.name)} |"
    yield "|---|---|---|"
    for row in found.rows:
        yield f"| {row.label} | {escape(row.a or UNKNOWN)} | {escape(row.b or UNKNOWN)} |"


def _alone(records: tuple[Alone, ...], side: Side, other: Side, texts: Texts) -> Iterator[str]:
    if not records:
        return
    yield f"## Only {escape(side.name)} ({len(records)})"
    yield escape(only(side, other))
    for one in records:
        yield f"### {escape(one.capability.name)}"
        told = near(one, other)
        yield f"*{reviewed(one.capability)}*" + (f"; {escape(told)}" if told else "")
        yield texts(one.capability, side)


def _said(capability: Capability, side: Side, *, public: bool = False) -> str:
    return "\n".join(_lines(capability, side, public))


_texts = Remembered(_said)
_public_texts = Remembered(partial(_said, public=True))


def _lines(capability: Capability, side: Side, public: bool) -> Iterator[str]:
    for one in said(capability, side, public=public):
        field = f"**{one.field}:** " if one.field else ""
        yield f"* {field}{escape(one.text)}" + (f" *({escape(one.label)})*" if one.label else "")
        for span in one.evidence:
            yield f"  * “{escape(span.quote)}” ({escape(place(span, side))})"
