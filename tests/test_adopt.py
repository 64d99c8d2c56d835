"""What comes from elsewhere is kept where it holds; what contradicts itself is left out and counted."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from decomposer.adopt import adopt
from decomposer.records import Entry, Evidence, Flag, Note, Sentence
from tests.test_publish import capability, entry, evidence, statement

TEXT = "# Clip\n\n  It reads PDF. It is fast.\n"
HERE = evidence(start=TEXT.index("It reads"))


def unknown(sha256: str) -> str | None:
    return None


def known(sha256: str) -> str | None:
    return TEXT


def of(*spans: Evidence, **fields: Any) -> Entry:
    return entry(capability(description=statement(evidence=spans, **fields)))


def test_what_holds_stays_as_it_is() -> None:
    sound = of(HERE, sentences=(Sentence(start=0, end=13, support="supported", reason="", evidence=(HERE,)),))
    assert adopt(sound, known).entry == sound
    assert adopt(sound, known).notes == ()


def test_evidence_out_of_its_document_is_left_out_and_what_rested_on_it_is_unsupported() -> None:
    for bad in (
        HERE.model_copy(update={"document": 1}),
        HERE.model_copy(update={"document": -1}),
        HERE.model_copy(update={"start": -5, "end": 8}),
        HERE.model_copy(update={"end": HERE.end + 1}),
        HERE.model_copy(update={"start": 95, "end": 108}),
        HERE.model_copy(update={"score": 2.0}),
    ):
        adopted = adopt(of(bad), unknown)
        held = adopted.entry.capabilities[0].description
        assert held is not None
        assert (held.evidence, held.support) == ((), "unsupported")
        assert adopted.notes == ("1 pieces of evidence left out: not true of the text",)


def test_a_quote_has_to_be_the_text_where_that_is_known() -> None:
    other = HERE.model_copy(update={"quote": "It reads XYZ."})
    assert adopt(of(other), unknown).notes == ()
    assert adopt(of(other), known).notes == ("1 pieces of evidence left out: not true of the text",)


def test_called_supported_without_evidence_is_unsupported() -> None:
    held = adopt(of(), unknown).entry.capabilities[0].description
    assert held is not None
    assert held.support == "unsupported"


def test_a_sentence_that_lost_its_evidence_says_so_and_decides_for_its_text() -> None:
    bad = HERE.model_copy(update={"document": 7})
    sentence = Sentence(start=0, end=13, support="supported", reason="fine", evidence=(bad,))
    held = adopt(of(HERE, sentences=(sentence,)), unknown).entry.capabilities[0].description
    assert held is not None
    assert held.support == "unsupported"
    assert held.sentences[0].reason == "the evidence that it came with does not hold"


def test_sentences_flags_and_phrases_are_checked_as_well() -> None:
    said = statement(
        sentences=(Sentence(start=5, end=99, support="supported", reason=""),),
        flags=(Flag(kind="name", text="not in it", note=""),),
    )
    note = Note(text="PDF", evidence=(HERE.model_copy(update={"document": 3}),))
    adopted = adopt(entry(capability(description=said, requires=(note,))), unknown)
    held = adopted.entry.capabilities[0]
    assert held.requires == (Note(text="PDF"),)
    assert held.description is not None
    assert (held.description.sentences, held.description.flags) == ((), ())
    assert [note.split(" left")[0] for note in adopted.notes] == ["1 flags", "1 pieces of evidence", "1 sentences"]


def test_the_recipe_of_somebody_else_is_forgotten() -> None:
    drafted = entry()
    drafted = drafted.model_copy(update={"run": drafted.run.model_copy(update={"recipe": "abc"})})
    assert adopt(drafted, unknown).entry.run.recipe == ""


@given(st.integers(-3, 120), st.integers(-3, 120), st.integers(-1, 2), st.text(max_size=20))
def test_every_piece_of_evidence_that_stays_is_the_text(start: int, end: int, document: int, quote: str) -> None:
    span = Evidence(document=document, start=start, end=end, quote=quote, how="cited")
    held = adopt(of(span), known).entry.capabilities[0].description
    assert held is not None
    assert all(TEXT[one.start : one.end] == one.quote for one in held.evidence)
    assert adopt(adopt(of(span), known).entry, known).notes == ()
