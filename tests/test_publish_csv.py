"""The table has a row a capability, reads back as it was said, and no cell of it is calculated."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decomposer.display import display_safe, one_line
from decomposer.errors import CatalogError
from decomposer.ports import LeftOut
from decomposer.publish import csv as table
from decomposer.records import Entry, Flag
from tests.publishing import LONG, SPAN, TEXTS, capability, entry, exported, hostile, statement
from tests.test_cli import readme, run, script


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / table.NAME).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def unguarded(cell: str) -> str:
    """Return what a cell said before it was guarded."""
    return cell[1:] if re.match(r"'+[=+\-@\t\r\n＝＋－＠]", cell) else cell


def test_a_row_says_all_of_a_capability_on_one_line(tmp_path: Path) -> None:
    flag = Flag(kind="number", text="It", note="")
    said = statement('It says "hi",\nand  more', "partial", flags=(flag,))
    accepted = capability("Writing", "accepted", description=None, unique=said)
    exported(table.export, tmp_path, entry(capability(), accepted))
    columns = "entry,artifact,id,name,category,state,description,unique,vs_alternatives,description_support,"
    assert (tmp_path / table.NAME).read_bytes().decode("utf-8") == (
        f"{columns}unique_support,vs_alternatives_support,flags,evidence,sources\r\n"
        f'clip,Clip,clip/reading,Reading,other,proposed,"{LONG}",,,supported,,,,1,docs/README.md\r\n'
        'clip,Clip,clip/writing,Writing,other,accepted,,"It says ""hi"", and more",,,partial,,number,1,'
        "docs/README.md\r\n"
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS)
def test_any_text_reads_back_and_no_cell_is_a_formula(tmp_path: Path, text: str) -> None:
    exported(table.export, tmp_path, hostile(text))
    content = (tmp_path / table.NAME).read_bytes().decode("utf-8")
    assert content.endswith("\r\n")
    assert display_safe(content) == content.replace("\r\n", "\n")
    one, two = rows(tmp_path)
    assert unguarded(one["description"]) == one_line(f"{text} {LONG}")
    assert unguarded(one["unique"]) == one_line(text or "x")
    assert unguarded(two["name"]) == one_line(text if text.split() else "x")
    cells = [*one.values(), *two.values()]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


@given(st.text(st.sampled_from("'=+-@\t\r\n＝a")))
def test_the_apostrophe_can_be_taken_away_again(text: str) -> None:
    assert unguarded(table.guarded(text)) == text
    assert not table.guarded(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))


def test_rejected_records_and_dropped_fields_have_no_row_and_no_cell(tmp_path: Path) -> None:
    dropped = capability("A", "accepted", unique=statement("It is the best."), dropped=("unique",))
    disputed = capability("B", "accepted", disputed=True)
    hidden = [capability("C", "rejected"), capability("D", "retired")]
    _, left_out = exported(table.export, tmp_path, entry(dropped, disputed, *hidden), entry(slug="stub"))
    assert [(row["name"], row["state"], row["unique"]) for row in rows(tmp_path)] == [
        ("A", "accepted", ""),
        ("B", "proposed", ""),
    ]
    assert left_out == [LeftOut("stub", "it has no capabilities")]


def test_evidence_counts_places_and_sources_name_documents_that_are_cited(tmp_path: Path) -> None:
    far = SPAN.model_copy(update={"start": 5, "end": 9})
    lost = SPAN.model_copy(update={"document": 7})
    exported(table.export, tmp_path, entry(capability(unique=statement("x", evidence=(SPAN, far, lost)))))
    assert [(row["evidence"], row["sources"]) for row in rows(tmp_path)] == [("3", "docs/README.md")]


def test_a_table_that_would_be_the_same_is_not_written(tmp_path: Path) -> None:
    first, _ = exported(table.export, tmp_path, entry(capability()))
    inode = (tmp_path / table.NAME).stat().st_ino
    again, _ = exported(table.export, tmp_path, entry(capability()))
    assert (first.written, again.written, again.files) == (first.files, [], first.files)
    assert (tmp_path / table.NAME).stat().st_ino == inode


def test_a_catalog_that_breaks_off_leaves_the_table_as_it_was(tmp_path: Path) -> None:
    exported(table.export, tmp_path, entry(capability()))
    before = (tmp_path / table.NAME).read_bytes()

    def broken() -> Iterator[Entry]:
        yield entry(capability("Other"))
        raise CatalogError("gone")

    with pytest.raises(CatalogError, match="gone"):
        table.export(broken(), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {table.NAME: before}


def test_the_command_writes_what_was_accepted_alone(tmp_path: Path) -> None:
    run(tmp_path, "draft", readme(tmp_path), "--model", script(tmp_path))
    assert run(tmp_path, "export", "out", "--as", "csv").stdout == f"{Path('out/capabilities.csv')}\n"
    assert [row["state"] for row in rows(tmp_path / "out")] == ["proposed"]
    run(tmp_path, "export", "out", "--as", "csv", "--state", "accepted")
    assert rows(tmp_path / "out") == []
