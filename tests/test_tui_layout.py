"""Lay out records and sources in rows: nothing acts on a terminal, nothing is lost, every row fits."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from decomposer.display import display_safe
from decomposer.records import Note
from decomposer.review import Desk
from decomposer.tui.cited import cited
from decomposer.tui.frame import SMALLEST, Frame
from decomposer.tui.paragraphs import fitted, rows, short, styled
from decomposer.tui.record import record_rows
from decomposer.tui.sitting import Sitting
from decomposer.tui.source import GUTTER, Blocks, Mark, Paper, Place
from tests.waiting import FINDS, MAPS, SMALL, TWIN, clip, desk, entry, record, said, stored


def plain(found: list[Text]) -> list[str]:
    return [row.plain for row in found]


def shown(file: Path, *records: object) -> list[str]:
    """Return the rows of the first record of an entry."""
    stored(file, entry("clip", *records)).dispose()  # type: ignore[arg-type]
    sheet = desk(file).sheet("clip/one")
    return plain(record_rows(sheet, out=sheet.dropped, fate="", width=60, height=0))


# --- text


@given(st.text(), st.integers(8, 120), st.integers(0, 10), st.integers(0, 10))
def test_rows_fit_and_are_safe_whatever_the_text(text: str, width: int, indent: int, hang: int) -> None:
    found = rows(styled(text), width, indent=indent, hang=hang)
    assert [row.plain for row in found if row.cell_len > width or display_safe(row.plain) != row.plain] == []


@given(st.text(alphabet="ab \u00e9\u4e2d\U0001f600", max_size=60), st.integers(1, 40))
def test_a_fitted_row_is_as_wide_as_asked(text: str, width: int) -> None:
    assert cell_len(fitted(Text(text), width).plain) == width


def test_pictures_made_of_pictures_stand_for_themselves() -> None:
    assert short("\U0001f570\ufe0f \U0001f469\u200d\U0001f4bb", 20) == "\U0001f570 \U0001f469\U0001f4bb"


# --- sources


@given(st.text(alphabet="ab\r\n\u2028\x1b", max_size=200))
def test_blocks_hold_the_text_once_and_in_order(text: str) -> None:
    blocks = Blocks(text)
    spans = [blocks.span(block) for block in range(len(blocks))]
    between = [text[end:start] for (_, end), (start, _) in pairwise(spans)]
    held = "".join(text[start:end] for start, end in spans)
    assert held.replace("\r", "") == text.replace("\n", "").replace("\r", "")
    assert {piece.strip("\r\n") for piece in between} <= {""}
    assert blocks.lines == max(1, text.count("\n") + (not text.endswith("\n")) if text else 1)


def test_a_line_of_a_megabyte_is_cut_where_it_is_looked_at() -> None:
    paper = Paper(Blocks("x" * 1_000_000), [Mark(500_000, 500_003, 1)], width=80, current=1)
    place = paper.of(Mark(500_000, 500_003, 1))
    top, found = paper.window(place, 10)
    assert (top, len(found), {len(row.plain) for row in found}) == (place, 10, {80})
    assert found[0].plain.startswith("▶1")


@given(
    st.text(alphabet="word \n\x1b\u202e", min_size=1, max_size=300), st.integers(0, 300), st.integers(1, 50),
    st.integers(12, 60), st.integers(1, 30),
)  # fmt: skip
def test_a_window_into_a_source_is_safe_and_full_and_shows_its_mark(
    text: str, start: int, length: int, width: int, height: int
) -> None:
    start = min(start, len(text) - 1)
    mark = Mark(start, min(len(text), start + length), 1)
    blocks = Blocks(text)
    paper = Paper(blocks, [mark], width=width, current=1)
    found = paper.window(paper.of(mark), height)[1]
    every = paper.window(Place(0, 0), 10_000)[1]
    assert [row.plain for row in found if row.cell_len > width or display_safe(row.plain) != row.plain] == []
    assert len(found) == min(height, len(every))
    if text[mark.start : mark.end].strip():
        assert any(row.plain.startswith("▶1") for row in found)


def test_scrolling_stops_at_both_ends() -> None:
    paper = Paper(Blocks("one\ntwo\nthree"), [], width=40, current=1)
    assert paper.moved(Place(1, 0), -9) == Place(0, 0)
    assert paper.moved(Place(1, 0), 9) == Place(2, 0)
    assert plain(paper.window(Place(2, 0), 2)[1]) == [" " * GUTTER + "two", " " * GUTTER + "three"]


def test_paragraphs_are_found_on_and_back() -> None:
    blocks = Blocks("a\nb\n\nc\nd\n\n\ne")
    assert [blocks.paragraph(0, 1), blocks.paragraph(3, 1), blocks.paragraph(7, 1)] == [3, 7, 7]
    assert [blocks.paragraph(7, -1), blocks.paragraph(3, -1)] == [3, 0]


def test_marks_that_overlap_are_both_there_and_the_one_looked_at_lies_above() -> None:
    marks = [Mark(0, 10, 1), Mark(5, 15, 2)]
    (row,) = Paper(Blocks("0123456789abcdefgh"), marks, width=40, current=2).window(Place(0, 0), 1)[1]
    bold = [row.plain[span.start : span.end] for span in row.spans if "reverse" in str(span.style)]
    assert "".join(bold) == "56789abcde"


# --- records


def test_a_place_that_two_fields_cite_has_one_number(tmp_path: Path) -> None:
    stored(
        tmp_path / "c.db", entry("clip", record("clip", "one", description=said(FINDS), unique=said(FINDS)))
    ).dispose()
    (place,) = cited(desk(tmp_path / "c.db").sheet("clip/one"))
    assert (place.number, place.fields) == (1, ("description", "unique"))


def test_every_sentence_has_its_sign_and_its_evidence(tmp_path: Path) -> None:
    one = record(
        "clip", "one", description=said(FINDS), unique=said(SMALL, "vendor_claim"),
        vs_alternatives=said("It beats everybody.", "unsupported"), best_for=(Note(text="people"), Note(text="cats")),
    )  # fmt: skip
    assert shown(tmp_path / "c.db", one) == [
        "one",
        "  proposed · search.retrieval · clip/one",
        "1 [x] description  ✓ supported",
        "    ✓ Finds images that match a text. [1]",
        "2 [x] unique  ” vendor claim",
        "    ” It is small. [2]",
        "      no line says so",
        "3 [ ] vs alternatives  ✗ not found  does not pass",
        "    ✗ It beats everybody.",
        "      no line says so",
        "4 [x] lists",
        "    best for: people; cats",
        "by m · prompt v2 for Clip (repo)",
    ]


def test_a_newer_draft_is_shown_word_by_word(tmp_path: Path) -> None:
    newer = record("clip", "one", description=said(TWIN), unique=said(MAPS))
    found = shown(tmp_path / "c.db", record("clip", "one", description=said(FINDS), state="accepted", revision=newer))
    assert "! a newer draft says something else" in found
    told = " ".join(row.strip() for row in found)
    assert "description: Finds [-images that match a text.-] {+pictures by words.+}" in told
    assert "unique: {+Draws maps.+}" in told


def test_a_record_with_room_has_air_between_its_parts(tmp_path: Path) -> None:
    stored(tmp_path / "c.db", entry("clip", record("clip", "one", description=said(FINDS)))).dispose()
    sheet = desk(tmp_path / "c.db").sheet("clip/one")
    tight = record_rows(sheet, out=(), fate="", width=60, height=8)
    airy = record_rows(sheet, out=(), fate="", width=60, height=40)
    assert plain(tight) == [row for row in plain(airy) if row]
    assert len(airy) > len(tight)


# --- the whole screen


@pytest.mark.parametrize("size", [SMALLEST, (80, 24), (99, 24), (100, 24), (250, 70), (20, 4)])
def test_the_screen_is_filled_at_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    stored(tmp_path / "c.db", clip()).dispose()
    sitting = sat_down(desk(tmp_path / "c.db"))
    frame = Frame(sitting)
    for _ in range(4):
        found = frame.rows(*size)
        assert (len(found), {row.cell_len for row in found}) == (size[1], {size[0]})
        sitting.skip()


def test_the_page_of_a_long_record_moves_and_comes_back(tmp_path: Path) -> None:
    notes = tuple(Note(text=f"use {number} " * 5) for number in range(30))
    stored(tmp_path / "c.db", entry("clip", record("clip", "one", description=said(FINDS), intents=notes))).dispose()
    frame = Frame(sat_down(desk(tmp_path / "c.db")))
    first = plain(frame.rows(80, 24))
    frame.page(1)
    second = plain(frame.rows(80, 24))
    frame.page(-1)
    assert "more rows: page down" in first[12]
    assert second[1] != first[1]
    assert plain(frame.rows(80, 24)) == first


def sat_down(at: Desk) -> Sitting:
    def never(query: str) -> Desk:
        raise AssertionError(query)

    sitting = Sitting(at, never)
    sitting.begin()
    return sitting
