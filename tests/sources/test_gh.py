"""Tests of the GitHub loader, on recorded bodies."""

from collections.abc import Callable

import pytest

from decomposer.errors import SourceError
from decomposer.records import Artifact
from decomposer.sources import gh
from tests.sources.conftest import Answers, Recorded

API = "https://api.github.com/repos/penmakers/quill"
RAW = "https://raw.githubusercontent.com/penmakers/quill/HEAD"

Record = Callable[[Answers], Recorded]
Body = Callable[[str], bytes]


def test_a_repository_is_its_readme_and_what_the_site_knows(recorded: Record, body: Body) -> None:
    fetch = recorded({API: body("gh-repo.json"), f"{API}/readme": body("gh-readme.json")})
    source = gh.load("gh:penmakers/quill", fetch)
    assert source.artifact == Artifact(
        slug="penmakers-quill",
        name="quill",
        type="repo",
        source="gh:penmakers/quill",
        homepage="https://quill.example.org",
        repository="https://github.com/penmakers/quill",
        license="MIT",
        maintainer="penmakers",
        stars=512,
        tags=("ocr", "handwriting"),
    )
    (document,) = source.documents
    assert (document.uri, document.media_type) == (f"{RAW}/docs/README.rst", "text/x-rst")
    assert document.text == "Quill\n=====\n\nIt reads handwriting.\n"


def test_the_day_on_which_a_repository_last_changed_is_that_of_the_site(recorded: Record) -> None:
    fetch = recorded({API: b'{"pushed_at": "2026-03-04T05:06:07Z"}', f"{RAW}/README.md": b"Text."})
    assert gh.load("gh:penmakers/quill", fetch).artifact.updated == "2026-03-04"


def test_a_model_card_comes_before_the_readme(recorded: Record, body: Body) -> None:
    card = b"---\nlicense: apache-2.0\n---\nText."
    fetch = recorded({API: None, f"{API}/readme": body("gh-readme.json"), f"{RAW}/MODEL_CARD.md": card})
    source = gh.load("gh:penmakers/quill", fetch)
    assert [document.uri for document in source.documents] == [f"{RAW}/MODEL_CARD.md", f"{RAW}/docs/README.rst"]
    assert (source.artifact.type, source.artifact.license) == ("model", "apache-2.0")
    assert source.documents[0].warnings == (f"no metadata from {API}",)


def test_a_large_readme_is_fetched_as_a_file(recorded: Record) -> None:
    answer = b'{"path": "README \xc3\xa9.md", "encoding": "none", "content": ""}'
    fetch = recorded({f"{API}/readme": answer, f"{RAW}/README%20%C3%A9.md": b"Text."})
    assert gh.load("gh:penmakers/quill", fetch).documents[0].text == "Text."


@pytest.mark.parametrize("path", ['"../x"', "3", "null", '""', '"a\\\\b"'])
def test_a_strange_path_in_the_answer_is_not_followed(path: str, recorded: Record) -> None:
    fetch = recorded({f"{API}/readme": f'{{"path": {path}}}'.encode(), f"{RAW}/README.md": b"Text."})
    assert gh.load("gh:penmakers/quill", fetch).documents[0].uri == f"{RAW}/README.md"


def test_a_site_that_limits_requests_leaves_the_files(recorded: Record) -> None:
    limited = SourceError("the site answered 403")
    fetch = recorded({API: limited, f"{API}/readme": limited, f"{RAW}/README.md": b"Text."})
    source = gh.load("gh:penmakers/quill", fetch)
    assert source.documents[0].warnings == (f"no metadata from {API}: the site answered 403",)
    assert source.artifact.repository == "https://github.com/penmakers/quill"


def test_a_repository_without_a_readme_is_an_error(recorded: Record, body: Body) -> None:
    with pytest.raises(SourceError, match=r"^gh:penmakers/quill: no README in this repository; see https://github"):
        gh.load("gh:penmakers/quill", recorded({API: body("gh-repo.json")}))


@pytest.mark.parametrize(
    "ref", ["gh:", "gh:a", "gh:a/b/c", "gh:a/..", "gh:a/b%2f", "gh:a@b/c", "gh:a//b", "gh:../../x"]
)
def test_names_that_do_not_belong_into_an_address_are_refused(ref: str, recorded: Record) -> None:
    fetch = recorded({})
    with pytest.raises(SourceError, match="is not a reference; write it as gh:owner/repo"):
        gh.load(ref, fetch)
    assert fetch.asked == []
