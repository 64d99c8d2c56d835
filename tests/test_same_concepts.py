"""A text speaks of concepts of the field, denies some, and says what goes in and what comes out."""

from hypothesis import given
from hypothesis import strategies as st

from decomposer.same.concepts import concept_words, concepts, facet, thinned
from decomposer.same.vocabulary import FACETS


def test_a_concept_is_found_by_any_of_its_words_in_any_form() -> None:
    for text in ("photos", "a Photograph", "pictures."):
        assert set(concepts(text).said) == {"image"}
    assert "fine-tune" in concepts("Fine-tuned with own data").said
    assert "function calling" in concepts("tool calls").said


def test_the_place_of_a_concept_counts_the_words_before_it() -> None:
    assert concepts("Streaming of tokens, to clients").said == {"stream": 0, "token": 2}


def test_what_is_denied_is_not_said_and_denial_ends_with_the_clause() -> None:
    found = concepts("Answers without fine-tuning, by retrieval")
    assert (found.denied, "search" in found.said) == (frozenset({"fine-tune"}), True)
    assert concepts("Trains instead of caching. It caches, too.").denied == frozenset()


def test_direction_is_read_from_to_from_nouns_and_from_verbs() -> None:
    for text, inputs, outputs in (
        ("text to image", {"text"}, {"image"}),
        ("image to text", {"image"}, {"text"}),
        ("image generation", set(), {"image"}),
        ("video understanding", {"video"}, set()),
        ("Turns speech into text", {"speech"}, {"text"}),
        ("Generates music from pictures", {"image"}, {"music"}),
    ):
        found = concepts(text)
        assert (set(found.inputs), set(found.outputs)) == (inputs, outputs), text


def test_a_poorer_vocabulary_knows_less() -> None:
    without = frozenset({"image", "stream"})
    assert set(concepts("Streams photos and tokens", without=without).said) == {"token"}
    assert {"photos", "streams"} & concept_words(without) == set()
    assert {"photos", "streams"} <= concept_words()
    assert thinned(0.15, 1) == thinned(0.15, 1) != thinned(0.15, 2)


def test_every_concept_stands_once_and_every_phrase_finds_its_concept() -> None:
    lines = [(name, line) for name, text in FACETS.items() for line in text.strip().splitlines()]
    names = [line.partition(":")[0] for _, line in lines]
    assert sorted(names) == sorted(set(names))
    for name, line in lines:
        concept, _, phrases = line.partition(":")
        assert facet(concept) == name
        for phrase in phrases.split(","):
            assert concept in concepts(phrase).said, phrase


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    found = concepts(text)
    assert found.denied.isdisjoint(found.said)
    assert found.inputs | found.outputs <= found.said.keys()
