"""Choose the embedder that searches by: the one of the settings, or the best that is installed."""

from decomposer import ports
from decomposer.settings import Settings

NONE, AUTO = "none", "auto"


def search_embedder(settings: Settings) -> ports.Embedder | None:
    """Return the embedder of the settings, `auto` being the best that is installed; None for words alone.

    Raises ConfigurationError for one that is unknown or not installed.
    """
    from decomposer.embed import best_embedder, open_embedder

    if settings.embedder == NONE:
        return None
    if settings.embedder == AUTO:
        return best_embedder()
    return open_embedder(
        settings.embedder, base_url=settings.base_url, api_key=settings.api_key, timeout=settings.timeout
    )
