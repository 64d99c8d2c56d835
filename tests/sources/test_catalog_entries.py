"""Existing entries are read from our JSON, manifests and compare pages, as values that nobody has to trust."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from decomposer.errors import SourceError
from decomposer.records import Entry, Note
from decomposer.sources.catalog_entries import Imported, read_entries
from tests.sources.test_catalog_texts import MANIFEST
from tests.sources.test_compare_page import REFERENCE, page
from tests.test_publish import capability, entry

ENTRY = entry(capability(state="accepted"))


def value(made: Entry = ENTRY, **artifact: Any) -> dict[str, Any]:
    """Return the JSON of an entry, some of what it says of its artifact changed."""
    plain: dict[str, Any] = made.model_dump(mode="json")
    plain["artifact"] |= artifact
    return plain


def read(folder: Path, content: object, *, name: str = "file.json") -> list[Imported | SourceError]:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return list(read_entries(path))


def entries(found: Sequence[Imported | SourceError]) -> list[Entry]:
    assert [str(one) for one in found if isinstance(one, SourceError)] == []
    return [one.entry for one in found if isinstance(one, Imported)]


@pytest.mark.parametrize("many", [False, True])
def test_our_json_keeps_all_it_says(tmp_path: Path, many: bool) -> None:
    assert entries(read(tmp_path, [value(), value()] if many else value())) == [ENTRY] * (1 + many)


def test_json_lines_go_on_after_a_bad_one(tmp_path: Path) -> None:
    lines = "\n".join([json.dumps(value()), "{", "", json.dumps({"artifact": 3}), json.dumps(value())])
    first, bad, worse, last = read(tmp_path, lines, name="all.jsonl")
    assert isinstance(first, Imported)
    assert first.entry == ENTRY
    assert "all.jsonl: line 2 is not valid JSON" in str(bad)
    assert "all.jsonl: line 4 is not a claim or an entry (artifact" in str(worse)
    assert isinstance(last, Imported)
    assert last.place.endswith("all.jsonl: line 5")


def test_the_index_of_an_export_holds_no_entries_and_is_no_failure(tmp_path: Path) -> None:
    assert read(tmp_path, {"generator": "decomposer", "entries": []}, name="index.json") == []


def test_a_key_that_nobody_knows_is_told_with_its_place(tmp_path: Path) -> None:
    (wrong,) = read(tmp_path, value() | {"extra": 1})
    assert "file.json: not a claim or an entry (extra: Extra inputs are not permitted)" in str(wrong)


def test_a_slug_that_can_not_be_one_becomes_one(tmp_path: Path) -> None:
    (found,) = read(tmp_path, value(slug="../../Etc Passwd"))
    assert isinstance(found, Imported)
    assert found.entry.artifact.slug == "etc-passwd"
    assert "can't be a slug" in found.notes[0]


@pytest.mark.parametrize("source", ["/etc/passwd", "../../secret.md", "~/notes.md", "a/../../b.md", "C\\..\\..\\x"])
def test_a_file_that_somebody_else_chose_is_no_source(tmp_path: Path, source: str) -> None:
    (found,) = read(tmp_path, value(source=source))
    assert isinstance(found, Imported)
    assert found.entry.artifact.source == "imported:clip"
    assert "name it with --source" in found.notes[0]


def test_a_manifest_becomes_proposals_without_evidence(tmp_path: Path) -> None:
    (found,) = entries(read(tmp_path, MANIFEST, name="unfragile.yml"))
    artifact = found.artifact
    assert (artifact.slug, artifact.name, artifact.type) == ("papertrail", "papertrail", "cli")
    assert (artifact.source, artifact.pricing.model) == ("imported:papertrail", "open-source")
    assert (found.documents, found.run.model, found.run.prompt) == ((), "imported", "unfragile.yml")
    first, second = found.capabilities
    assert (first.name, first.state, first.id) == ("reads invoices", "proposed", "")
    assert first.description is not None
    assert (first.description.text, first.description.support, first.description.evidence) == (
        "Turns invoices into JSON. Needs one core.", "unsupported", (),
    )  # fmt: skip
    assert first.intents == (Note(text="I need to read invoices"),)
    assert first.unique is not None  # a quoted "null" is a text
    assert second.unique is None
    assert (first.provenance.model, first.provenance.prompt) == ("imported", "unfragile.yml")


@pytest.mark.parametrize(
    ("link", "source"),
    [
        ("https://github.com/org/papertrail", "gh:org/papertrail"),
        ("https://www.github.com/org/papertrail.git", "gh:org/papertrail"),
        ("https://huggingface.co/org/papertrail/", "hf:org/papertrail"),
        ("https://huggingface.co/datasets/org/papertrail", "hf:datasets/org/papertrail"),
        ("https://papertrail.example/", "imported:papertrail"),
        ("javascript:alert(1)", "imported:papertrail"),
    ],
)
def test_a_repository_is_kept_and_one_on_a_hub_is_the_source(tmp_path: Path, link: str, source: str) -> None:
    said = {"artifact": {"name": "papertrail", "repository": link}, "capabilities": []}
    (found,) = entries(read(tmp_path, said))
    assert found.artifact.source == source
    assert found.artifact.repository == (link if link.startswith("https:") else None)


def test_what_is_too_long_is_cut_and_what_says_nothing_is_left_out(tmp_path: Path) -> None:
    capabilities = [{"name": "x" * 500, "description": "y" * 5000, "requires": ["a", "a", None]}, {"description": " "}]
    (found,) = read(tmp_path, {"artifact": {"name": "big", "type": "spaceship"}, "capabilities": capabilities})
    assert isinstance(found, Imported)
    (kept,) = found.entry.capabilities
    assert (len(kept.name), kept.requires, found.entry.artifact.type) == (120, (Note(text="a"),), "repo")
    assert kept.description is not None
    assert len(kept.description.text) == 2000
    assert found.notes == (
        "texts over 2,000 characters were cut",
        "texts over 120 characters were cut",
        "a capability without a name and a text was left out",
    )


def test_a_page_is_two_entries(tmp_path: Path) -> None:
    left, right = entries(read(tmp_path, page(2, 1), name="page.txt"))
    assert [one.artifact.slug for one in (left, right)] == ["papertrail", "scanwise"]
    assert [one.artifact.type for one in (left, right)] == ["repo", "model"]
    assert [one.name for one in left.capabilities] == ["L0 does one thing", "L1 does one thing"]
    assert [field for field, _ in left.capabilities[0].statements()] == ["description", "unique", "vs_alternatives"]
    assert left.run.prompt == "compare-page"


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference pages are not beside this checkout")
def test_every_reference_page_gives_two_entries_with_capabilities() -> None:
    for path in sorted(REFERENCE.glob("*.txt")):
        found = entries(list(read_entries(path)))
        assert len(found) == 2, path.name
        assert all(one.capabilities for one in found), path.name


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        ("", "empty.json", "holds no entries"),
        ("[" * 100_000, "deep.json", "not valid JSON"),
        ("just prose\n", "notes.txt", "not recognised as a catalog text"),
        ("a: &x [1]\nb: *x\n", "m.yml", "YAML aliases are not accepted"),
    ],
)
def test_a_file_without_entries_is_told(tmp_path: Path, content: str, name: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(tmp_path, content, name=name)
    assert message in str(caught.value)


def test_more_capabilities_than_anybody_has_are_refused(tmp_path: Path) -> None:
    said = {"artifact": {"name": "many"}, "capabilities": [{"name": str(n)} for n in range(1001)]}
    (wrong,) = read(tmp_path, said)
    assert "List should have at most 1000 items" in str(wrong)
