"""Choose the embedders of the settings: the one that searches by, and the one by which the registry compares."""

from decomposer import ports
from decomposer.settings import Settings

NONE, AUTO = "none", "auto"


def search_embedder(settings: Settings) -> ports.Embedder | None:
    """Return the embedder of the settings, `auto` being the best that is installed; None for words alone.

    Raises ConfigurationError for one that is unknown or not installed.
    """
    from decomposer.embed import best_embedder

    if settings.embedder == NONE:
        return None
    if settings.embedder == AUTO:
        return best_embedder()
    return _opened(settings.embedder, settings)


def registry_embedder(settings: Settings) -> ports.Embedder | None:
    """Return the embedder that the settings name for the registry, None for words alone; never what is installed.

    Else which records are one would depend on the machine. Raises ConfigurationError as `search_embedder` does.
    """
    return None if settings.registry_vectors == NONE else _opened(settings.registry_vectors, settings)


def _opened(name: str, settings: Settings) -> ports.Embedder:
    from decomposer.embed import open_embedder

    return open_embedder(name, base_url=settings.base_url, api_key=settings.api_key, timeout=settings.timeout)
