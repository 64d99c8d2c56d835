"""Matching needs: what a need asks for, how candidates are judged, and what is said and marked of a hit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.draft import Reworded
from decomposer.errors import UsageError
from decomposer.match import Need, attainable, highlights, judge, published, ranked, reasons, spread, understood
from decomposer.match.abroad import in_english
from decomposer.match.judging import MOST_OF_ONE, TIE
from decomposer.match.meaning import Aim, nearness
from decomposer.match.measuring import Asked, Found, by_kind, measured
from decomposer.match.needs import asked
from decomposer.match.weighing import packed, scores
from decomposer.ports import Candidate, Term
from decomposer.records import Filters
from tests.publishing import capability, statement

NONE = np.empty((0, 2), dtype=np.float32)
TEXTS = st.text(max_size=80)
HITS = st.lists(
    st.builds(
        Candidate,
        number=st.integers(1, 50),
        entry=st.sampled_from(["lynx", "puma", "wolf"]),
        capability=st.sampled_from(["a", "b", "c"]),
        score=st.floats(0, 100),
        cosine=st.none() | st.floats(-1, 1),
        named=st.frozensets(st.sampled_from(["podcast", "search", "other"])),
    ),
    max_size=12,
    unique_by=(lambda one: one.number, lambda one: (one.entry, one.capability)),
)


# --- needs


def test_a_need_asks_for_its_words_and_for_nothing_else() -> None:
    need = understood("  Someone should  look over my changes before they go in ")
    assert need.text == need.english == "Someone should look over my changes before they go in"
    assert need.texts == (need.text,)
    weights = {term.word: term.weight for term in need.terms()}
    assert weights == asked(need.text)
    assert (weights["chang"], weights["my"]) == (1.0, 0.3)
    assert not need.few


def test_a_need_without_a_server_calls_up_no_servers() -> None:
    need = understood("find text in my documents without a server")
    assert {term.word for term in need.terms()} == {"find", "text", "my", "docu", "server"}


@pytest.mark.parametrize(
    ("text", "few", "counting"),
    [
        ("search", True, {"search"}),
        ("hybrid search", True, {"hybrid", "search"}),
        ("find podcasts", True, {"podcast"}),
        ("find my podcasts", False, {"podcast"}),
        ("use it", True, {"use", "it"}),
        ("hybrid search engine", False, {"hybrid", "search", "engin"}),
    ],
)
def test_a_need_of_one_or_two_words_is_a_name(text: str, few: bool, counting: set[str]) -> None:
    need = understood(text)
    assert need.few == few
    assert set(need.counting) == counting


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


def test_a_need_in_another_language_is_looked_for_in_both() -> None:
    need = understood("翻译合同")
    assert need.texts == ("翻译合同", "translate contract")
    assert {"transl", "contract"} < need.own.keys()


# --- judging


LONG, SHORT = understood("transcribe podcasts of strangers"), understood("podcast search")


def test_where_a_need_is_said_in_other_words_the_full_text_counts_as_much_as_nearness() -> None:
    candidates = [Candidate(1, "lynx", "a", 9.0, 0.1), Candidate(2, "puma", "b", 0.0, 0.7)]
    said = understood(LONG.text, [Reworded(name="Speech recognition")])
    hits = judge(said, candidates, most=18.0, meaning=True)
    assert [(hit.candidate.number, hit.score) for hit in hits] == [(2, 0.35), (1, 0.3)]
    alone = judge(said, candidates, most=18.0, meaning=False)
    assert [(hit.candidate.number, hit.score) for hit in alone] == [(1, 1.0)]


def test_without_vectors_the_full_text_decides() -> None:
    candidates = [Candidate(1, "lynx", "a", 2.0), Candidate(2, "puma", "b", 8.0), Candidate(3, "wolf", "c", 0.0)]
    hits = judge(LONG, candidates, most=16.0, meaning=False)
    assert [(hit.candidate.number, hit.score, hit.text) for hit in hits] == [(2, 1.0, 0.5), (1, 0.25, 0.125)]


def test_with_vectors_nearness_counts_more_than_words_and_what_is_far_is_not_shown() -> None:
    candidates = [
        Candidate(1, "lynx", "a", 9.0, 0.1), Candidate(2, "puma", "b", 0.0, 0.7), Candidate(3, "wolf", "c", 0.0, 0.1),
    ]  # fmt: skip
    hits = judge(LONG, candidates, most=18.0, meaning=True)
    assert [(hit.candidate.number, hit.score) for hit in hits] == [(2, 0.56), (1, 0.18)]


@given(HITS, st.sampled_from([LONG, SHORT]), st.floats(0, 200), st.randoms())
def test_judging_does_not_depend_on_the_order_and_scores_are_0_to_1(
    candidates: list[Candidate], need: Need, most: float, random: object
) -> None:
    shuffled = list(candidates)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for meaning in (False, True):
        found = judge(need, candidates, most=most, meaning=meaning)
        assert found == judge(need, shuffled, most=most, meaning=meaning)
        assert all(0 <= hit.score <= 1 for hit in found)
        assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
        assert sorted(map(id, (hit.candidate for hit in spread(found)))) == sorted(
            map(id, (h.candidate for h in found))
        )


@given(HITS, st.booleans())
def test_what_is_called_as_a_need_of_two_words_says_comes_before_all_else(
    candidates: list[Candidate], meaning: bool
) -> None:
    found = [hit.called for hit in spread(judge(SHORT, candidates, most=100.0, meaning=meaning))]
    assert found == sorted(found, reverse=True)
    assert not any(hit.called for hit in judge(LONG, candidates, most=100.0, meaning=meaning))


@given(st.floats(-1, 1), st.floats(0, 50), st.floats(0.1, 50), st.sampled_from([LONG, SHORT]), st.booleans())
def test_of_two_that_are_equally_near_the_one_with_more_of_the_words_is_not_behind(
    near: float, fewer: float, more: float, need: Need, meaning: bool
) -> None:
    less, full = Candidate(1, "a", "a", fewer, near), Candidate(2, "b", "b", fewer + more, near)
    hits = {hit.candidate.number: hit.score for hit in judge(need, [less, full], most=100.0, meaning=meaning)}
    assert hits[2] >= hits.get(1, 0.0)


def test_no_full_text_score_exceeds_what_is_attainable() -> None:
    terms = [Term("podcast"), Term("my", 0.3)]
    counts = {"podcast": 2, "my": 90}
    record = packed({"podcast": 255, "my": 255})
    [score] = scores([record], {one.word: one.weight for one in terms}, counts, 100)
    assert 0.9 * attainable(terms, counts, 100) < score < attainable(terms, counts, 100)
    assert attainable([*terms, Term("zebra")], counts, 100) > attainable(terms, counts, 100)


def test_the_fourth_record_of_an_artifact_comes_behind_those_of_others() -> None:
    candidates = [*(Candidate(n, "lynx", f"{n}", 10.0 - n) for n in range(5)), Candidate(9, "puma", "b", 1.0)]
    hits = judge(LONG, candidates, most=20.0, meaning=False)
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


def test_a_record_is_as_near_as_the_mean_of_what_it_says_and_the_nearest_of_what_it_rests_on() -> None:
    rows = np.array([[1, 0], [0.6, 0.8], [0, 1], [0.8, 0.6]], dtype=np.float32)
    near = nearness(Aim(rows[:1], NONE), rows, [4, 4, 4, 9])
    assert near == {4: pytest.approx(0.8), 9: pytest.approx(0.8)}


def test_a_need_with_two_vectors_is_as_near_as_the_nearer() -> None:
    rows = np.array([[1, 0], [0, 1]], dtype=np.float32)
    assert nearness(Aim(rows, NONE), rows, [1, 2]) == {1: 1.0, 2: 1.0}


def test_the_nearest_of_the_other_words_counts_six_tenths() -> None:
    own, rows = np.array([[1, 0]], dtype=np.float32), np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)
    also = np.array([[0, 1], [0.8, 0.6]], dtype=np.float32)
    near = nearness(Aim(own, also), rows, [1, 2, 3])
    assert near == {
        1: pytest.approx(0.4 * 1 + 0.6 * 0.8), 2: pytest.approx(0.6 * 1), 3: pytest.approx(0.4 * 0.6 + 0.6 * 0.96),
    }  # fmt: skip


def test_other_words_count_for_a_whole_record_as_its_own_do() -> None:
    own, rows = np.array([[1, 0]], dtype=np.float32), np.array([[1, 0], [0, 1]], dtype=np.float32)
    assert nearness(Aim(own, own), rows, [7, 7]) == {7: pytest.approx(0.5)}


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
