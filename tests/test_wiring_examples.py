"""Examples are what people accepted: chosen once a run, never shown for their own document, and part of the recipe."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from decomposer import resources
from decomposer.draft import Draft
from decomposer.errors import ConfigurationError, Stopped, UsageError
from decomposer.pipeline.choosing import MOST, ROOM
from decomposer.prompt import Template
from decomposer.settings import Settings
from decomposer.wiring import Workspace
from decomposer.wiring.batches import Batch
from decomposer.wiring.examples import POOL, pinned
from decomposer.wiring.orders import Order
from decomposer.wiring.references import Naming
from decomposer.wiring.rounds import BatchMode, Inquiry
from tests.deciding import decide, deciding
from tests.reviewing import SAMPLES, drafted
from tests.standin import Standin

NAMES = ("pebblesort", "tallowick", "tidepost-mcp")
BUNDLED = resources.read("prompts", "extract/examples.yaml")


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Settings]:
    """Give the settings of a catalog with drafted samples, of which nothing is accepted yet."""
    with drafted(tmp_path, *NAMES) as (workspace, _):
        yield replace(workspace.settings, examples="accepted")


def accept(held: Settings, slug: str, count: int = 3) -> list[str]:
    with Workspace(held) as workspace:
        ids = [one.id for one in workspace.entry(slug).capabilities][:count]
        assert decide(workspace.reviews, *ids).stored == len(ids)
        return ids


def chosen(held: Settings) -> str:
    with Workspace(held) as workspace:
        return workspace.examples


def sources(held: Settings) -> list[str]:
    with Workspace(held) as workspace:
        return [Path(one.source).name for one in workspace.template.examples]


def test_only_what_somebody_accepted_is_an_example(held: Settings) -> None:
    with pytest.raises(ConfigurationError, match="no record has been accepted one by one; accept some with"):
        chosen(held)
    ids = accept(held, "pebblesort")
    assert sources(held) == ["pebblesort", ""]
    with Workspace(held) as workspace:
        assert len(workspace.template.examples[0].draft.capabilities) == len(ids)
        assert decide(workspace.reviews, *ids, op="reject").stored == len(ids)
    with pytest.raises(ConfigurationError, match="none of the accepted records can be an example in the language en"):
        chosen(held)


def test_what_was_accepted_in_bulk_or_taken_back_is_no_example(held: Settings) -> None:
    with Workspace(held) as workspace:
        found = workspace.reviews.find([one.id for one in workspace.entry("pebblesort").capabilities])
        bulk = [deciding(one, batch="b").model_copy(update={"guard": "0 of 59 wrong", "number": n})
                for n, one in enumerate(found)]  # fmt: skip
        assert workspace.reviews.settle(bulk).stored == len(found)
    with pytest.raises(ConfigurationError, match="no record has been accepted one by one"):
        chosen(held)


def test_one_of_our_own_examples_stays_and_all_are_between_marks(held: Settings) -> None:
    accept(held, "pebblesort")
    with Workspace(held) as workspace:
        assert all(one.quoted for one in workspace.template.examples)
        assert [len(one.draft.capabilities) for one in workspace.template.examples] == [3, 0]
    with Workspace(replace(held, examples="bundled")) as workspace:
        assert workspace.examples == BUNDLED
        assert not any(one.quoted for one in workspace.template.examples)


def test_the_fixed_part_stays_small_with_three_examples(held: Settings) -> None:
    for slug in NAMES:
        accept(held, slug, 9)
    with Workspace(held) as workspace:
        template = workspace.template
        source = workspace.load(str(SAMPLES / "hollin-forecast"))
        prompt = template.render(next(workspace.segments(source)))
    schema = json.dumps(Draft.model_json_schema(), separators=(",", ":"))
    assert len(template.examples) == MOST + 1
    assert 1800 < template.size(prompt, schema).fixed < 2500
    bare = Template(resources.read("prompts", "extract/v2.jinja"), version="v2", examples=template.examples[MOST:])
    assert bare.size(prompt, schema).fixed + MOST * (ROOM + 40) < 2500


def test_no_document_is_drafted_with_an_example_of_itself(held: Settings, tmp_path: Path) -> None:
    accept(held, "pebblesort")
    accept(held, "tidepost-mcp")
    copy = tmp_path / "copy.md"
    copy.write_bytes(next(SAMPLES.joinpath("pebblesort").glob("*.md")).read_bytes())
    with Workspace(held) as workspace:
        for ref, others in ((SAMPLES / "pebblesort", 2), (copy, 2), (SAMPLES / "tallowick", 3)):
            template = workspace.template_for(workspace.load(str(ref)))
            assert len(template.examples) == others
        assert workspace.template_for(workspace.load(str(SAMPLES / "tallowick"))) is workspace.template


def test_the_examples_are_part_of_the_recipe_and_a_file_keeps_them(held: Settings, tmp_path: Path) -> None:
    accept(held, "pebblesort")
    path = tmp_path / "own.yaml"
    path.write_text(chosen(held), encoding="utf-8")
    kept = replace(held, examples=str(path))

    def recipe(settings: Settings) -> str:
        with Workspace(settings) as workspace:
            return workspace.recipe

    before = recipe(held)
    assert before == recipe(kept)
    assert before != recipe(replace(held, examples="bundled"))
    accept(held, "tidepost-mcp")
    assert recipe(held) != before
    assert recipe(kept) == before


def test_what_is_accepted_behind_the_first_entries_changes_no_choice(
    held: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert POOL > 100
    monkeypatch.setattr("decomposer.wiring.examples.POOL", 1)
    accept(held, "pebblesort")
    before = chosen(held)
    accept(held, "tidepost-mcp")
    assert chosen(held) == before


def test_no_catalog_is_made_to_look_for_examples(tmp_path: Path) -> None:
    nowhere = Settings(db=str(tmp_path / "none.db"), model="extractive", examples="accepted")
    with pytest.raises(ConfigurationError, match="no record has been accepted"):
        chosen(nowhere)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.yaml: can't be read .*decomposer examples --out FILE"):
        chosen(Settings(examples=str(tmp_path / "none.yaml")))


@pytest.mark.block_network(allowed_hosts=["127.0.0.1"])
def test_a_run_keeps_its_examples_though_more_is_accepted_meanwhile(held: Settings) -> None:
    accept(held, "pebblesort")
    refs = Naming((str(SAMPLES / "hollin-forecast"), str(SAMPLES / "lantern-lessons")))
    with Standin() as server:
        asking = replace(held, model="openai/standin", base_url=server.url, workers=1)
        with Batch(asking, Order(refs)) as batch:
            first, number = batch.settings.examples, batch.record.id
            batch.stop()
            with pytest.raises(Stopped):
                list(batch.outcomes())
        accept(held, "tidepost-mcp")
        with Batch(asking, Order(Naming()), resume=number) as batch:
            assert batch.settings.examples == first
            assert [outcome.state for outcome in batch.outcomes()] == ["ok", "ok"]
        (system,) = {request["messages"][0]["content"] for request in server.requests}
        assert system.count("\nExample ") == 2
        others = replace(asking, examples="bundled", origins={"examples": "--examples"})
        accept(held, "tallowick")
        with Batch(asking, Order(refs, fresh=True)) as batch:
            assert batch.settings.examples != first
            batch.stop()
            with pytest.raises(Stopped):
                list(batch.outcomes())
        with pytest.raises(UsageError, match="begun with examples accepted, not bundled"):
            Batch(others, Order(Naming()), resume=0).__enter__()


def test_what_a_run_keeps_is_the_text_itself(held: Settings) -> None:
    accept(held, "pebblesort")
    with Workspace(held) as workspace:
        kept = pinned(held, workspace)
        assert kept.examples == workspace.examples
        recipe = workspace.recipe
    accept(held, "tidepost-mcp")
    with Workspace(kept) as workspace:
        assert workspace.recipe == recipe
    with Workspace(replace(held, examples="bundled")) as workspace:
        assert pinned(workspace.settings, workspace) is workspace.settings


def test_requests_by_hand_have_the_examples_too(held: Settings) -> None:
    accept(held, "pebblesort")
    with Inquiry(replace(held, model="openai/standin", base_url="http://127.0.0.1:9/v1")) as inquiry:
        _, (request,) = inquiry.missing(json.dumps({"ref": str(SAMPLES / "tallowick")}))
    assert "pebblesort" in request.body["messages"][0]["content"]


@pytest.mark.block_network(allowed_hosts=["127.0.0.1"])
def test_answers_of_a_batch_mode_are_found_again_though_more_was_accepted(held: Settings) -> None:
    accept(held, "pebblesort")
    with Standin() as server:
        server.batches.polls = 1
        asking = replace(held, model="openai/standin", base_url=server.url)
        with BatchMode(asking, Order(Naming((str(SAMPLES / "hollin-forecast"),))), tell=lambda text: None) as mode:
            assert mode.play().lines == 1
        accept(held, "tidepost-mcp")
        with BatchMode(asking, Order(Naming()), resume=0, tell=lambda text: None) as mode:
            done = mode.play()
        assert (done.ended, done.lines, done.over) == (1, 0, True)
        assert list(server.answered.values()) == [1]
