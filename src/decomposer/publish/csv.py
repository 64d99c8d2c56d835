"""Publish capabilities as one table, `capabilities.csv`: a row each, and no cell that a spreadsheet would calculate."""

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from decomposer.display import one_line
from decomposer.ports import Exported, Exporting, LeftOut
from decomposer.publish.files import ALONE, made, published, replace
from decomposer.records import FIELDS, Capability, Entry

NAME = "capabilities.csv"
COLUMNS = (
    "entry", "artifact", "id", "name", "category", "state", *FIELDS, *(f"{field}_support" for field in FIELDS),
    "flags", "evidence", "sources",
)  # fmt: skip

# What makes a formula of a cell, in full width too. Apostrophes before it count, so that one can be taken away again.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def export(entries: Iterator[Entry], folder: Path, exporting: Exporting = ALONE) -> Exported:
    """Write `capabilities.csv` (RFC 4180, UTF-8): what is accepted or proposed. Raises UsageError where it can't."""
    target = made(folder) / NAME
    news = replace(target, _lines(_rows(entries, exporting)))
    return Exported([target], [target] if news else [])


def guarded(text: str) -> str:
    """Return `text` with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _rows(entries: Iterator[Entry], exporting: Exporting) -> Iterator[tuple[str, ...]]:
    yield COLUMNS
    for entry in filter(None, map(published, entries)):
        if not entry.capabilities:
            exporting.leave_out(LeftOut(entry.artifact.slug, "it has no capabilities"))
        for capability in entry.capabilities:
            yield tuple(guarded(one_line(cell)) for cell in _cells(capability, entry))


def _cells(capability: Capability, entry: Entry) -> Iterator[str]:
    said = dict(capability.statements())
    yield entry.artifact.slug
    yield entry.artifact.name
    yield from (capability.id, capability.name, capability.category, capability.state)
    yield from (said[field].text if field in said else "" for field in FIELDS)
    yield from (said[field].support if field in said else "" for field in FIELDS)
    yield " ".join(sorted({flag.kind for statement in said.values() for flag in statement.flags}))
    spans = {(span.document, span.start, span.end) for span in capability.evidence()}
    yield str(len(spans))
    cited = sorted({document for document, _, _ in spans if 0 <= document < len(entry.documents)})
    yield " ; ".join(entry.documents[document].uri for document in cited)


def _lines(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield each row as RFC 4180 has it."""
    writer = csv.writer(_Line(), lineterminator="\r\n")
    yield from (writer.writerow(row) for row in rows)  # gives what `write` returned


class _Line:
    """What the csv module writes to: it hands the line back."""

    def write(self, line: str) -> str:
        return line
