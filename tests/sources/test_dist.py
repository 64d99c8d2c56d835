"""Tests of the loader of installed distributions, on one made for the test."""

from pathlib import Path

import pytest

from decomposer.errors import SourceError
from decomposer.ports import Fetch
from decomposer.records import Artifact
from decomposer.sources import dist

HEADERS = """\
Metadata-Version: 2.4
Name: Quill-Reader
Version: 1.2
License-Expression: MIT
Keywords: ocr,hand writing
Author: A. Penmaker
Project-URL: Homepage, https://quill.example.org
Project-URL: Source Code, https://github.com/penmakers/quill
Classifier: Topic :: Software Development :: Libraries :: Application Frameworks
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "quill_reader-1.2.dist-info"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder / "METADATA"


def test_a_distribution_is_described_by_the_text_it_was_published_with(install: Path, no_fetch: Fetch) -> None:
    text = f"{HEADERS}Description-Content-Type: text/markdown; charset=UTF-8\n\n# Quill\n\nЧитает почерк.\n"
    install.write_text(text, encoding="utf-8")
    source = dist.load("dist:quill.reader", no_fetch)
    assert source.artifact == Artifact(
        slug="quill-reader",
        name="Quill-Reader",
        type="framework",
        source="dist:Quill-Reader",
        homepage="https://quill.example.org",
        repository="https://github.com/penmakers/quill",
        license="MIT",
        maintainer="A. Penmaker",
        tags=("ocr", "hand writing", "framework"),
    )
    (document,) = source.documents
    assert (document.uri, document.media_type) == ("dist:Quill-Reader/1.2/README.md", "text/markdown")
    assert document.text == "# Quill\n\nЧитает почерк.\n"


def test_the_older_description_header_is_read_too(install: Path, no_fetch: Fetch) -> None:
    install.write_text(f"{HEADERS}Description: Quill\n        =====\n        \n        It reads.\n", encoding="utf-8")
    (document,) = dist.load("dist:quill-reader", no_fetch).documents
    assert (document.uri, document.text) == ("dist:Quill-Reader/1.2/README.rst", "Quill\n=====\n\nIt reads.")


def test_a_distribution_without_a_readme_is_an_error(install: Path, no_fetch: Fetch) -> None:
    install.write_text(HEADERS, encoding="utf-8")
    with pytest.raises(SourceError, match=r"^dist:quill-reader: the distribution carries no README"):
        dist.load("dist:quill-reader", no_fetch)


def test_a_distribution_that_is_not_installed_is_an_error(no_fetch: Fetch) -> None:
    with pytest.raises(SourceError, match=r"^dist:no-such-thing: not installed in this environment; install"):
        dist.load("dist:no-such-thing", no_fetch)


@pytest.mark.parametrize("ref", ["dist:", "dist:../x", "dist:a b", "dist:-x", "dist:a\n"])
def test_a_name_that_is_no_distribution_name_is_refused(ref: str, no_fetch: Fetch) -> None:
    with pytest.raises(SourceError, match="is not a reference; write it as dist:name"):
        dist.load(ref, no_fetch)
