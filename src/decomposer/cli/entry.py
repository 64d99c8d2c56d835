"""Show an entry to a person: what is said, whether the source supports it, and the lines that do."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator

from decomposer.cli.notes import counted
from decomposer.cli.output import Shown
from decomposer.cli.screen import Piece, Screen
from decomposer.publish.markdown import page
from decomposer.records import FIELDS, LISTS, Capability, Entry, Evidence, Note, Sentence, Source, Statement, Support

TextOf = Callable[[str], str | None]

SUPPORT: dict[Support, tuple[str, str, str]] = {
    "supported": ("✓", "supported", "green"),
    "vendor_claim": ("”", "vendor claim", "cyan"),
    "partial": ("~", "partly supported", "yellow"),
    "unsupported": ("✗", "not supported", "red"),
}
_STATE_STYLE = {"proposed": "yellow", "accepted": "green", "rejected": "red", "retired": "dim"}
_TITLES = {
    "vs_alternatives": "vs alternatives",
    "best_for": "best for",
    "input_types": "takes",
    "output_types": "gives",
}
_INDENT = "   "
_TEXT = "     "
_QUOTE = "     │ "


def shown(entry: Entry, text_of: TextOf) -> Shown:
    """Return an entry ready to be written; `text_of` gives a document's text by its sha256, or None."""
    return Shown(
        value=lambda: entry.model_dump(mode="json"),
        table=lambda screen: show_entry(entry, Places(entry, text_of), screen),
        md=lambda: page(entry),
    )


class Places:
    """Says where evidence stands, in lines as an editor counts them: `line 12`, with the file where there are two."""

    def __init__(self, holder: Entry | Source, text_of: TextOf) -> None:
        self._documents = holder.documents
        self._text_of = text_of
        self._starts: dict[int, list[int]] = {}

    def of(self, span: Evidence) -> str:
        """Return the place of `span`."""
        starts = self._line_starts(span.document)
        if not starts:
            place = f"characters {span.start}-{span.end}"
        else:
            first, last = bisect_right(starts, span.start), bisect_right(starts, max(span.start, span.end - 1))
            place = f"line {first}" if first == last else f"lines {first}-{last}"
        if len(self._documents) < 2 or not 0 <= span.document < len(self._documents):
            return place
        return f"{self._file(span.document)} {place}"

    def source(self, evidence: tuple[Evidence, ...]) -> str:
        """Return what the document of `evidence` is called in a sentence: README, or the name of its file."""
        document = evidence[0].document if evidence else 0
        name = self._file(document) if 0 <= document < len(self._documents) else "source"
        return "README" if name.lower().startswith("readme") else name

    def _file(self, document: int) -> str:
        return re.split(r"[/\\]", self._documents[document].uri)[-1]

    def _line_starts(self, document: int) -> list[int]:
        if document not in self._starts:
            known = 0 <= document < len(self._documents)
            text = self._text_of(self._documents[document].sha256) if known else None
            ends = [] if text is None else [0, *(end.end() for end in re.finditer(r"\r\n|\r|\n", text))]
            self._starts[document] = ends
        return self._starts[document]


def show_entry(entry: Entry, places: Places, screen: Screen) -> None:
    """Print the whole entry."""
    artifact, kind = entry.artifact, entry.source_kind
    screen.rule()
    screen.line((artifact.name, "bold"))
    facts = [artifact.slug, artifact.type, *([artifact.license] if artifact.license else []), artifact.source]
    screen.line((" · ".join(facts), "dim"))
    screen.line("The text is: ", (kind.kind, "bold"), f" ({kind.reason})" if kind.reason else "")
    screen.line(*_summary(entry))
    for number, capability in enumerate(entry.capabilities, start=1):
        screen.line()
        _show_capability(number, capability, places, screen)
    screen.line()


def _summary(entry: Entry) -> Iterator[Piece]:
    if not entry.capabilities:
        yield ("No capabilities", "bold")
        yield f": {entry.source_kind.reason or 'the text describes none'}"
        return
    verdicts = Counter(statement.support for item in entry.capabilities for _, statement in item.statements())
    yield (counted(len(entry.capabilities), "capability", "capabilities"), "bold")
    yield "; statements: " if verdicts else ""
    for number, support in enumerate(support for support in SUPPORT if verdicts[support]):
        _, label, style = SUPPORT[support]
        yield ", " if number else ""
        yield (f"{verdicts[support]} {label}", style)


def _show_capability(number: int, capability: Capability, places: Places, screen: Screen) -> None:
    screen.line((f"{number}. {capability.name}", "bold"), hang=3)
    state = (capability.state, _STATE_STYLE[capability.state])
    screen.line((f"{capability.category} · ", "dim"), state, (f" · {capability.id}", "dim"), indent=_INDENT)
    silent = []
    for field in FIELDS:
        statement = getattr(capability, field)
        if statement is None:
            silent.append(title(field))
        else:
            _show_statement(title(field), statement, places, screen)
    for field in LISTS:
        notes: tuple[Note, ...] = getattr(capability, field)
        for position, note in enumerate(notes):
            label = "" if position else title(field)
            where = ", ".join(dict.fromkeys(places.of(span) for span in note.evidence)) or "no evidence"
            screen.line((f"{label:<13}", "bold"), note.text, (f"  ({where})", "dim"), indent=_INDENT, hang=13)
    if silent:
        screen.line((f"The source does not say: {', '.join(silent)}.", "dim"), indent=_INDENT)
    if capability.broader_than:
        screen.line((f"Special cases: {', '.join(capability.broader_than)}", "dim"), indent=_INDENT)
    if capability.merged:
        screen.line((f"Joined from: {', '.join(part.name for part in capability.merged)}", "dim"), indent=_INDENT)
    if capability.revision:
        _show_revision(capability, capability.revision, places, screen)


def _show_revision(capability: Capability, revision: Capability, places: Places, screen: Screen) -> None:
    screen.line(("The newest draft says instead, and waits for a decision:", "yellow"), indent=_INDENT)
    if revision.name != capability.name:
        screen.line(("Name", "bold"), f"  {revision.name}", indent=_INDENT)
    for field in FIELDS:
        old, new = getattr(capability, field), getattr(revision, field)
        if new is None and old is not None:
            screen.line((f"{title(field)}: not said any more", "yellow"), indent=_INDENT)
        elif new is not None and (old is None or (old.text, old.support) != (new.text, new.support)):
            _show_statement(title(field), new, places, screen)


def _show_statement(title: str, statement: Statement, places: Places, screen: Screen) -> None:
    glyph, label, style = SUPPORT[statement.support]
    screen.line((title, "bold"), "  ", (f"{glyph} {label}", style), indent=_INDENT)
    if len({(sentence.support, sentence.reason, sentence.evidence) for sentence in statement.sentences}) > 1:
        for sentence in statement.sentences:
            _show_sentence(sentence, statement, places, screen)
    else:
        screen.line(statement.text, indent=_TEXT)
        for sentence in statement.sentences[:1]:
            _show_reason(sentence, places, screen)
        _show_quotes(statement.evidence, places, screen)
    for flag in statement.flags:
        screen.line((f"! {flag.kind} ", "yellow"), f"“{flag.text}”: {flag.note}", indent=_TEXT, hang=2)


def _show_sentence(sentence: Sentence, statement: Statement, places: Places, screen: Screen) -> None:
    glyph, _, style = SUPPORT[sentence.support]
    screen.line((f"{glyph} ", style), statement.text[sentence.start : sentence.end], indent=_TEXT, hang=2)
    _show_reason(sentence, places, screen)
    _show_quotes(sentence.evidence, places, screen)


def _show_reason(sentence: Sentence, places: Places, screen: Screen) -> None:
    if sentence.support != "supported" and sentence.reason:
        whose = f"according to its {places.source(sentence.evidence)}: " if sentence.support == "vendor_claim" else ""
        screen.line((whose + sentence.reason, SUPPORT[sentence.support][2]), indent=_TEXT)


def _show_quotes(evidence: tuple[Evidence, ...], places: Places, screen: Screen) -> None:
    if not evidence:
        screen.line(("no evidence", "red"), indent=_QUOTE)
    for span in evidence:
        how = "" if span.how in ("cited", "exact") else f" ({span.how} match)"
        screen.line((f"{places.of(span)}{how}  ", "cyan"), f"“{span.quote}”", indent=_QUOTE)


def title(field: str) -> str:
    """Return what a field is called on a screen."""
    return _TITLES.get(field, field)
