"""Publish entries as Markdown: a page an entry with the evidence for every sentence, and an index of them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from decomposer.display import one_line
from decomposer.ports import Exported, Exporting
from decomposer.publish.files import Folder, file_name, published
from decomposer.records import LISTS, Capability, Entry, Evidence, Statement

_TITLES = {"description": "", "unique": "Unique", "vs_alternatives": "Compared with alternatives"}
_LIST_TITLES = {
    "intents": "Serves", "best_for": "Best for", "limitations": "Limitations", "requires": "Requires",
    "input_types": "Takes", "output_types": "Gives",
}  # fmt: skip
_STATES = {"proposed": "proposal, not reviewed by a person yet"}

_MARK = "[//]: # (published by decomposer)"
_LISTED = r"\]\(([^()/\\]+\.md)\)"

_SHORT = 500  # what is shorter is remembered, as most of it is shown on several pages
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "~": "&#126;", "@": "&#64;", "$": "&#36;"}
_SPECIAL = re.compile(r"[&<>|~@$]|[\\`*_{}\[\]()#!^]|:(?=//)|(?<=www)\.|^(?:[-+=:]|\d+[.)])", re.IGNORECASE)


def export(entries: Iterator[Entry], folder: Path, _: Exporting | None = None) -> Exported:
    """Write what is accepted or proposed of each entry, and `index.md`. Raises UsageError where it can't."""
    files = Folder(folder, "index.md", mark=_MARK, listed=_LISTED)
    lines = ["# Catalog", ""]
    for entry in filter(None, map(published, entries)):
        name = file_name(entry.artifact.slug, "md")
        files.write(name, page(entry))
        lines.append(f"* [{escape(entry.artifact.name)}]({name}): {entry.artifact.type}, {_counts(entry)}")
    return files.close("\n".join([*lines, "", _MARK, ""]))


def page(entry: Entry) -> str:
    """Return one entry as a Markdown page, every capability of it, each labelled with its state."""
    artifact, kind = entry.artifact, entry.source_kind
    facts = [artifact.type, f"from {escape(artifact.source)}"]
    facts += [f"licence {escape(artifact.license)}"] if artifact.license else []
    blocks = [f"# {escape(artifact.name)}", ", ".join(facts), f"The text is: {kind.kind} ({escape(kind.reason)})"]
    if any(capability.state == "proposed" for capability in entry.capabilities):
        blocks.append("**Proposals on this page were drafted by a program and not reviewed by a person yet.**")
    if not entry.capabilities:
        blocks.append(f"**No capabilities**: {escape(kind.reason) or 'the text describes none'}")
    for capability in entry.capabilities:
        blocks += _capability(capability, entry)
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """Return `text` on one line, so that Markdown shows it as it is: no markup, no HTML, no link comes out of it."""
    return _remembered(text) if len(text) <= _SHORT else _SPECIAL.sub(_escaped, one_line(text))


@lru_cache(4096)
def _remembered(text: str) -> str:
    return _SPECIAL.sub(_escaped, one_line(text))


def fenced(text: str) -> str:
    """Return `text` as a code block that it can't close."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _escaped(found: re.Match[str]) -> str:
    special = found.group()
    return _ENTITIES.get(special) or f"{special[:-1]}\\{special[-1]}"


def _counts(entry: Entry) -> str:
    count = len(entry.capabilities)
    unreviewed = sum(capability.state == "proposed" for capability in entry.capabilities)
    if not count:
        return "no capabilities"
    return f"{count} {'capability' if count == 1 else 'capabilities'}" + (
        f", {unreviewed} not reviewed" if unreviewed else ""
    )


def _capability(capability: Capability, entry: Entry) -> Iterator[str]:
    quotes = _Quotes(entry)
    yield f"## {escape(capability.name)}"
    state = _STATES.get(capability.state, capability.state)
    yield f"*{state}*, {escape(capability.category)}, `{_code(capability.id)}`"
    for field, statement in capability.statements():
        text = " ".join(_sentences(statement, quotes))
        title = f"**{_TITLES[field]}:** " if _TITLES[field] else ""
        yield f"{title}{text}"
        for flag in statement.flags:
            yield f"*To check: {flag.kind}, “{escape(flag.text)}”: {escape(flag.note)}*"
    for field in LISTS:
        notes = [note for note in getattr(capability, field) if note.evidence]
        if notes:
            items = [f"* {escape(note.text)}{quotes.cite(note.evidence)}" for note in notes]
            yield "\n".join([f"**{_LIST_TITLES[field]}**", "", *items])
    if quotes.numbers:
        yield "\n".join(["> **Evidence**", ">", *quotes.lines()])


def _sentences(statement: Statement, quotes: "_Quotes") -> Iterator[str]:
    """Yield what may be published of a statement: each sentence as what it is, unsupported ones as a remark."""
    whole = (statement.text, statement.support, "", statement.evidence)
    parts = [(statement.text[s.start : s.end], s.support, s.reason, s.evidence) for s in statement.sentences] or [whole]
    left_out = 0
    for text, support, reason, evidence in parts:
        said = escape(text)
        if support == "unsupported":
            left_out += 1
        elif support == "vendor_claim":
            yield f"According to its {quotes.name(evidence)}: “{said}”{quotes.cite(evidence)}"
        elif support == "partial":
            because = f": {escape(reason)}" if reason else ""
            yield f"{said}{quotes.cite(evidence)} *(partly supported{because})*"
        else:
            yield f"{said}{quotes.cite(evidence)}"
    if left_out:
        sentences = "1 sentence is" if left_out == 1 else f"{left_out} sentences are"
        yield f"*({sentences} left out: the source does not support what was drafted.)*"


def _code(text: str) -> str:
    return re.sub(r"[^\w./-]", "-", one_line(text))


class _Quotes:
    """The quotes that a capability rests on, numbered in the order in which they are first cited."""

    def __init__(self, entry: Entry) -> None:
        self._documents = entry.documents
        self.numbers: dict[Evidence, int] = {}

    def cite(self, evidence: tuple[Evidence, ...]) -> str:
        """Return the numbers of `evidence`, such as ` \\[1, 2\\]`."""
        numbers = [self.numbers.setdefault(span, len(self.numbers) + 1) for span in evidence]
        return f" \\[{', '.join(map(str, numbers))}\\]" if numbers else ""

    def name(self, evidence: tuple[Evidence, ...]) -> str:
        """Return what the document of `evidence` is called in a sentence, such as `README`."""
        name = self._file(evidence[0].document if evidence else 0)
        return "README" if name.lower().startswith("readme") else escape(name)

    def lines(self) -> Iterator[str]:
        """Yield the numbered quotes, each with its place, as lines of a block quote."""
        for span, number in self.numbers.items():
            place = f"{escape(self._file(span.document))}, characters {span.start}\u2013{span.end}"
            how = "" if span.how in ("cited", "exact") else f", {span.how} match"
            yield f"> {number}. “{escape(span.quote)}” ({place}{how})"

    def _file(self, document: int) -> str:
        if not 0 <= document < len(self._documents):
            return "source"
        return re.split(r"[/\\]", self._documents[document].uri.rstrip("/"))[-1] or "source"
