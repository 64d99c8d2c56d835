"""What a text really is, by its shape and words."""

import re
from collections.abc import Sequence

from decomposer.draft import DraftKind
from decomposer.llm.extractive.reading import Line
from decomposer.llm.extractive.vocabulary import (
    A_DATASET,
    A_MODEL,
    ABOUT_DATA,
    ABOUT_MODEL,
    ABOUT_SOFTWARE,
    POINTER,
    TEMPLATE,
    TUTORIAL,
    UNFILLED,
)

OPENING = 6  # lines that say what a text is about
_LINKED = re.compile(r"^\W{0,6}(?:\[|<a\s|https?://)")


def kind_of(lines: Sequence[Line]) -> DraftKind:
    """Return the kind of text the lines of a segment are, with the reason."""
    body = [line for line in lines if line.unit.kind != "heading"]
    text = "\n".join(line.text for line in lines)
    return _placeholder(body, text) or _index(body) or _subject(lines, text)


def _placeholder(body: Sequence[Line], text: str) -> DraftKind | None:
    words = sum(len(line.text.split()) if line.text.isascii() else len(line.text) // 2 for line in body)
    if words < 8:
        return DraftKind(kind="placeholder", reason=f"only {words} words of text")
    if UNFILLED.search(text):
        return DraftKind(kind="placeholder", reason="a template that was never filled in")
    if words < 60 and (TEMPLATE.search(text) or POINTER.search(text)):
        return DraftKind(kind="placeholder", reason=f"a template or a pointer to another page: {words} words of text")
    return None


def _index(body: Sequence[Line]) -> DraftKind | None:
    entries = [line for line in body if line.unit.kind in ("item", "row")]
    linked = [line for line in entries if _is_linked(line.raw)]
    if len(entries) < 10 or len(linked) < 0.6 * len(body):
        return None
    if sum(bool(TUTORIAL.search(line.raw)) for line in linked) >= 0.3 * len(linked):
        return DraftKind(kind="tutorial", reason=f"{len(linked)} of {len(body)} lines are links to tutorials")
    return DraftKind(kind="list", reason=f"{len(linked)} of {len(body)} lines are links to other things")


def _is_linked(raw: str) -> bool:
    return bool(_LINKED.search(raw)) or raw.count("](http") + raw.count("<a ") >= 2


def _subject(lines: Sequence[Line], text: str) -> DraftKind:
    opening = "\n".join(line.text for line in lines[:OPENING])
    data = len(ABOUT_DATA.findall(text)) + 2 * len(A_DATASET.findall(opening))
    model = len(ABOUT_MODEL.findall(text)) + 2 * len(A_MODEL.findall(opening))
    software = len(ABOUT_SOFTWARE.findall(text))
    if data >= 2 and data > model:
        return DraftKind(kind="dataset", reason=f"{data} phrases speak of a dataset")
    if model and 3 * model >= software:
        return DraftKind(kind="model", reason=f"{model} phrases speak of a model, {software} of software")
    if not software:
        return DraftKind(kind="software", reason="nothing in it speaks of a model or a dataset")
    return DraftKind(kind="software", reason=f"{software} phrases speak of software, {model} of a model")
