"""Tests of the Hugging Face loader, on recorded bodies."""

import json
from collections.abc import Callable

import pytest

from decomposer.errors import SourceError
from decomposer.records import Artifact
from decomposer.sources import hf
from tests.sources.conftest import Answers, Recorded

SITE = "https://huggingface.co"
API = f"{SITE}/api/models/heron-lab/heron-small"
RAW = f"{SITE}/heron-lab/heron-small/raw"
SHA = "0123456789abcdef0123456789abcdef01234567"

Record = Callable[[Answers], Recorded]
Body = Callable[[str], bytes]


def test_a_model_is_its_card_at_a_commit_and_what_the_hub_knows(recorded: Record, body: Body) -> None:
    fetch = recorded({API: body("hf-model.json"), f"{RAW}/{SHA}/README.md": body("hf-model.md")})
    source = hf.load("hf:heron-lab/heron-small", fetch)
    assert source.artifact == Artifact(
        slug="heron-lab-heron-small",
        name="heron-small",
        type="model",
        source="hf:heron-lab/heron-small",
        repository=f"{SITE}/heron-lab/heron-small",
        license="apache-2.0",
        maintainer="heron-lab",
        pipeline_tag="text-classification",
        language=("en", "fr"),
        base_model=("heron-lab/heron-base",),
        downloads=1204,
        stars=31,
        tags=("birds",),
    )
    (document,) = source.documents
    assert (document.uri, document.media_type, document.warnings) == (f"{RAW}/{SHA}/README.md", "text/markdown", ())
    assert document.text.encode() == body("hf-model.md")


@pytest.mark.parametrize(
    ("said", "day"), [("2026-03-04T05:06:07.000Z", "2026-03-04"), ("soon", None), (7, None), ("2026-13-01", None)]
)
def test_the_day_on_which_a_model_last_changed_is_that_of_the_hub(
    said: object, day: str | None, recorded: Record
) -> None:
    answer = json.dumps({"sha": SHA, "lastModified": said}).encode()
    fetch = recorded({API: answer, f"{RAW}/{SHA}/README.md": b"Text."})
    assert hf.load("hf:heron-lab/heron-small", fetch).artifact.updated == day


@pytest.mark.parametrize(
    ("ref", "page", "kind"),
    [("hf:datasets/org/notes", "datasets/org/notes", "dataset"), ("hf:spaces/org/notes", "spaces/org/notes", "webapp")],
)
def test_datasets_and_spaces_have_their_own_pages(ref: str, page: str, kind: str, recorded: Record) -> None:
    fetch = recorded({f"{SITE}/{page}/raw/main/README.md": b"Text."})
    artifact = hf.load(ref, fetch).artifact
    assert (artifact.type, artifact.slug, artifact.source) == (kind, "org-notes", ref)
    assert fetch.asked == [f"{SITE}/api/{page}", f"{SITE}/{page}/raw/main/README.md"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"[" * 100_000, ": the answer is not JSON"),
        (b"\xff\xfe\x00", ": the answer is not JSON"),
        (b"[1]", ""),
        (None, ""),
        (SourceError("the site answered 429", hint="try again later"), ": the site answered 429; try again later"),
    ],
)
def test_without_an_answer_of_the_hub_the_card_decides(
    answer: bytes | SourceError | None, reason: str, recorded: Record, body: Body
) -> None:
    source = hf.load("hf:heron-lab/heron-small", recorded({API: answer, f"{RAW}/main/README.md": body("hf-model.md")}))
    assert source.documents[0].warnings == (f"no metadata from {API}{reason}",)
    assert (source.artifact.license, source.artifact.type, source.artifact.downloads) == ("apache-2.0", "model", None)


def test_wrong_types_in_the_answer_are_ignored(recorded: Record) -> None:
    answer = (
        b'{"sha": "../../x", "downloads": "many", "likes": -1, "tags": {"a": 1}, "cardData": [], "pipeline_tag": 3}'
    )
    source = hf.load("hf:heron-lab/heron-small", recorded({API: answer, f"{RAW}/main/README.md": b"Text."}))
    artifact = source.artifact
    assert (artifact.downloads, artifact.stars, artifact.tags, artifact.pipeline_tag) == (None, None, (), "3")


def test_a_repository_without_a_card_is_an_error(recorded: Record, body: Body) -> None:
    with pytest.raises(
        SourceError, match=r"^hf:heron-lab/heron-small: no README.md on the hub; see https://huggingface"
    ):
        hf.load("hf:heron-lab/heron-small", recorded({API: body("hf-model.json")}))


@pytest.mark.parametrize(
    "ref",
    ["hf:", "hf:/x", "hf:a/../b", "hf:..", "hf:a/b/c", "hf:datasets/a/b/c", "hf:a/%2e%2e", "hf:a b/c", "hf:a/b?x",
     "hf:a/b#x", "hf:a/b\n", "hf://a/b", "hf:a/é", "hf:.a/b", "hf:a/b@evil", "hf:a/" + "b" * 101],
)  # fmt: skip
def test_names_that_do_not_belong_into_an_address_are_refused(ref: str, recorded: Record) -> None:
    fetch = recorded({})
    with pytest.raises(SourceError, match="is not a reference; write it as hf:org/name"):
        hf.load(ref, fetch)
    assert fetch.asked == []
