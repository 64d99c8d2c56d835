"""Citations become spans of the document."""

from hypothesis import given
from hypothesis import strategies as st

from decomposer.draft import Claim
from decomposer.ground import ground
from decomposer.records import Flag, Provenance
from decomposer.segment import segment
from tests.making import capability, document, draft, only_segment

BY = Provenance(model="m", prompt="p")
TEXT = "# Tool\n\nIt **sorts** files. It is [fast](https://x.org).\n\n<!-- hidden -->\n"


def test_a_citation_becomes_the_exact_span_of_its_unit() -> None:
    segment = only_segment(TEXT)
    (found,) = ground(draft(capability("Sorting", "Sorts files.", [2])), segment.document, segment, provenance=BY)
    assert found.description is not None
    (evidence,) = found.description.evidence
    assert evidence.quote == "It **sorts** files."
    assert TEXT[evidence.start : evidence.end] == evidence.quote
    assert (evidence.how, evidence.score, evidence.document) == ("cited", 1.0, 0)


def test_unknown_and_hidden_numbers_are_flagged_and_give_no_evidence() -> None:
    segment = only_segment(TEXT)
    (found,) = ground(draft(capability("Sorting", "Sorts files.", [4, 99])), segment.document, segment, provenance=BY)
    assert found.description is not None
    assert found.description.evidence == ()
    note = "cites units that the model was not shown: 4, 99"
    assert found.description.flags == (Flag(kind="citation", text="Sorts files.", note=note),)


def test_empty_texts_are_null_and_nameless_capabilities_are_dropped() -> None:
    segment = only_segment(TEXT)
    drafted = draft(capability("  ", "Sorts.", [2]), capability("Sorting", " ", [2], unique=Claim(text="", units=[2])))
    (found,) = ground(drafted, segment.document, segment, provenance=BY)
    assert (found.name, found.description, found.unique) == ("Sorting", None, None)


def test_notes_without_evidence_are_left_out() -> None:
    segment = only_segment(TEXT)
    drafted = capability("Sorting", "Sorts files.", [2]).model_copy(
        update={"requires": [Claim(text="a disk", units=[]), Claim(text="files", units=[2])]}
    )
    (found,) = ground(draft(drafted), segment.document, segment, provenance=BY)
    assert [note.text for note in found.requires] == ["files"]


@given(st.text(max_size=60), st.lists(st.integers(min_value=-5, max_value=50), max_size=6), st.text(max_size=40))
def test_every_evidence_slice_equals_its_quote(name: str, units: list[int], text: str) -> None:
    segment = only_segment(TEXT)
    for found in ground(draft(capability(name, text, units)), segment.document, segment, provenance=BY):
        for _, statement in found.statements():
            for evidence in statement.evidence:
                assert segment.document.text[evidence.start : evidence.end] == evidence.quote
            assert all(flag.text in statement.text for flag in statement.flags)


def test_the_numbers_of_a_later_part_are_those_that_its_prompt_shows() -> None:
    text = "# Tool\n\n" + "\n\n".join(f"It does thing {n} well, and a bit more." for n in range(30))
    for part in segment(document(text), budget=200)[1:]:
        number, unit = list(part.numbered())[-1]
        found, unknown = ground(
            draft(capability("Last", "It does.", [number]), capability("Other", "It does.", [unit.number + 1])),
            part.document,
            part,
            provenance=BY,
        )
        assert found.description is not None
        assert [(one.start, one.end) for one in found.description.evidence] == [(unit.start, unit.end)]
        assert unknown.description is not None
        assert unknown.description.evidence == ()
