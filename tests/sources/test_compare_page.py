"""A compare page falls into the records of its two sides, wherever the verdict interrupts them."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.errors import SourceError
from decomposer.sources.compare_page import is_one, read

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
TABLE = """Papertrail vs Scanwise
Side-by-side comparison to help you choose.
| Feature | Papertrail | Scanwise |
|---|---|---|
| Type | Repository | Model |
| Ecosystem |
| 0 |
| 1 |
| Capabilities | {left} decomposed | {right} decomposed |
| Times Matched | 0 | 0 |
"""
VERDICT = """Scanwise scores higher at 55/100 vs Papertrail at 44/100. Papertrail leads on quality.
Need something different?
Search the match graph →© 2026 Somebody. A motto.
"""


def record(number: int, *, side: str = "L") -> str:
    return (
        f"{side}{number} does one thing.\nUnique: {side}{number} alone.\nvs alternatives: {side}{number} is faster.\n"
    )


def page(left: int, right: int, *, shown: tuple[int, int] | None = None, more: bool = True) -> str:
    shown = shown or (min(left, 8), min(right, 8))
    text = TABLE.format(left=left, right=right) + "".join(record(n) for n in range(shown[0]))
    text += f"+{left - shown[0]} more capabilities\n" if more and left > shown[0] else ""
    text += "".join(record(n, side="R") for n in range(shown[1]))
    return text + (f"+{right - shown[1]} more capabilities\n" if more and right > shown[1] else "")


def sides(text: str) -> dict[str, str]:
    """Return the descriptions of each artifact, by their first words."""
    found: dict[str, str] = {}
    for said, artifact, _, field, _ in read(text, "page.txt"):
        if field == "description":
            found[artifact] = f"{found.get(artifact, '')} {said.split()[0]}".strip()
    return found


def test_a_record_is_a_description_what_is_unique_and_how_it_compares() -> None:
    assert read(page(1, 1), "page.txt") == [
        ("L0 does one thing.", "Papertrail", "capability 1: L0 does one thing", "description", 1),
        ("L0 alone.", "Papertrail", "capability 1: L0 does one thing", "unique", 1),
        ("L0 is faster.", "Papertrail", "capability 1: L0 does one thing", "vs_alternatives", 1),
        ("R0 does one thing.", "Scanwise", "capability 1: R0 does one thing", "description", 2),
        ("R0 alone.", "Scanwise", "capability 1: R0 does one thing", "unique", 2),
        ("R0 is faster.", "Scanwise", "capability 1: R0 does one thing", "vs_alternatives", 2),
    ]


@pytest.mark.parametrize(
    ("text", "left", "right"),
    [
        (page(11, 10), 8, 8),
        (page(3, 12), 3, 8),  # nothing says where the left list ends but its count
        (page(8, 2), 8, 2),
        (page(11, 10, more=False), 8, 8),
        (page(11, 10, shown=(5, 8)), 5, 8),  # fewer than the count says, but its last line is there
    ],
)
def test_the_left_list_ends_with_its_last_line_or_its_count(text: str, left: int, right: int) -> None:
    assert sides(text) == {
        "Papertrail": " ".join(f"L{n}" for n in range(left)),
        "Scanwise": " ".join(f"R{n}" for n in range(right)),
    }


@pytest.mark.parametrize("line", range(10, 10 + 3 * 4))
def test_the_verdict_block_belongs_to_no_list_wherever_it_stands(line: int) -> None:
    lines = page(2, 2).splitlines(keepends=True)
    interrupted = "".join([*lines[:line], VERDICT, *lines[line:]])
    assert read(interrupted, "page.txt") == read(page(2, 2), "page.txt")


def test_names_above_descriptions_are_kept() -> None:
    text = TABLE.format(left=1, right=1) + "invoice reading\n" + record(0) + "## page sorting\n" + record(0, side="R")
    assert {row[2] for row in read(text, "page.txt")} == {"invoice reading", "page sorting"}


def test_headings_of_the_lists_and_other_labels_are_understood() -> None:
    left = "## Papertrail Capabilities\n" + record(0).replace("vs alternatives:", "**vs others:**")
    text = TABLE.format(left=9, right=9) + left + "## Scanwise Capabilities\n" + record(0, side="R")
    assert read(text, "page.txt") == read(page(1, 1), "page.txt")


def test_a_record_without_a_field_does_not_take_that_of_the_next() -> None:
    text = TABLE.format(left=2, right=1) + "L0 does one thing.\n" + record(1) + record(0, side="R")
    assert [row[:1] + row[3:] for row in read(text, "page.txt")][:2] == [
        ("L0 does one thing.", "description", 1),
        ("L1 does one thing.", "description", 2),
    ]


def test_the_title_names_the_artifacts_where_the_table_is_lost() -> None:
    text = (
        "Papertrail vs Scanwise\n" + "".join(record(n) for n in range(2)) + "+1 more capability\n" + record(0, side="R")
    )
    assert sides(text) == {"Papertrail": "L0 L1", "Scanwise": "R0"}


def test_a_page_that_has_lost_title_and_table_has_a_left_and_a_right_side() -> None:
    lists = "".join(f"a name\n{record(n)}" for n in range(8)) + "+1 more capability\n" + record(0, side="R")
    assert sides(lists) == {"left artifact": " ".join(f"L{n}" for n in range(8)), "right artifact": "R0"}


def test_what_is_no_page_is_told() -> None:
    assert not is_one("# A README\n\nIt reads scans.\n")
    with pytest.raises(SourceError, match=r"page\.txt: the page has no records"):
        read(TABLE.format(left=1, right=1), "page.txt")


LINES = [
    *TABLE.format(left=2, right=12).splitlines(), *VERDICT.splitlines(), *record(1).splitlines(), "a name", "# Heading",
    "Unique:", "vs alternatives:", "+3 more capabilities", "Scanwise Capabilities", "|", "| Feature |", "|||", "A vs B",
]  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=30))
def test_whatever_is_left_of_a_page_is_read_or_told_and_nothing_is_made_up(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        rows = read(text, "page.txt")
    except SourceError:
        return
    assert all(said in text for said, *_ in rows)


@pytest.mark.corpus
def test_published_pages_have_eight_records_of_three_texts_on_each_side() -> None:
    pages = sorted(REFERENCE.glob("0*.txt"))
    if not pages:
        pytest.skip("needs ../shared/reference beside the checkout")
    for path in pages:
        counts = Counter((row[1], row[3]) for row in read(path.read_text(encoding="utf-8"), path.name))
        assert set(counts.values()) == {8}, path.name
        assert len(counts) == 6, path.name
