"""Number the places of the source that a record cites: a place that several sentences cite has one number."""

from dataclasses import dataclass

from decomposer.review import Sheet, Span
from decomposer.tui.signs import title


@dataclass(frozen=True, slots=True)
class Cited:
    """A place that is cited, with its number from 1 in reading order, and the names of what rests on it."""

    number: int
    document: int
    start: int
    end: int
    fields: tuple[str, ...]


def cited(sheet: Sheet) -> list[Cited]:
    """Return the places that a record cites, in reading order."""
    fields: dict[tuple[int, int, int], list[str]] = {}
    for span in sheet.evidence:
        fields.setdefault(place(span), []).append(title(span.field))
    found = sorted(fields.items())
    return [Cited(number, *at, tuple(dict.fromkeys(names))) for number, (at, names) in enumerate(found, start=1)]


def place(span: Span) -> tuple[int, int, int]:
    """Return where a span stands: its document, its start and its end."""
    return span.document, span.start, span.end
