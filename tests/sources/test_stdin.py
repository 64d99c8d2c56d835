"""Tests of the standard input loader."""

import io

import pytest

from decomposer.errors import SourceError
from decomposer.ports import Fetch
from decomposer.sources import stdin


def test_standard_input_is_one_markdown_document(monkeypatch: pytest.MonkeyPatch, no_fetch: Fetch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"---\nlicense: mit\n---\nText.\r\n")))
    source = stdin.load("-", no_fetch)
    assert (source.artifact.slug, source.artifact.source, source.artifact.license) == ("stdin", "-", "mit")
    assert [(document.uri, document.text[21:]) for document in source.documents] == [("stdin:README.md", "Text.\r\n")]


def test_closed_standard_input_is_an_error(monkeypatch: pytest.MonkeyPatch, no_fetch: Fetch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(SourceError, match="standard input is closed"):
        stdin.load("-", no_fetch)


def test_too_much_standard_input_is_an_error(monkeypatch: pytest.MonkeyPatch, no_fetch: Fetch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"x" * (10 * 1024 * 1024 + 5))))
    with pytest.raises(SourceError, match="standard input: larger than 10 MB"):
        stdin.load("-", no_fetch)
