"""The judge that the settings name is asked through the ledger: planned, sent in jobs, carried by hand, paid once."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from decomposer.errors import ConfigurationError
from decomposer.records import Entry
from decomposer.settings import Settings
from decomposer.wiring import Workspace
from decomposer.wiring.orders import Order, check_price
from decomposer.wiring.plans import planned_run
from decomposer.wiring.recipe import recipe_of
from decomposer.wiring.references import Naming
from decomposer.wiring.rounds import BatchMode, Inquiry
from tests.standin import Body, Standin
from tests.test_cli import run

pytestmark = pytest.mark.block_network(allowed_hosts=["127.0.0.1"])

CARD = """# Thing

It finds images by text.

It looks pictures up by a description.

It writes captions for images.
"""
NAMES = ["Image search", "Picture lookup", "Captioning"]
TEXTS = [line for line in CARD.splitlines() if line.startswith("It ")]
SAME = {"Image search", "Picture lookup"}


def answer(body: Body) -> Body:
    """Answer as a model that drafts one capability a sentence, and that sees through other words."""
    if body["tools"][0]["function"]["name"] != "Selection":
        drafted = [
            {"name": name, "category": "other", "description": {"text": text, "units": [unit]}}
            for unit, (name, text) in enumerate(zip(NAMES, TEXTS, strict=True), start=2)
        ]
        return {"source_kind": {"kind": "software", "reason": "it says so"}, "capabilities": drafted}
    selected, record = [], ""
    for line in body["messages"][-1]["content"].splitlines():
        if line.startswith("Record: "):
            record = line.removeprefix("Record: ")
        elif option := re.match(r"\((\d+)\) (.*)", line):
            relation = "same" if {record, option[2]} == SAME else "different"
            quotes = {"record_quote": record, "option_quote": option[2]}
            selected.append({"option": int(option[1]), **quotes, "reason": "other words", "relation": relation})
    return {"selected": selected}


def judge_texts(body: Body) -> Body:
    """Answer as a judge of the texts in `PAIRS`."""
    selected, record = [], ""
    for line in body["messages"][-1]["content"].splitlines():
        if line.startswith("Record: "):
            record = line.removeprefix("Record: ")
        elif option := re.match(r"\((\d+)\) (.*)", line):
            relation = RELATION[frozenset((record, option[2]))]
            quotes = {"record_quote": record, "option_quote": option[2]}
            selected.append({"option": int(option[1]), **quotes, "reason": "other words", "relation": relation})
    return {"selected": selected}


PAIRS = [
    ("Lists the notices of a harbour", "Lists harbours with a glossary of terms", "related", "related"),
    ("text to image", "image to text", "unrelated", "same"),
    ("Groups photos of a folder that look alike", "Groups alike photos of folders", "same", "same"),
]
RELATION = {frozenset((a, b)): relation for a, b, _, relation in PAIRS}


@pytest.fixture
def server() -> Iterator[Standin]:
    with Standin(answer=answer) as started:
        yield started


@pytest.fixture
def held(server: Standin, tmp_path: Path) -> Settings:
    (tmp_path / "thing.md").write_text(CARD)
    return Settings(
        model="openai/lantern", judge="openai/judge", base_url=server.url, db=str(tmp_path / "catalog.db"), workers=1
    )


def drafted(held: Settings, tmp_path: Path, *, save: bool = True) -> Entry:
    with Workspace(held) as workspace:
        return workspace.draft(workspace.load(str(tmp_path / "thing.md")), save=save)


def asked(server: Standin) -> list[str]:
    return [body["model"] for body in server.requests]


def names(entry: Entry) -> list[str]:
    return [one.name for one in entry.capabilities]


def test_the_judge_is_asked_in_both_orders_and_what_is_the_same_is_joined(
    held: Settings, server: Standin, tmp_path: Path
) -> None:
    entry = drafted(held, tmp_path)
    assert names(entry) == ["Image search", "Captioning"]
    assert asked(server) == ["lantern", "judge", "judge"]
    assert (entry.run.requests, entry.twins) == (3, ())
    same = next(one for one in entry.judged if one.verdict == "same")
    assert (same.model, same.prompt, len(same.request_keys)) == ("openai/judge", "same/v1", 2)
    with Workspace(held) as workspace:
        assert workspace.catalog.find("thing") == entry


def test_without_a_judge_the_pair_is_proposed(held: Settings, server: Standin, tmp_path: Path) -> None:
    entry = drafted(replace(held, judge=None), tmp_path)
    assert (names(entry), asked(server)) == (NAMES, ["lantern"])
    assert [(twin.a, twin.b) for twin in entry.twins] == [("thing/image-search", "thing/picture-lookup")]


def test_a_second_draft_asks_nothing_and_changes_nothing(held: Settings, server: Standin, tmp_path: Path) -> None:
    first = drafted(held, tmp_path)
    second = drafted(held, tmp_path)
    assert len(server.requests) == 3
    assert (second.run.requests, second.run.cached) == (0, 3)
    kept = {"capabilities", "twins", "judged", "gone", "apart"}
    assert second.model_dump(include=kept) == first.model_dump(include=kept)


def test_a_judge_who_comes_later_joins_what_was_saved_as_two(held: Settings, tmp_path: Path) -> None:
    drafted(replace(held, judge=None), tmp_path)
    entry = drafted(held, tmp_path)
    assert [one.id for one in entry.capabilities] == ["thing/image-search", "thing/captioning"]
    parts = [part.id for part in entry.capabilities[0].merged]
    assert parts == ["thing/image-search", "thing/picture-lookup"]


def test_what_was_split_is_not_asked_about_again(held: Settings, server: Standin, tmp_path: Path) -> None:
    entry = drafted(replace(held, judge=None), tmp_path)
    split = entry.model_copy(update={"apart": (("thing/image-search", "thing/picture-lookup"),)})
    with Workspace(held) as workspace:
        workspace.catalog.revise(workspace.load(str(tmp_path / "thing.md")), lambda previous, slug: split)
    again = drafted(held, tmp_path)
    assert names(again) == NAMES
    assert again.twins == ()
    shown = [body["messages"][-1]["content"] for body in server.requests if body["model"] == "judge"]
    assert all(not ("Record: Image search" in one and ") Picture lookup" in one) for one in shown)


def test_the_judge_belongs_to_the_recipe() -> None:
    plain = Settings(model="openai/lantern")
    recipes = {recipe_of(replace(plain, judge=judge), budget=1000) for judge in (None, "openai/a", "openai/b")}
    assert len(recipes) == 3


# --- through the ledger


def test_a_plan_counts_what_the_judge_would_be_asked_once_the_draft_is_answered(
    held: Settings, server: Standin, tmp_path: Path
) -> None:
    order = Order(Naming((str(tmp_path / "thing.md"),)))
    assert planned_run(held, order).requests.value == 1
    drafted(replace(held, judge=None), tmp_path, save=False)
    assert planned_run(held, order).requests.value == 2
    assert len(server.requests) == 1
    drafted(held, tmp_path, save=False)
    assert planned_run(held, order).requests.value == 0


def test_a_plan_says_that_a_judge_is_asked_later(held: Settings, tmp_path: Path) -> None:
    args = ("batch", "plan", str(tmp_path / "thing.md"), "--model", "openai/lantern", "--format", "json")
    done = run(tmp_path, *args, "--judge", "openai/judge", OPENAI_BASE_URL=str(held.base_url))
    notes = json.loads(done.stdout)["notes"]
    told = "openai/judge is asked twice for each document with records that may be one, oftener where many may be"
    assert told in notes


def test_what_is_missing_is_found_in_both_orders(held: Settings, server: Standin, tmp_path: Path) -> None:
    with Inquiry(held) as inquiry:
        (draft,) = inquiry.missing(str(tmp_path / "thing.md"))[1]
    assert draft.model == "lantern"
    drafted(replace(held, judge=None), tmp_path)
    with Inquiry(held) as inquiry:
        missing = inquiry.missing(str(tmp_path / "thing.md"))[1]
    assert [one.model for one in missing] == ["judge", "judge"]
    assert asked(server) == ["lantern"]


def test_in_batch_mode_the_judge_is_asked_in_a_round_of_its_own(
    held: Settings, server: Standin, tmp_path: Path
) -> None:
    server.batches.polls = 1
    order, states = Order(Naming((str(tmp_path / "thing.md"),))), []
    for resume in (None, *[1] * 6):
        with BatchMode(held, order if resume is None else Order(Naming()), resume=resume) as mode:
            done = mode.play()
        states.append(done.lines)
        if done.over:
            break
    assert states[:2] == [1, 2]
    assert server.requests == []
    with Workspace(held) as workspace:
        entry = workspace.catalog.find("thing")
        assert entry is not None
        assert [(job.model, job.lines) for job in workspace.jobs.jobs(1)] == [("lantern", 1), ("judge", 2)]
    assert names(entry) == ["Image search", "Captioning"]
    assert set(server.answered.values()) == {1}


def test_a_run_is_resumed_with_the_judge_that_it_was_begun_with(held: Settings, tmp_path: Path) -> None:
    with BatchMode(held, Order(Naming((str(tmp_path / "thing.md"),)))) as mode:
        mode.play()
    with BatchMode(replace(held, judge=None), Order(Naming()), resume=1) as mode:
        assert mode.settings.judge == "openai/judge"


def test_a_judge_without_a_price_can_keep_no_limit(held: Settings, tmp_path: Path) -> None:
    (tmp_path / "prices.json").write_text(
        json.dumps({"as_of": "2026-11-01", "source": "t", "models": {"openai/lantern": {"input": "1", "output": "1"}}})
    )
    limited = replace(held, prices=str(tmp_path / "prices.json"))
    order = Order(Naming(("x",)), max_cost=Decimal(1))
    check_price(order, replace(limited, judge=None))
    with pytest.raises(ConfigurationError, match="--max-cost can't be kept"):
        check_price(order, limited)


def test_a_judge_that_asks_nobody_has_no_batch_mode(held: Settings) -> None:
    with pytest.raises(ConfigurationError, match="extractive asks nobody"):
        Inquiry(replace(held, judge="extractive"))


# --- by the command line


def test_the_command_takes_a_judge_and_why_tells_what_it_said(held: Settings, tmp_path: Path) -> None:
    args = ("draft", "thing.md", "--model", "lantern", "--judge", "judge", "--format", "json")
    done = run(tmp_path, *args, OPENAI_BASE_URL=str(held.base_url))
    assert done.exit_code == 0
    found: dict[str, Any] = json.loads(done.stdout)
    assert [one["name"] for one in found["capabilities"]] == ["Image search", "Captioning"]
    why = run(tmp_path, "why", "thing/image-search", "thing/picture-lookup")
    assert "decided by a model" in why.stdout
    assert "Image search: “Image search”; Picture lookup: “Picture lookup”" in " ".join(why.stdout.split())


def test_a_judge_without_opinions_is_an_error_that_says_what_to_do(held: Settings, tmp_path: Path) -> None:
    args = ("draft", "thing.md", "--model", "lantern", "--judge", "extractive")
    done = run(tmp_path, *args, OPENAI_BASE_URL=str(held.base_url))
    assert done.exit_code != 0
    assert "the extractive model can't do the task 'same'; name another model for it" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_judge_is_measured_on_labelled_pairs_and_joins_nothing_that_differs(tmp_path: Path) -> None:
    lines = [{"a_text": a, "b_text": b, "label": label, "hard": label != "same"} for a, b, label, _ in PAIRS]
    (tmp_path / "pairs.jsonl").write_text("\n".join(map(json.dumps, lines)))
    args = ("eval", "--pairs", "pairs.jsonl", "--vectors", "words", "--format", "json")
    rules = json.loads(run(tmp_path, *args).stdout)
    with Standin(answer=judge_texts) as server:
        done = run(tmp_path, *args, "--judge", "judge", OPENAI_BASE_URL=server.url)
        again = run(tmp_path, *args, "--judge", "judge", OPENAI_BASE_URL=server.url)
        assert len(server.requests) == 2
    found = json.loads(done.stdout)
    assert rules["verdicts"][:2] == ["related", "related"]
    assert found["verdicts"][:2] == ["different", "related"]
    assert (found["hard_merged"], found["auto_precision"]) == (0, 1.0)
    assert found["left_to_person"] < rules["left_to_person"]
    assert re.search(r"judge was asked about \d of 3 pairs and decided \d", done.stderr)
    assert again.stdout == done.stdout
