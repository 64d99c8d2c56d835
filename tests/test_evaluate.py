"""Entries are measured by the spans they cite, and two runs differ only where chance alone would not do it."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.evaluate import (
    HIGHER_IS_BETTER,
    AuditedClaim,
    Gold,
    Measured,
    Metric,
    Share,
    auc,
    differences,
    measure,
    pooled,
)
from decomposer.records import Capability, Evidence, Sentence, Support
from tests.making import document
from tests.test_publish import capability, entry, statement

READS = "It reads scanned invoices and gives JSON."
SEARCHES = "It searches everything that was scanned."
UNDOES = "Every change can be taken back."
TEXT = f"# thing\n\n{READS}\n\n{SEARCHES}\n\n{UNDOES}\n\n{READS}\n"
VERDICTS: dict[str, tuple[Support, float]] = {"yes": ("supported", 0.9), "no": ("unsupported", 0.1)}


def gold(**changes: object) -> Gold:
    capabilities = [
        {"name": "Reading", "importance": "must", "evidence": [READS]},
        {"name": "Searching", "importance": "must", "evidence": [SEARCHES, "not in the document at all"]},
        {"name": "Undoing", "importance": "nice", "evidence": [UNDOES]},
    ]
    return Gold.model_validate({"slug": "thing", "capabilities": capabilities, **changes})


def cites(name: str, *spans: tuple[int, int], verdicts: tuple[Support, ...] = ()) -> Capability:
    """Return a record whose description cites spans and has a sentence for each verdict."""
    evidence = tuple(
        Evidence(document=0, start=start, end=end, quote=TEXT[start:end], how="cited") for start, end in spans
    )
    sentences = tuple(Sentence(start=0, end=1, support=one, reason="") for one in verdicts)
    said = statement("It does.", evidence=evidence, sentences=sentences)
    return capability(name=name, description=said)


def at(quote: str, *, last: bool = False) -> tuple[int, int]:
    start = TEXT.rindex(quote) if last else TEXT.index(quote)
    return start, start + len(quote)


def measured(*records: Capability, of: Gold | None = None) -> Measured:
    made = entry(*records)
    return measure(made, of or gold(), [document(TEXT)], audit=lambda claim: VERDICTS[claim])


def test_a_capability_is_covered_by_half_of_the_shorter_span_wherever_the_quote_stands() -> None:
    start, end = at(READS)
    half = (end - start + 1) // 2
    assert measured(cites("A", (start, start + half))).missed == ("Searching", "Undoing")
    assert measured(cites("A", (start - 9, start + 4))).missed == ("Reading", "Searching", "Undoing")
    assert measured(cites("A", at(READS, last=True))).missed == ("Searching", "Undoing")
    assert measured(cites("A", (0, len(TEXT)))).missed == ()


def test_a_record_that_covers_no_capability_is_wrong() -> None:
    found = measured(cites("A", at(READS)), cites("B", at("# thing")), cites("C"))
    assert found.wrong == ("B", "C")
    assert found.shares["coverage_must"] == Share(1, 2)
    assert found.shares["coverage_all"] == Share(1, 3)
    assert found.shares["precision"] == Share(1, 3)


def test_a_quote_that_is_nowhere_is_reported() -> None:
    assert measured().lost_quotes == ("not in the document at all",)


def test_a_quote_in_other_white_space_is_found() -> None:
    spaced = {"name": "Reading", "importance": "must", "evidence": ["It reads  scanned\ninvoices and gives JSON."]}
    found = measured(cites("A", at(READS, last=True)), of=gold(capabilities=[spaced]))
    assert (found.missed, found.lost_quotes) == ((), ())


def test_records_that_say_one_must_again_are_duplicates_and_parts_of_a_nice_one_are_not() -> None:
    records = (
        cites("A", at(READS)),
        cites("B", at(READS, last=True)),
        cites("C", at(READS), at(SEARCHES)),
        cites("D", at(UNDOES)),
        cites("E", at(UNDOES)),
    )
    found = measured(*records)
    assert found.doubled == ("B",)
    assert found.shares["duplicates"] == Share(1, 5)


def test_records_named_like_both_phrases_of_a_pair_are_duplicates() -> None:
    pairs = gold(near_duplicates=[["Reading of invoices", "Invoices to JSON"]])
    found = measured(cites("Invoice reading"), cites("Invoices as JSON"), cites("Search"), of=pairs)
    assert found.doubled == ("Invoices as JSON",)


def test_sentences_are_grounded_where_the_source_says_so_or_praises_itself() -> None:
    found = measured(cites("A", verdicts=("supported", "vendor_claim", "partial", "unsupported")))
    assert found.shares["grounded_share"] == Share(2, 4)


def test_claims_are_counted_by_verdict() -> None:
    found = measured(of=gold(invented_claims=["yes", "no", "no"], supported_claims=["yes", "no"]))
    assert found.shares["invented_supported_rate"] == Share(1, 3)
    assert found.shares["invented_unsupported_rate"] == Share(2, 3)
    assert found.shares["true_unsupported_rate"] == Share(1, 2)
    assert found.shares["true_supported_rate"] == Share(1, 2)


def test_a_placeholder_is_right_with_zero_records_and_has_nothing_to_cover() -> None:
    empty = gold(capabilities=[])
    assert measured(of=empty).shares["zero_ok"] == Share(1, 1)
    assert measured(cites("A"), of=empty).shares["zero_ok"] == Share(0, 1)
    assert measured().shares["zero_ok"].value is None
    assert measured(of=empty).shares["coverage_must"].value is None


@pytest.mark.parametrize(
    ("claim", "kinds"),
    [
        ("It reads 40 pages", ("number",)),
        ("It is not for videos", ("negation",)),
        ("It is faster than the others", ("comparison",)),
        ("It is the fastest there is", ("comparison",)),
        ("It turns scans into text", ("plain",)),
    ],
)
def test_a_claim_has_the_kinds_that_it_turns_on(claim: str, kinds: tuple[str, ...]) -> None:
    one = gold(invented_claims=[claim])
    (found,) = measure(entry(), one, [document(TEXT)], audit=lambda claim: ("partial", 0.5)).claims
    assert found == AuditedClaim(claim, True, "partial", 0.5, kinds)


def test_shares_of_documents_are_pooled() -> None:
    total = pooled([measured(cites("A", at(READS))), measured()])
    assert total["coverage_must"] == Share(1, 4)
    assert total["precision"] == Share(1, 1)


def test_the_score_separates_true_from_invented_claims() -> None:
    def claim(score: float, *, invented: bool) -> AuditedClaim:
        return AuditedClaim("", invented, "partial", score, ())

    true = [claim(0.9, invented=False), claim(0.5, invented=False)]
    assert auc([*true, claim(0.5, invented=True)]) == 0.75
    assert auc([*true, claim(0.1, invented=True)]) == 1.0
    assert auc(true) is None


# --- comparing


def shares(**values: tuple[int, int]) -> dict[Metric, Share]:
    known = {metric: Share() for metric in HIGHER_IS_BETTER}
    return known | {metric: Share(*values[metric]) for metric in HIGHER_IS_BETTER if metric in values}


def run(metric: Metric, *counts: tuple[int, int]) -> Mapping[str, Mapping[Metric, Share]]:
    return {f"document {number}": shares(**{metric: one}) for number, one in enumerate(counts)}


def test_the_same_difference_on_every_document_is_certain() -> None:
    found = differences(run("precision", *[(8, 10)] * 6), run("precision", *[(5, 10)] * 6))
    assert list(found) == ["precision"]
    assert (found["precision"].low, found["precision"].high) == pytest.approx((-0.3, -0.3))
    assert found["precision"].worse("precision")
    assert not found["precision"].worse("duplicates")


def test_a_difference_on_one_document_of_many_may_be_chance() -> None:
    before = run("duplicates", *[(0, 10)] * 8)
    found = differences(before, {**before, **run("duplicates", (3, 10))})["duplicates"]
    assert found.value == pytest.approx(3 / 80)
    assert found.low == 0 < found.high
    assert not found.worse("duplicates")


def test_documents_that_only_one_run_has_do_not_count() -> None:
    before = run("precision", (1, 2), (0, 2))
    found = differences(before, {"document 0": shares(precision=(2, 2)), "other": shares(precision=(0, 9))})
    assert found["precision"].value == 0.5
    assert differences(before, {}) == {}


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 9)), min_size=1, max_size=5
    )
)  # fmt: skip
def test_comparing_is_deterministic_symmetric_and_the_interval_has_two_ends(counts: list[tuple[int, int, int]]) -> None:
    before = run("precision", *((a, a + of) for a, _, of in counts))
    after = run("precision", *((b, b + of) for _, b, of in counts))
    there, back = differences(before, after)["precision"], differences(after, before)["precision"]
    assert there == differences(before, after)["precision"]
    assert there.value == pytest.approx(-back.value)
    assert there.low <= there.high
    assert differences(before, before)["precision"].value == 0
