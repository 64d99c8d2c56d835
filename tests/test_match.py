"""Matching needs: what a need asks for, how candidates are judged, and what is said and marked of a hit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.errors import UsageError
from decomposer.match import highlights, judge, published, ranked, reasons, spread, understood
from decomposer.match.abroad import in_english
from decomposer.match.concepts import asked, concepts, meant
from decomposer.match.judging import MOST_OF_ONE, TIE
from decomposer.match.meaning import Meanings, best, sentences
from decomposer.match.measuring import Asked, Found, by_kind, measured
from decomposer.match.vocabulary import PLAIN
from decomposer.ports import Candidate
from decomposer.records import Filters
from tests.publishing import capability, statement

TEXTS = st.text(max_size=80)
HITS = st.lists(
    st.builds(
        Candidate,
        number=st.integers(1, 50),
        entry=st.sampled_from(["lynx", "puma", "wolf"]),
        capability=st.sampled_from(["a", "b", "c"]),
        score=st.floats(0, 100),
        cosine=st.none() | st.floats(-1, 1),
    ),
    max_size=12,
    unique_by=(lambda one: one.number, lambda one: (one.entry, one.capability)),
)


# --- needs


def test_a_need_asks_for_its_words_and_for_those_of_what_it_means() -> None:
    need = understood("  Someone should  look over my changes before they go in ")
    assert need.text == need.english == "Someone should look over my changes before they go in"
    assert need.meant[0].concept.label == "code review, pull request review"
    assert need.meant[0].phrase == "somebody should look over my changes before they go in"
    weights = {term.word: term.weight for term in need.terms()}
    assert weights["chang"] == 1.0
    assert weights["review"] == 1.0
    assert weights["my"] < 1
    assert [one.weight for one in need.meant] == sorted((one.weight for one in need.meant), reverse=True)


@pytest.mark.parametrize("text", ["", "  \n", "?!", "\0", "\ud800", "——"])
def test_a_need_without_words_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="the need has no words"):
        understood(text)


def test_a_need_has_500_characters_at_most() -> None:
    assert understood("long " * 100).text.count("long") == 100
    with pytest.raises(UsageError, match="the need has 502 characters"):
        understood("x" * 502)


@given(st.text(max_size=500))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        need = understood(text)
    except UsageError:
        return
    terms = need.terms()
    assert terms
    assert all(term.word and term.weight > 0 for term in terms)
    assert len({term.word for term in terms}) == len(terms)
    assert need == understood(text)


@pytest.mark.parametrize(
    ("need", "english"),
    [
        ("翻译合同", "translate contract"),
        ("перевод видео для YouTube", "translate video YouTube"),
        ("quiero traducir un documento a otro idioma", "translate document language"),
        ("je veux traduire un document sans internet", "translate document without internet"),
        ("ich möchte Rechnungen übersetzen und sortieren", "invoice translate classify"),
        ("translate a contract", "translate a contract"),
        ("plan a video", "plan a video"),
        ("日本語のテキスト", "日本語のテキスト"),
        ("", ""),
    ],
)
def test_a_need_in_another_language_gives_english_words(need: str, english: str) -> None:
    assert in_english(need) == english


def test_words_that_say_little_count_little() -> None:
    assert asked("I want my podcast") == {"want": 0.3, "my": 0.3, "podcast": 1.0}


def test_nothing_is_meant_by_words_that_no_concept_has() -> None:
    assert meant("zqxj vvkw", most=3) == []


def test_every_concept_has_a_label_and_phrases_of_its_own() -> None:
    rows = PLAIN.strip().splitlines()
    assert all(row.count(":") == 1 for row in rows)
    labels = [one.label for one in concepts()]
    assert len(labels) == len(set(labels)) == len(rows)
    assert all(phrase.strip() == phrase != "" for one in concepts() for phrase in one.phrases)


# --- judging


def test_without_vectors_the_full_text_decides() -> None:
    hits = judge([Candidate(1, "lynx", "a", 2.0), Candidate(2, "puma", "b", 8.0), Candidate(3, "wolf", "c", 0.0)])
    assert [(hit.candidate.number, hit.score) for hit in hits] == [(2, 1.0), (1, 0.25)]


def test_with_vectors_nearness_counts_more_than_words_and_what_is_far_is_not_shown() -> None:
    candidates = [
        Candidate(1, "lynx", "a", 9.0, 0.1), Candidate(2, "puma", "b", 0.0, 0.7), Candidate(3, "wolf", "c", 0.0, 0.1),
    ]  # fmt: skip
    hits = judge(candidates, nearness={1: 0.2, 2: 1.5, 3: 0.2})
    assert [hit.candidate.number for hit in hits] == [2, 1]
    assert [hit.score for hit in hits] == [round(1.5 / 2.35, 6), round(0.55 / 2.35, 6)]


@given(HITS, st.randoms())
def test_judging_does_not_depend_on_the_order_and_scores_are_0_to_1(
    candidates: list[Candidate], random: object
) -> None:
    nearness = {one.number: one.cosine * 2 for one in candidates if one.cosine is not None}
    shuffled = list(candidates)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for near in (None, nearness):
        found = judge(candidates, nearness=near)
        assert found == judge(shuffled, nearness=near)
        assert all(0 <= hit.score <= 1 for hit in found)
        assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
        assert sorted(map(id, (hit.candidate for hit in spread(found)))) == sorted(
            map(id, (h.candidate for h in found))
        )


def test_the_fourth_record_of_an_artifact_comes_behind_those_of_others() -> None:
    hits = judge([*(Candidate(n, "lynx", f"{n}", 10.0 - n) for n in range(5)), Candidate(9, "puma", "b", 1.0)])
    assert [hit.candidate.entry for hit in spread(hits)] == ["lynx"] * MOST_OF_ONE + ["puma", "lynx", "lynx"]


def test_a_rank_decides_between_near_ties_alone() -> None:
    found = [("a", 0.9, 10), ("b", 0.898, 50), ("c", 0.894, 90), ("d", 0.5, 99)]
    order = ranked(found, score=lambda one: one[1], points=lambda one: one[2])
    assert [one[0] for one in order] == ["b", "a", "c", "d"]


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 100)), max_size=12))
def test_a_rank_lifts_nothing_over_what_is_more_than_a_near_tie_better(found: list[tuple[float, int]]) -> None:
    best_first = sorted(found, key=lambda one: -one[0])
    order = ranked(best_first, score=lambda one: one[0], points=lambda one: one[1])
    assert sorted(order) == sorted(found)
    assert all(one[0] + TIE >= later[0] for at, one in enumerate(order) for later in order[at:])


# --- meaning


def test_a_record_that_says_what_a_need_means_is_nearest() -> None:
    random = np.random.default_rng(1)
    rows = random.normal(size=(len(sentences()), 32)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    meanings = Meanings(rows)
    need = rows[len(concepts())]  # the first phrase of the first concept
    aim = meanings.aim(need)
    assert aim.concepts.argmax() == 0
    assert np.linalg.norm(aim.vector) == pytest.approx(1.0, abs=1e-5)
    near = meanings.nearness(aim, np.stack([rows[0], rows[7]]))
    assert near[0] > near[1] + 0.5


def test_a_record_with_several_vectors_counts_by_the_nearest() -> None:
    assert best([0.2, 0.7, 0.1], [4, 4, 9]) == {4: 0.7, 9: 0.1}


# --- saying why


def test_marks_stand_where_the_words_are() -> None:
    need = understood("transcribing podcasts")
    record = capability("Transcribed podcasts", description=statement("Transcribes every podcast."))
    found = highlights(need, record)
    assert [(one.field, [one.text[start:end] for start, end in one.marks]) for one in found] == [
        ("name", ["Transcribed", "podcasts"]),
        ("description", ["Transcribes", "podcast"]),
    ]
    why = reasons(need, found, cosine=0.5, facts={"type": "model"}, filters=Filters(type="model"))
    assert why[0] == "“transcribing”, “podcasts” in its name and its description"
    assert why[-2:] == ("near in meaning: 0.50 of 1", "type: model, as asked")


def test_what_a_person_left_out_is_neither_marked_nor_searched() -> None:
    record = capability("Reading", description=statement("Reads podcasts."), dropped=("description",))
    assert [field for field, _ in published(record)] == ["name"]
    assert highlights(understood("podcasts"), record) == ()


@given(TEXTS, TEXTS, TEXTS)
def test_marks_are_slices_in_order_that_do_not_overlap(need: str, name: str, said: str) -> None:
    try:
        asks = understood(f"{need} read")
    except UsageError:
        return
    record = capability(f"{name} reading", description=statement(said))
    for one in highlights(asks, record):
        ends = [0, *(end for _, end in one.marks)]
        assert all(
            before <= start < end <= len(one.text) for before, (start, end) in zip(ends, one.marks, strict=False)
        )
        assert one.text in dict(published(record)).values()


# --- measuring


def test_figures_are_means_over_needs() -> None:
    asked_for = [
        Asked("a", "keyword", False, 2, (1, 7)),
        Asked("b", "keyword", True, 1, (4,)),
        Asked("c", "problem", False, 1, ()),
    ]
    assert measured(asked_for) == Found(3, 0.5, 0.6667, 0.4167)
    assert {name: one.needs for name, one in by_kind(asked_for).items()} == {
        "all": 3, "keyword": 2, "hard": 1, "problem": 1,
    }  # fmt: skip
