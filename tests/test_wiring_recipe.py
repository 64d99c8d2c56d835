"""A recipe is the same while nothing but documents changes, and another one as soon as anything else does."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from decomposer.errors import ConfigurationError
from decomposer.settings import Settings
from decomposer.wiring import Workspace
from decomposer.wiring.recipe import recipe_of
from tests.deciding import decide
from tests.test_cli import README

HELD = Settings(model="openai/gpt-5-mini", api_key="sk-one")


def recipe(settings: Settings = HELD, *, budget: int = 24_000, verify: str | None = None) -> str:
    return recipe_of(settings, budget=budget, verify=verify)


@pytest.fixture
def _papertrail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "papertrail.md").write_text(README)


def test_a_recipe_is_sixteen_digits_and_the_same_for_the_same_settings() -> None:
    assert len(recipe()) == 16
    assert int(recipe(), 16) > 0
    assert recipe(replace(HELD)) == recipe()


@pytest.mark.parametrize(
    "other",
    [
        {"model": "openai/gpt-5"},
        {"base_url": "http://127.0.0.1:8000/v1"},
        {"prompt": "v1"},
        {"language": "de"},
        {"mode": "json"},
        {"temperature": 0.0},
        {"max_output_tokens": 4000},
    ],
    ids=str,
)
def test_what_an_answer_depends_on_makes_another_recipe(other: dict[str, object]) -> None:
    assert recipe(replace(HELD, **other)) != recipe()  # type: ignore[arg-type]


def test_the_size_of_segments_and_second_opinions_make_another_recipe() -> None:
    assert len({recipe(), recipe(budget=8_000), recipe(verify="openai/gpt-5"), recipe(verify="openai/gpt-4")}) == 4


def test_what_answers_do_not_depend_on_leaves_the_recipe_as_it_is() -> None:
    other = replace(HELD, api_key="sk-two", db="other.db", timeout=5.0, workers=9, actor="ada")
    assert recipe(other) == recipe()


def test_a_bare_name_and_a_written_out_one_are_the_same_model() -> None:
    assert recipe(replace(HELD, model="gpt-5-mini", base_url="https://api.openai.com/v1/")) == recipe()


def test_how_others_are_asked_does_not_matter_to_a_model_that_asks_nobody() -> None:
    silent = Settings(model="extractive")
    assert recipe(replace(silent, mode="json", base_url="http://127.0.0.1:1/v1")) == recipe(silent)


def test_the_text_of_a_prompt_file_counts_and_not_its_name_alone(tmp_path: Path) -> None:
    path = tmp_path / "own.jinja"
    path.write_text("one")
    one = recipe(replace(HELD, prompt=str(path)))
    path.write_text("two")
    assert recipe(replace(HELD, prompt=str(path))) != one


def test_a_prompt_that_is_not_there_is_told() -> None:
    with pytest.raises(ConfigurationError, match="there is no prompt v99"):
        recipe(replace(HELD, prompt="v99"))


@pytest.mark.usefixtures("_papertrail")
def test_an_entry_remembers_its_recipe_and_its_source_is_unchanged_until_something_is_not(tmp_path: Path) -> None:
    with Workspace(Settings(model="extractive")) as workspace:
        source = workspace.load("papertrail.md")
        assert workspace.unchanged(source) is None
        entry = workspace.draft(source, save=True)
        held = workspace.unchanged(source)
        assert entry.run.recipe == workspace.recipe
        assert held is not None
        assert (held.slug, held.capabilities) == ("papertrail", len(entry.capabilities))
    with Workspace(Settings(model="extractive", language="de")) as workspace:
        assert workspace.unchanged(source) is None
    (tmp_path / "papertrail.md").write_text(README + "\nIt also reads Icelandic.\n")
    with Workspace(Settings(model="extractive")) as workspace:
        assert workspace.unchanged(workspace.load("papertrail.md")) is None


@pytest.mark.usefixtures("_papertrail")
def test_finding_out_that_nothing_changed_imports_nothing_that_drafts() -> None:
    script = (
        "import sys\n"
        "from decomposer.settings import Settings\n"
        "from decomposer.wiring import Workspace\n"
        "with Workspace(Settings(model='openai/some', base_url='http://127.0.0.1:9/v1')) as workspace:\n"
        "    workspace.unchanged(workspace.load('papertrail.md'))\n"
        "print(sorted({'openai', 'instructor', 'decomposer.segment', 'decomposer.pipeline'} & set(sys.modules)))\n"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "DECOMPOSER_"))}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=clean, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.usefixtures("_papertrail")
def test_a_decision_about_an_earlier_text_does_not_make_a_source_look_changed(tmp_path: Path) -> None:
    with Workspace(Settings(model="extractive")) as workspace:
        drafted = workspace.draft(workspace.load("papertrail.md"), save=True)
        assert decide(workspace.reviews, drafted.capabilities[0].id).stored == 1
        assert workspace.unchanged(workspace.load("papertrail.md")) is not None
        (tmp_path / "papertrail.md").write_text("# papertrail\n\nIt is able to read handwriting in three languages.\n")
        source = workspace.load("papertrail.md")
        redrafted = workspace.draft(source, save=True)
        assert len(redrafted.documents) == 2
        assert workspace.unchanged(source) is not None
