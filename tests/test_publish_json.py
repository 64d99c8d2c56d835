"""What is exported as JSON is enough to rank by: the points follow from it alone, and it comes in again."""

import json
from pathlib import Path

from decomposer.ports import Exporting
from decomposer.publish.json import export
from decomposer.rank import complete_facts, quality_of, rank
from decomposer.records import Entry, Fact, Matched, Measured, Norm, Norms
from decomposer.settings import Settings
from decomposer.sources.catalog_entries import Imported, read_entries
from decomposer.wiring import Workspace
from decomposer.wiring.exporting import export as publish
from decomposer.wiring.ranking import fact_log, ranked
from tests.publishing import capability, entry, hostile, statement
from tests.test_cli import run

SAMPLES = Path(__file__).parents[1] / "samples"


def test_every_rank_can_be_recomputed_from_the_export_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with Workspace(Settings(db=str(tmp_path / "catalog.db"), model="extractive", actor="ann")) as workspace:
        for name in ("tallowick", "quillmere-8b-minutes", "wrenlight-2b-router"):
            workspace.draft(workspace.load(str(SAMPLES / name)), save=True)
        for slug, stars in (("tallowick", "120"), ("quillmere-8b-minutes", "7")):
            page = "https://hub.example/page"
            fact_log(workspace).say(
                [Fact(entry=slug, key="stars", value=stars, source=page, as_of="2026-11-01", by="person")]
            )
        publish(workspace, "json", folder)
        wanted = {one.entry.artifact.slug: one.rank for one in ranked(workspace)}
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    norms = Norms.model_validate(index["norms"])
    assert len(index["entries"]) == 3
    for line in index["entries"]:
        held = Entry.model_validate_json((folder / line["file"]).read_bytes())
        measured = Measured.model_validate(line["measured"])
        again = rank(held.artifact, measured, norms)
        assert again == wanted[line["slug"]]
        assert line["rank"] == {"points": again.points, "low": again.low, "high": again.high, "as_of": norms.as_of}
        # What was counted in the entry can be counted again in the file that was published of it.
        assert complete_facts(quality_of(held), measured.facts) == measured.quality
    assert len({line["rank"]["points"] for line in index["entries"]}) > 1


def test_an_export_with_ranks_is_imported_as_before(tmp_path: Path) -> None:
    with Workspace(Settings(db=str(tmp_path / "catalog.db"), model="extractive", actor="ann")) as workspace:
        workspace.draft(workspace.load(str(SAMPLES / "tallowick")), save=True)
        publish(workspace, "json", tmp_path / "data")
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["index.json", "tallowick.json"]
    (found,) = (one for path in (tmp_path / "data").iterdir() for one in read_entries(path))
    assert isinstance(found, Imported)
    assert found.entry.artifact.slug == "tallowick"
    done = run(tmp_path, "import", *map(str, sorted((tmp_path / "data").iterdir())), "--db", "other.db")
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (0, "1 entry imported into other.db: 1 new")


def test_where_nobody_ranks_the_index_says_nothing_of_it(tmp_path: Path) -> None:
    export(iter([entry(capability())]), tmp_path)
    index = json.loads((tmp_path / "index.json").read_text())
    assert index.keys() == {"generator", "entries"}
    assert index["entries"][0].keys() == {"slug", "name", "type", "kind", "capabilities", "file"}


def test_an_export_of_nothing_is_an_empty_index(tmp_path: Path) -> None:
    export(iter([]), tmp_path)
    assert json.loads((tmp_path / "index.json").read_text()) == {"generator": "decomposer", "entries": []}


def test_hostile_texts_stay_values_and_the_pages_of_the_last_export_are_found(tmp_path: Path) -> None:
    norms = Norms(
        as_of="2026-11-21", each=(Norm(type='"file": "x.json"', key="\u202e", entries=1, most=1, mean_log=0),)
    )
    bad = hostile('"file": "other.json", \x1b]0;x\x07')
    said = {"facts": {"entry": "clip", "known": {}}, "quality": quality_of(bad), "matched": Matched(times=3)}
    measured = Measured.model_validate(said)
    exporting = Exporting(norms=lambda: norms, ranked=lambda one: (measured, rank(one.artifact, measured, norms)))
    (tmp_path / "other.json").write_text("mine")
    export(iter([bad, entry(capability(description=statement("x")), slug="gone")]), tmp_path, exporting)
    text = (tmp_path / "index.json").read_text()
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert Measured.model_validate(json.loads(text)["entries"][0]["measured"]) == measured
    export(iter([bad]), tmp_path, exporting)
    assert not (tmp_path / "gone.json").exists()
    assert (tmp_path / "other.json").read_text() == "mine"
