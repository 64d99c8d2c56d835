"""Tests of the path loader: files, folders, and everything that is neither."""

import os
import sys
from pathlib import Path

import pytest

from decomposer.errors import SourceError
from decomposer.ports import Fetch
from decomposer.sources import path

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "heron").mkdir()
    monkeypatch.chdir(tmp_path / "heron")


def test_a_file_is_named_as_it_was_given(no_fetch: Fetch) -> None:
    Path("notes.md").write_text("Text.", encoding="utf-8")
    source = path.load("../heron/notes.md", no_fetch)
    assert (source.artifact.slug, source.artifact.source) == ("notes", "../heron/notes.md")
    assert [document.uri for document in source.documents] == ["../heron/notes.md"]


def test_a_readme_takes_the_name_of_its_folder(no_fetch: Fetch) -> None:
    Path("README.md").write_text("# Another name\n", encoding="utf-8")
    artifact = path.load("README.md", no_fetch).artifact
    assert (artifact.slug, artifact.name, artifact.source) == ("heron", "heron", "README.md")


@pytest.mark.parametrize("ref", [".", "../heron", "../heron/"])
def test_a_folder_gives_its_model_card_and_then_its_readme(ref: str, no_fetch: Fetch) -> None:
    Path("readme.rst").write_text("Text.", encoding="utf-8")
    Path("README.markdown").write_text("---\nlicense: mit\ntags: [a]\n---\nText.", encoding="utf-8")
    Path("Model_Card.md").write_text("---\nlicense: apache-2.0\n---\nText.", encoding="utf-8")
    Path("notes.md").write_text("Text.", encoding="utf-8")
    source = path.load(ref, no_fetch)
    assert [Path(document.uri).name for document in source.documents] == ["Model_Card.md", "README.markdown"]
    artifact = source.artifact
    assert (artifact.slug, artifact.type, artifact.license, artifact.tags) == ("heron", "model", "apache-2.0", ("a",))


def test_a_folder_without_either_is_an_error_that_says_what_to_do(no_fetch: Fetch) -> None:
    with pytest.raises(SourceError) as caught:
        path.load(".", no_fetch)
    assert str(caught.value) == ".: no README or model card in this folder; name the file to read"


def test_a_file_named_like_a_reference_is_reached_with_a_dot(no_fetch: Fetch) -> None:
    Path("hf:x").write_text("Text.", encoding="utf-8")
    source = path.load("./hf:x", no_fetch)
    assert (source.artifact.source, source.documents[0].uri, source.artifact.slug) == ("./hf:x", "./hf:x", "hf-x")


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("", "the reference is empty; name a file, a folder or an address"),
        ("missing.md", "missing.md: no such file or folder; check the spelling"),
        ("x" * 300, f"{'x' * 300}: File name too long; check the path and its permissions"),
        ("/dev/null", "/dev/null: not a regular file; pass `-` to read standard input"),
    ],
)
def test_what_can_not_be_read_is_an_error_that_says_why(ref: str, message: str, no_fetch: Fetch) -> None:
    with pytest.raises(SourceError) as caught:
        path.load(ref, no_fetch)
    assert str(caught.value) == message


def test_a_path_that_no_system_takes_is_an_error(no_fetch: Fetch) -> None:
    with pytest.raises(SourceError, match="embedded null"):
        path.load("a\x00b", no_fetch)


def test_an_address_with_an_unknown_scheme_is_pointed_to_the_known_ones(no_fetch: Fetch) -> None:
    with pytest.raises(SourceError, match=r"or use https://\.\.\., hf:org/name, gh:owner/repo or dist:name$"):
        path.load("ftp://example.org/README.md", no_fetch)


def test_a_pipe_is_refused_without_waiting_for_it(no_fetch: Fetch) -> None:
    os.mkfifo("README.md")
    with pytest.raises(SourceError, match=r"^README.md: not a regular file"):
        path.load("README.md", no_fetch)


def test_a_loop_of_links_is_an_error(no_fetch: Fetch) -> None:
    Path("a.md").symlink_to("b.md")
    Path("b.md").symlink_to("a.md")
    with pytest.raises(SourceError, match="Too many levels of symbolic links"):
        path.load("a.md", no_fetch)


def test_more_than_ten_megabytes_are_refused(no_fetch: Fetch) -> None:
    with Path("big.md").open("wb") as file:
        file.truncate(10 * 1024 * 1024 + 1)
    with pytest.raises(SourceError, match=r"^big.md: larger than 10 MB"):
        path.load("big.md", no_fetch)


@pytest.mark.skipif(sys.platform != "linux", reason="this system has no such file names")
def test_a_file_name_that_is_not_text_gives_an_address_that_is(no_fetch: Fetch) -> None:
    name = os.fsdecode(b"caf\xe9.md")
    Path(name).write_text("Text.", encoding="utf-8")
    source = path.load(name, no_fetch)
    assert (source.documents[0].uri, source.artifact.slug) == ("caf\ufffd.md", "caf")


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not beside this checkout")
def test_every_document_of_the_corpus_loads_unaltered(no_fetch: Fetch) -> None:
    for file in sorted((CORPUS / "dev").iterdir()):
        (document,) = path.load(str(file), no_fetch).documents
        assert document.text.encode("utf-8") == file.read_bytes().removeprefix(b"\xef\xbb\xbf")
        assert document.warnings == ()
