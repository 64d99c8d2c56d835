"""Word what a comparison shows, the same on a screen, in Markdown and on a page."""

from collections.abc import Iterator
from typing import NamedTuple

from decomposer.records import Alone, Capability, Comparison, Evidence, Pair, Side, Statement
from decomposer.risk import BARRED

FIELDS = {"description": "", "unique": "Unique", "vs_alternatives": "Compared with alternatives"}
LISTS = {
    "intents": "Serves", "best_for": "Best for", "limitations": "Limitations", "requires": "Requires",
    "input_types": "Takes", "output_types": "Gives",
}  # fmt: skip
UNKNOWN = "unknown"
_SUPPORT = {
    "supported": "supported by its source", "vendor_claim": "a claim of its source", "partial": "partly supported",
    "unsupported": "not supported by its source",
}  # fmt: skip
_UNREAD = "not checked, as its source was not read"
_VERDICTS = {
    "same": "the same capability", "broader": "that of {a} covers more", "narrower": "that of {b} covers more",
}  # fmt: skip


class Said(NamedTuple):
    """A sentence or note as it is shown: `label` says what it is worth, `field` what it is about, if not described."""

    field: str
    text: str
    label: str
    evidence: tuple[Evidence, ...]


def said(capability: Capability, side: Side, *, public: bool = False) -> Iterator[Said]:
    """Yield every sentence and note of a record, with its support.

    For the `public` what may not be published of a proposal is left out, and that it was is said.
    """
    strict = public and capability.state != "accepted"
    verdicts = {support for _, statement in capability.statements() for _, support, _ in _sentences(statement)}
    if strict and not side.read and verdicts == {"unsupported"}:
        yield Said("", "", f"left out: {_UNREAD}", ())
        return
    for field, statement in capability.statements():
        barred = strict and any(flag.kind in BARRED for flag in statement.flags)
        left_out = False
        for text, support, evidence in _sentences(statement):
            if barred or (strict and support == "unsupported"):
                left_out = True
                continue
            label = _SUPPORT[support] if side.read else _UNREAD
            yield Said(FIELDS[field], text, label, evidence)
        if left_out:
            why = "flagged" if barred else "not supported by its source"
            yield Said(FIELDS[field], "", f"left out: {why}", ())
    for field, title in LISTS.items():
        for note in getattr(capability, field):
            if note.evidence or not strict:
                yield Said(title, note.text, "" if note.evidence else "no evidence", note.evidence)


def reviewed(capability: Capability) -> str:
    """Return whether a person has read it."""
    return "reviewed" if capability.state == "accepted" else "not reviewed by a person yet"


def relation(pair: Pair, comparison: Comparison) -> str:
    """Return how the two of a pair stand to each other, with the score and who decided."""
    told = _VERDICTS.get(pair.verdict, pair.verdict).format(a=comparison.a.name, b=comparison.b.name)
    return f"{told} (likeness {pair.score:.2f}, by {pair.decided_by})"


def near(one: Alone, other: Side) -> str:
    """Return what of the other side may be the same, or nothing."""
    if one.nearest is None or one.nearness is None:
        return ""
    return f"may be what {other.name} has as “{one.nearest}” (likeness {one.nearness:.2f}, undecided)"


def only(side: Side, other: Side) -> str:
    """Return what it means that the other side does not have something."""
    if not other.read:
        return f"The source of {other.name} was not read: that it lacks these is unknown."
    return f"The source of {other.name} does not say these; that is not a no."


def place(span: Evidence, side: Side) -> str:
    """Return where evidence stands: the file and the characters."""
    known = 0 <= span.document < len(side.documents)
    name = side.documents[span.document].uri.rstrip("/").rpartition("/")[2] if known else "source"
    how = "" if span.how in ("cited", "exact") else f", {span.how} match"
    return f"{name}, characters {span.start} to {span.end}{how}"


def hidden(comparison: Comparison) -> str:
    """Return what was left out of a comparison that shows differences only, or nothing."""
    if not (comparison.hidden_rows or comparison.hidden_shared):
        return ""
    return (
        f"Left out, as it is the same on both sides: rows of the table ({comparison.hidden_rows}) and capabilities "
        f"({comparison.hidden_shared})."
    )


def _sentences(statement: Statement) -> Iterator[tuple[str, str, tuple[Evidence, ...]]]:
    if not statement.sentences:
        yield statement.text, statement.support, statement.evidence
    for sentence in statement.sentences:
        yield statement.text[sentence.start : sentence.end], sentence.support, sentence.evidence
