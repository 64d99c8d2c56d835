"""`decomposer doctor` says what holds, where it comes from, and what must be put right."""

import json
from pathlib import Path
from typing import Any

from decomposer.store.engine import HEAD
from tests.test_cli import readme, run


def examine(folder: Path, *args: str, code: int = 0, **environ: str) -> dict[str, Any]:
    done = run(folder, "doctor", *args, "--format", "json", **environ)
    assert done.exit_code == code, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def setting(found: dict[str, Any], name: str) -> tuple[str, str]:
    return next((each["value"], each["origin"]) for each in found["settings"] if each["name"] == name)


def check(found: dict[str, Any], name: str) -> tuple[str, str]:
    return next((each["found"], each["level"]) for each in found["checks"] if each["name"] == name)


def test_a_sound_installation_ends_with_0(tmp_path: Path) -> None:
    found = examine(tmp_path)
    assert found["healthy"] is True
    assert check(found, "models") == ("extractive, openai, scripted", "ok")
    assert check(found, "loaders") == ("dist, gh, hf, http, https, path, stdin", "ok")
    assert check(found, "exporters") == ("csv, html, json, markdown, passport, unfragile", "ok")
    assert check(found, "prompt") == ("v2", "ok")


def test_each_setting_comes_with_its_origin_and_keys_are_masked(tmp_path: Path) -> None:
    (tmp_path / "decomposer.toml").write_text("workers = 2\n")
    found = examine(tmp_path, "--timeout", "30", OPENAI_API_KEY="sk-very-secret", DECOMPOSER_DB="own.db")
    assert setting(found, "api_key") == ("********", "OPENAI_API_KEY")
    assert setting(found, "db") == ("own.db", "DECOMPOSER_DB")
    assert setting(found, "workers") == ("2", "decomposer.toml, key workers")
    assert setting(found, "timeout") == ("30.0", "--timeout")
    assert setting(found, "mode") == ("tools", "default")
    assert "secret" not in json.dumps(found)
    assert check(found, "model")[0].startswith("openai/gpt-5-mini (no model is named, OPENAI_API_KEY is set")


def test_a_database_is_not_created_by_looking(tmp_path: Path) -> None:
    assert check(examine(tmp_path), "database") == (
        "decomposer.db: does not exist yet, will be created when something is saved",
        "ok",
    )
    assert list(tmp_path.iterdir()) == []


def test_the_schema_of_a_database_is_named(tmp_path: Path) -> None:
    run(tmp_path, "draft", readme(tmp_path))
    assert check(examine(tmp_path), "database") == (f"decomposer.db: schema {HEAD}", "ok")


def test_what_must_be_put_right_ends_with_3(tmp_path: Path) -> None:
    (tmp_path / "decomposer.db").write_text("not a database, " * 100)
    found = examine(tmp_path, "--model", "scripted/missing.json", code=3)
    assert found["healthy"] is False
    assert {each["name"] for each in found["checks"] if each["level"] == "problem"} == {"model", "database"}


def test_a_misspelt_variable_is_pointed_out(tmp_path: Path) -> None:
    assert check(examine(tmp_path, DECOMPOSER_WORKRES="2"), "DECOMPOSER_WORKRES") == (
        "no such setting; did you mean DECOMPOSER_WORKERS?",
        "note",
    )


def test_people_see_it_as_a_table(tmp_path: Path) -> None:
    lines = run(tmp_path, "doctor", DECOMPOSER_ACTOR="[red]me").stdout.splitlines()
    assert lines[0] == "setting             value                                 from"
    assert "actor               [red]me                               DECOMPOSER_ACTOR" in lines
    assert lines[-1] == "all is well"
