"""Lay out the whole screen: the same rows before Textual is there and under it, for every size of terminal."""

from collections.abc import Callable

from rich.text import Text

from decomposer.review import Sheet
from decomposer.tui.cited import cited
from decomposer.tui.keys import FOOT, SHORT_FOOT
from decomposer.tui.paragraphs import filled, fitted, rows, short, styled
from decomposer.tui.record import headline, record_rows
from decomposer.tui.signs import BAR, BOLD, DIM, WARNING
from decomposer.tui.sitting import Sitting
from decomposer.tui.source import Blocks, Mark, Paper, Place

SMALLEST = (40, 12)
WIDE = 100  # cells from which record and source stand side by side


class Frame:
    """The screen of a sitting: what of the record and of the source is in sight.

    `whole` shows the source alone. Heights and widths are in cells.
    """

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting
        self.whole = False
        self._down = 0  # rows of the record that are above the pane
        self._top: Place | None = None  # of the source; None is wherever the evidence stands
        self._looked_at: tuple[Sheet | None, int] = (None, 0)
        self._blocks: dict[str, Blocks] = {}  # by sha256
        self._paper: tuple[tuple[int, int, int], Paper] | None = None
        self._source_height = 1
        self._record_height = 1

    def rows(self, width: int, height: int) -> list[Text]:
        """Return the screen: `height` rows of `width` cells."""
        if width < SMALLEST[0] or height < SMALLEST[1]:
            sentence = f"The terminal is too small: it takes {SMALLEST[0]} columns and {SMALLEST[1]} rows. q leaves."
            return [fitted(row, width) for row in filled(rows(Text(sentence), width), height)]
        self._turn()
        foot = styled((FOOT if len(FOOT) < width else short(SHORT_FOOT, width), DIM))
        body = filled(self._body(width, height - 3), height - 3)
        return [fitted(row, width) for row in (self._head(width), *body, self._message(width), foot)]

    # --- what can be scrolled

    def scroll_source(self, by: int) -> None:
        """Move the source by so many rows."""
        if self._paper is not None and self._top is not None:
            self._top = self._paper[1].moved(self._top, by)

    def paragraph(self, step: int) -> None:
        """Move the source to the next paragraph (1), or the last (-1)."""
        sheet = self.sitting.sheet
        if sheet is not None and self._top is not None:
            self._top = Place(self._text(sheet).paragraph(self._top.block, step), 0)

    def page(self, step: int) -> None:
        """Scroll the record by a page, or the source where it is shown alone."""
        if self.whole:
            self.scroll_source(step * max(1, self._source_height - 2))
        else:
            self._down = max(0, self._down + step * max(1, self._record_height - 2))

    def evidence(self, step: int) -> None:
        """Go to the next evidence (1), or the one before (-1)."""
        sheet = self.sitting.sheet
        if sheet is None or not sheet.evidence:
            return self.sitting.say("there is no evidence for this record")
        self.sitting.span = (self.sitting.span + step) % len(cited(sheet))
        self._top = None
        return None

    # --- the parts of the screen

    def _turn(self) -> None:
        """Begin at the top of a record, and at its evidence, where another one is looked at."""
        if self.sitting.sheet is not self._looked_at[0]:
            self._looked_at = (self.sitting.sheet, 0)
            self._down, self._top, self._paper, self.whole = 0, None, None, False

    def _head(self, width: int) -> Text:
        sitting = self.sitting
        left = " review" if sitting.sheet is None else f" {headline(sitting.sheet, width - 24)}"
        waiting = "" if sitting.waiting is None else f"{sitting.waiting:,} waiting "
        shown = short(f"[{sitting.query}] ", 40) if sitting.query else ""
        room = width - len(shown) - len(waiting)
        head = fitted(styled(left), max(8, room)).append(shown + waiting)
        head.stylize(BAR)
        return head

    def _message(self, width: int) -> Text:
        if self.sitting.begun is not None and not self.sitting.message:
            count = len(self.sitting.chosen())
            return styled((f"range of {count}: j k longer or shorter, a accepts, x rejects, v gives it up", BOLD))
        return styled((short(self.sitting.message, width), WARNING if self.sitting.warning else BOLD))

    def _body(self, width: int, height: int) -> list[Text]:
        sheet = self.sitting.sheet
        if sheet is None:
            return filled(self._rest(width), height)
        if self.whole:
            return self._source(sheet, width, height)
        record: Callable[[int, int], list[Text]] = self._range if self.sitting.begun is not None else self._record
        if width >= WIDE:
            left = width * 48 // 100
            both = zip(record(left, height), self._source(sheet, width - left - 3, height), strict=True)
            return [fitted(one, left).append(" │ ", DIM).append_text(other) for one, other in both]
        upper = height * 58 // 100
        return [*record(width, upper), *self._source(sheet, width, height - upper)]

    def _record(self, width: int, height: int) -> list[Text]:
        sitting = self.sitting
        if sitting.sheet is None:
            return filled([], height)
        fate = sitting.fates.get(sitting.sheet.capability.id, "")
        found = record_rows(sitting.sheet, out=sitting.out, fate=fate, width=width, height=height)
        self._record_height = height
        self._down = min(self._down, max(0, len(found) - height))
        shown = found[self._down : self._down + height]
        below = len(found) - height - self._down
        if below > 0 and height > 2:
            shown[-1] = styled((f"    ... {below + 1} more rows: page down", DIM))
        return filled(shown, height)

    def _range(self, width: int, height: int) -> list[Text]:
        sitting = self.sitting
        chosen = set(sitting.chosen())
        first = max(0, sitting.at - height // 2)
        found = []
        for place, row in enumerate(sitting.rows[first : first + height], start=first):
            at = "▶" if place == sitting.at else " "
            mark = "*" if row.id in chosen else " "
            style = BOLD if row.id in chosen else DIM
            fate = sitting.fates.get(row.id, "passes" if row.passing else "does not pass whole")
            line = short(f"{row.name}  ({row.entry}, {fate})", width - 3)
            found.append(styled((f"{at}{mark} {line}", style)))
        return filled(found, height)

    def _rest(self, width: int) -> list[Text]:
        found: list[Text] = []
        for sentence in _resting(self.sitting):
            found += [Text(), *rows(styled(sentence), width - 4, indent=2)]
        return found

    def _source(self, sheet: Sheet, width: int, height: int) -> list[Text]:
        self._source_height = height - 1
        if not sheet.entry.documents:
            return filled([styled(("the entry has no document", DIM))], height)
        place = self._document(sheet)
        blocks = self._text(sheet)
        if not blocks.text:
            return filled(
                [self._title(sheet, width), Text(), styled(("the catalog does not hold this text", DIM))], height
            )
        paper, current = self._laid(sheet, place, width)
        if self._top is None:
            at = paper.of(current) if current is not None else Place(0, 0)
            self._top = paper.moved(at, -(height // 3))
        self._top, shown = paper.window(self._top, height - 1)
        return [self._title(sheet, width, blocks), *filled(shown, height - 1)]

    def _laid(self, sheet: Sheet, place: int, width: int) -> tuple[Paper, Mark | None]:
        key = (place, width, self.sitting.span)
        marks = [Mark(span.start, span.end, span.number) for span in cited(sheet) if span.document == place]
        if self._paper is None or self._paper[0] != key:
            self._paper = (key, Paper(self._text(sheet), marks, width=width, current=self.sitting.span + 1))
        return self._paper[1], next((mark for mark in marks if mark.number == self.sitting.span + 1), None)

    def _title(self, sheet: Sheet, width: int, blocks: Blocks | None = None) -> Text:
        place = self._document(sheet)
        uri = sheet.entry.documents[place].uri
        parts = [uri.replace("\\", "/").rpartition("/")[2] or uri]
        if blocks is not None and self._top is not None:
            parts.append(f"line {blocks.line(self._top.block):,} of {blocks.lines:,}")
        if sheet.evidence:
            found = cited(sheet)
            fields = ", ".join(found[self.sitting.span].fields)
            parts.append(f"evidence {self.sitting.span + 1} of {len(found)}: {fields}")
        else:
            parts.append("no evidence")
        title = fitted(styled("── " + short(" · ".join(parts), width - 4)), width)
        title.stylize(BAR if self.whole else DIM)
        return title

    def _text(self, sheet: Sheet) -> Blocks:
        """Return the document that is looked at, read once for all records of the entry."""
        place = self._document(sheet)
        digest = sheet.entry.documents[place].sha256
        if digest not in self._blocks:
            there = {one.sha256 for one in sheet.entry.documents}
            self._blocks = {one: blocks for one, blocks in self._blocks.items() if one in there}
            self._blocks[digest] = Blocks(sheet.documents[place].text or "")
        return self._blocks[digest]

    def _document(self, sheet: Sheet) -> int:
        if not sheet.evidence:
            return 0
        return min(max(cited(sheet)[self.sitting.span].document, 0), len(sheet.entry.documents) - 1)


def _resting(sitting: Sitting) -> list[str]:
    """Return what to say where there is no record to show."""
    later = sum(row.id not in sitting.fates for row in sitting.rows)
    if sitting.rows:
        first = "That was the last record here."
        left = f"{later:,} left for later: space shows them again." if later else "All of them are decided."
        return [first, left, f"{sitting.decided:,} decided in this sitting. k goes back, u takes back, q leaves."]
    narrowed = "/ chooses others, q leaves." if sitting.query else "q leaves."
    if sitting.waiting:
        others = f"{sitting.waiting:,} records wait, all of them with other reviewers."
        return [others, "A record is free again five minutes after its reviewer stopped: space looks again.", narrowed]
    return ["Nothing waits for a decision here.", narrowed]
