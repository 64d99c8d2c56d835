"""`decomposer audit` says of each sentence of a catalog text what the source supports, in a form that stays."""

import json
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from decomposer.cli.auditing import chosen, rows, shown, summary
from decomposer.cli.screen import Screen
from decomposer.errors import UsageError
from decomposer.records import Evidence, Flag, Source, Support
from decomposer.sources.catalog_texts import CatalogText
from tests.making import source
from tests.sources.test_catalog_texts import MANIFEST
from tests.sources.test_compare_page import page
from tests.test_cli import readme, run

SHARED = Path(__file__).parents[2] / "shared"
KEYS = ["text", "support", "score", "evidence", "flags", "reason"]
TEXT = "# thing\n\nIt reads scans.\n"


@dataclass(frozen=True)
class Found:
    """What an audit says: a stand-in with the verdict that a test wants."""

    support: Support = "supported"
    score: float = 0.98765
    evidence: tuple[Evidence, ...] = ()
    flags: tuple[Flag, ...] = ()
    reason: str = ""


def audit(claim: str) -> Any:
    if "40" in claim:
        flag = Flag(kind="number", text="40", note="not in the source")
        return Found("unsupported", 0.1, flags=(flag,), reason="40: not in the source\x1b[2J")
    start = TEXT.index("It reads scans.")
    return Found(evidence=(Evidence(document=0, start=start, end=start + 15, quote="It reads scans.", how="exact"),))


def said(text: str = "It reads scans. It reads 40 pages.", *, artifact: str = "thing", record: int = 1) -> CatalogText:
    return CatalogText(text, artifact, "Reading", "description", record)


def about(slug: str) -> Source:
    return source(TEXT, slug=slug)


# --- rows


def test_a_text_has_a_row_a_sentence_and_a_claim_one_row() -> None:
    assert [row.text for row in rows([said()], audit)] == ["It reads scans.", "It reads 40 pages."]
    assert [row.text for row in rows([CatalogText("It reads. It writes.")], audit)] == ["It reads. It writes."]


def test_a_row_has_the_promised_keys_in_their_order() -> None:
    first, second = (row.value() for row in rows([said()], audit))
    assert list(first) == ["artifact", "capability", "field", *KEYS]
    assert first["evidence"] == [
        {"document": 0, "start": 9, "end": 24, "quote": "It reads scans.", "how": "exact", "score": 1.0}
    ]
    assert second["flags"] == [{"kind": "number", "text": "40", "note": "not in the source"}]
    (claim,) = rows([CatalogText("It reads.")], audit)
    assert list(claim.value()) == KEYS
    assert claim.value()["score"] == 0.9877


# --- which artifact


BOTH = [said(artifact="Google: Flash 2.0"), said(artifact="Dreambooth-Stable-Diffusion", record=2)]


@pytest.mark.parametrize("wanted", ["Dreambooth-Stable-Diffusion", "dreambooth stable diffusion", "dreambooth"])
def test_a_side_is_chosen_by_its_name_or_a_part_of_it(wanted: str) -> None:
    assert chosen(BOTH, about("other"), wanted) == (BOTH[1:], "")


@pytest.mark.parametrize("wanted", ["Midjourney", "", "dream"])
def test_a_name_that_no_side_has_is_told_with_those_that_there_are(wanted: str) -> None:
    with pytest.raises(UsageError, match=r"it has: Google: Flash 2\.0, Dreambooth-Stable-Diffusion"):
        chosen(BOTH, about("other"), wanted)


def test_the_side_whose_name_fits_the_source_is_audited() -> None:
    texts, note = chosen(BOTH, about("xavierxiao-dreambooth"), None)
    assert texts == BOTH[1:]
    assert note.startswith("auditing Dreambooth-Stable-Diffusion, whose name fits; the file has Google: Flash 2.0, ")


def test_both_sides_are_audited_where_no_name_fits() -> None:
    texts, note = chosen(BOTH, about("readme"), None)
    assert texts == BOTH
    assert note.startswith("no name fits readme: auditing all of Google: Flash 2.0, Dreambooth-Stable-Diffusion;")


def test_one_artifact_and_bare_claims_leave_no_choice() -> None:
    assert chosen(BOTH[:1], about("readme"), None) == (BOTH[:1], "")
    claim = [CatalogText("It reads.")]
    assert chosen(claim, about("readme"), None) == (claim, "")
    assert chosen(claim, about("readme"), "x") == (claim, "--artifact is not needed: bare claims name no artifact")


# --- for people


def printed(texts: list[CatalogText]) -> str:
    file = StringIO()
    for record in shown(list(rows(texts, audit)), about("thing")):
        record.table(Screen(file))
    return file.getvalue()


def test_a_record_shows_what_is_supported_by_which_lines_and_what_is_not() -> None:
    assert printed([said()]) == (
        "Reading  thing\n"
        "   2 sentences: 1 supported, 1 not supported\n"
        "   description\n"
        "     ✓ It reads scans.\n"
        "     │ line 3  “It reads scans.”\n"
        "     ✗ It reads 40 pages.\n"
        "       40: not in the source\\u001b[2J\n"
        "     ! number “40”: not in the source\n"
        "\n"
    )


def test_records_are_shown_one_by_one_and_claims_together() -> None:
    assert printed([said(), said(record=2)]).count("Reading  thing\n") == 2
    assert printed([CatalogText("It reads."), CatalogText("It writes.")]).startswith("   2 claims: 2 supported\n")


def test_as_markdown_a_record_is_a_table_and_data_is_no_markup() -> None:
    (record,) = shown(list(rows([said("It reads scans | <b>fast</b>")], audit)), about("thing"))
    lines = record.md().splitlines()
    assert lines[0] == "## Reading (thing)"
    assert lines[-1].count(" | ") == 4
    assert "<b>" not in lines[-1]


def test_the_summary_counts() -> None:
    assert summary(list(rows([said(), said(record=2)], audit))) == (
        "4 sentences in 2 records audited: 2 supported, 2 not supported"
    )
    assert summary([]) == "nothing to audit: the file has no texts"


# --- the command


def audited(folder: Path, content: str, *args: str, name: str = "file.jsonl") -> Any:
    (folder / name).write_text(content, encoding="utf-8")
    done = run(folder, "audit", name, "--source", readme(folder), "--format", "json", *args)
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_claims_come_back_in_their_order_whatever_the_verdicts(tmp_path: Path) -> None:
    claims = ["It reads 90 pages a minute. It is slow.", "papertrail turns scanned invoices into JSON records", "", "?"]
    found = audited(tmp_path, "".join(json.dumps({"text": claim}) + "\n" for claim in claims))
    assert [row["text"] for row in found] == claims
    assert all(list(row) == KEYS for row in found)
    assert [row["support"] for row in found][:2] == ["unsupported", "supported"]
    assert found[1]["evidence"][0]["quote"]
    assert all(flag["text"] in row["text"] for row in found for flag in row["flags"])


def test_one_claim_is_a_list_too_and_no_claim_an_empty_one(tmp_path: Path) -> None:
    assert len(audited(tmp_path, '{"text": "It reads."}')) == 1
    assert audited(tmp_path, "") == []


def test_entries_manifests_and_pages_give_one_row_a_sentence(tmp_path: Path) -> None:
    drafted = run(tmp_path, "draft", readme(tmp_path), "--model", "extractive", "--no-save", "--format", "json").stdout
    entry = json.loads(drafted)
    found = audited(tmp_path, drafted, name="entry.json")
    fields = (item[name] for item in entry["capabilities"] for name in ("description", "unique", "vs_alternatives"))
    assert len(found) == sum(len(field["sentences"]) for field in fields if field)
    assert {row["support"] for row in found} <= {"supported", "vendor_claim"}
    assert [row["field"] for row in audited(tmp_path, MANIFEST, name="unfragile.yml")] == [
        *["description"] * 2, "unique", "description",
    ]  # fmt: skip
    assert {row["artifact"] for row in audited(tmp_path, page(9, 9), name="page.txt")} == {"Papertrail"}
    both = audited(tmp_path, page(9, 9), "--artifact", "scanwise", name="page.txt")
    assert {row["artifact"] for row in both} == {"Scanwise"}
    assert len({row["capability"] for row in both}) == 8


def test_evidence_of_several_documents_names_its_document(tmp_path: Path) -> None:
    (tmp_path / "thing").mkdir()
    (tmp_path / "thing" / "model_card.md").write_text("# thing\n\nIt sorts pebbles by colour.\n")
    (tmp_path / "thing" / "README.md").write_text("# thing\n\nIt weighs feathers in the dark.\n")
    (tmp_path / "claims.jsonl").write_text('{"text": "It weighs feathers in the dark."}\n{"text": "It sorts pebbles."}')
    done = run(tmp_path, "audit", "claims.jsonl", "--source", "thing", "--format", "jsonl")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["evidence"][0]["document"] for row in found] == [1, 0]


@pytest.mark.parametrize("form", ["table", "md"])
def test_what_is_printed_is_safe(tmp_path: Path, form: str) -> None:
    (tmp_path / "claims.jsonl").write_text(json.dumps({"text": "It reads\x1b]0;x\x07 scans\u202e."}))
    done = run(tmp_path, "audit", "claims.jsonl", "--source", readme(tmp_path), "--format", form)
    assert (done.exit_code, "\x1b" in done.stdout, "\u202e" in done.stdout) == (0, False, False)
    assert done.stderr.startswith("1 claim audited: ")


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("none.json", "--source", "papertrail.md"), 1, "none.json: can't be read (No such file or directory)"),
        (("papertrail.md", "--source", "papertrail.md"), 1, "papertrail.md: not recognised as a catalog text"),
        (("page.txt", "--source", "none.md"), 1, "none.md: no such file or folder"),
        (
            ("page.txt", "--source", "papertrail.md", "--artifact", "x"),
            2,
            "--artifact x: the file has no such artifact",
        ),
        (("page.txt",), 2, "Missing option '--source'"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, args: tuple[str, ...], code: int, message: str) -> None:
    readme(tmp_path)
    (tmp_path / "page.txt").write_text(page(1, 1))
    done = run(tmp_path, "audit", *args)
    assert done.exit_code == code
    assert message in done.stderr


@pytest.mark.corpus
def test_the_inventions_of_a_published_page_are_flagged(tmp_path: Path) -> None:
    reference, document = (
        SHARED / "reference" / "001_0baee433f924f4df.txt",
        SHARED / "corpus" / "dev" / "xavierxiao-dreambooth.md",
    )
    if not (reference.is_file() and document.is_file()):
        pytest.skip("needs ../shared beside the checkout")
    done = run(tmp_path, "audit", str(reference), "--source", str(document), "--format", "json")
    found = json.loads(done.stdout)
    assert {row["artifact"] for row in found} == {"Dreambooth-Stable-Diffusion"}
    assert len({row["capability"] for row in found}) == 8
    assert all(flag["text"] in row["text"] for row in found for flag in row["flags"])
    for wanted in ("40%", "50%", "mixed-precision training (FP16)", "TensorBoard", "images during training"):
        inventions = [row for row in found if wanted in row["text"]]
        assert {row["support"] for row in inventions} <= {"partial", "unsupported"}, wanted
        assert any(wanted in flag or flag in wanted for row in inventions for flag in flagged(row)), wanted


def flagged(row: Any) -> list[str]:
    """Return the words of a row that flags point at."""
    return [flag["text"].strip("~") for flag in row["flags"]]
