"""Tests of the web loader, on recorded bodies."""

import pytest

from decomposer.errors import SourceError
from decomposer.ports import Fetch, Fetched
from decomposer.sources import web


def page(body: bytes, media_type: str, charset: str | None = None) -> Fetch:
    def fetch(url: str, *, accept: str = "*/*", missing_ok: bool = False) -> Fetched | None:
        return Fetched(url, body, media_type, charset)

    return fetch


@pytest.mark.parametrize(
    ("url", "declared", "slug", "media_type"),
    [
        ("https://example.org/heron.md", "text/plain", "heron", "text/markdown"),
        ("https://example.org/heron/", "text/html", "heron", "text/html"),
        ("https://example.org/notes/README.rst", "application/octet-stream", "notes", "text/x-rst"),
        ("https://example.org", "text/html", "example.org", "text/html"),
    ],
)
def test_a_page_is_read_by_its_type_and_name(url: str, declared: str, slug: str, media_type: str) -> None:
    source = web.load(url + "#part", page(b"Text.", declared))
    assert (source.artifact.slug, source.artifact.source) == (slug, url)
    assert [(document.uri, document.media_type) for document in source.documents] == [(url, media_type)]


def test_the_declared_encoding_is_used() -> None:
    source = web.load("https://example.org/a.md", page("Модель".encode("koi8-r"), "text/markdown", "koi8-r"))
    assert source.documents[0].text == "Модель"


@pytest.mark.parametrize("media_type", ["image/png", "application/pdf", "application/json", "video/mp4"])
def test_what_is_no_page_is_refused(media_type: str) -> None:
    with pytest.raises(SourceError, match=f"this is {media_type}, not a text page"):
        web.load("https://example.org/a", page(b"x", media_type))
