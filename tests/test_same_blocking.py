"""Joining a whole catalog: the bulk judge says what `same` says, and blocks find what shares rare words."""

from collections.abc import Sequence
from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.catalogs import catalog
from benchmarks.joining import Truth, connected, ours, record_of, records
from decomposer.cluster import affinity
from decomposer.same import View, same, stored, view, view_of_text
from decomposer.same.blocking import blocked
from decomposer.same.blocks import NEAREST_OF_ALL
from decomposer.same.bulk import Bulk
from decomposer.same.columns import columns
from decomposer.same.joining import joined
from tests.seeding import printed_by_seeds

LEARNED = stored()
TEXTS = (
    "",
    "parse_json",
    "parse_xml",
    "JSON",
    "Llama 3. A language model with 8 billion parameters.",
    "Llama 2. A language model with 7 billion parameters.",
    "Text to image. Turns text prompts into images.",
    "Image to text. Describes images in text.",
    "Image captioning. Writes captions for photos without training.",
    "Inpainting. Fills masked regions of an image, instead of outpainting.",
    "Outpainting. Extends an image beyond its canvas.",
    "Speech recognition. Transcribes speech and audio to text.",
    "Audio transcription. Turns audio recordings into transcripts.",
    "Text to speech. Reads text aloud.",
    "LoRA training. Trains low-rank adapters on own pictures.",
    "LoRA training on Colab. Trains low-rank adapters in a Colab notebook.",
    "DreamBooth training. Learns a subject from a few pictures.",
    "Training. Fine-tunes, evaluates, translates and summarizes.",
    "文本摘要。把长文档压缩成摘要。",
    "Works well.",
    "Hyperparameter search for rap ledgers. Tunes the settings of models of rap ledgers.",
    "Hyperparameter search for weather manuals. Tunes the settings of models of weather manuals.",
    "Hyperparameter search for hip-hop ledgers. Tunes the settings of models of rap ledgers.",
    "Hyperparameter search. Tunes the settings of models.",
    "Transcript search. Searches the transcripts of recordings.",
    "OCR correction. Corrects mistakes in OCR output.",
)
WORDS = sorted({word for text in TEXTS for word in text.split()})


def views(texts: Sequence[str]) -> list[View]:
    return [view_of_text(text, learned=LEARNED) for text in texts]


def planted(count: int, seed: int = 1) -> list[View]:
    made = catalog(count, seed=seed)
    return [view(record, [artifact], learned=LEARNED) for record, artifact in records(made)]


def assert_bulk_judges_as_same_does(found: Sequence[View], pairs: Sequence[tuple[int, int]]) -> None:
    one, other = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    bulk = Bulk(columns(found)).affinities(one, other).tolist()
    assert bulk == [pytest.approx(affinity(same(found[a], found[b], learned=LEARNED)), abs=1e-9) for a, b in pairs]


def test_the_bulk_judge_says_of_every_pair_what_same_says() -> None:
    found = views(TEXTS)
    assert_bulk_judges_as_same_does(found, [(a, b) for a in range(len(found)) for b in range(len(found)) if a != b])


def test_the_bulk_judge_says_of_planted_records_what_same_says_and_every_verdict_is_among_them() -> None:
    found = planted(250)
    pairs = list(combinations(range(len(found)), 2))
    near = [pair for pair in pairs if found[pair[0]].leading.keys() & found[pair[1]].leading.keys()]
    chosen = near[:6000] + Random(1).sample(pairs, 500)
    assert_bulk_judges_as_same_does(found, chosen)
    assert {same(found[a], found[b], learned=LEARNED).verdict for a, b in chosen} == {
        "same", "broader", "narrower", "related", "different",
    }  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join), min_size=2, max_size=8))
def test_the_bulk_judge_says_what_same_says_of_any_words(texts: list[str]) -> None:
    assert_bulk_judges_as_same_does(views(texts), list(combinations(range(len(texts)), 2)))


def test_blocks_bring_together_what_shares_rare_words_and_nothing_else() -> None:
    one, other = blocked(columns(views(["Lynx tracking.", "Tracks a lynx.", "Heron counting.", "Counts herons.", ""])))
    assert list(zip(one.tolist(), other.tolist(), strict=True)) == [(0, 1), (2, 3)]


def test_no_record_has_more_neighbours_than_are_judged_for_it_and_for_them() -> None:
    found = columns(planted(3000))
    one, other = blocked(found)
    assert len(one) <= len(found) * NEAREST_OF_ALL
    assert (one < other).all()
    assert len(set(zip(one.tolist(), other.tolist(), strict=True))) == len(one)


@pytest.mark.parametrize("texts", [[], [""], ["Lynx tracking."], ["", ""]])
def test_what_has_nothing_to_be_joined_with_stays_alone(texts: list[str]) -> None:
    assert joined(views(texts)) == [(place,) for place in range(len(texts))]


def test_equal_records_are_one_and_near_misses_are_not() -> None:
    texts = [
        "Text to image. Turns text prompts into images.",
        "Image to text. Turns images into text.",
        "Text to image. Generates images from text prompts.",
        "Text to image. Turns text prompts into images.",
    ]
    assert joined(views(texts)) == [(0, 2, 3), (1,)]


def test_every_record_is_in_one_cluster_and_the_order_of_records_does_not_matter() -> None:
    found = planted(400)
    order = Random(5).sample(range(len(found)), len(found))
    plain = joined(found)
    shuffled = joined([found[place] for place in order])
    assert sorted(place for group in plain for place in group) == list(range(len(found)))
    assert plain == sorted(tuple(sorted(order[place] for place in group)) for group in shuffled)


def test_joining_finds_most_planted_duplicates_and_keeps_difference_words_apart() -> None:
    made = catalog(1500, seed=3)
    figures = Truth.of(made).figures(next(iter(ours(records(made))))[1])
    assert figures["recall"] > 0.7
    assert figures["precision"] > 0.9
    assert figures["joined_by_kind"]["direction"] < 0.1
    assert figures["joined_by_kind"]["technique"] < 0.3
    assert figures["joined_by_kind"]["object"] < 0.2
    assert figures["joined_by_kind"]["modality"] < 0.2


def test_another_process_with_another_hash_seed_finds_the_same_pairs_of_the_same_columns() -> None:
    script = (
        "from hashlib import sha256; from benchmarks.catalogs import catalog; from benchmarks.joining import records;"
        "from decomposer.same import stored, view; from decomposer.same.blocking import blocked;"
        "from decomposer.same.columns import columns;"
        "made = columns(view(one, [name], learned=stored()) for one, name in records(catalog(300, seed=2)));"
        "one, other = blocked(made); parts = made.texts.stems, made.leads.stems, made.tfidf, one, other;"
        "print(len(one), *(sha256(part.tobytes()).hexdigest() for part in parts))"
    )
    (printed,) = printed_by_seeds(script)
    assert int(printed.split()[0]) > 300


def test_a_planted_catalog_is_the_same_every_time_and_counts_what_it_holds() -> None:
    made = catalog(300, seed=2)
    once, again = list(made.records()), list(catalog(300, seed=2).records())
    assert once == again
    assert len(once) == 300
    assert once != list(catalog(300, seed=4).records())
    assert {kind for _, _, kind in made.near_misses} >= {"object", "modality"}
    truth = Truth.of(made)
    perfect = connected(
        (a, b) for a, b in combinations(range(300), 2) if truth.capability[a] == truth.capability[b]
    )  # fmt: skip
    figures = truth.figures(perfect)
    assert (figures["precision"], figures["recall"], figures["near_misses_joined"]) == (1.0, 1.0, 0.0)
    assert record_of(once[0], 0).name == once[0].name
