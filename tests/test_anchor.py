"""Old evidence is found again in a text that has changed, or is stale."""

from hypothesis import given
from hypothesis import strategies as st

from decomposer.anchor import anchor, stale
from decomposer.draft import Draft
from decomposer.pipeline import decompose
from decomposer.reconcile import reconcile
from decomposer.records import Entry
from decomposer.segment import units_of
from tests.making import by_name, capability, draft, source
from tests.test_pipeline import TEMPLATE, Fake

OLD = "# sorter\n\nIt sorts files. It copies files.\n"


def entry_of(text: str) -> Entry:
    drafted: Draft = draft(
        capability("Sorting", "It sorts files.", [2]),
        capability("Copying", "It copies files.", [3]),
    )
    return decompose(source(text), model=Fake(lambda prompt: drafted), template=TEMPLATE)


def places(entry: Entry) -> list[tuple[str, int, str, str]]:
    """Return (name, document, quote, how) of each description's evidence."""
    return [
        (one.name, span.document, span.quote, span.how)
        for one in entry.capabilities
        if one.description
        for span in one.description.evidence
    ]


def test_quotes_are_found_again_where_they_stand_now() -> None:
    new = source("# sorter\n\nNew words first. It **copies** files. And: It sorts files.\n").documents
    moved = anchor(entry_of(OLD), new)
    assert places(moved) == [
        ("Sorting", 1, "It sorts files.", "exact"),
        ("Copying", 1, "It **copies** files", "normalized"),
    ]
    for one in moved.capabilities:
        assert one.description is not None
        for span in one.description.evidence:
            assert new[0].text[span.start : span.end] == span.quote
            assert span in one.description.sentences[0].evidence


def test_a_quote_that_is_gone_stays_where_it_was() -> None:
    moved = anchor(entry_of(OLD), source("# sorter\n\nIt sorts files. It does not copy files.\n").documents)
    kept = [("Sorting", 1, "It sorts files."), ("Copying", 0, "It copies files.")]
    assert [place[:3] for place in places(moved)] == kept


def test_a_redrafted_entry_tells_which_decided_evidence_is_gone() -> None:
    new = "# sorter\n\nMore words. It sorts files.\n"
    before = entry_of(OLD)
    accepted = tuple(one.model_copy(update={"state": "accepted"}) for one in before.capabilities)
    before = before.model_copy(update={"capabilities": accepted})
    found = decompose(source(new), model=Fake(lambda prompt: draft()), template=TEMPLATE)
    entry = reconcile(anchor(before, source(new).documents), found, judge=by_name).entry
    assert places(entry) == [("Sorting", 0, "It sorts files.", "exact"), ("Copying", 1, "It copies files.", "cited")]
    assert [(one.capability, one.field, one.evidence.quote) for one in stale(entry)] == [
        ("thing/copying", "description", "It copies files.")
    ]
    assert list(stale(before)) == []


def test_an_unchanged_document_changes_nothing() -> None:
    entry = entry_of(OLD)
    assert anchor(entry, source(OLD).documents) == entry


def test_another_document_changes_nothing() -> None:
    entry = entry_of(OLD)
    assert anchor(entry, source("It sorts files.\n", slug="other").documents) == entry


def test_repeated_quotes_get_successive_places() -> None:
    text = "It sorts files.\n\n## Again\n\nIt sorts files.\n"
    drafted = draft(capability("Sorting", "It sorts files.", [1, 3]))
    entry = decompose(source(text), model=Fake(lambda prompt: drafted), template=TEMPLATE)
    moved = anchor(entry, source(f"More words.\n\n{text}").documents)
    (found,) = moved.capabilities
    assert found.description is not None
    starts = [span.start for span in found.description.evidence]
    assert starts == [13, 40]


@given(st.lists(st.sampled_from(["It sorts files.", "It copies files.", "It **moves** files.", "# Part"]), max_size=6))
def test_moved_evidence_is_always_a_slice_of_its_document(lines: list[str]) -> None:
    new = source("\n\n".join(lines)).documents
    moved = anchor(entry_of(OLD), new)
    assert units_of(new[0]) is not None
    for one in moved.capabilities:
        for _, statement in one.statements():
            for span in statement.evidence:
                text = OLD if span.document == 0 else new[0].text
                assert text[span.start : span.end] == span.quote
