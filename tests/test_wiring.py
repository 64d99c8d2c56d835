"""Settings become the parts that a run works with, and the library uses them as the command line does."""

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

from decomposer import Catalog, draft
from decomposer.errors import ConfigurationError, SourceError, UsageError
from decomposer.ports import Price
from decomposer.settings import Settings
from decomposer.wiring import Workspace, model_place, only, price_of, prompt_text
from tests.test_cli import ANSWER, README
from tests.test_publish import capability, entry

KINDS = ("extractive", "openai", "scripted")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("DECOMPOSER_", "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "papertrail.md").write_text(README)
    (tmp_path / "answers.json").write_text(json.dumps([ANSWER]))


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("extractive", ("extractive", "")),
        ("openai/gpt-5", ("openai", "gpt-5")),
        ("gpt-5", ("openai", "gpt-5")),
        ("meta-llama/Llama-3-8B", ("openai", "meta-llama/Llama-3-8B")),
        ("openai/meta-llama/Llama-3-8B", ("openai", "meta-llama/Llama-3-8B")),
        ("scripted//tmp/answers.json", ("scripted", "/tmp/answers.json")),
    ],
)
def test_a_bare_name_is_one_of_openai(name: str, place: tuple[str, str]) -> None:
    assert model_place(name, KINDS) == place


def test_the_newest_prompt_is_used_where_none_is_named() -> None:
    assert prompt_text(None) == prompt_text("v2")
    assert prompt_text("v1")[0] == "v1"


def test_a_prompt_file_is_named_with_its_digest(tmp_path: Path) -> None:
    (tmp_path / "own.jinja").write_text("Hello")
    assert prompt_text("own.jinja") == ("own.jinja@185f8db32271", "Hello")


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("v99", "there is no prompt v99; released: v1, v2; or name a file"),
        (
            "missing.jinja",
            "prompt missing.jinja: can't be read (No such file or directory); name a file, or one of v1, v2",
        ),
    ],
)
def test_a_missing_prompt_comes_with_the_released_ones(wanted: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        prompt_text(wanted)
    assert str(caught.value) == message


def test_a_model_that_asks_somebody_gets_the_ledger_and_the_others_none(tmp_path: Path) -> None:
    with Workspace(Settings(model="extractive")) as silent:
        assert silent.model.name == "extractive"
    assert not (tmp_path / "decomposer.db").exists()
    with Workspace(Settings(model="any", base_url="http://localhost:9/v1")) as asking:
        assert asking.model.name == "openai/any"
    assert (tmp_path / "decomposer.db").exists()


def test_only_keeps_the_capabilities_in_a_state() -> None:
    made = entry(capability(name="A"), capability(name="B", state="accepted"))
    assert [each.name for each in only(made, "accepted").capabilities] == ["B"]


def test_the_library_drafts_without_saving(tmp_path: Path) -> None:
    drafted = draft("papertrail.md", model="scripted/answers.json")
    assert [each.id for each in drafted.capabilities] == ["papertrail/invoices-to-json"]
    assert drafted.run.seconds > 0
    assert not (tmp_path / "decomposer.db").exists()


def test_the_library_saves_in_the_catalog_that_is_named() -> None:
    drafted = draft("papertrail.md", model="scripted/answers.json", db=Path("own.db"))
    with Catalog("own.db") as catalog:
        assert list(catalog) == [drafted]
        assert catalog.find("papertrail") == drafted
        assert catalog.find("other") is None
        assert catalog.decisions("papertrail") == []


def test_what_is_wrong_is_raised_as_one_of_our_errors() -> None:
    with pytest.raises(SourceError, match=r"missing\.md: no such file or folder"):
        draft("missing.md", model="extractive")
    with Workspace(Settings(db="own.db")) as workspace, pytest.raises(UsageError, match="no entry is called 'x'"):
        workspace.entry("x")


def test_a_decision_says_who_and_why() -> None:
    draft("papertrail.md", model="scripted/answers.json", db="own.db")
    with Workspace(Settings(db="own.db", actor="ada")) as workspace:
        workspace.retire("papertrail", reason="gone")
        (decision,) = workspace.reviews.history(entry="papertrail")
    assert (decision.op, decision.entry, decision.capability) == (
        "retire", "papertrail", "papertrail/invoices-to-json",
    )  # fmt: skip
    assert (decision.field, decision.before, decision.after) == ("state", "proposed", "retired")
    assert (decision.actor, decision.reason, decision.model) == ("ada", "gone", "scripted/answers.json")


def test_models_without_an_asking_of_their_own_share_one_gate(tmp_path: Path) -> None:
    settings = Settings(
        model="gpt-5-mini", base_url="http://127.0.0.1:9/v1", db=str(tmp_path / "c.db"), workers=3, rpm=60
    )
    with Workspace(settings, verify="gpt-5-nano") as workspace:
        _ = workspace.model, workspace.second
        asking = workspace.asking
    assert asking is not None
    assert asking.gate is not None
    assert asking.gate.figures().limit == 3
    assert asking.price is None


def test_a_price_is_that_of_the_table_that_the_settings_name(tmp_path: Path) -> None:
    table = {"as_of": "2026-03-01", "source": "test", "models": {"openai/gpt-5-mini": {"input": "7", "output": "8"}}}
    (tmp_path / "mine.json").write_text(json.dumps(table), encoding="utf-8")
    here = Settings(base_url="http://127.0.0.1:9/v1")
    assert price_of("gpt-5-mini", here).price == price_of("openai/gpt-5-mini", Settings()).price
    assert price_of("gpt-5-mini", here).note.endswith("; 127.0.0.1 may charge otherwise")
    mine = price_of("gpt-5-mini", Settings(prices=str(tmp_path / "mine.json")))
    assert mine.price == Price(Decimal(7), Decimal(8))
    assert price_of("lantern", here).price is None


@pytest.mark.parametrize("model", ["extractive", "scripted/x.json"])
def test_a_model_that_asks_nobody_costs_nothing(model: str) -> None:
    assert price_of(model, Settings()).price == Price(Decimal(0), Decimal(0))
