"""Read the stored text of a compare page: a table, the records of the left artifact, then those of the right one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from decomposer.errors import SourceError

SHOWN = 8
"""A page shows the first eight records of each side, and how many more there are."""

UNNAMED = ("left artifact", "right artifact")
"""What the two are called where a page has lost its title and its table."""

_TITLE = re.compile(r"#*\s*(?P<left>\S.*?) vs\.? (?P<right>\S(?:.{0,120}[^.])?)")
_LABEL = re.compile(
    r"[*_#>\-\s]*(?P<label>unique|vs\.? alternatives|vs\.? others)[*_]*\s*:[*_]*(?:\s+|$)(?P<text>.*)", re.IGNORECASE
)
_MORE = re.compile(r"\+\s?\d+ more capabilit(?:y|ies)", re.IGNORECASE)
_VERDICT = re.compile(r".+ (?:scores|ranks) higher at [\d.]+/100 vs\.? .+ at [\d.]+/100")
_ASIDE = re.compile(
    r"Side-by-side comparison to help you choose\.|Need something different\?|Search the match graph\b.*"
    r"|(?:©|\(c\)) ?20\d\d .*|.{1,80} also has a free tier, making it more accessible\."
    r"|.{1,80} leads on [a-z, ]+, while .{1,80} is stronger on [a-z, ]+\.",
    re.IGNORECASE,
)
_FOOTER = re.compile(r"Search the match graph\b|.*© ?20\d\d", re.IGNORECASE)
_LONGEST_BLOCK = 8  # lines between the verdict and the footer that belong to neither list
_LONGEST_VERDICT = 1000
_LONGEST_NAME = 90
_WORDS_IN_NAME = 6

Row = tuple[str, str, str, str, int]


@dataclass(slots=True)
class _Record:
    description: list[str] = field(default_factory=list)
    name: str = ""
    unique: str = ""
    vs_alternatives: str = ""
    last: str = "description"

    def fields(self) -> Iterator[tuple[str, str]]:
        yield "description", " ".join(self.description)
        yield "unique", self.unique
        yield "vs_alternatives", self.vs_alternatives


def is_one(text: str) -> bool:
    """Say whether `text` looks like a compare page: it has the labels of records, or the table of two artifacts."""
    return any(_LABEL.match(line) for line in text.splitlines()) or _names(text.splitlines()) is not None


@dataclass(frozen=True, slots=True)
class PageRecord:
    """One record of a page: `number` counts on its side from 1, `name` is empty where the page has lost it."""

    artifact: str
    number: int
    name: str
    fields: tuple[tuple[str, str], ...]

    @property
    def first_words(self) -> str:
        """What to call a record without a name."""
        return " ".join(self.fields[0][1].split()[:_WORDS_IN_NAME]).rstrip(",;:.")


def records(text: str, place: str) -> list[PageRecord]:
    """Return every record of a page that says something, left side first.

    The block with the verdict, which interrupts one of the lists wherever it stands, belongs to none. Raises
    SourceError where there is no record.
    """
    lines = _lines(text)
    names = _called(lines)
    sides = _sides(_without_verdict(_after_table(lines)), names, _counts(lines))
    found = [
        PageRecord(artifact, number, one.name, said)
        for artifact, side in zip(names, sides, strict=True)
        for number, one in enumerate(side, start=1)
        if (said := tuple((name, value) for name, value in one.fields() if value))
    ]
    if not found:
        raise SourceError(f"{place}: the page has no records", hint="pass the whole text of the page")
    return found


def read(text: str, place: str) -> list[Row]:
    """Return (text, artifact, capability, field, record) of every field of every record, left side first.

    A record whose name was lost is called by its number on its side and its first words. Raises SourceError where
    there is no record.
    """
    rows: list[Row] = []
    for record, one in enumerate(records(text, place), start=1):
        called = one.name or f"capability {one.number}: {one.first_words}"
        rows += [(said, one.artifact, called, name, record) for name, said in one.fields]
    return rows


def facts(text: str, label: str) -> dict[str, str]:
    """Return what a row of the table, such as `Type`, says of each artifact; nothing where that row is lost."""
    lines = _lines(text)
    for line in lines:
        cells = _cells(line)
        if len(cells) == 3 and cells[0].casefold() == label.casefold():
            return dict(zip(_called(lines), cells[1:], strict=True))
    return {}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _called(lines: list[str]) -> tuple[str, str]:
    return _names(lines) or _titled(lines) or UNNAMED


# --- what stands above the lists


def _names(lines: list[str]) -> tuple[str, str] | None:
    for line in lines:
        cells = _cells(line)
        if len(cells) == 3 and cells[0].casefold() == "feature" and cells[1] and cells[2]:
            return cells[1], cells[2]
    return None


def _titled(lines: list[str]) -> tuple[str, str] | None:
    title = _TITLE.fullmatch(lines[0]) if lines and not _LABEL.match(lines[0]) else None
    return (title["left"], title["right"]) if title else None


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")] if line.lstrip().startswith("|") else []


def _counts(lines: list[str]) -> int | None:
    """Return how many records the left artifact has, as the table says; its row may be broken over three lines."""
    cells = [cell for line in lines for cell in _cells(line)]
    for place, cell in enumerate(cells[:-1]):
        number = re.match(r"\d+", cells[place + 1])
        if cell.casefold() == "capabilities" and number:
            return int(number.group())
    return None


def _after_table(lines: list[str]) -> list[str]:
    rows = [number for number, line in enumerate(lines) if line.startswith("|")]
    return lines[rows[-1] + 1 if rows else 1 if _titled(lines) else 0 :]


# --- the lists


def _without_verdict(lines: list[str]) -> list[str]:
    kept: list[str] = []
    skip_to = 0
    for number, line in enumerate(lines):
        if number < skip_to:
            continue
        if len(line) <= _LONGEST_VERDICT and _VERDICT.match(line):
            ahead = lines[number : number + _LONGEST_BLOCK]
            footer = next((n for n, one in enumerate(ahead) if _FOOTER.match(one)), 0)
            skip_to = number + footer + 1
        elif not _ASIDE.fullmatch(line):
            kept.append(line)
    return kept


def _sides(lines: list[str], names: tuple[str, str], left_count: int | None) -> tuple[list[_Record], list[_Record]]:
    """Return the records of both sides. The left list ends with its `+n more` line, or when all it has were shown."""
    sides: tuple[list[_Record], list[_Record]] = ([], [])
    side = 0
    most = SHOWN if left_count is None else min(SHOWN, left_count)
    for number, line in enumerate(lines):
        label = _LABEL.fullmatch(line)
        heading = line.lstrip("# ").casefold()
        if _MORE.fullmatch(line) or heading == f"{names[1]} capabilities".casefold():
            side = 1
        elif heading == f"{names[0]} capabilities".casefold():
            side = 0
        elif label:
            _add_label(sides[side] or sides[0], label)
        elif not _continues(sides[side], line):
            if side == 0 and len(sides[0]) >= most:
                side = 1
            name = line.lstrip("# ") if _is_name(line, lines[number + 1 : number + 2]) else ""
            sides[side].append(_Record(name=name) if name else _Record(description=[line]))
    return sides


def _continues(records: list[_Record], line: str) -> bool:
    """Take a line into the last record where it is missing one: the description of a name, the text of a label."""
    if not records:
        return False
    last = records[-1]
    if last.last == "description" and last.name and not last.description:
        last.description.append(line)
        return True
    if last.last != "description" and not getattr(last, last.last):
        setattr(last, last.last, line)
        return True
    return False


def _add_label(records: list[_Record], label: re.Match[str]) -> None:
    name = "unique" if label["label"].lower() == "unique" else "vs_alternatives"
    if not records or getattr(records[-1], name):
        records.append(_Record())
    setattr(records[-1], name, label["text"].strip())
    records[-1].last = name


def _is_name(line: str, after: list[str]) -> bool:
    """Say whether a line is the name above a description: short, no sentence, and a longer text follows."""
    short = len(line) <= _LONGEST_NAME and line[-1] not in ".!?:;。"
    return short and bool(after) and not _LABEL.match(after[0]) and not _MORE.fullmatch(after[0])
