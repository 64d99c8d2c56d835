"""The words that texts are found by: laws that hold for any text, and what scripts and identifiers give."""

from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from decomposer.match.words import LONGEST, MOST, Word, spoken, words

TEXTS = st.text(max_size=200) | st.text(alphabet="aB9 _-.'+#é漢字かな한글\ud800\0\u0301\u200d", max_size=80)


@given(TEXTS)
def test_words_are_those_that_are_spoken_and_each_stands_somewhere(text: str) -> None:
    found = spoken(text)
    assert [one.form for one in found] == words(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)


@given(TEXTS)
def test_a_form_is_short_and_has_nothing_in_it_that_means_something_elsewhere(text: str) -> None:
    for form in words(text):
        assert 0 < len(form) <= LONGEST
        assert form.encode("utf-8").decode() == form
        assert not set(form) & set(" \t\n\0:'\"\\()&|!*^-_")


@example("0.Ù")
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_composition_makes_no_difference(text: str) -> None:
    composed = normalize("NFC", text)
    assert words(normalize("NFD", composed)) == words(composed) or not composed.isprintable()


@given(st.text(alphabet="abcdefghijklmnop ", max_size=80))
def test_case_makes_no_difference(text: str) -> None:
    assert words(text) == words(text.upper()) == words(text.title())


@given(st.lists(st.sampled_from("caption photo transcribe audio of the it".split()), max_size=12))
def test_stop_words_are_dropped_unless_there_is_nothing_else(said: list[str]) -> None:
    stop = {"of", "the", "it"}
    found = words(" ".join(said))
    if set(said) - stop:
        assert not stop & set(found)
        assert len(found) == sum(one not in stop for one in said)
    else:
        assert found == said


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("captions", "captioning"), ("fine-tuning", "finetuning"), ("GPT-4o", "gpt4o"), ("node.js", "nodejs"),
        ("café", "CAFE\u0301"), ("ＡＢＣ", "abc"), ("ﬁle", "file"), ("model's", "models"), ("OpenAI’s", "openai"),
        ("exam\u00adple", "example"), ("ﾃｷｽﾄ", "テキスト"), ("STRASSE", "straße"),
    ],
)  # fmt: skip
def test_what_is_one_word_has_one_form(one: str, other: str) -> None:
    assert words(one)[0] == words(other)[0]


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("DreamBooth", ["dreambooth", "dream", "booth"]),
        ("HTTPServer", ["httpserv", "http", "server"]),
        ("text-to-image", ["texttoimag", "text", "imag"]),
        ("snake_case", ["snakecas", "snak", "cas"]),
        ("C++ and C#", ["cpp", "csharp"]),
        ("LoRA", ["lora"]),
        ("don't caption", ["capt"]),
        ("写真を編集", ["写真", "真を", "を編", "編集"]),
        ("GPTモデル", ["gpt", "モデ", "デル"]),
        ("한국어 문서", ["한국", "국어", "문서"]),
        ("犬", ["犬"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("R, 4", ["r", "4"]),
        ("… — \0", []),
    ],
)
def test_identifiers_give_their_parts_and_scripts_without_spaces_pairs(text: str, forms: list[str]) -> None:
    assert words(text) == forms


def test_parts_lie_in_the_whole() -> None:
    assert spoken("a Fine-Tuner") == [Word("finetun", 2, 12), Word("fin", 2, 6), Word("tuner", 7, 12)]


def test_long_texts_and_long_words_are_bounded() -> None:
    assert len(words("word " * (MOST + 5))) == MOST == len(spoken("word " * (MOST + 5)))
    assert len(words("の" * (MOST + 5))) == MOST
    assert words("x" * 1_000_000) == ["x" * LONGEST]
    assert len(words("-".join(["ab"] * 100_000))) == 1
