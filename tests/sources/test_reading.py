"""Tests of reading: bytes become a document, the same for every loader."""

from hashlib import sha256

import pytest

from decomposer.errors import SourceError
from decomposer.identity import Metadata
from decomposer.records import Document
from decomposer.sources import scheme
from decomposer.sources.reading import media_type_of, read

TEXT = "---\nlicense: mit\n---\nThe tool reads notes and writes a summary of each of them.\r\n"


def test_a_document_keeps_its_text_and_knows_where_its_body_is() -> None:
    data = b"\xef\xbb\xbf" + TEXT.encode()
    document = Document("a/README.md", TEXT, "text/markdown", sha256(data).hexdigest(), "en", 21)
    assert read(data, "a/README.md") == (document, Metadata(license="mit"))


def test_front_matter_is_looked_for_in_markdown_only() -> None:
    document, metadata = read(TEXT.encode(), "a/README.txt")
    assert (document.body, document.media_type, metadata) == (0, "text/plain", Metadata())


def test_what_was_lost_is_a_warning_on_the_document() -> None:
    document, metadata = read(b"---\na: b: c\n---\nText", "x.md")
    assert document.warnings == (
        "front matter is not valid YAML (line 2: mapping values are not allowed in this context); it is left out",
    )
    assert (document.body, metadata) == (16, Metadata())


@pytest.mark.parametrize(
    ("uri", "declared", "expected"),
    [
        ("README.md", "", "text/markdown"),
        ("README.MDX", "", "text/markdown"),
        ("README", "", "text/markdown"),
        ("README.rst", "text/plain", "text/x-rst"),
        ("README.txt", "", "text/plain"),
        ("notes.adoc", "", "text/plain"),
        ("https://example.org/a.md?raw=1#x", "text/plain", "text/markdown"),
        ("https://example.org/a.md", "text/html", "text/html"),
        ("https://example.org/a", "text/plain", "text/plain"),
        ("https://example.org/a.html", "application/octet-stream", "text/html"),
        ("https://example.org/a", "application/xhtml+xml", "text/html"),
        ("a://[b.md", "", "text/markdown"),
    ],
)
def test_the_media_type_is_the_declared_one_or_that_of_the_name(uri: str, declared: str, expected: str) -> None:
    assert media_type_of(uri, declared) == expected


def test_html_may_declare_its_encoding_itself() -> None:
    page = '<html><head><meta charset="windows-1251"></head><body>Модель</body></html>'
    assert read(page.encode("cp1251"), "page.html")[0].text == page


def test_an_image_is_refused_by_name() -> None:
    with pytest.raises(SourceError, match=r"^logo.md: this is a PNG image, not text; pass a Markdown"):
        read(b"\x89PNG\r\n\x1a\n", "logo.md")


def test_more_than_ten_megabytes_are_refused() -> None:
    with pytest.raises(SourceError, match=r"^big.md: larger than 10 MB; "):
        read(b"x" * (10 * 1024 * 1024 + 1), "big.md")


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        ("-", "stdin"),
        ("README.md", "path"),
        ("./hf:x", "path"),
        ("hf:org/name", "hf"),
        ("HF:org/name", "hf"),
        ("gh:o/r", "gh"),
        ("dist:x", "dist"),
        ("https://x.org", "https"),
        ("http:127.0.0.1", "http"),
        ("ftp://x.org", "path"),
        ("path:x", "path"),
        ("stdin:x", "path"),
        ("C:\\x", "path"),
        ("", "path"),
    ],
)
def test_a_reference_names_its_loader(ref: str, name: str) -> None:
    assert scheme(ref) == name
