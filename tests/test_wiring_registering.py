"""The registry is compared by the embedder that the settings name, and by none where they name none."""

import pytest

from decomposer.errors import ConfigurationError
from decomposer.settings import Settings
from decomposer.wiring.embedding import registry_embedder


def test_what_is_installed_changes_nothing() -> None:
    assert registry_embedder(Settings()) is None
    assert registry_embedder(Settings(embedder="openai/some")) is None
    assert registry_embedder(Settings(registry_vectors="none")) is None


def test_the_embedder_is_the_one_that_is_named() -> None:
    chosen = registry_embedder(Settings(registry_vectors="openai/some", api_key="k"))
    assert chosen is not None
    assert chosen.name == "openai/some"


@pytest.mark.parametrize("name", ["auto", "nearly", ""])
def test_a_name_that_means_none_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="no embedder is called"):
        registry_embedder(Settings(registry_vectors=name))
