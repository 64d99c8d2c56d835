"""Flags go before the environment, the environment before the file, the file before the defaults."""

from pathlib import Path

import pytest

from decomposer.errors import ConfigurationError
from decomposer.settings import Settings, read_settings


def read(folder: Path, *, toml: str = "", environ: dict[str, str] | None = None, **flags: object) -> Settings:
    if toml:
        (folder / "decomposer.toml").write_text(toml, encoding="utf-8")
    return read_settings(flags, environ=environ or {}, folder=folder)


def test_without_anything_the_defaults_hold(tmp_path: Path) -> None:
    assert read(tmp_path) == Settings()


def test_each_source_of_a_value_goes_before_the_next(tmp_path: Path) -> None:
    toml = 'model = "file"\ndb = "file.db"\nworkers = 2\n'
    environ = {"DECOMPOSER_MODEL": "environment", "DECOMPOSER_DB": "environment.db"}
    settings = read(tmp_path, toml=toml, environ=environ, model="flag")
    assert (settings.model, settings.db, settings.workers) == ("flag", "environment.db", 2)
    assert settings.origins == {"model": "--model", "db": "DECOMPOSER_DB", "workers": "decomposer.toml, key workers"}
    assert settings.origin("mode") == "default"


def test_our_own_variable_goes_before_the_one_of_openai(tmp_path: Path) -> None:
    environ = {"DECOMPOSER_API_KEY": "ours", "OPENAI_API_KEY": "theirs", "OPENAI_BASE_URL": "http://localhost:1/v1"}
    settings = read(tmp_path, environ=environ)
    assert (settings.api_key, settings.base_url) == ("ours", "http://localhost:1/v1")


def test_an_empty_variable_is_not_set(tmp_path: Path) -> None:
    assert read(tmp_path, environ={"OPENAI_API_KEY": "", "DECOMPOSER_MODEL": ""}) == Settings()


@pytest.mark.parametrize(
    ("environ", "toml", "message"),
    [
        (
            {"DECOMPOSER_WORKERS": "0"},
            "",
            "DECOMPOSER_WORKERS: '0' is no valid workers; write a whole number from 1 to 1024",
        ),
        (
            {"DECOMPOSER_TIMEOUT": "nan"},
            "",
            "DECOMPOSER_TIMEOUT: 'nan' is no valid timeout; write a number from 1 to 3600",
        ),
        (
            {"DECOMPOSER_MODE": "yaml"},
            "",
            "DECOMPOSER_MODE: 'yaml' is no valid mode; choose one of tools, json_schema, json",
        ),
        (
            {"OPENAI_BASE_URL": "localhost"},
            "",
            "OPENAI_BASE_URL: 'localhost' is no valid base_url; write an address such as http://localhost:8000/v1",
        ),
        (
            {"OPENAI_BASE_URL": "http://me:secret@host:99999"},
            "",
            "OPENAI_BASE_URL: 'http://me:********@host:99999' is no valid base_url; "
            "write an address such as http://localhost:8000/v1",
        ),
        (
            {"OPENAI_API_KEY": "sk-secret key"},
            "",
            "OPENAI_API_KEY: the value is no valid api_key; "
            "write the key as the provider shows it: ASCII, without spaces",
        ),
        (
            {},
            "workers = true",
            "decomposer.toml, key workers: 'True' is no valid workers; write a whole number from 1 to 1024",
        ),
        ({}, "db = 3", "decomposer.toml, key db: '3' is no valid db; write a text that is not empty"),
    ],
)
def test_a_bad_value_names_where_it_stands_and_what_to_write(
    tmp_path: Path, environ: dict[str, str], toml: str, message: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, toml=toml, environ=environ)
    assert str(caught.value) == message


def test_limits_and_prices_are_settings(tmp_path: Path) -> None:
    settings = read(
        tmp_path, toml="rpm = 60\nworkers = 1024\n", environ={"DECOMPOSER_TPM": "90000"}, prices="mine.json"
    )
    assert (settings.rpm, settings.tpm, settings.workers, settings.prices) == (60, 90_000, 1_024, "mine.json")
    with pytest.raises(
        ConfigurationError, match="DECOMPOSER_RPM: '0' is no valid rpm; write a whole number from 1 to "
    ):
        read(tmp_path, environ={"DECOMPOSER_RPM": "0"})


def test_an_unknown_key_comes_with_the_nearest_known_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"unknown key 'modell'; did you mean 'model'\?"):
        read(tmp_path, toml='modell = "x"')


def test_broken_toml_names_the_file_and_the_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"decomposer\.toml: not valid TOML \(.*line 1, column 9\)"):
        read(tmp_path, toml="model = x\n")


def test_secrets_are_in_no_representation(tmp_path: Path) -> None:
    environ = {"OPENAI_API_KEY": "sk-secret", "DECOMPOSER_DB": "postgresql+psycopg://me:secret@host/db"}
    settings = read(tmp_path, environ=environ)
    assert "secret" not in repr(settings)
    assert settings.shown("api_key") == "********"
    assert settings.shown("db") == "postgresql+psycopg://me:********@host/db"


@pytest.mark.parametrize(
    ("given", "model"),
    [
        ({}, ("extractive", "no model is configured: using extractive, which needs none (choose with --model)")),
        (
            {"OPENAI_API_KEY": "sk-1"},
            (
                "openai/gpt-5-mini",
                "no model is named, OPENAI_API_KEY is set: using openai/gpt-5-mini (choose with --model)",
            ),
        ),
        (
            {"OPENAI_BASE_URL": "http://localhost:1/v1"},
            (
                "openai/gpt-5-mini",
                "no model is named, OPENAI_BASE_URL is set: using openai/gpt-5-mini (choose with --model)",
            ),
        ),
        ({"DECOMPOSER_MODEL": "extractive", "OPENAI_API_KEY": "sk-1"}, ("extractive", "")),
    ],
)
def test_a_model_that_was_not_named_is_said(tmp_path: Path, given: dict[str, str], model: tuple[str, str]) -> None:
    assert read(tmp_path, environ=given).chosen_model() == model
