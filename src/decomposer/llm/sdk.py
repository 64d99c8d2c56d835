"""Hold the SDK's client of one endpoint, and turn what goes wrong on the wire into our errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING
from weakref import finalize

from decomposer.errors import ConfigurationError, TransportError
from decomposer.llm.endpoint import Endpoint

if TYPE_CHECKING:
    from openai import Omit, OpenAI

_KEPT = 1_024  # idle connections


class Sdk:
    """The one client of an endpoint: no retries, opened when it is first needed, shared by threads.

    `timeout` is in seconds, for connecting and for every pause in between. Without a key no Authorization header is
    sent.
    """

    def __init__(self, endpoint: Endpoint, *, timeout: float = 120.0) -> None:
        self.endpoint = endpoint
        self._timeout = timeout
        self._lock = Lock()
        self._opened: OpenAI | None = None

    @property
    def headers(self) -> dict[str, "str | Omit"]:
        """The headers that differ from what the SDK sends by itself."""
        from openai import Omit

        headers: dict[str, str | Omit] = {**self.endpoint.headers()}
        return headers if self.endpoint.key else {"Authorization": Omit()}

    def client(self) -> "OpenAI":
        """Return the client. Raises ConfigurationError for bad proxies."""
        with self._lock:
            if self._opened is None:
                self._opened = self._open()
                finalize(self, self._opened.close)
            return self._opened

    @contextmanager
    def calling(self) -> Iterator[None]:
        """Raise TransportError, or what else `Endpoint.rejected` makes of it, for the SDK's errors inside."""
        import httpx2
        import openai

        url = self.endpoint.url
        try:
            yield
        except openai.APIStatusError as error:
            response = error.response
            raise self.endpoint.rejected(error.status_code, response.headers, response.text) from None
        except openai.APITimeoutError as error:
            raise TransportError(
                f"{url} did not answer in {self._timeout:g} s",
                hint="allow more time, or ask about less",
                retryable=True,
                arrived=not isinstance(error.__cause__, httpx2.ConnectTimeout | httpx2.PoolTimeout),
            ) from None
        except (openai.APIConnectionError, httpx2.HTTPError) as error:  # the latter in the middle of a stream
            cause = error.__cause__ or error
            reason = self.endpoint.scrubbed(f"{type(cause).__name__}: {cause}")
            raise TransportError(
                f"no reply from {url}: {reason}",
                hint="is a server running there?",
                retryable=True,
                arrived=not isinstance(cause, httpx2.ConnectError),
            ) from None

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        with self._lock:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()

    def _open(self) -> "OpenAI":
        from httpx2 import Limits
        from openai import DefaultHttpxClient, OpenAI

        try:
            return OpenAI(
                # How many at a time is for the gate to say; a request must never wait for a connection as well.
                http_client=DefaultHttpxClient(
                    limits=Limits(max_connections=None, max_keepalive_connections=_KEPT), timeout=self._timeout
                ),
                api_key=self.endpoint.key or "none",
                base_url=self.endpoint.base,
                max_retries=0,
                timeout=self._timeout,
                default_query=self.endpoint.query,
            )
        except (ValueError, ImportError) as error:
            raise ConfigurationError(
                f"no connection to {self.endpoint.url} can be set up: {self.endpoint.scrubbed(str(error))}",
                hint="check HTTPS_PROXY and SSL_CERT_FILE",
            ) from None
