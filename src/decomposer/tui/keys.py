"""The keys of the review, what each does, and how it is explained: one table for the program and its help."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that can be done: `keys` as a terminal names them, `does` the name of the act, `text` what it does."""

    keys: tuple[str, ...]
    does: str
    text: str


KEYS = (
    Key(("a",), "accept", "accept: all fields that pass, or those that are switched on; then the next record"),
    Key(("1", "2", "3", "4"), "toggle", "take or leave out description, unique, vs alternatives, the lists"),
    Key(("x",), "reject", "reject, and the next record"),
    Key(("X",), "reject_because", "reject and say why, from a list or in your words"),
    Key(("space",), "skip", "leave it for later, and the next record"),
    Key(("u", "backspace"), "undo", "take back the last thing decided; again: the one before"),
    Key(("U",), "redo", "do again what was taken back"),
    Key(("e",), "edit", "edit the texts here"),
    Key(("E",), "edit_outside", "edit the first text that does not pass (else the description) in $EDITOR"),
    Key(("m",), "merge", "merge with the twin that is proposed"),
    Key(("M",), "merge_with", "choose what to merge with"),
    Key(("s",), "split", "split what was merged"),
    Key(("f",), "flag", "ask for another look at it"),
    Key(("n",), "take", "take the new text where a newer draft says something else"),
    Key(("N",), "dismiss", "keep the old text, forget the newer draft's"),
    Key(("j", "down"), "next", "the next record, without deciding"),
    Key(("k", "up"), "back", "the record before"),
    Key(("v",), "range", "begin a range, j and k make it longer; then a or x"),
    Key(("A",), "accept_entry", "accept everything that passes in this entry"),
    Key(("/",), "filter", "show only some records, such as: category=image.visual"),
    Key(("g",), "neighbours", "the nearest published records"),
    Key(("h",), "history", "what was decided about this record"),
    Key(("o",), "whole", "the whole source, and back"),
    Key(("tab",), "evidence", "the next evidence"),
    Key(("shift+tab",), "evidence_back", "the evidence before"),
    Key(("{",), "context_before", "the source: a paragraph back"),
    Key(("}",), "context_after", "the source: a paragraph on"),
    Key(("left", "right"), "scroll_source", "the source: a line back, a line on"),
    Key(("pageup", "pagedown"), "page", "scroll the record; with o the source"),
    Key(("?",), "keys", "these keys"),
    Key(("q", "ctrl+c"), "leave", "leave: what was decided is saved"),
)  # fmt: skip

BY_KEY = {key: one.does for one in KEYS for key in one.keys}
REASONS = (
    "not a capability", "not supported by the source", "duplicate", "too vague", "wrong artifact", "marketing",
)  # fmt: skip
FOOT = "a accept  1-4 fields  x reject  space later  u undo  e edit  m merge  tab evidence  ? keys  q quit"
SHORT_FOOT = "a accept 1-4 fields x reject space later u undo e edit m merge ? keys q quit"
