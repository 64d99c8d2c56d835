"""Catalog texts are read from claims, entries, manifests and pages; files that are none of them are told."""

import json
from pathlib import Path
from typing import Any

import pytest

from decomposer.errors import SourceError
from decomposer.sources.catalog_texts import CatalogText, read_catalog_texts
from tests.sources.test_compare_page import page
from tests.test_publish import capability, entry, statement

MANIFEST = """\
unfragile_version: "1.0"
artifact:
  name: papertrail
  type: cli
capabilities:
  - id: papertrail.read
    name: reads invoices
    description: Turns invoices into JSON. Needs one core.
    intents_served: [I need to read invoices]
    unique_aspect: "null"
  - name: searches
    description: >-
      Full-text search
      over everything.
    unique_aspect: ~
pricing:
  model: open-source
"""


def texts(folder: Path, content: str | bytes, *, name: str = "file.json") -> list[CatalogText]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_catalog_texts(path)


def test_json_lines_are_claims_in_their_order(tmp_path: Path) -> None:
    claims = [CatalogText("It reads PDF. Fast."), CatalogText(""), CatalogText("It reads PDF.")]
    lines = [json.dumps({"text": claim.text, "other": 1}) for claim in claims]
    assert texts(tmp_path, "\n".join(lines) + "\n\n") == claims
    assert texts(tmp_path, lines[0]) == claims[:1]
    assert texts(tmp_path, f"[{','.join(lines)}]") == claims
    assert texts(tmp_path, "", name="none.jsonl") == []


def test_line_ends_inside_texts_do_not_end_a_claim(tmp_path: Path) -> None:
    text = "one\u2028two\u0085three"
    lines = json.dumps({"text": text}, ensure_ascii=False) + "\r\n" + json.dumps({"text": "four"}) + "\r\n"
    assert texts(tmp_path, lines) == [CatalogText(text), CatalogText("four")]


def test_entries_give_the_fields_that_say_something(tmp_path: Path) -> None:
    made = entry(
        capability(name="A", description=statement("Reads PDF."), unique=statement("Alone.")),
        capability(name="B", description=None, vs_alternatives=statement("Faster than X.")),
    )
    one = made.model_dump(mode="json")
    expected = [
        CatalogText("Reads PDF.", made.artifact.name, "A", "description", 1),
        CatalogText("Alone.", made.artifact.name, "A", "unique", 1),
        CatalogText("Faster than X.", made.artifact.name, "B", "vs_alternatives", 2),
    ]
    assert texts(tmp_path, json.dumps(one)) == expected
    twice = texts(tmp_path, json.dumps([one, one]))
    assert twice[:3] == expected
    assert [said.record for said in twice] == [1, 1, 2, 3, 3, 4]
    assert texts(tmp_path, f"{json.dumps(one)}\n{json.dumps(one)}\n") == twice
    assert texts(tmp_path, "[]") == []


def test_a_manifest_gives_description_and_unique_aspect(tmp_path: Path) -> None:
    assert texts(tmp_path, MANIFEST, name="unfragile.yml") == [
        CatalogText("Turns invoices into JSON. Needs one core.", "papertrail", "reads invoices", "description", 1),
        CatalogText("null", "papertrail", "reads invoices", "unique", 1),
        CatalogText("Full-text search over everything.", "papertrail", "searches", "description", 2),
    ]


def test_a_page_is_recognised_by_what_stands_in_it(tmp_path: Path) -> None:
    assert len(texts(tmp_path, page(2, 2), name="page")) == 12


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        ("# A README\n", "README.md", "README.md: not recognised as a catalog text; pass JSON lines of"),
        ("", "empty.txt", "empty.txt: not recognised as a catalog text"),
        (b"\x89PNG\r\n\x1a\n", "page.txt", "page.txt: this is a PNG image, not text"),
        ('{"text": "a"}\n{"text": \n', "c.jsonl", "c.jsonl: line 2 is not valid JSON (Expecting value"),
        ('{"text": "a"}\n{"claim": "b"}\n', "c.jsonl", "c.jsonl: line 2 is not a claim"),
        ('{"text": 3}', "c.jsonl", "c.jsonl: not a claim or an entry (text: Input should be a valid string)"),
        ("{", "c.json", "c.json: not valid JSON (Expecting property name"),
        ("[" * 100_000, "c.json", "c.json: not valid JSON"),
        ("[3]", "c.json", "c.json: item 1 is not a claim or an entry"),
        ('{"artifact": {"name": "x"}}', "c.json", "c.json: not a claim or an entry (capabilities: Field required)"),
        ("a: &x [1]\nb: *x\n", "m.yml", "m.yml: not a manifest that can be read (YAML aliases are not accepted)"),
        ("[" * 1000, "m.yml", "m.yml: not a manifest that can be read (nested deeper than 20 levels)"),
        ("a: [1\nb: 2", "m.yaml", "m.yaml: not a manifest that can be read (line 2: "),
        ("a: 1\n---\nb: 2\n", "m.yml", "m.yml: not one YAML mapping"),
        ("artifact: x\ncapabilities: []\n", "m.yml", "m.yml: not a claim or an entry (artifact: Input should be"),
        ("a" * (1024 * 1024 + 1), "m.yml", "m.yml: larger than 1 MB"),
    ],
)
def test_a_file_that_is_none_of_them_is_told(tmp_path: Path, content: Any, name: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        texts(tmp_path, content, name=name)
    assert message in str(caught.value)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.json: can't be read \(No such file or directory\)"):
        read_catalog_texts(tmp_path / "none.json")
    with pytest.raises(SourceError, match="this is a folder; name the file"):
        read_catalog_texts(tmp_path)
