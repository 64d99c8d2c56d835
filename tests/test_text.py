"""Text as people read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.records import MediaType
from decomposer.text import ends, language, scan, split, tokens, visible
from decomposer.text.words import comparisons, content, names, negations, numbers, superlatives

MARKUP = st.text(alphabet=st.sampled_from(list("ab *_`[]()!<>&;\\\n-#|~/=\"'http:。é")), max_size=80)


def see(text: str, media_type: MediaType = "text/markdown") -> str:
    return visible(text, 0, len(text), media_type)


@pytest.mark.parametrize(
    ("marked", "seen"),
    [
        ("**bold** and _thin_ and ~~gone~~", "bold and thin and gone"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("**粗体**文字", "粗体文字"),
        ("see [the docs](https://x.org/a_(b) 'title') now", "see the docs now"),
        ("see [the docs][ref] now", "see the docs now"),
        ("an [array[0]](x) link", "an array[0] link"),
        ("not a link: [ ] and [x]", "not a link: [ ] and [x]"),
        ("![logo](logo.png) text", "text"),
        ("[![badge](a.svg)](b)", ""),
        ("`code *kept*` here", "code *kept* here"),
        ("``a ` tick``", "a ` tick"),
        ("an unclosed ` tick", "an unclosed ` tick"),
        (r"escaped \*stars\*", "escaped *stars*"),
        ("a &lt;b&gt; &amp; c&nbsp;d", "a <b> & c d"),
        ("<https://x.org/y> is here", "https://x.org/y is here"),
        ("one<br>two", "one two"),
        ("<b>strong</b> <!-- unseen --> text", "strong text"),
        ('seen <span style="display:none">unseen</span> seen', "seen seen"),
        ("run `x` with --port <port> and List<String>", "run x with --port <port> and List<String>"),
        ("> quoted\n> on two lines", "> quoted on two lines"),
    ],
)
def test_markdown_shows_what_a_reader_sees(marked: str, seen: str) -> None:
    assert see(marked) == seen


@pytest.mark.parametrize(
    ("marked", "seen"),
    [
        ("``code`` and :ref:`target` and `link <https://x.org>`_", "code and target and link"),
        ("part of scikit-learn_ today", "part of scikit-learn today"),
        ("**bold** |badge|_", "bold"),
        ("as follows::", "as follows:"),
    ],
)
def test_restructuredtext_shows_what_a_reader_sees(marked: str, seen: str) -> None:
    assert see(marked, "text/x-rst") == seen


def test_html_cells_are_parted_by_bars() -> None:
    assert see("<td>one</td><td>two</td>", "text/html") == "one | two |"


@given(MARKUP, st.sampled_from(["text/markdown", "text/html", "text/x-rst", "text/plain"]))
def test_pieces_cover_the_text_without_gaps(text: str, media_type: MediaType) -> None:
    at = 0
    for piece in scan(text, 0, len(text), media_type):
        assert piece.start == at
        assert piece.end > piece.start
        at = piece.end
    assert at == len(text)


@pytest.mark.parametrize(
    ("plain", "sentences"),
    [
        ("It works. It is fast! Is it? Yes.", ["It works.", "It is fast!", "Is it?", "Yes."]),
        (
            "Use e.g. Python, i.e. version 3.11 or so. Then go.",
            ["Use e.g. Python, i.e. version 3.11 or so.", "Then go."],
        ),
        ("Made by J. R. Smith et al. Inc. in 2024.", ["Made by J. R. Smith et al. Inc. in 2024."]),
        ("See v. 2.0.1 of foo.py for more.", ["See v. 2.0.1 of foo.py for more."]),
        ("1. First step.", ["1. First step."]),
        ("它很快。它也小！真的吗？是的", ["它很快。", "它也小！", "真的吗？", "是的"]),
        ("彼は「はい。」と言った。次です。", ["彼は「はい。」", "と言った。", "次です。"]),
        ("Это модель. Она быстрая, т. е. полезная. Да.", ["Это модель.", "Она быстрая, т. е. полезная.", "Да."]),
        ("هل يعمل؟ نعم. هذا جيد.", ["هل يعمل؟", "نعم.", "هذا جيد."]),
        ('He said "no." Then left.', ['He said "no."', "Then left."]),
    ],
)
def test_sentences_end_where_readers_end_them(plain: str, sentences: list[str]) -> None:
    assert [plain[start:end] for start, end in split(plain)] == sentences


@given(st.text(max_size=200))
def test_sentences_keep_every_visible_character(plain: str) -> None:
    spans = split(plain)
    kept = "".join(plain[start:end] for start, end in spans)
    assert "".join(kept.split()) == "".join(plain.split())
    assert list(ends(plain)) == sorted(set(ends(plain)))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("This is a model for the translation of text, and it is fast.", "en"),
        ("这是一个用于文本翻译的模型，速度非常快，使用方便，功能很多。", "zh"),
        ("これはテキストを翻訳するためのモデルです。とても速いです。", "ja"),
        ("Это модель для перевода текстов, она работает быстро.", "ru"),
        ("Це модель для перекладу текстів, її легко використовувати.", "uk"),
        ("هذا نموذج لترجمة النصوص وهو سريع وسهل الاستخدام جدا", "ar"),
        ("این یک مدل برای ترجمه متن است و بسیار سریع کار می‌کند چگونه", "fa"),
        ("Das ist ein Modell für die Übersetzung von Texten und es ist schnell.", "de"),
        ("12345", None),
        ("", None),
    ],
)
def test_language_is_told_by_script_and_common_words(text: str, code: str | None) -> None:
    assert language(text) == code


def test_tokens_count_wide_characters_one_by_one() -> None:
    assert tokens("") == 0
    assert tokens("four letter words here") == pytest.approx(5, abs=2)
    assert tokens("模型很快") == pytest.approx(4, abs=2)


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("1,000 tokens", ["1000 token"]),
        ("40 percent or 40%", ["40 %", "40 %"]),
        ("16 GB and 7B and 3.0x", ["16 gb", "7 b", "3 x"]),
        ("three models", ["3"]),
        ("in 2024", ["2024"]),
    ],
)
def test_numbers_come_in_one_form(text: str, forms: list[str]) -> None:
    assert [word.form for word in numbers(text)] == forms


def test_names_are_words_that_stand_out() -> None:
    text = "It runs on PyTorch with the Apache-2.0 licence and GPT-4o."
    assert [text[word.start : word.end] for word in names(text)] == ["PyTorch", "Apache-2.0", "GPT-4o"]


def test_words_of_denial_comparison_and_praise_are_found() -> None:
    assert [word.form for word in negations("It does not need a GPU, and can't use one")] == ["not", "n't"]
    assert [word.form for word in comparisons("faster than BERT, unlike GPT")] == ["faster than", "unlike"]
    assert [word.form for word in superlatives("the best and most powerful")] == ["best", "most powerful"]


def test_words_that_only_count_or_choose_neither_compare_nor_praise() -> None:
    text = "no more than two classes, more than 200 files, at most two changes, most questions, a man instead of a tool"
    assert (comparisons(text), superlatives(text)) == ([], [])


def test_scripts_without_spaces_give_pairs_of_characters() -> None:
    assert [word.form for word in content("识别菜谱")] == ["识别", "别菜", "菜谱"]


def test_stems_join_the_forms_of_a_word() -> None:
    assert {word.form for word in content("summarize summarization summarizing")} == {"summar"}


@pytest.mark.parametrize(
    ("words", "form"),
    [("note notes", "note"), ("forest forests", "forest"), ("theme themes", "theme"), ("alliance", "alliance")],
)
def test_no_word_of_meaning_ends_up_as_one_without(words: str, form: str) -> None:
    assert {word.form for word in content(words)} == {form}
