"""Prompts and schemas are found wherever the package runs from."""

import pytest

from decomposer import resources
from decomposer.errors import ConfigurationError


def test_released_prompts_are_listed_oldest_first() -> None:
    assert next(iter(resources.prompt_versions("extract"))) == "v1"


def test_resources_are_read_as_text() -> None:
    assert "{% block system %}" in resources.read("prompts", "extract/v1.jinja")


def test_a_missing_folder_is_named() -> None:
    with pytest.raises(ConfigurationError, match="the folder nowhere/ is missing"):
        resources.folder("nowhere")
