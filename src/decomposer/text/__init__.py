"""Text as people read it: what is visible, where sentences end, which language it is, what it costs."""

from decomposer.text.elements import PARTING, Open
from decomposer.text.inline import Mark, Piece, scan
from decomposer.text.language import language
from decomposer.text.locate import Located, locate
from decomposer.text.sentences import ends, split
from decomposer.text.tokens import tokens
from decomposer.text.visible import excerpt, seen, visible

__all__ = [
    "PARTING",
    "Located",
    "Mark",
    "Open",
    "Piece",
    "ends",
    "excerpt",
    "language",
    "locate",
    "scan",
    "seen",
    "split",
    "tokens",
    "visible",
]
