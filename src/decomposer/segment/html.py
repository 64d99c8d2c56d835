"""Read an HTML page as blocks: it is one stretch of tags and text, which the unit builder takes apart."""

from collections.abc import Iterator

from decomposer.segment.blocks import Block


def blocks(text: str, start: int) -> Iterator[Block]:
    """Yield the page as one block."""
    if text[start:].strip():
        yield Block("text", start, len(text))
