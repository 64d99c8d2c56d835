"""What a search found is drawn with what matches marked, nothing that is not published, and everything as text."""

from hypothesis import given
from hypothesis import strategies as st

from decomposer.publish.site.drawing import Chrome
from decomposer.publish.site.found import FoundView, found_page, pieces
from decomposer.records import Artifact, Capability, Highlight, Match, Matches
from tests.webbing import INVOICES, capability, said

TEXTS = st.text(max_size=900)


@st.composite
def highlights(draw: st.DrawFn) -> Highlight:
    """Return a text with marks in order, as a search gives them."""
    text = draw(TEXTS)
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    marks = tuple(zip(edges[::2], edges[1::2], strict=False))
    return Highlight(field="description", text=text, marks=marks)


@given(highlights())
def test_the_pieces_of_a_text_are_the_text_or_a_part_of_it(highlight: Highlight) -> None:
    found = list(pieces(highlight))
    text = "".join(piece.text for piece in found)
    if len(highlight.text) <= 400:
        assert text == highlight.text
        marked = [piece.text for piece in found if piece.marked]
        assert marked == [highlight.text[start:end] for start, end in highlight.marks]
    else:
        assert text.removeprefix("…").removesuffix("…") in highlight.text or "…" in highlight.text
        assert len(text) <= 402


@given(highlights())
def test_the_first_mark_of_a_long_text_is_shown(highlight: Highlight) -> None:
    if highlight.marks and highlight.marks[0][1] - highlight.marks[0][0] < 200:
        assert any(piece.marked for piece in pieces(highlight))


def drawn(record: Capability, *shown: Highlight) -> str:
    """Return the page of a search that finds a record."""
    artifact = Artifact(slug="papertrail", name="papertrail", type="repo", source="x")
    match = Match(
        id="aaaaaaaaaa.1", entry="papertrail", artifact=artifact, documents=(), capability=record, score=0.5,
        highlights=shown, why=("<b>why</b>",),
    )  # fmt: skip
    found = Matches(id="aaaaaaaaaa", need="x", by="words", as_of="2026-11-21", matches=(match,))
    return found_page(FoundView(need='"><script>', found=found), Chrome(live=True))


def test_what_matches_is_marked_and_has_its_verdict() -> None:
    page = drawn(capability("Invoices"), Highlight(field="description", text=INVOICES, marks=((17, 24),)))
    assert "papertrail turns <mark>scanned</mark> invoices" in page
    assert "supported" in page
    assert "<b>why</b>" not in page
    assert "<script>" not in page


def test_what_is_not_published_of_a_proposal_is_not_shown_though_it_matches() -> None:
    record = capability("Magic", description=said("It does magic.", "unsupported", quote=""))
    shown = Highlight(field="description", text="It does magic.", marks=((8, 13),))
    assert "<mark>" not in drawn(record, shown)
    assert "<mark>" in drawn(record.model_copy(update={"state": "accepted"}), shown)
