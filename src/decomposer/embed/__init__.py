"""Embedders: open one by name, WordLlama inside this process or any OpenAI-compatible endpoint."""

from importlib.util import find_spec

from decomposer.errors import ConfigurationError
from decomposer.ports import Embedder

WORDLLAMA = "wordllama"


def open_embedder(
    name: str, *, base_url: str | None = None, api_key: str | None = None, timeout: float = 120.0
) -> Embedder:
    """Return the embedder `wordllama` or `openai/NAME`; the other arguments concern the endpoint, `timeout` in seconds.

    Raises ConfigurationError for an unknown name, an extra that is not installed, or a base URL that is none.
    """
    if name == WORDLLAMA:
        from decomposer.embed.wordllama import WordLlamaEmbedder

        return WordLlamaEmbedder()
    kind, _, model = name.partition("/")
    if kind == "openai" and model:
        from decomposer.embed.openai import OpenAIEmbedder

        return OpenAIEmbedder(model, base_url=base_url, api_key=api_key, timeout=timeout)
    raise ConfigurationError(f"no embedder is called {name!r}", hint=f"use {WORDLLAMA} or openai/NAME")


def default_embedder() -> Embedder | None:
    """Return WordLlama where its extra is installed, else None; nothing heavy is imported until it embeds."""
    return open_embedder(WORDLLAMA) if find_spec("wordllama") else None
