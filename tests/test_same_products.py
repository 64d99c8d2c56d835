"""What one capability makes and another works on tells them apart, however much they say alike."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decomposer.cluster import affinity
from decomposer.same import same, stored, view_of_text
from decomposer.same.bulk import Bulk
from decomposer.same.columns import columns
from decomposer.same.concepts import facet, pieces
from decomposer.same.features import contradictions, differences
from decomposer.same.products import NONE, PRODUCTS, products

LEARNED = stored()
APART = (
    (
        "Meeting transcription. Turns the audio of meetings into a transcript.",
        "Questions about a past meeting. Answers questions about a transcript and names the minute of each passage.",
        "transcribe",
    ),
    (
        "Transcription of board meetings. Writes down what is said in recordings of board meetings.",
        "Digest of board meetings. Summarizes the transcripts of board meetings.",
        "transcribe",
    ),
    (
        "Podcast transcription. Transcribes podcast episodes for readers.",
        "Podcast search. Searches podcast transcripts by episode for readers.",
        "transcribe",
    ),
    (
        "OCR of court files. Recognizes the text of scanned court files.",
        "OCR correction of court files. Corrects mistakes in the OCR text of scanned court files.",
        "recognize text",
    ),
    (
        "Product embeddings. Generates embeddings of product descriptions for a shop.",
        "Product lookup. Searches the embeddings of product descriptions for a shop.",
        "embed",
    ),
    (
        "Embedding of patents. Vectorizes the claims of patents.",
        "Patent landscape. Groups embeddings of the claims of patents; clusters patent embeddings into topics.",
        "embed",
    ),
    (
        "Translation of manuals. Translates product manuals into nine languages.",
        "Review of manuals. Reviews translations of product manuals in nine languages.",
        "translate",
    ),
    (
        "Summaries of case law. Writes a summary of each judgment.",
        "Check of case law. Compares summaries of judgments with each judgment.",
        "summarize",
    ),
    (
        "Captioning of museum photos. Writes captions for museum photos.",
        "Search in museum photos. Searches the captions of museum photos.",
        "caption",
    ),
    (
        "Vehicle detection. Detects vehicles in street scenes and draws bounding boxes.",
        "Vehicle labelling. Corrects the bounding boxes of vehicles in street scenes.",
        "detect",
    ),
)
"""Pairs of which the second works on what the first makes, and the task that makes it."""
ALIKE = (
    (
        "Meeting transcription. Turns the audio of meetings into a transcript.",
        "Transcription of meetings. Transcribes recordings of meetings.",
    ),
    (
        "Audio to transcripts. Generates transcripts from audio recordings.",
        "Audio transcription. Transcribes audio recordings.",
    ),
    (
        "Text embeddings. Computes embeddings of sentences for semantic search.",
        "Sentence embedding. Embeds sentences for semantic search.",
    ),
    (
        "Embedding search. Searches the embeddings of documents by meaning.",
        "Semantic search with embeddings. Searches documents by meaning with embeddings.",
    ),
    (
        "Minutes from transcripts. Summarizes the transcripts of meetings.",
        "Meeting summaries. Writes a summary of each meeting transcript.",
    ),
    (
        "Corrected OCR text. Corrects the mistakes of OCR text.",
        "OCR correction. Finds and corrects mistakes in OCR output.",
    ),
    (
        "Transcription with summaries. Transcribes calls and summarizes the transcript.",
        "Call transcription and summary. Turns calls into transcripts and summarizes them.",
    ),
)
"""Pairs that say one thing of what is made, or of what is worked on."""
WORDS = (
    "transcripts transcript of from into searches writes , embeddings OCR text corrects summary the and . with".split()
)


@pytest.mark.parametrize(("makes", "works_on", "task"), APART)
def test_who_makes_a_thing_and_who_works_on_it_are_two_capabilities(makes: str, works_on: str, task: str) -> None:
    one, other = (view_of_text(text, learned=LEARNED) for text in (makes, works_on))
    assert f"one does the task and the other works on what comes of it: {task}" in contradictions(one, other)
    assert differences(one, other) == differences(other, one)
    assert same(one, other).verdict in ("related", "different")


@pytest.mark.parametrize(("a", "b"), ALIKE)
def test_what_is_made_or_worked_on_by_both_tells_nothing_apart(a: str, b: str) -> None:
    one, other = (view_of_text(text, learned=LEARNED) for text in (a, b))
    assert not [each for each in contradictions(one, other) if "works on what comes of it" in each]


def test_the_array_judge_finds_the_same_of_every_pair() -> None:
    found = [view_of_text(text, learned=LEARNED) for pair in (*APART, *ALIKE) for text in pair[:2]]
    pairs = list(combinations(range(len(found)), 2))
    one, other = np.array(pairs, dtype=np.int64).T
    expected = [affinity(same(found[a], found[b], learned=LEARNED)) for a, b in pairs]
    assert Bulk(columns(found)).affinities(one, other).tolist() == pytest.approx(expected, abs=1e-9)


def test_a_product_goes_in_after_what_works_on_things_and_comes_out_after_what_makes_them() -> None:
    for text, made, used in (
        ("Searches the transcripts", set(), {"transcribe"}),
        ("Transcript search", set(), {"transcribe"}),
        ("Minutes from a meeting transcript", set(), {"transcribe"}),
        ("Generation of transcripts", {"transcribe"}, set()),
        ("Turns calls into transcripts", {"transcribe"}, set()),
        ("Transcribes calls", {"transcribe"}, set()),
        ("Search with embeddings", set(), set()),
        ("Meetings and transcripts", set(), set()),
        ("Agreed to the use of their transcripts", set(), {"transcribe"}),
        ("Produces a set of embeddings", set(), set()),
        ("Review summaries", set(), set()),
        ("Translation of transcripts", {"translate"}, {"transcribe"}),
        ("Corrects OCR output", set(), {"recognize text"}),
        ("Translation quality estimation", set(), {"translate"}),
        ("Transcribes calls and searches the transcripts", {"transcribe"}, set()),
    ):
        assert tuple(map(set, products(pieces(text)))) == (made, used), text


def test_what_is_made_later_on_is_not_worked_on() -> None:
    assert products(pieces("Searches transcripts."), pieces("Audio is transcribed first.")) == NONE


def test_products_are_those_of_tasks() -> None:
    assert {facet(concept) for concept in PRODUCTS} == {"task"}
    assert products(pieces("Transcribes calls"), without=frozenset({"transcribe"})) == NONE


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_nothing_is_both_made_and_worked_on(text: str) -> None:
    made, used = products(pieces(text))
    assert made.isdisjoint(used)
