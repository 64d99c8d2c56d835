"""Tests of decode: any bytes become text, and what was guessed or lost is said."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.sources.decode import Decoded, binary_kind, decode

RUSSIAN = "Модель распознаёт именованные сущности на русском языке.\r\n"


@given(
    st.binary(max_size=300),
    st.none() | st.sampled_from(["utf-8", "latin-1", "utf-16", "idna", "hex", "\x00", "gbk", "utf-7"]),
)
def test_any_bytes_become_text_without_surrogates(data: bytes, charset: str | None) -> None:
    decode(data, charset=charset).text.encode("utf-8")
    binary_kind(data)


@given(st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    assert decode(b"\xef\xbb\xbf" + text.encode()) == Decoded(text, "utf-8")
    if not text.startswith(("\ufeff", "\ufffe")):
        assert decode(text.encode()) == Decoded(text, "utf-8")


@given(st.text())
def test_utf_16_with_a_mark_comes_back_as_it_was(text: str) -> None:
    if not text.startswith("\x00"):  # with it, the mark is that of UTF-32
        assert decode(codecs.BOM_UTF16_LE + text.encode("utf-16-le")) == Decoded(text, "utf-16-le")
    assert decode(codecs.BOM_UTF16_BE + text.encode("utf-16-be")) == Decoded(text, "utf-16-be")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_seen_by_its_zero_bytes(encoding: str) -> None:
    text = "# Heron\r\n\r\nSorts notes.\n"
    assert decode(text.encode(encoding)) == Decoded(text, encoding)
    assert binary_kind(text.encode(encoding)) is None


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", RUSSIAN),
        ("koi8_r", RUSSIAN),
        ("cp1252", "Modèle de langue française entraîné sur des données libres.\r"),
        ("cp1250", "Zażółć gęślą jaźń. Model dla języka polskiego."),
        ("gb18030", "这是一个中文大语言模型，支持对话和代码生成。"),
        ("shift_jis", "これは日本語のモデルカードです。画像と文章を扱います。"),
        ("euc_kr", "한국어 모델입니다. 텍스트를 생성합니다."),
    ],
)
def test_a_legacy_encoding_is_guessed_with_a_warning(encoding: str, text: str) -> None:
    decoded = decode(text.encode(encoding))
    note = f"the text is not UTF-8 and names no encoding; read as {decoded.encoding}"
    assert (decoded.text, decoded.warnings) == (text, (note,))


def test_a_declared_encoding_is_believed() -> None:
    assert decode(RUSSIAN.encode("koi8_r"), charset="KOI8-R") == Decoded(RUSSIAN, "koi8-r")


def test_utf_8_that_a_server_calls_latin_1_is_utf_8() -> None:
    assert decode("café".encode(), charset="ISO-8859-1").text == "café"


def test_a_wrong_declaration_does_not_hurt() -> None:
    assert decode("café".encode(), charset="no-such-thing").text == "café"


def test_a_text_that_was_cut_off_stays_utf_8() -> None:
    note = "some bytes are not valid utf-8; they read as \ufffd"
    assert decode("Читает заметки".encode()[:-1]) == Decoded("Читает заметк\ufffd", "utf-8", (note,))


def test_only_one_mark_is_taken_off() -> None:
    assert decode(b"\xef\xbb\xbf\xef\xbb\xbfx").text == "\ufeffx"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x00" * 50, "binary data"),
        (bytes(range(32)) * 4, "binary data"),
        (b"", None),
        (b"a", None),
        (b"text with one \x00 zero byte " * 1 + b"and more text " * 20, None),
    ],
)
def test_what_is_not_text_is_named(data: bytes, kind: str | None) -> None:
    assert binary_kind(data) == kind
