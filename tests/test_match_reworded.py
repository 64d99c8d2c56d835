"""Needs that are said in other words: what they ask for, what is said and marked of a hit, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.draft import Reworded
from decomposer.errors import UsageError
from decomposer.match import MOST_SAID, highlights, judge, reasons, understood
from decomposer.match.needs import MOST_TERMS, asked
from decomposer.ports import Candidate
from tests.publishing import capability, statement

NEED = "undo what the bot did to my files"
GIT = Reworded(name="Git integration", description="Commits every change of a file so that it can be reverted.")
WORDS = st.text(alphabet="abc my use Git-IT é日本\u200d'", max_size=30)
SAID = st.lists(st.builds(Reworded, name=WORDS, description=WORDS), max_size=4)


def weights(need: str, *also: Reworded) -> dict[str, float]:
    return {term.word: term.weight for term in understood(need, also).terms()}


def test_names_count_in_full_sentences_by_half_and_what_says_little_little() -> None:
    own = weights(NEED)
    found = weights(NEED, GIT, Reworded(name="Find checkpoints"))
    assert {word: weight for word, weight in found.items() if word not in own} == {
        "git": 1.0, "integr": 1.0, "commit": 0.5, "chang": 0.5, "ever": 0.15, "revert": 0.5, "find": 0.3,
        "checkpoint": 1.0,
    }  # fmt: skip
    assert {word: found[word] for word in own} == own


def test_a_word_of_a_sentence_that_is_in_a_name_counts_as_one_of_the_name() -> None:
    assert weights("tidy", Reworded(name="Folding", description="Folds it by hand."))["fold"] == 1.0
    assert weights("tidy", Reworded(name="A", description="Folds."), Reworded(name="Folding"))["fold"] == 1.0


def test_a_need_that_is_said_in_no_other_words_is_as_it_was() -> None:
    need = understood(NEED)
    assert (need.also, need.told) == ((), frozenset())
    assert need == understood(NEED, []) == understood(NEED, [Reworded(name=" "), Reworded(name="?!", description="—")])
    assert weights(NEED) == asked(NEED)


@given(st.sampled_from([NEED, "git", "Dateien sortieren", "用 git 撤消"]), SAID, SAID)
def test_other_words_never_lower_the_weight_of_a_word(need: str, also: list[Reworded], more: list[Reworded]) -> None:
    before, after = weights(need, *also), weights(need, *also, *more)
    assert all(after[word] >= weight for word, weight in before.items())
    assert list(after)[: len(before)] == list(before)
    own = weights(need)
    assert {word: after[word] for word in own if own[word] == 1.0} == {word: 1.0 for word in own if own[word] == 1.0}
    assert understood(need, also).few == understood(need).few


def test_other_words_are_kept_on_one_line_each_and_once() -> None:
    twice = [Reworded(name=" Git \n integration "), Reworded(name="Git integration")]
    assert [one.text for one in understood(NEED, [*twice, GIT]).also] == [
        "Git integration",
        "Git integration. Commits every change of a file so that it can be reverted.",
    ]


def test_ten_other_ways_of_500_characters_are_enough() -> None:
    ways = [Reworded(name=f"way {number}") for number in range(MOST_SAID + 1)]
    assert len(understood(NEED, ways[:MOST_SAID]).also) == MOST_SAID == 10
    with pytest.raises(UsageError, match="said in 11 other ways; 10 are enough"):
        understood(NEED, ways)
    assert understood(NEED, [Reworded(name="x" * 500)]).also
    for long in (Reworded(name="x" * 501), Reworded(name="x", description="y" * 501)):
        with pytest.raises(UsageError, match="one of its other ways has 501 characters"):
            understood(NEED, [long])


def test_a_need_needs_words_of_its_own() -> None:
    with pytest.raises(UsageError, match="the need has no words"):
        understood("?!", [GIT])


def test_what_a_name_is_called_as_is_asked_of_the_need_alone() -> None:
    need = understood("undo", [GIT])
    git = Candidate(1, "a", "a", 9.0, named=frozenset({"git", "integr"}))
    undo = Candidate(2, "b", "b", 1.0, named=need.counting)
    assert [hit.candidate.number for hit in judge(need, [git, undo], most=20.0, meaning=False)] == [2, 1]


def test_words_of_names_are_marked_and_told_apart_from_those_of_the_need() -> None:
    need = understood(NEED, [GIT, Reworded(name="Reverting of files")])
    record = capability("Git commits", description=statement("Integrates git, and reverts files and every change."))
    found = highlights(need, record)
    assert [(one.field, [one.text[start:end] for start, end in one.marks]) for one in found] == [
        ("name", ["Git"]), ("description", ["Integrates", "git", "reverts", "files"]),
    ]  # fmt: skip
    assert reasons(need, found, cosine=0.5) == (
        "“files” in its description",
        "in other words: “Git” in its name",
        "in other words: “Git”, “integration”, “Reverting” in its description",
        "near in meaning: 0.50 of 1",
    )


def test_words_of_sentences_alone_are_searched_for_and_not_shown() -> None:
    need = understood(NEED, [Reworded(name="Git", description="Commits changes.")])
    assert need.told == {"git"}
    assert highlights(need, capability("Commits", description=statement("Commits."))) == ()


@given(st.sampled_from([NEED, "git files", "撤消 files"]), SAID, WORDS)
def test_whatever_is_said_reasons_name_words_that_stand_there(need: str, also: list[Reworded], text: str) -> None:
    asks = understood(need, also)
    record = capability(f"{text} git", description=statement(f"{text} files"))
    found = highlights(asks, record)
    for why in reasons(asks, found):
        assert why.startswith(("“", "in other words: “"))
        assert why.endswith(("in its name", "in its description", "in its name and its description"))
    assert all(one.marks for one in found)


def test_at_most_two_hundred_words_are_looked_for_the_needs_own_first() -> None:
    said = [Reworded(name=" ".join(f"word{number}x{each}" for each in range(40))) for number in range(10)]
    found, own = [term.word for term in understood(NEED, said).terms()], list(asked(NEED))
    assert (len(found), found[: len(own)]) == (MOST_TERMS, own)
