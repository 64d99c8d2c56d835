"""What several artifacts share is listed and shown, from the command line, with hostile names made safe."""

import json
import sqlite3
from pathlib import Path

import pytest

from decomposer.settings import read_settings
from decomposer.wiring import Workspace
from decomposer.wiring.registering import BLOCK, catch_up
from tests.ports.test_registry import drafted, entry, one, record
from tests.test_cli import run

SEARCH = ("Image search", "Finds pictures that fit a text query.")
FINDING = ("Search of images", "Finds images that fit a text query.")
URI = "capability://image.visual/image-search"
HOSTILE = "\x1b]0;x\x07[bold]| `x` <b> \u202e\x9bsearch"


def filled(folder: Path, *entries: object) -> Path:
    with Workspace(read_settings({"db": str(folder / "decomposer.db")}, environ={}, folder=folder)) as workspace:
        drafted(workspace.catalog, *entries)  # type: ignore[arg-type]
    return folder


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Return a folder with a catalog of three entries, two of which share a capability."""
    return filled(
        tmp_path,
        one("lynx", SEARCH, category="image.visual"),
        one("puma", FINDING, category="image.visual", support="partial"),
        one("ibex", ("Python linting", "Checks Python code for style errors.")),
    )


def test_what_is_shared_has_a_line_each(catalog: Path) -> None:
    done = run(catalog, "list", "--shared")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "artifacts  capability                            address",
        f"2          Image search                          {URI}",
    ]


def test_what_is_shared_for_programs(catalog: Path) -> None:
    value = {
        "uri": URI,
        "name": "Image search",
        "category": "image.visual",
        "state": "active",
        "artifacts": 2,
        "members": 2,
        "definition": {"text": SEARCH[1], "entry": "lynx", "capability": "lynx/it", "support": "supported"},
    }
    assert json.loads(run(catalog, "list", "--shared", "--format", "json").stdout) == [value]
    assert json.loads(run(catalog, "list", "--shared", "--format", "jsonl").stdout) == value


def test_a_damaged_entry_is_named_and_stops_nothing(catalog: Path) -> None:
    with sqlite3.connect(catalog / "decomposer.db") as connection:
        connection.execute("UPDATE entries SET data = '{' WHERE slug = 'ibex'")
    for _ in range(2):  # it stays due
        done = run(catalog, "list", "--shared")
        assert done.exit_code == 0
        assert done.stderr.startswith("passed over: the entry 'ibex' is damaged: ")
        assert done.stderr.endswith("restore a backup\n")
        assert URI in done.stdout


def test_what_is_shared_as_markdown_is_a_table(catalog: Path) -> None:
    assert run(catalog, "list", "--shared", "--format", "md").stdout.splitlines() == [
        "| artifacts | capability | address | definition |",
        "|---|---|---|---|",
        f"| 2 | Image search | {URI.replace(':', chr(92) + ':')} | {SEARCH[1]} |",
    ]


def test_the_list_of_what_is_shared_can_be_cut_short(tmp_path: Path) -> None:
    filled(
        tmp_path,
        *(
            entry(f"t{at}", *(record(f"t{at}/{n}", f"{n} sorting") for n in ("file", "mail", "music")))
            for at in range(3)
        ),
    )
    assert run(tmp_path, "list", "--shared", "--limit", "2").stdout.count("capability://") == 2
    assert run(tmp_path, "list", "--shared").stdout.count("capability://") == 3


def test_where_nothing_is_shared_that_is_said(tmp_path: Path) -> None:
    for form, printed in (("table", ""), ("md", ""), ("json", "[]\n"), ("jsonl", "")):
        done = run(tmp_path, "list", "--shared", "--format", form)
        assert (done.exit_code, done.stdout) == (0, printed)
        assert done.stderr == "no two artifacts of the catalog share a capability\n"


def test_much_that_is_new_is_announced_on_stderr(tmp_path: Path) -> None:
    filled(tmp_path, *(one(f"t{at}", SEARCH) for at in range(BLOCK + 1)))
    done = run(tmp_path, "list", "--shared", "--format", "jsonl")
    assert done.stderr == f"bringing {BLOCK + 1} entries into the registry\n"
    assert json.loads(done.stdout)["artifacts"] == BLOCK + 1
    assert run(tmp_path, "list", "--shared", "--format", "jsonl").stderr == ""


def test_progress_is_told_before_each_block_and_at_the_end(tmp_path: Path) -> None:
    filled(tmp_path, *(one(f"t{at}", SEARCH) for at in range(BLOCK + 1)))
    told: list[tuple[int, int]] = []
    with Workspace(read_settings({"db": str(tmp_path / "decomposer.db")}, environ={}, folder=tmp_path)) as workspace:
        catch_up(workspace, lambda done, total: told.append((done, total)))
        catch_up(workspace, lambda done, total: told.append((done, total)))
    assert told == [(0, BLOCK + 1), (BLOCK, BLOCK + 1), (BLOCK + 1, BLOCK + 1)]


@pytest.mark.parametrize("wanted", [URI, URI.removeprefix("capability://"), "lynx/it", "puma/it", f" {URI} "])
def test_a_canonical_capability_is_shown_by_its_address_or_by_that_of_a_member(catalog: Path, wanted: str) -> None:
    value = json.loads(run(catalog, "show", wanted, "--format", "json").stdout)
    assert value["uri"] == URI
    assert value["aliases"] == ["Search of images"]
    assert [one["capability"] for one in value["members"]] == ["lynx/it", "puma/it"]
    assert value["members"][0] == {
        "entry": "lynx",
        "artifact": "Lynx",
        "capability": "lynx/it",
        "name": "Image search",
        "state": "proposed",
        "support": "supported",
        "agreement": 1.0,
        "like": "puma/it",
        "reasons": ["their names have the same words"],
        "decided_by": "rule",
    }


def test_it_is_shown_to_people_with_why_each_joined(catalog: Path) -> None:
    shown = run(catalog, "show", URI).stdout.splitlines()[1:]
    assert shown == [
        "Image search",
        "image.visual · 2 artifacts, 2 records",
        URI,
        "",
        SEARCH[1],
        "described by lynx/it (supported)",
        "also called  Search of images",
        "",
        "Image search  Lynx  ✓ supported",
        "   lynx/it · proposed",
        "   agrees 1.00 with the others on average",
        "   most like puma/it, decided by rules over words and concepts: their names",
        "     have the same words",
        "",
        "Search of images  Puma  ~ partly supported",
        "   puma/it · proposed",
        "   agrees 1.00 with the others on average",
        "   most like lynx/it, decided by rules over words and concepts: their names",
        "     have the same words",
        "",
    ]


def test_an_alias_shows_what_it_leads_to_and_an_empty_address_what_it_meant(catalog: Path) -> None:
    run(catalog, "list", "--shared")
    listing = ("Photo lookup", "Looks up photos by colour.")
    filled(catalog, one("lynx", listing, category="image.visual"), one("puma", listing, category="image.visual"))
    value = json.loads(run(catalog, "show", URI, "--format", "json").stdout)
    assert (value["uri"], value["addresses"]) == ("capability://image.visual/photo-lookup", [URI])
    filled(catalog, entry("lynx"), entry("puma"))
    shown = run(catalog, "show", URI).stdout
    assert "image.visual · empty: no record is of it now, its address still means it" in shown
    assert f"was at       {URI}" in shown
    assert "described by lynx/it (gone since)" in shown
    assert json.loads(run(catalog, "show", URI, "--format", "json").stdout)["members"] == []


def test_what_is_broader_and_narrower_is_shown(tmp_path: Path) -> None:
    filled(
        tmp_path,
        one("lynx", ("Fine-tuning", "Fine-tunes language models on your own data.")),
        one("puma", ("LoRA fine-tuning", "Fine-tunes language models on your own data with LoRA.")),
    )
    shown = " ".join(run(tmp_path, "show", "lynx/it").stdout.split())
    related = "capability://other/lora-fine-tuning (1 pair: lynx/it is broader than puma/it)"
    assert f"narrower LoRA fine-tuning, {related}" in shown
    page = run(tmp_path, "show", "puma/it", "--format", "md").stdout
    assert "## Broader\n\n* Fine-tuning, capability\\://other/fine-tuning \\(1 pair" in page


def test_names_and_texts_of_others_are_safe_in_every_form(tmp_path: Path) -> None:
    filled(tmp_path, *(one(slug, (HOSTILE, f"{HOSTILE}. Finds pictures.")) for slug in ("lynx", "puma")))
    for form in ("table", "json", "jsonl", "md"):
        for command in (("list", "--shared"), ("show", "lynx/it")):
            done = run(tmp_path, *command, "--format", form)
            assert done.exit_code == 0
            assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(done.stdout)
            assert form != "md" or "<b>" not in done.stdout


@pytest.mark.parametrize("wanted", ["capability://other/nothing", "lynx/nothing", "capability://", "a/b/c\x1b[0m"])
def test_what_nobody_is_called_ends_with_2_and_says_what_to_do(catalog: Path, wanted: str) -> None:
    done = run(catalog, "show", wanted)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("decomposer: no canonical capability is called ")
    assert "`decomposer list --shared` names them" in done.stderr
    assert "\x1b" not in done.stderr


def test_a_state_is_asked_of_entries_alone(catalog: Path) -> None:
    done = run(catalog, "show", URI, "--state", "accepted")
    assert done.exit_code == 2
    assert "--state is for entries." in done.stderr
