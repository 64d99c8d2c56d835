"""Long documents become parts; a change in one leaves what is asked about most of them as it was."""

from collections.abc import Sequence
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from decomposer import resources
from decomposer.prompt import Template
from decomposer.records import Document
from decomposer.segment import halve, segment
from decomposer.text import excerpt, tokens
from tests.making import document
from tests.test_segment import MARKDOWN, long_document

LINES = st.lists(
    st.text("abcdefghij ", min_size=20, max_size=60).filter(lambda line: len(line.strip()) > 10),
    min_size=40,
    max_size=60,
)
HEADINGS = st.sampled_from([0, 4, 9])  # a heading every so many paragraphs, or none
SMALL_BUDGET = 120


def written(lines: Sequence[str], headings: int) -> Document:
    """Return a document of paragraphs; a line of x decides by its own text whether it is headed."""
    made = [
        f"## About {line.strip()[:10]}\n\nSo {line.strip()}" if headings and sum(map(ord, line)) % headings == 0
        else f"So {line.strip()}"
        for line in lines
    ]  # fmt: skip
    return document("\n\n".join(made))


def asked(made: Document) -> list[str]:
    """Return what is asked about each part of a document."""
    template = Template(resources.read("prompts", "extract/v2.jinja"), version="v2")
    return [template.render(part).messages[1].content for part in segment(made, budget=SMALL_BUDGET)]


def changed(lines: Sequence[str], headings: int, at: int, new: str) -> int:
    """Return how many requests are new where a paragraph is inserted."""
    before = asked(written(lines, headings))
    after = asked(written([*lines[:at], new, *lines[at:]], headings))
    return len(set(after) - set(before))


@settings(max_examples=40, deadline=None)
@given(LINES, HEADINGS, st.data())
def test_what_is_not_near_a_change_is_asked_as_before(lines: list[str], headings: int, data: st.DataObject) -> None:
    """Whatever stands before the part with the change is asked as before, wherever later cuts fall."""
    at = data.draw(st.integers(0, len(lines)))
    before, after = (
        asked(written(one, headings)) for one in (lines, [*lines[:at], "a new thing is said", *lines[at:]])
    )
    same = next((n for n, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), 0)
    text = written([*lines[:at], "a new thing is said"], headings)
    assert same >= len(segment(text, budget=SMALL_BUDGET)) - 2


def test_a_paragraph_more_or_less_leaves_all_but_a_few_requests_as_they_are() -> None:
    for seed in range(12):
        draw = Random(seed)
        lines = [
            " ".join(draw.choices(["sorts", "files", "dates", "maps", "reads", "ships"], k=12)) for _ in range(300)
        ]
        parts = len(asked(written(lines, seed % 3 * 4)))
        assert parts > 40
        places = [draw.randrange(300) for _ in range(4)]
        news = [changed(lines, seed % 3 * 4, at, f"brand new thing number {at}") for at in places]
        assert sum(news) / len(news) <= 0.15 * parts, news


def test_a_change_deep_in_a_text_of_headings_makes_one_request_new() -> None:
    lines = [f"thing {n} of many is done with great care and without haste" for n in range(120)]
    texts = ["\n\n".join(f"## Thing {n}\n\n{line}." for n, line in enumerate(lines))]
    texts.append(texts[0].replace("thing 70 of", "thing 70, not 71, of"))
    before, after = (asked(document(text)) for text in texts)
    assert len(before) > 15
    assert len(set(after) - set(before)) == 1


@settings(max_examples=40, deadline=None)
@given(LINES, HEADINGS)
def test_no_part_is_over_the_budget_and_they_are_not_many(lines: list[str], headings: int) -> None:
    made = written(lines, headings)
    parts = segment(made, budget=SMALL_BUDGET)
    costs = [sum(tokens(excerpt(unit, made)) + 5 for unit in part.units) for part in parts]
    assert max(costs) <= SMALL_BUDGET
    assert len(parts) <= 2 * sum(costs) / SMALL_BUDGET + 2


def test_a_long_text_takes_few_more_requests_than_full_parts_would() -> None:
    draw = Random(7)
    text = " ".join(
        " ".join(draw.choices(["sorts", "files", "dates", "maps"], k=12)).capitalize() + "." for _ in range(2000)
    )
    made = document(text)
    parts = segment(made, budget=1000)
    full = sum(tokens(excerpt(unit, made)) + 5 for part in parts for unit in part.units) / 1000
    assert len(parts) <= 1.4 * full


@given(MARKDOWN, st.integers(min_value=10, max_value=60))
def test_shown_numbers_are_one_to_one_in_every_part_and_its_halves(text: str, budget: int) -> None:
    for part in segment(document(text), budget=budget):
        for one in (part, *(halve(part) or ())):
            numbered = list(one.numbered())
            assert [unit for _, unit in numbered] == list(one.citable())
            assert len({number for number, _ in numbered}) == len(numbered)
            shown = [unit.number for _, unit in numbered] if one.part == 1 else list(range(1, len(numbered) + 1))
            assert [number for number, _ in numbered] == shown


def test_a_heading_is_not_left_behind_by_its_text() -> None:
    parts = segment(long_document(40), budget=400)
    assert len(parts) > 10
    assert all(part.units[-1].kind != "heading" for part in parts)
