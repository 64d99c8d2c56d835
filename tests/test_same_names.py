"""Names that tell of two things are not taken for one, however alike all else is; qualities and synonyms tell none."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.records import Capability, Judgement, Provenance, Statement
from decomposer.same import Judging, same, stored, view_of_text
from decomposer.same.choosing import asked, differing
from decomposer.same.features import unmentioned
from tests.seeding import printed_by_seeds

LEARNED = stored()
RAP = "Hyperparameter search for rap ledgers. Tunes the settings of models of rap ledgers."
WEATHER = "Hyperparameter search for weather manuals. Tunes the settings of models of weather manuals."
NEAR_MISSES = [
    (RAP, WEATHER, "each names what the other never mentions: rap ledgers / weather manuals"),
    (
        "Hyperparameter search for rap ledgers",
        "Hyperparameter search for weather manuals",
        "each names what the other never mentions: rap ledgers / weather manuals",
    ),
    (
        "Speech recognition for court hearings. Transcribes audio of hearings.",
        "Speech recognition for poultry farms. Transcribes audio of farms.",
        "each names what the other never mentions: court hearings / poultry farms",
    ),
    (
        "Chat about wine. Answers questions in a conversation that remembers earlier messages.",
        "Chat about glaciers. Answers questions in a conversation that remembers earlier messages.",
        "each names what the other never mentions: glaciers / wine",
    ),
    (
        "Object detection. Finds objects in images and draws bounding boxes.",
        "Object detection for poultry. Finds objects in images and draws bounding boxes.",
        "one names what the other never mentions: poultry",
    ),
]
PARAPHRASES = [
    (
        "Speech recognition. Transcribes audio recordings to text with timestamps.",
        "Audio transcription. Converts spoken recordings into a timestamped transcript.",
    ),
    (
        "Vineyard image search. Finds pictures of wine by text.",
        "Wine picture search. Finds images of vineyards by text.",
    ),
    (
        "Vector search. Finds text in a vector database by its meaning, whichever words it uses.",
        "Semantic search over a vector database finds text by its meaning.",
    ),
    ("Text summarization. Summarizes long documents.", "Seamless text summarization. Summarizes long documents."),
    (
        "Multi-turn dialogue. Remembers earlier messages of a conversation and keeps to the system prompt.",
        "Chat with conversation memory. Pass earlier messages along and replies keep to what was said before.",
    ),
    (
        "Native understanding of text, images and audio. Takes text, pictures and sound in one prompt.",
        "Unified handling of text, images and audio. Mixes text, photos and recordings in one prompt.",
    ),
]
WORDS = sorted({word for pair in NEAR_MISSES for text in pair[:2] for word in text.split()})


def judged(a: str, b: str) -> Judgement:
    return same(view_of_text(a, learned=LEARNED), view_of_text(b, learned=LEARNED))


def named(text: str) -> Capability:
    name, _, description = text.partition(". ")
    said = Statement(text=description) if description else None
    return Capability(
        id=name, name=name, category="other", description=said, provenance=Provenance(model="m", prompt="p")
    )


@pytest.mark.parametrize(("a", "b", "reason"), NEAR_MISSES)
def test_what_only_one_of_two_like_names_tells_is_left_open(a: str, b: str, reason: str) -> None:
    found = judged(a, b)
    assert found.verdict == "related"
    assert reason in found.reasons
    assert judged(b, a).reasons == found.reasons


@pytest.mark.parametrize(("a", "b"), PARAPHRASES)
def test_other_words_for_one_thing_are_still_joined(a: str, b: str) -> None:
    assert judged(a, b).verdict == judged(b, a).verdict == "same"


def test_what_the_description_says_is_mentioned() -> None:
    one, other = (
        view_of_text(text, learned=LEARNED)
        for text in ("Search of rap ledgers. Also finds weather.", "Search of weather logs. Also finds rap ledgers.")
    )
    assert [subject.word for subject in one.subjects] == ["search", "rap", "ledgers"]
    assert unmentioned(one, other) == ([], [])


def test_names_that_each_tell_of_their_own_lower_the_score_and_one_alone_does_not() -> None:
    own, shared = judged(RAP, WEATHER).score, judged(RAP, RAP.replace("Hyperparameter", "The hyperparameter")).score
    assert own < 0.7 < shared
    assert judged(*NEAR_MISSES[4][:2]).score > 0.9


def test_a_person_or_a_model_may_still_join_them() -> None:
    records, judge = [named(RAP), named(WEATHER)], Judging()
    assert differing(records, judge) == []
    assert [(pair.judgement.verdict, pair.forbidding) for pair in asked(records, judge)] == [("related", ())]


@given(*[st.lists(st.sampled_from(WORDS), max_size=10).map(" ".join)] * 2)
def test_the_order_of_two_names_does_not_matter(a: str, b: str) -> None:
    one, other = view_of_text(a, learned=LEARNED), view_of_text(b, learned=LEARNED)
    assert unmentioned(one, other) == unmentioned(other, one)
    assert unmentioned(one, one) == ([], [])


def test_reasons_do_not_depend_on_the_hash_seed() -> None:
    texts = [text for pair in NEAR_MISSES for text in pair[:2]]
    script = (
        "import sys; from itertools import combinations; from decomposer.same import same, stored, view_of_text;"
        "views = [view_of_text(text, learned=stored()) for text in sys.argv[1:]];"
        "print([same(a, b) for a, b in combinations(views, 2)])"
    )
    told = printed_by_seeds(script, *texts)
    views = [view_of_text(text, learned=LEARNED) for text in texts]
    assert told == {repr([same(a, b) for a, b in combinations(views, 2)])}


def test_a_word_that_both_say_stands_for_itself_and_for_no_near_word() -> None:
    manuals = view_of_text("Federated learning for dental manuals. Trains on dental manuals.", learned=LEARNED)
    rosters = view_of_text("Federated learning for dental rosters. Trains on dental rosters.", learned=LEARNED)
    assert unmentioned(manuals, rosters) == unmentioned(rosters, manuals)
    assert unmentioned(manuals, rosters).by_both == ["each names what the other never mentions: manuals / rosters"]
    guides = view_of_text("Federated learning for dental guides. Trains on dental guides.", learned=LEARNED)
    assert not unmentioned(manuals, guides).by_both
