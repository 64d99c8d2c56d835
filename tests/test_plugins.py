"""Loaders, models and exporters are found by name."""

import pytest

from decomposer import plugins
from decomposer.errors import ConfigurationError


def test_built_ins_come_through_the_same_door() -> None:
    assert plugins.names("models") == ("extractive", "openai", "scripted")
    assert plugins.names("exporters") == ("csv", "html", "json", "markdown", "passport", "unfragile")
    assert plugins.names("loaders") == ("dist", "gh", "hf", "http", "https", "path", "stdin")


@pytest.mark.parametrize("group", ["models", "exporters", "loaders"])
def test_every_built_in_can_be_imported(group: str) -> None:
    assert all(callable(plugins.load(group, name)) for name in plugins.names(group))


def test_an_unknown_name_is_named_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="no model is called 'nope'; known: extractive, openai, scripted"):
        plugins.load("models", "nope")
