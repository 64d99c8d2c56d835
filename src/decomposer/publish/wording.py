"""Word records for forms that can't show support: each text on one line, and nothing that no source bears out."""

import re
from unicodedata import category, normalize

from decomposer.records import Capability, Entry, Note, Statement, Support
from decomposer.risk import BARRED, WORST

_HALF = re.compile("[\ud800-\udfff]")
UNREVIEWED = "drafted by a program, not reviewed by a person yet"


def plain(text: str) -> str:
    """Return `text` on one line. Half a surrogate pair, which no file can hold, becomes the replacement character."""
    return _HALF.sub("\ufffd", " ".join(text.split()))


def words(text: str) -> list[str]:
    """Return the words of `text` as addresses and ids have them: in lower case, letters and digits of any script."""
    letters = normalize("NFKC", normalize("NFKC", text).casefold())
    return "".join(char if char.isalnum() or category(char).startswith("M") else " " for char in letters).split()


def said(statement: Statement | None, capability: Capability) -> str | None:
    """Return what may be published of a field of a capability, or None.

    What a person accepted is published as it is. Of a proposal, sentences that its source does not support are left
    out, and a field is left out whole that is flagged as an instruction, as hidden or as a contradiction.
    """
    return plain(" ".join(text for text, _ in _parts(statement, capability))) or None


def support_of(statement: Statement | None, capability: Capability) -> Support | None:
    """Return the verdict on the worst of what may be published of a field, or None where that is nothing."""
    return min((support for _, support in _parts(statement, capability)), key=WORST.index, default=None)


def phrases(notes: tuple[Note, ...], capability: Capability) -> list[str]:
    """Return the notes of a capability that may be published: of a proposal those with evidence."""
    kept = (plain(note.text) for note in notes if note.evidence or capability.state == "accepted")
    return list(dict.fromkeys(filter(None, kept)))


def why_unsaid(capability: Capability, entry: Entry) -> str:
    """Return why nothing may be published of the description of a capability of an entry."""
    if capability.description is None or not plain(capability.description.text):
        return "it has no description"
    flags = {flag.kind for flag in capability.description.flags} & BARRED
    if flags:
        return f"its description is flagged as {' and '.join(sorted(flags)).replace('_', ' ')}"
    if not entry.documents:
        return "its source was not read, so nothing of its description is checked"
    return "nothing of its description is supported by its source"


def what_then(entry: Entry) -> str:
    """Return what to do about an entry of which nothing can be published, to be put behind the reason."""
    if entry.documents:
        return ""
    return "; draft it from its source, or accept what you stand for: decomposer accept ID --with description"


def _parts(statement: Statement | None, capability: Capability) -> list[tuple[str, Support]]:
    """Return the texts that make up what may be published of a field, each with its verdict."""
    if statement is None:
        return []
    whole = [(statement.text, statement.support)]
    if capability.state == "accepted":
        return whole
    if any(flag.kind in BARRED for flag in statement.flags):
        return []
    parts = [(statement.text[one.start : one.end], one.support) for one in statement.sentences] or whole
    return [(text, support) for text, support in parts if support != "unsupported"]
