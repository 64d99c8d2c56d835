"""Cut a document into numbered units, and those into segments that fit one request."""

from collections.abc import Callable, Iterator
from importlib import import_module

from decomposer.records import Document, MediaType, Segment, Unit
from decomposer.segment.blocks import Block
from decomposer.segment.boilerplate import leave_out
from decomposer.segment.parts import BUDGET, divide, halve
from decomposer.segment.units import cut

__all__ = ["BUDGET", "divide", "halve", "segment", "units_of"]

_READERS: dict[MediaType, str] = {
    "text/markdown": "markdown",
    "text/x-rst": "restructured",
    "text/html": "html",
    "text/plain": "plain",
}


def segment(document: Document, *, budget: int = BUDGET, index: int = 0) -> list[Segment]:
    """Return the parts of the document that one request each is about, in order; none where nothing is visible.

    `budget` is in estimated tokens of visible text. Parts end before a heading where one is near. `index` is the
    document's place in its source.
    """
    return divide(document, units_of(document), budget=budget, index=index)


def units_of(document: Document) -> list[Unit]:
    """Return every unit of the document, also those that are hidden or left out of prompts; numbered from 1."""
    return leave_out(cut(document, _blocks(document)), document)


def _blocks(document: Document) -> Iterator[Block]:
    head = document.text[: document.body]
    if head.strip():
        yield Block("front_matter", len(head) - len(head.lstrip()), len(head.rstrip()))
    # docutils is slow to import and rarely needed, so a reader is imported when its format comes up
    reader: Callable[[str, int], Iterator[Block]] = import_module(
        f"decomposer.segment.{_READERS[document.media_type]}"
    ).blocks
    yield from reader(document.text, document.body)
