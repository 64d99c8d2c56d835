"""Ask any OpenAI-compatible endpoint for embeddings."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from decomposer.errors import ConfigurationError, TransportError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from openai import OpenAI

_BATCH = 256  # texts in a request: under the limits of the known servers


class OpenAIEmbedder:
    """An embedder at an endpoint, None for OpenAI itself; `timeout` is in seconds. Without a key none is sent."""

    def __init__(self, model: str, *, base_url: str | None, api_key: str | None, timeout: float = 120.0) -> None:
        parts = urlsplit(base_url or "https://api.openai.com/v1")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigurationError(
                "the base URL of the embedder is not a web address",
                hint="write OPENAI_BASE_URL like http://127.0.0.1:8000/v1",
            )
        self._model = model
        self._base = base_url
        self._key = api_key
        self._host = parts.hostname
        self._timeout = timeout
        self._opened: OpenAI | None = None

    @property
    def name(self) -> str:
        """The name that thresholds are learned for."""
        return f"openai/{self._model}"

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return a row of length 1 for each text, zeros for one without words.

        Raises TransportError where the endpoint gives no vector for every text.
        """
        import numpy as np

        wanted = sorted({text for text in texts if text.strip()})
        found = dict(zip(wanted, self._asked(wanted), strict=True))
        width = len(next(iter(found.values()), ()))
        if any(len(row) != width for row in found.values()):
            raise TransportError(f"{self._host} sent vectors of several lengths", hint="is it one model?")
        rows = np.array([found.get(text) or [0.0] * width for text in texts], dtype=np.float32).reshape(
            len(texts), width
        )
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        scaled: NDArray[np.float32] = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
        return scaled

    def _asked(self, texts: list[str]) -> Iterator[list[float]]:
        import openai

        headers: dict[str, str | openai.Omit] = {} if self._key else {"Authorization": openai.Omit()}
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            try:
                reply = self._client().embeddings.create(
                    model=self._model, input=batch, encoding_format="float", extra_headers=headers
                )
                data = sorted(reply.data or [], key=lambda one: one.index)
                rows = [[float(number) for number in one.embedding] for one in data]
            except openai.APIStatusError as error:
                raise TransportError(
                    f"{self._host} answered {error.status_code} to a request for embeddings",
                    hint="check OPENAI_BASE_URL, the key and the name of the model",
                    retryable=error.status_code == 429 or error.status_code >= 500,
                    status=error.status_code,
                ) from None
            except (openai.APIError, ValueError, TypeError, AttributeError) as error:
                raise TransportError(
                    f"{self._host} gave no embeddings ({type(error).__name__})",
                    hint="is a server with an embedding model running there?",
                    retryable=isinstance(error, openai.APIConnectionError),
                ) from None
            if len(rows) != len(batch):
                raise TransportError(f"{self._host} sent {len(rows)} vectors for {len(batch)} texts")
            yield from rows

    def _client(self) -> "OpenAI":
        import openai

        if self._opened is None:
            self._opened = openai.OpenAI(
                api_key=self._key or "none",
                base_url=self._base,
                timeout=self._timeout,
                max_retries=0,
            )
        return self._opened
