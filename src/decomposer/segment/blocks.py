"""The blocks of a document, whatever it is written in: what every reader of a format produces."""

from typing import Literal, NamedTuple

BlockKind = Literal[
    "text", "item", "heading", "row", "code", "front_matter", "comment", "alt", "table", "list_end"
]  # fmt: skip


class Block(NamedTuple):
    """One block, `text[start:end]`: from its first character that is content to its last.

    `level` is the heading level (1-6), or how many list items the block stands in. `header` marks a table's header row.
    `table` and `list_end` are marks without text: a table begins, a list has ended.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    header: bool = False
