"""What passes, and how risky a record is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.records import Capability, Flag, FlagKind, Provenance, Sentence, Statement, Support
from decomposer.risk import HIGHEST, failing, kinds, passes, passing, risk, support_of, text_risk


def said(support: Support, *flags: FlagKind, sentence: Support | None = None) -> Statement:
    told = tuple(Flag(kind=kind, text="x", note="") for kind in flags)
    sentences = (Sentence(start=0, end=1, support=sentence, reason=""),) if sentence else ()
    return Statement(text="x", support=support, flags=told, sentences=sentences)


def a_record(**fields: Statement) -> Capability:
    return Capability(id="a/b", name="b", category="other", provenance=Provenance(model="m", prompt="v1"), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("support", ["supported", "partial", "vendor_claim"])
def test_a_field_passes_unless_the_source_does_not_say_it(support: Support) -> None:
    assert passes(said(support, "number", "superlative"))
    assert not passes(said("unsupported"))


@pytest.mark.parametrize("kind", ["instruction_like", "hidden_source", "contradiction"])
def test_some_flags_bar_a_field_however_well_it_is_supported(kind: FlagKind) -> None:
    assert not passes(said("supported", kind))
    assert failing(a_record(description=said("supported"), unique=said("supported", kind))) == ("unique",)


def test_a_missing_description_fails_and_other_missing_fields_do_not() -> None:
    assert failing(a_record()) == ("description",)
    assert failing(a_record(unique=said("unsupported"))) == ("description", "unique")
    assert failing(a_record(description=said("partial"))) == ()


def test_a_record_passes_where_every_sentence_is_borne_out() -> None:
    assert passing(a_record(description=said("supported"), unique=said("vendor_claim", sentence="vendor_claim")))
    assert not passing(a_record(unique=said("supported")))
    assert not passing(a_record(description=said("partial")))
    assert not passing(a_record(description=said("supported", sentence="partial")))
    assert not passing(a_record(description=said("supported"), vs_alternatives=said("supported", "contradiction")))


def test_the_verdict_on_a_record_is_that_on_its_worst_field() -> None:
    assert support_of(a_record()) is None
    assert support_of(a_record(description=said("supported"), unique=said("partial"))) == "partial"
    assert kinds(a_record(description=said("supported", "number", "name"), unique=said("partial", "number"))) == (
        "name", "number",
    )  # fmt: skip


def test_the_risk_of_a_text_adds_up_and_each_kind_of_flag_counts_once() -> None:
    assert text_risk(a_record()) == 150
    assert text_risk(a_record(description=said("supported"))) == 0
    assert text_risk(a_record(description=said("supported", "number"), unique=said("partial", "number"))) == 230
    every: list[FlagKind] = ["instruction_like", "hidden_source", "contradiction", "number"]
    assert text_risk(a_record(description=said("unsupported", *every))) == HIGHEST


@given(text=st.integers(0, HIGHEST), marks=st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_marks_never_lower_the_risk_and_it_stays_on_the_scale(text: int, marks: tuple[bool, bool, bool]) -> None:
    disputed, flagged, revised = marks
    told = risk(text, disputed=disputed, flagged=flagged, revised=revised)
    assert text <= told <= HIGHEST
    assert told == min(HIGHEST, text + 300 * disputed + 200 * flagged + 100 * revised)
