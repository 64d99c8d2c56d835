"""A manifest is valid, holds only what is known and fits one, and comes back as it was."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given, settings

from decomposer.display import display_safe
from decomposer.ports import Exporting, LeftOut
from decomposer.publish import unfragile
from decomposer.publish.wording import plain
from decomposer.records import ArtifactType, Entry, Fact, Facts, Flag, Note, Pricing
from decomposer.sources import manifest
from decomposer.sources.catalog_entries import Imported, read_entries
from tests.publishing import LONG, SPAN, TEXTS, capability, entry, exported, hostile, sentences, statement
from tests.test_cli import readme, run, script

CONDITIONS = {"bestFor", "limitations", "requires"}
RECORD = {"id", "name", "description", "intents_served", "conditions", "unique_aspect"}
ARTIFACT = {"name", "slug", "type", "maintainer", "repository", "homepage", "license"}
TOP = {"unfragile_version", "artifact", "capabilities", "pricing", "failure_modes", "execution"}


def errors(whole: Any) -> list[str]:
    """Return what makes a manifest invalid by version 1.0 of the protocol; one that is valid has none."""
    found = [f"unknown: {key}" for key in whole.keys() - TOP]
    artifact, records = whole.get("artifact") or {}, whole.get("capabilities") or []
    found += [f"unknown: artifact.{key}" for key in artifact.keys() - ARTIFACT]
    found += [f"missing: artifact.{key}" for key in ("name", "slug", "type") if not artifact.get(key)]
    found += [f"no text: artifact.{key}" for key, value in artifact.items() if not isinstance(value, str)]
    found += [] if whole.get("unfragile_version") == "1.0" else ["version"]
    found += [] if artifact.get("type") in get_args(ArtifactType) else ["type"]
    found += [] if records else ["no capability"]
    ids = [record.get("id") for record in records]
    found += [] if len(set(ids)) == len(ids) else ["an id twice"]
    models = (None, "free", "freemium", "paid", "open-source", "open_source", "unknown")
    found += [] if (whole.get("pricing") or {}).get("model") in models else ["pricing"]
    for record in records:
        found += [f"unknown: {key}" for key in record.keys() - RECORD]
        found += [f"unknown: conditions.{key}" for key in record.get("conditions", {}).keys() - CONDITIONS]
        texts = [record.get("id"), record.get("name"), record.get("description"), record.get("unique_aspect", "x")]
        found += ["no text"] if not all(isinstance(text, str) and text for text in texts) else []
        found += ["too short"] if len(str(record.get("description")).strip()) < 100 else []
        found += ["not dotted"] if str(record.get("id")).count(".") != 1 else []
        lists = [record.get("intents_served", ["x"]), *record.get("conditions", {}).values()]
        found += ["no list of texts"] if not all(one and all(isinstance(x, str) for x in one) for one in lists) else []
    return found


def page(one: Entry, facts: Facts | None = None) -> str:
    return unfragile.page(one, list(one.capabilities), facts or Facts.of(one.artifact))


@settings(deadline=None)
@given(TEXTS)
def test_any_text_gives_a_valid_manifest_that_every_reader_reads_alike(text: str) -> None:
    one = hostile(text)
    made = page(one)
    whole = yaml.safe_load(made)
    assert errors(whole) == []
    assert yaml.load(made, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) == whole
    assert manifest.read(made, "x.yml") == whole
    first = whole["capabilities"][0]
    assert first["name"] == plain(f"a {text}")
    assert first["description"] == plain(f"{text} {LONG}")
    wanted = [plain(text)] if plain(text) else None
    assert first.get("intents_served") == wanted
    assert first.get("conditions") == (
        dict.fromkeys(("bestFor", "limitations", "requires"), wanted) if wanted else None
    )


@settings(deadline=None)
@given(TEXTS)
def test_nothing_in_a_manifest_acts_on_a_terminal(text: str) -> None:
    made = page(hostile(text))
    assert display_safe(made) == made
    assert made.encode("utf-8").decode("utf-8") == made


def test_a_manifest_is_written_as_people_write_one() -> None:
    note = (Note(text="scans", evidence=(SPAN,)),)
    known = capability(
        "Read PDF", id="my-clip/read-pdf", intents=note, best_for=note, requires=note, unique=statement("Offline.")
    )
    accepted = capability("Write", "accepted", id="my-clip/write", description=statement("Long words: " + LONG))
    made = page(entry(known, accepted, slug="my-clip", license="mit", pricing=Pricing(model="open-source")))
    assert made == (
        'unfragile_version: "1.0"\n'
        "artifact:\n  name: Clip\n  slug: my-clip\n  type: repo\n  license: mit\n"
        "capabilities:\n"
        "# proposed: drafted by a program, not reviewed by a person yet\n"
        "- id: my_clip.read_pdf\n"
        "  name: Read PDF\n"
        "  description: It reads invoices as PDF or as scans, finds the fields by their place, and writes one JSON\n"
        "    object per invoice.\n"
        "  intents_served:\n  - scans\n"
        "  conditions:\n    bestFor:\n    - scans\n    requires:\n    - scans\n"
        "  unique_aspect: Offline.\n"
        "# accepted by a person\n"
        "- id: my_clip.write\n"
        "  name: Write\n"
        "  description: 'Long words: It reads invoices as PDF or as scans, finds the fields by their place, and\n"
        "    writes one JSON object per invoice.'\n"
        "pricing:\n  model: open-source\n"
    )


def test_what_is_unknown_is_not_there() -> None:
    whole = yaml.safe_load(page(entry(capability())))
    assert whole.keys() == {"unfragile_version", "artifact", "capabilities"}
    assert whole["artifact"].keys() == {"name", "slug", "type"}
    assert whole["capabilities"][0].keys() == {"id", "name", "description"}


def test_facts_go_before_what_metadata_says() -> None:
    one = entry(capability(), license="mit")
    known = {"entry": "clip", "by": "person"}
    told = {"license": "bsd", "pricing": "paid"}
    said = [Fact.model_validate({**known, "key": key, "value": value}) for key, value in told.items()]
    whole = yaml.safe_load(page(one, Facts.of(one.artifact, said)))
    assert (whole["artifact"]["license"], whole["pricing"]) == ("bsd", {"model": "paid"})


def test_records_that_do_not_fit_are_left_out_and_named(tmp_path: Path) -> None:
    flag = Flag(kind="instruction_like", text="It", note="")
    bad = capability("Bad", description=statement(flags=(flag,)))
    bare = capability("Bare", description=None)
    short = capability("Short", description=statement("It reads."))
    invented = capability("Invented", description=statement(support="unsupported"))
    cut = capability("Cut", description=sentences((LONG, "unsupported"), ("It reads.", "partial")))
    nameless = capability(" ", id="clip/x")
    without = "without what its source does not support"
    done, left_out = exported(
        unfragile.export, tmp_path, entry(bad, bare, short, invented, cut, nameless, capability()), entry(slug="stub"),
        entry(bare.model_copy(update={"id": "poor/bare"}), slug="poor"), entry(capability(state="rejected"), slug="no"),
    )  # fmt: skip
    assert [path.name for path in done.files] == ["clip.unfragile.yml", "index.unfragile.json"]
    assert left_out == [
        LeftOut("clip", "its description is flagged as instruction like", "clip/bad"),
        LeftOut("clip", "it has no description", "clip/bare"),
        LeftOut("clip", "its description has 9 characters, a manifest needs 100", "clip/short"),
        LeftOut("clip", "nothing of its description is supported by its source", "clip/invented"),
        LeftOut("clip", f"its description has 9 characters {without}, a manifest needs 100", "clip/cut"),
        LeftOut("clip", "it has no name", "clip/x"),
        LeftOut("stub", "it has no capabilities"),
        LeftOut("poor", "it has no description", "poor/bare"),
        LeftOut("poor", "no record of it fits a manifest"),
    ]  # fmt: skip
    index = json.loads((tmp_path / "index.unfragile.json").read_text())
    assert index["entries"] == [{"slug": "clip", "file": "clip.unfragile.yml", "capabilities": 1}]


@pytest.mark.parametrize(("length", "fits"), [(99, False), (100, True)])
def test_a_description_has_at_least_100_characters(tmp_path: Path, length: int, fits: bool) -> None:
    one = entry(capability(description=statement("a" * length)))
    assert bool(exported(unfragile.export, tmp_path, one)[1]) is not fits


def test_of_a_proposal_only_what_its_source_bears_out_is_published_and_of_what_was_accepted_all() -> None:
    said = sentences((LONG, "supported"), ("It reads minds.", "unsupported"), ("It is fast.", "vendor_claim"))
    unseen = (Note(text="no evidence"),)
    proposed = capability(description=said, unique=statement("Best.", "unsupported"), intents=unseen)
    accepted = proposed.model_copy(update={"state": "accepted", "id": "clip/two"})
    one, two = yaml.safe_load(page(entry(proposed, accepted)))["capabilities"]
    assert one == {"id": "clip.reading", "name": "Reading", "description": f"{LONG} It is fast."}
    assert two["description"] == f"{LONG} It reads minds. It is fast."
    assert (two["unique_aspect"], two["intents_served"]) == ("Best.", ["no evidence"])


def test_ids_are_dotted_and_none_stands_twice() -> None:
    ids = ("gpt-4.1/a-b", "gpt-4.1/a_b", "gpt-4.1/!", "gpt-4.1/हिन्दी", "elsewhere/x.y")
    made = yaml.safe_load(page(entry(*(capability(id=one) for one in ids), slug="gpt-4.1")))
    assert [one["id"] for one in made["capabilities"]] == [
        "gpt_4_1.a_b", "gpt_4_1.a_b_2", "gpt_4_1.unnamed", "gpt_4_1.हिन्दी", "gpt_4_1.elsewhere_x_y",
    ]  # fmt: skip


def test_a_manifest_that_is_no_longer_valid_goes(tmp_path: Path) -> None:
    (tmp_path / "mine.unfragile.yml").write_text("mine")
    exported(unfragile.export, tmp_path, entry(capability()), entry(capability(), slug="other"))
    done, _ = exported(
        unfragile.export, tmp_path, entry(capability(description=None)), entry(capability(), slug="other")
    )
    assert [path.name for path in done.written] == ["index.unfragile.json"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "index.unfragile.json", "mine.unfragile.yml", "other.unfragile.yml",
    ]  # fmt: skip


def test_what_was_exported_is_imported_as_it_was(tmp_path: Path) -> None:
    notes = (Note(text="for scans", evidence=(SPAN,)), Note(text="at night", evidence=(SPAN,)))
    lists: dict[str, Any] = dict.fromkeys(("intents", "best_for", "limitations", "requires"), notes)
    one = entry(
        capability("Read: PDF", unique=statement("Only it."), **lists), capability("null"), name="A: b",
        license="mit", maintainer="Ann", repository="https://github.com/org/clip", homepage="https://example.org/",
        pricing=Pricing(model="freemium"),
    )  # fmt: skip
    unfragile.export(iter([one]), tmp_path, Exporting())
    (read,) = read_entries(tmp_path / "clip.unfragile.yml")
    assert isinstance(read, Imported)
    assert read.notes == ()
    artifact = read.entry.artifact
    kept = ("slug", "name", "type", "license", "maintainer", "repository", "homepage", "pricing")
    assert {key: getattr(artifact, key) for key in kept} == {key: getattr(one.artifact, key) for key in kept}
    for before, after in zip(one.capabilities, read.entry.capabilities, strict=True):
        assert after.name == before.name
        assert {field: said.text for field, said in after.statements()} == {
            field: said.text for field, said in before.statements()
        }
        for name in lists:
            assert [note.text for note in getattr(after, name)] == [note.text for note in getattr(before, name)]


def test_the_command_names_what_it_leaves_out(tmp_path: Path) -> None:
    run(tmp_path, "draft", readme(tmp_path), "--model", script(tmp_path))
    done = run(tmp_path, "export", "out", "--as", "unfragile")
    assert (done.exit_code, done.stdout.splitlines()) == (0, [str(Path("out/index.unfragile.json"))])
    assert done.stderr == (
        "left out: papertrail/invoices-to-json: nothing of its description is supported by its source\n"
        "left out: papertrail: no record of it fits a manifest\n"
        "1 record and 1 entry left out\n"
        "1 file written\n"
    )
    assert run(tmp_path, "export", "out", "--as", "unfragile").stderr.endswith("\n0 files written, 1 unchanged\n")


def test_what_was_imported_without_its_source_is_left_out_with_the_next_step(tmp_path: Path) -> None:
    """Nothing was checked: whoever exports is told so, and that a person can stand for it."""
    unfragile.export(iter([entry(capability("Read PDF", state="accepted"))]), tmp_path / "in", Exporting())
    assert run(tmp_path, "import", str(tmp_path / "in" / "clip.unfragile.yml")).exit_code == 0
    done = run(tmp_path, "export", "out", "--as", "unfragile")
    assert "clip/read-pdf: its source was not read, so nothing of its description is checked\n" in done.stderr
    assert "; draft it from its source, or accept what you stand for: decomposer accept ID --with" in done.stderr
    assert run(tmp_path, "accept", "clip/read-pdf", "--with", "description").exit_code == 0
    run(tmp_path, "export", "out", "--as", "unfragile")
    assert (tmp_path / "out" / "clip.unfragile.yml").is_file()
