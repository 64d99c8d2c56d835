"""A page shows the lines around the evidence, with exactly the evidence marked."""

from hypothesis import given
from hypothesis import strategies as st

from decomposer.web.passages import Excerpt, Lines, Mark, excerpt, part

TEXT = "\n".join(f"line {number}" for number in range(1, 41)) + "\n"


def numbers(found: Excerpt) -> list[list[int]]:
    return [[line.number for line in passage.lines] for passage in found.passages]


def marked(found: Excerpt) -> str:
    pieces = (piece for passage in found.passages for line in passage.lines for piece in line.pieces)
    return "|".join(piece.text for piece in pieces if piece.mark)


def mark(quote: str, number: int = 1) -> Mark:
    start = TEXT.index(quote)
    return Mark(start, start + len(quote), number)


def test_evidence_stands_among_the_lines_around_it() -> None:
    found = excerpt(Lines(TEXT), [mark("line 12\n"), mark("line 30\n", 2)], context=2)
    assert numbers(found) == [[10, 11, 12, 13, 14], [28, 29, 30, 31, 32]]
    assert ([passage.skipped for passage in found.passages], found.after, found.lines) == ([9, 13], 8, 40)
    assert marked(found) == "line 12|line 30"


def test_passages_that_meet_are_one() -> None:
    assert numbers(excerpt(Lines(TEXT), [mark("line 12"), mark("line 15", 2)], context=1)) == [[*range(11, 17)]]


def test_without_evidence_the_beginning_is_shown() -> None:
    found = excerpt(Lines(TEXT), [], context=1)
    assert (numbers(found), found.after) == ([[1, 2, 3]], 37)


def test_a_span_over_several_lines_begins_once() -> None:
    found = excerpt(Lines(TEXT), [mark("12\nline 13\nline")], context=0)
    pieces = [piece for line in found.passages[0].lines for piece in line.pieces if piece.mark]
    assert [(piece.text, piece.first) for piece in pieces] == [("12", True), ("line 13", False), ("line", False)]


def test_a_span_inside_another_is_marked_as_itself() -> None:
    outer, inner = mark("line 12"), mark("12", 2)
    found = excerpt(Lines(TEXT), [outer, inner], context=0)
    pieces = [piece for piece in found.passages[0].lines[0].pieces if piece.mark]
    assert [(piece.text, piece.mark) for piece in pieces] == [("line ", outer), ("12", inner)]


def test_a_very_long_line_is_cut_around_its_evidence() -> None:
    text = "x" * 500_000 + "needle" + "y" * 500_000
    found = excerpt(Lines(text), [Mark(500_000, 500_006, 1)], context=3)
    (line,) = found.passages[0].lines
    assert marked(found) == "needle"
    assert sum(len(piece.text) for piece in line.pieces) == 20_000
    assert line.cut == len(text) - 20_000


def test_a_part_is_what_stands_there() -> None:
    found = part(Lines(TEXT), [mark("line 12")], first=11, count=3)
    assert (numbers(found), found.passages[0].skipped, found.after) == ([[11, 12, 13]], 10, 27)
    assert numbers(part(Lines(TEXT), [], first=999, count=3)) == [[40]]
    assert numbers(part(Lines(""), [], first=1, count=3)) == [[1]]


@given(st.text(alphabet="ab \n\r", max_size=60), st.data())
def test_every_mark_is_shown_and_nothing_else_is_marked(text: str, data: st.DataObject) -> None:
    place = st.integers(0, len(text))
    spans = data.draw(st.lists(st.tuples(place, place).map(sorted), max_size=4))
    marks = [Mark(start, end, number) for number, (start, end) in enumerate(spans)]
    found = excerpt(Lines(text), marks, context=data.draw(st.integers(0, 3)))
    shown = [piece for passage in found.passages for line in passage.lines for piece in line.pieces]
    inside = sorted({at for mark in marks for at in range(mark.start, mark.end) if text[at] not in "\r\n"})
    assert sum(len(piece.text) for piece in shown if piece.mark) == len(inside)
    lines = [line.number for passage in found.passages for line in passage.lines]
    assert lines == sorted(set(lines))
    assert found.lines == len(Lines(text)) == sum(p.skipped for p in found.passages) + len(lines) + found.after
