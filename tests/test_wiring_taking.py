"""Entries that are taken stand beside what the catalog holds, and keep their ids when they are redrafted."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from decomposer.errors import SourceError, UsageError
from decomposer.records import Capability, Entry, Pricing, Statement
from decomposer.same import stored
from decomposer.settings import Settings
from decomposer.sources.catalog_entries import Imported
from decomposer.wiring import Workspace
from decomposer.wiring.taking import Taken, join
from tests.deciding import decide as settle
from tests.test_publish import capability, entry, statement

README = """# papertrail

papertrail turns scanned invoices into JSON records.

## Features

- **Tables**: finds line items even where the table has no ruled lines
- **Search**: full-text search over everything you scanned, through SQLite
"""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "papertrail.md").write_text(README)
    with Workspace(Settings(model="extractive")) as opened:
        yield opened


def texts(*names: str, slug: str = "papertrail", source: str = "", form: str = "unfragile.yml") -> Entry:
    """Return an entry as a manifest or page gives it."""
    said = statement("It says so.", support="unsupported", evidence=())
    made = entry(*(capability(slug, name, id="", description=said) for name in names), slug=slug, name=slug)
    artifact = made.artifact.model_copy(update={"source": source or f"imported:{slug}"})
    run = made.run.model_copy(update={"model": "imported", "prompt": form})
    return made.model_copy(update={"artifact": artifact, "documents": (), "run": run})


def take(workspace: Workspace, made: Entry, *, source: str | None = None) -> Taken:
    return workspace.take(Imported("here", made), source=source)


def names(found: Entry) -> list[str]:
    return [one.name for one in found.capabilities]


def by_name(found: Entry) -> dict[str, Capability]:
    return {one.name: one for one in found.capabilities}


def decide(workspace: Workspace, slug: str, capability_id: str) -> None:
    assert settle(workspace.reviews, capability_id).stored == 1


def test_what_the_catalog_does_not_know_is_taken_as_it_is_and_again_changes_nothing(workspace: Workspace) -> None:
    accepted = entry(capability(state="accepted"), capability(name="Writing", id="clip/own-id"))
    taken = take(workspace, accepted)
    assert (taken.fate, taken.slug, taken.capabilities) == ("new", "clip", 2)
    assert workspace.entry("clip") == accepted
    assert take(workspace, accepted).fate == "unchanged"
    assert workspace.entry("clip") == accepted


@pytest.mark.parametrize("form", ["unfragile.yml", "compare-page"])
def test_texts_without_a_source_are_taken_once(workspace: Workspace, form: str) -> None:
    said = texts("Reading", "Reading", "Writing", form=form)
    assert take(workspace, said).fate == "new"
    held = workspace.entry("papertrail")
    assert [one.id for one in held.capabilities] == [
        "papertrail/reading", "papertrail/writing",
    ]  # fmt: skip
    assert [take(workspace, said).fate, take(workspace, said).slug] == ["unchanged", "papertrail"]
    assert workspace.entry("papertrail") == held


def test_a_redraft_keeps_the_ids_of_what_is_found_again_and_what_was_decided(workspace: Workspace) -> None:
    take(workspace, texts("Search", "Mind reading", "Old proposal"), source="./papertrail.md")
    decide(workspace, "papertrail", "papertrail/mind-reading")
    drafted = workspace.draft(workspace.source_of("papertrail"), save=True)
    assert drafted.artifact.slug == "papertrail"
    found = by_name(drafted)
    assert found["Search"].id == "papertrail/search"
    assert found["Search"].description is not None
    assert found["Search"].description.evidence
    assert (found["Mind reading"].state, "Old proposal" in found) == ("accepted", False)
    assert workspace.unchanged(workspace.source_of("papertrail")) is not None


def test_drafting_the_reference_that_was_named_finds_the_entry(workspace: Workspace) -> None:
    take(workspace, texts("Search"), source="./papertrail.md")
    drafted = workspace.draft(workspace.load("papertrail.md"), save=True)
    assert [one.slug for one in workspace.catalog.listings()] == ["papertrail"]
    assert by_name(drafted)["Search"].id == "papertrail/search"


def test_texts_never_replace_or_remove_what_was_drafted(workspace: Workspace) -> None:
    drafted = workspace.draft(workspace.load("papertrail.md"), save=True)
    taken = take(workspace, texts("Search", "Mind reading", source="papertrail.md"))
    held = workspace.entry("papertrail")
    assert (taken.fate, names(held)) == ("changed", [*names(drafted), "Mind reading"])
    assert held.capabilities[:-1] == drafted.capabilities
    assert workspace.unchanged(workspace.load("papertrail.md")) is not None


def test_another_edition_of_a_manifest_replaces_proposals_and_leaves_decisions(workspace: Workspace) -> None:
    take(workspace, texts("Reading", "Writing", "Printing"))
    decide(workspace, "papertrail", "papertrail/writing")
    take(workspace, texts("Reading", "Scanning"))
    held = by_name(workspace.entry("papertrail"))
    assert {name: one.state for name, one in held.items()} == {
        "Reading": "proposed", "Scanning": "proposed", "Writing": "accepted",
    }  # fmt: skip


def test_another_page_about_the_same_artifact_adds_to_it(workspace: Workspace) -> None:
    take(workspace, texts("Reading", "Writing", form="compare-page"))
    take(workspace, texts("Reading", "Scanning", form="compare-page"))
    assert names(workspace.entry("papertrail")) == ["Reading", "Writing", "Scanning"]


def test_a_source_that_is_named_later_goes_to_the_same_entry(workspace: Workspace) -> None:
    take(workspace, texts("Reading"))
    taken = take(workspace, texts("Reading"), source="gh:org/papertrail")
    assert (taken.slug, taken.fate, taken.source) == ("papertrail", "changed", "gh:org/papertrail")
    assert take(workspace, texts("Reading"), source="gh:org/papertrail").fate == "unchanged"
    assert len(list(workspace.catalog.listings())) == 1


def test_two_sources_with_one_name_are_two_entries_with_ids_of_their_own(workspace: Workspace) -> None:
    take(workspace, texts("Reading", source="gh:one/papertrail"))
    taken = take(workspace, texts("Reading", source="gh:two/papertrail"))
    assert taken.slug == "papertrail-2"
    assert workspace.entry("papertrail-2").capabilities[0].id == "papertrail-2/reading"


def test_our_json_is_reconciled_and_what_was_decided_here_stays(workspace: Workspace) -> None:
    mine = entry(capability(name="Reading"), capability(name="Writing"))
    take(workspace, mine)
    decide(workspace, "clip", "clip/reading")
    theirs = entry(
        capability(name="Reading", state="rejected"),
        capability(name="Writing", state="accepted"),
        capability(name="New"),
    )
    assert take(workspace, theirs).fate == "changed"
    states = {name: one.state for name, one in by_name(workspace.entry("clip")).items()}
    assert states == {"Reading": "accepted", "Writing": "accepted", "New": "proposed"}


def test_ids_that_are_none_are_given_anew() -> None:
    for bad in ("other/reading", "clip/", "clip/a b", "clip/../x", "reading", ""):
        assert join(None, entry(capability(id=bad)), "clip").capabilities[0].id == "clip/reading"
    assert join(None, entry(capability(id="clip/known")), "clip-2").capabilities[0].id == "clip-2/known"


def test_two_capabilities_never_share_an_id() -> None:
    same = entry(capability(name="Reading", id="clip/x"), capability(name="Writing", id="clip/x"))
    assert [one.id for one in join(None, same, "clip").capabilities] == ["clip/x", "clip/writing"]


def test_what_people_set_stays_when_the_source_is_loaded_again(workspace: Workspace) -> None:
    said = texts("Reading")
    artifact = said.artifact.model_copy(
        update={"name": "Paper Trail", "type": "cli", "pricing": Pricing(model="free"), "homepage": "https://x.example"}
    )
    take(workspace, said.model_copy(update={"artifact": artifact}), source="papertrail.md")
    loaded = workspace.source_of("papertrail")
    assert loaded.artifact == artifact.model_copy(
        update={"source": "papertrail.md", "language": loaded.artifact.language}
    )
    assert loaded.documents[0].text == README


def test_an_entry_without_a_source_says_how_to_name_one(workspace: Workspace) -> None:
    take(workspace, texts("Reading"))
    with pytest.raises(SourceError, match=r"papertrail: the entry has no source to draft it from; import it again"):
        workspace.source_of("papertrail")
    with pytest.raises(UsageError, match="no entry is called 'other'"):
        workspace.source_of("other")


def test_a_query_selects_entries_by_what_the_catalog_says_of_them(workspace: Workspace) -> None:
    workspace.draft(workspace.load("papertrail.md"), save=True)
    take(workspace, texts("Reading", slug="other"))
    with Workspace(replace(workspace.settings, language="de")) as german:
        assert list(german.selected("all recipe!=current")) == ["other", "papertrail"]
    assert list(workspace.selected("recipe!=current")) == ["other"]
    assert list(workspace.selected("model=extractive")) == ["papertrail"]
    assert list(workspace.selected("age<1h type=repo state=proposed")) == ["other", "papertrail"]
    assert list(workspace.selected("age>1h")) == []
    with pytest.raises(UsageError, match="'nonsense' is no term"):
        workspace.selected("nonsense")


def test_what_is_taken_is_told_apart_by_the_learned_values_that_the_settings_name(tmp_path: Path) -> None:
    values = stored()
    scorer = replace(values.scorer(), merge=2.0, propose=2.0)
    strict = replace(values, scorers={**values.scorers, "words": scorer})
    old = statement("Transcribes audio recordings to text.", support="unsupported", evidence=())
    new = statement("Converts spoken recordings into a transcript.", support="unsupported", evidence=())
    before = join(None, _worded("Speech recognition", old), "papertrail")
    again = _worded("Audio transcription", new)
    kept, anew = (join(before, again, "papertrail", learned=one) for one in (values, strict))
    assert [one.id for one in before.capabilities] == ["papertrail/speech-recognition"]
    assert kept.capabilities[0].id == "papertrail/speech-recognition"
    assert anew.capabilities[0].id == "papertrail/audio-transcription"


def _worded(name: str, said: Statement) -> Entry:
    made = texts("one")
    one = made.capabilities[0].model_copy(update={"name": name, "description": said})
    return made.model_copy(update={"capabilities": (one,)})
