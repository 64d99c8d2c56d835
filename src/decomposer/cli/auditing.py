"""Audit catalog texts sentence by sentence, and show per record what the source supports, and by which lines."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from decomposer.cli.entry import SUPPORT, Places, title
from decomposer.cli.notes import counted
from decomposer.cli.output import Shown
from decomposer.cli.screen import Piece, Screen
from decomposer.errors import UsageError
from decomposer.publish.markdown import escape
from decomposer.records import Source
from decomposer.sources.catalog_texts import CatalogText
from decomposer.text import split

if TYPE_CHECKING:
    from decomposer.audit import Audited

_QUOTE = "     │ "
_TEXT = "     "


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence of a catalog text, or one claim, and what the source says of it."""

    said: CatalogText
    text: str
    found: "Audited"

    def value(self) -> dict[str, Any]:
        """Return the row as plain JSON data; a claim has no artifact, capability and field."""
        said, found = self.said, self.found
        where = {"artifact": said.artifact, "capability": said.capability, "field": said.field} if said.field else {}
        return {
            **where,
            "text": self.text,
            "support": found.support,
            "score": round(found.score, 4),
            "evidence": [span.model_dump(mode="json") for span in found.evidence],
            "flags": [flag.model_dump(mode="json") for flag in found.flags],
            "reason": found.reason,
        }


def rows(texts: Iterable[CatalogText], audit: "Callable[[str], Audited]") -> Iterator[Row]:
    """Yield a row for every sentence of every text, in order; a claim is one row, however many sentences it has."""
    for said in texts:
        sentences = [said.text[start:end] for start, end in split(said.text)] if said.field else [said.text]
        for sentence in sentences:
            yield Row(said, sentence, audit(sentence))


# --- which of two artifacts the source is about


def chosen(texts: Sequence[CatalogText], source: Source, wanted: str | None) -> tuple[list[CatalogText], str]:
    """Return the texts about one artifact, and a note on the choice where one had to be made.

    The artifact is the `wanted` one, or else the one whose name has most in common with the source's name and
    reference; where no name stands out, all texts are returned. Raises UsageError where none is called so.
    """
    names = list(dict.fromkeys(said.artifact for said in texts if said.artifact))
    listed = ", ".join(names)
    if wanted is not None:
        if not names:
            return list(texts), "--artifact is not needed: bare claims name no artifact"
        name = _called(wanted, names)
        if name is None:
            raise UsageError(f"--artifact {wanted}: the file has no such artifact", hint=f"it has: {listed}")
        return [said for said in texts if said.artifact == name], ""
    if len(names) < 2:
        return list(texts), ""
    name = _fitting(names, source)
    if name is None:
        return list(texts), f"no name fits {source.artifact.source}: auditing all of {listed}; choose with --artifact"
    return [said for said in texts if said.artifact == name], f"auditing {name}, whose name fits; the file has {listed}"


def _called(wanted: str, names: Sequence[str]) -> str | None:
    exact = [name for name in names if name.casefold() == wanted.strip().casefold()]
    alike = [name for name in names if _words(name) == _words(wanted)]
    within = [name for name in names if _words(wanted) and _words(wanted) <= _words(name)]
    return next((found[0] for found in (exact, alike, within) if len(found) == 1), None)


def _fitting(names: Sequence[str], source: Source) -> str | None:
    artifact = source.artifact
    mine = _words(" ".join(filter(None, (artifact.slug, artifact.name, artifact.repository))))
    mine -= {word for word in mine if word.isdigit()}
    scores = {name: len(_words(name) & mine) / len(_words(name) or {name}) for name in names}
    best = sorted(names, key=lambda name: -scores[name])
    return best[0] if scores[best[0]] > scores[best[1]] else None


def _words(name: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", name.casefold()))


# --- for people


def shown(found: Sequence[Row], source: Source) -> Iterator[Shown]:
    """Yield the rows, one record after another, ready to be printed as a table or as Markdown."""
    texts = {document.sha256: document.text for document in source.documents}
    places = Places(source, texts.get)
    for _, group in groupby(found, key=lambda row: (row.said.artifact, row.said.record)):
        yield _record(list(group), places)


def summary(found: Sequence[Row]) -> str:
    """Return the counts of all rows in one line."""
    records = len({(row.said.artifact, row.said.record) for row in found if row.said.field})
    what = counted(len(found), "sentence" if records else "claim")
    within = f" in {counted(records, 'record')}" if records else ""
    return f"{what}{within} audited: {_counts(found)}" if found else "nothing to audit: the file has no texts"


def _record(found: list[Row], places: Places) -> Shown:
    return Shown(
        value=lambda: [row.value() for row in found],
        table=lambda screen: _print(found, places, screen),
        md=lambda: "\n".join(_markdown(found, places)) + "\n",
    )


def _print(found: list[Row], places: Places, screen: Screen) -> None:
    said = found[0].said
    if said.field:
        screen.line((said.capability, "bold"), (f"  {said.artifact}", "dim"))
    screen.line(*_pieces(found), indent="   ")
    for field, group in groupby(found, key=lambda row: row.said.field):
        if field:
            screen.line((title(field), "bold"), indent="   ")
        for row in group:
            _print_row(row, places, screen)
    screen.line()


def _print_row(row: Row, places: Places, screen: Screen) -> None:
    glyph, _, style = SUPPORT[row.found.support]
    screen.line((f"{glyph} ", style), row.text, indent=_TEXT, hang=2)
    if row.found.support != "supported" and row.found.reason:
        screen.line((row.found.reason, style), indent=_TEXT + "  ")
    for span in row.found.evidence:
        how = "" if span.how in ("cited", "exact") else f" ({span.how} match)"
        screen.line((f"{places.of(span)}{how}  ", "cyan"), f"“{span.quote}”", indent=_QUOTE)
    for flag in row.found.flags:
        screen.line((f"! {flag.kind} ", "yellow"), f"“{flag.text}”: {flag.note}", indent=_TEXT, hang=2)


def _pieces(found: Sequence[Row]) -> Iterator[Piece]:
    counts = Counter(row.found.support for row in found)
    yield f"{counted(len(found), 'sentence' if found[0].said.field else 'claim')}: "
    for number, support in enumerate(support for support in SUPPORT if counts[support]):
        _, label, style = SUPPORT[support]
        yield ", " if number else ""
        yield (f"{counts[support]} {label}", style)


def _counts(found: Sequence[Row]) -> str:
    counts = Counter(row.found.support for row in found)
    return ", ".join(f"{counts[support]} {label}" for support, (_, label, _) in SUPPORT.items() if counts[support])


def _markdown(found: list[Row], places: Places) -> Iterator[str]:
    said = found[0].said
    yield f"## {escape(said.capability)} ({escape(said.artifact)})" if said.field else "## Claims"
    yield f"\n{_counts(found)}\n"
    yield "| field | sentence | verdict | lines | flags |\n|---|---|---|---|---|"
    for row in found:
        lines = "; ".join(dict.fromkeys(places.of(span) for span in row.found.evidence)) or "none"
        flags = "; ".join(f"{flag.kind}: {flag.text}" for flag in row.found.flags)
        cells = (title(row.said.field), row.text, SUPPORT[row.found.support][1], lines, flags)
        yield "| " + " | ".join(escape(" ".join(cell.split())) for cell in cells) + " |"
