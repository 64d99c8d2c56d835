"""What several segments say of one capability becomes one record."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from decomposer.merge import merge
from decomposer.records import Capability, Evidence, Note, Provenance, Statement, Support
from decomposer.same import same_name


def evidence(start: int) -> Evidence:
    return Evidence(document=0, start=start, end=start + 5, quote="12345", how="cited")


def found(name: str, start: int, support: Support = "supported", text: str = "It does.", part: int = 1) -> Capability:
    return Capability(
        id="",
        name=name,
        category="other",
        description=Statement(text=text, support=support, evidence=(evidence(start),)),
        requires=(Note(text="a disk", evidence=(evidence(start),)),),
        provenance=Provenance(model="m", prompt="p", segments=(f"0:{part}",)),
    )


def test_records_of_one_name_are_joined_with_the_best_text_and_all_evidence() -> None:
    weak = found("Sorting files", 10, "partial", "It sorts, maybe.", part=1)
    strong = found("File sorting", 30, "supported", "It sorts.", part=2)
    (merged,) = merge([weak, strong], same=same_name)
    assert merged.description is not None
    assert merged.description.text == "It sorts."
    assert [span.start for span in merged.description.evidence] == [10, 30]
    assert [(note.text, len(note.evidence)) for note in merged.requires] == [("a disk", 2)]
    assert merged.provenance.segments == ("0:1", "0:2")
    assert merged.provenance.merged_from == ("File sorting", "Sorting files")


def test_different_names_stay_apart_in_the_order_of_the_text() -> None:
    merged = merge([found("Deleting", 50), found("Sorting", 10)], same=same_name)
    assert [one.name for one in merged] == ["Sorting", "Deleting"]


CAPABILITIES = st.lists(
    st.builds(
        found,
        st.sampled_from(["Sorting files", "File sorting", "Sort files", "Delete files", "Text search"]),
        st.integers(min_value=0, max_value=60),
        st.sampled_from(["supported", "partial", "unsupported", "vendor_claim"]),
        st.sampled_from(["It does.", "It may do."]),
        st.integers(min_value=1, max_value=3),
    ),
    max_size=6,
)


@given(CAPABILITIES)
def test_merging_again_changes_nothing(capabilities: list[Capability]) -> None:
    once = merge(capabilities, same=same_name)
    assert merge(once, same=same_name) == once


@given(CAPABILITIES.filter(lambda found: len(found) <= 4))
def test_the_order_of_what_was_found_does_not_matter(capabilities: list[Capability]) -> None:
    results = [merge(order, same=same_name) for order in permutations(capabilities)]
    assert all(result == results[0] for result in results)


@given(CAPABILITIES)
def test_no_evidence_is_lost(capabilities: list[Capability]) -> None:
    def spans(records: list[Capability]) -> set[Evidence]:
        return {span for one in records for _, statement in one.statements() for span in statement.evidence}

    assert spans(merge(capabilities, same=same_name)) == spans(capabilities)
