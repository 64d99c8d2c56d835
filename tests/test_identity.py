"""Tests of identity: slugs, names, types and what untrusted metadata may say."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.identity import Metadata, describe, front_matter_metadata, name_of, slug_of
from decomposer.records import Artifact

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


@pytest.mark.parametrize(
    ("ref", "slug", "name"),
    [
        ("hf:org/Name-7B", "org-name-7b", "Name-7B"),
        ("hf:datasets/Org/Name.v1", "org-name.v1", "Name.v1"),
        ("hf:models/org/name", "org-name", "name"),
        ("gh:owner/repo.js", "owner-repo.js", "repo.js"),
        ("dist:PyYAML", "pyyaml", "PyYAML"),
        ("cards/openchat-3.5.md", "openchat-3.5", "openchat-3.5"),
        ("work/My Model/README.md", "my-model", "My Model"),
        ("work/tool/readme.zh-CN.md", "tool", "tool"),
        ("work/tool/MODEL_CARD.md", "tool", "tool"),
        ("work/tool/modelcard.md", "tool", "tool"),
        ("work/tool/dataset_card.md", "tool", "tool"),
        ("work/tool/index.html", "tool", "tool"),
        ("work/tool/", "tool", "tool"),
        ("README.md", "readme", "README"),
        ("https://raw.githubusercontent.com/o/tool/main/README.md", "tool", "tool"),
        ("https://example.org/cards/heron.html?lang=en#top", "heron", "heron"),
        ("https://example.org", "example.org", "example.org"),
        ("карты/Модель для речи.md", "модель-для-речи", "Модель для речи"),
        ("हिन्दी मॉडल.md", "हिन्दी-मॉडल", "हिन्दी मॉडल"),
        ("work/50%2Foff.md", "50-2foff", "50%2Foff"),
        ("../../etc/passwd", "passwd", "passwd"),
        ("..", "unnamed", "unnamed"),
        ("", "unnamed", "unnamed"),
        ("\x1b]52;c;x\x07", "52-c-x", "]52;c;x"),
    ],
)
def test_slug_and_name_come_from_the_reference(ref: str, slug: str, name: str) -> None:
    assert (slug_of(ref), name_of(ref)) == (slug, name)


@given(st.text(max_size=120))
def test_a_slug_is_legal_and_its_own_slug(ref: str) -> None:
    slug = slug_of(ref)
    assert slug_of(slug) == slug
    assert 1 <= len(slug) <= 80
    assert slug[0].isalnum()
    assert slug[-1] not in "._-"
    assert slug == slug.lower()
    assert not set(slug) & set("/\\:%?#<>&\"'` \n\t\x00")
    assert "--" not in slug


@given(st.from_regex(r"[A-Za-zİẞΣ.md_/-]{0,100}", fullmatch=True))
def test_a_slug_of_awkward_names_is_its_own_slug(ref: str) -> None:
    assert slug_of(slug_of(ref)) == slug_of(ref)


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not beside this checkout")
def test_slugs_of_the_corpus_files_are_those_of_its_index() -> None:
    lines = [json.loads(line) for line in (CORPUS / "index.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [slug_of(f"../shared/corpus/dev/{line['file']}") for line in lines] == [line["slug"] for line in lines]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"task_categories": ["qa"], "license": "mit"}, "dataset"),
        ({"sdk": "gradio", "app_file": "app.py"}, "webapp"),
        ({"sdk": "gradio"}, "repo"),
        ({"pipeline_tag": "text-generation"}, "model"),
        ({"base_model": "org/base"}, "model"),
        ({"base_model": "org/base", "library_name": "peft"}, "finetune"),
        ({"base_model": "org/base", "tags": ["LoRA"]}, "finetune"),
        ({"base_model": "org/base", "base_model_relation": "finetune"}, "finetune"),
        ({"tags": ["framework"]}, "framework"),
        ({"tags": ["mcp-server"]}, "mcp"),
        ({}, "repo"),
    ],
)
def test_the_type_follows_from_front_matter(values: dict[str, object], kind: str) -> None:
    assert describe("x", name="x", source="x", metadata=front_matter_metadata(values)).type == kind


@pytest.mark.parametrize(
    ("slug", "kind"),
    [("notion-mcp", "mcp"), ("mcpherson", "repo"), ("awesome-mcp-servers", "repo"), ("x-model-card", "model")],
)
def test_the_type_follows_from_words_of_the_slug(slug: str, kind: str) -> None:
    assert describe(slug, name=slug, source="x", metadata=Metadata()).type == kind


def test_front_matter_becomes_a_typed_artifact() -> None:
    values: dict[str, object] = {
        "pretty_name": "Heron  Notes\n",
        "license": "other",
        "license_name": "heron-licence",
        "language": "no",
        "base_model": ["org/a", "org/b", "org/a"],
        "tags": "birds",
        "pipeline_tag": "text-classification",
        "homepage": "https://example.org/heron",
        "downloads": "999999",
    }
    assert describe("heron", name="x", source="heron.md", metadata=front_matter_metadata(values)) == Artifact(
        slug="heron",
        name="Heron Notes",
        type="dataset",
        source="heron.md",
        license="heron-licence",
        language=("no",),
        base_model=("org/a", "org/b"),
        tags=("birds",),
        pipeline_tag="text-classification",
        homepage="https://example.org/heron",
    )


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "https://a b/", "ftp://x.org", "https://x.org/\u202ex", "https://", "//x.org", 7, None],
)
def test_a_link_that_is_not_plainly_of_the_web_is_left_out(link: object) -> None:
    assert Metadata.of(homepage=link).homepage is None


def test_texts_are_capped_and_lose_control_characters() -> None:
    metadata = Metadata.of(name="a\x1b[31m\x00b\ud800\n c" + "x" * 500, tags=["t" * 500, None, {"a": 1}, True, 3] * 300)
    assert metadata.name == ("a[31mb c" + "x" * 500)[:200]
    assert metadata.tags == ("t" * 200, "3")


@pytest.mark.parametrize("value", [-1, True, 1.5, "12", None, 10**30, [3]])
def test_a_count_that_is_no_count_is_left_out(value: object) -> None:
    assert Metadata.of(downloads=value, stars=value) == Metadata()


NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(
    ["license", "tags", "language", "base_model", "pipeline_tag", "title", "homepage", "library_name", "sdk"]
)


@given(st.dictionaries(KEYS, NESTED, max_size=6))
def test_any_front_matter_makes_an_artifact(values: dict[str, object]) -> None:
    artifact = describe("x", name="x", source="x", metadata=front_matter_metadata(values))
    assert Artifact.model_validate_json(artifact.model_dump_json()) == artifact


def test_metadata_is_filled_where_it_is_silent() -> None:
    said, known = Metadata(license="mit", stars=0), Metadata(license="gpl", stars=5, tags=("a",))
    assert said.filled(known) == Metadata(license="mit", stars=0, tags=("a",))
