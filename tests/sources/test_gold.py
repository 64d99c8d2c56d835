"""A gold set is read whole or not at all: a malformed file and a missing document are named."""

import json
from pathlib import Path
from typing import Any

import pytest

from decomposer.errors import SourceError
from decomposer.sources.gold import read_gold

CHECKOUT = Path(__file__).parents[2]
CAPABILITY = {"name": "Reading", "importance": "must", "evidence": ["It reads PDF."]}


def gold(folder: Path, slug: str = "thing", *, file: str = "", **keys: Any) -> Path:
    folder.mkdir(exist_ok=True)
    written = {"slug": slug, "capabilities": [CAPABILITY], **keys}
    (folder / f"{file or slug}.json").write_text(json.dumps(written), encoding="utf-8")
    return folder


def test_each_gold_file_comes_with_its_document(tmp_path: Path) -> None:
    (tmp_path / "b.rst").write_text("x")
    (tmp_path / "a").mkdir()
    folder = gold(gold(tmp_path / "gold", "b"), "a", file="z", what_it_is="ignored")
    assert [(one.slug, path) for one, path in read_gold(folder, tmp_path)] == [
        ("a", tmp_path / "a"),
        ("b", tmp_path / "b.rst"),
    ]


def test_the_gold_of_the_samples_has_quotes_that_stand_in_them() -> None:
    found = read_gold(CHECKOUT / "samples" / "gold", CHECKOUT / "samples")
    assert [one.slug for one, _ in found] == ["fernhollow-base", "mozheng-ocr", "pebblesort", "tallowick"]
    for one, folder in found:
        text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.md"))
        assert [quote for each in one.capabilities for quote in each.evidence if quote not in text] == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "thing.json: not a gold file (Invalid JSON: EOF while parsing an object"),
        ("[]", "thing.json: not a gold file (Input should be an object)"),
        ('{"slug": "thing"}', "thing.json: not a gold file (capabilities: Field required)"),
        (
            '{"slug": "thing", "capabilities": [{"name": "A", "importance": "must", "evidence": []}]}',
            "thing.json: not a gold file (capabilities.0.evidence: Tuple should have at least 1 item",
        ),
        (
            '{"slug": "thing", "capabilities": [{"name": "A", "importance": "high", "evidence": ["a"]}]}',
            "thing.json: not a gold file (capabilities.0.importance: Input should be 'must' or 'nice')",
        ),
    ],
)
def test_a_malformed_gold_file_is_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "thing.json").write_text(content)
    (tmp_path / "thing.md").write_text("x")
    with pytest.raises(SourceError) as caught:
        read_gold(tmp_path, tmp_path)
    assert message in str(caught.value)


@pytest.mark.parametrize("slug", ["thing", "../thing", "..", "a/b"])
def test_a_missing_document_is_named(tmp_path: Path, slug: str) -> None:
    (tmp_path.parent / "thing.md").write_text("x")
    folder = gold(tmp_path / "gold", slug, file="thing")
    with pytest.raises(SourceError) as caught:
        read_gold(folder, tmp_path)
    assert f"thing.json: its document {slug!r} is not in {tmp_path}" in str(caught.value)


def test_two_documents_of_one_name_and_two_gold_files_of_one_slug_are_told(tmp_path: Path) -> None:
    folder = gold(tmp_path / "gold")
    (tmp_path / "thing.md").write_text("x")
    (tmp_path / "thing.txt").write_text("x")
    with pytest.raises(SourceError, match=r"thing\.md and thing\.txt in .* are both called 'thing'"):
        read_gold(folder, tmp_path)
    (tmp_path / "thing.txt").unlink()
    with pytest.raises(SourceError, match=r"thing\.json: another gold file has the slug 'thing' too"):
        read_gold(gold(folder, file="again"), tmp_path)


def test_a_folder_without_gold_and_a_missing_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no gold files"):
        read_gold(tmp_path, tmp_path)
    with pytest.raises(SourceError, match=r"none: no such folder"):
        read_gold(tmp_path, tmp_path / "none")
