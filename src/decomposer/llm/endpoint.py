"""Know an endpoint: its address without secrets, and what its errors mean."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from math import isfinite
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from decomposer.errors import ConfigurationError, EndpointRefused, TransportError
from decomposer.llm.pacing import pace_of
from decomposer.llm.wire import parse

OPENAI = "https://api.openai.com/v1"

_HINTS = {
    400: "the endpoint can't take this request: try another --mode, or less text",
    401: "check OPENAI_API_KEY",
    402: "the account has no credit left",
    403: "check what OPENAI_API_KEY is allowed to use",
    404: "check the model name, and that OPENAI_BASE_URL ends where /chat/completions begins",
}
_PASSING = (408, 409, 429)
_LASTING = (401, 402, 403, 404)  # what is wrong is wrong for every request


class Endpoint:
    """An OpenAI-compatible endpoint. `url` names it, without credentials and query; `base` and `query` reach it.

    Raises ConfigurationError where the base URL or the key can't be one.
    """

    def __init__(self, base_url: str | None = None, *, key: str | None = None) -> None:
        self.base, self.url, self.query = _addresses(base_url or OPENAI)
        self.key = (key or "").strip()
        if not (self.key.isascii() and self.key.isprintable()):
            raise ConfigurationError("the API key has characters that no key has", hint="set OPENAI_API_KEY again")
        self._secrets = [secret for secret in (self.key, urlsplit(self.base).password) if secret]

    def __repr__(self) -> str:
        return f"Endpoint({self.url!r})"

    def headers(self) -> dict[str, str]:
        """Return the headers beyond Authorization: Azure's older addresses want the key under its own name."""
        return {"api-key": self.key} if self.key and "api-version" in self.query else {}

    def rejected(self, status: int, headers: Mapping[str, str], text: str) -> TransportError | EndpointRefused:
        """Return the error for an HTTP status of 400 and more; `text` is the body.

        It is EndpointRefused where the key, the address, the model or the account is wrong.
        """
        try:
            body = parse(text)
        except ValueError:
            body = {}
        broke = _broke(body)
        said = self.scrubbed(_complaint(body) or text)
        message = f"{self.url} answered {status} {_phrase(status)}{': ' if said else ''}{said}"
        if broke or status in _LASTING:
            return EndpointRefused(message, hint=self._hint(402 if broke else status), status=status)
        return TransportError(
            message,
            hint=self._hint(status),
            retryable=_passing(status),
            status=status,
            retry_after=_retry_after(headers),
            pace=pace_of(headers),
        )

    def complained(self, body: dict[str, Any]) -> TransportError | EndpointRefused:
        """Return the error in a body with status 200: so gateways report the servers behind them."""
        details = body.get("error")
        code = details.get("code") if isinstance(details, dict) else None
        status = code if isinstance(code, int) and 400 <= code < 600 else None
        message = f"{self.url} answered with an error: {self.scrubbed(_complaint(body))}"
        if _broke(body) or status in _LASTING:
            return EndpointRefused(message, hint=self._hint(402 if _broke(body) else status or 0), status=status)
        return TransportError(
            message,
            hint=self._hint(status or 0),
            retryable=status is not None and _passing(status),
            status=status,
        )

    def _hint(self, status: int) -> str:
        if status in (401, 403) and not self.key:
            return "set OPENAI_API_KEY: the endpoint wants a key"
        return _HINTS.get(status, "")

    def garbled(self, text: str, reason: str) -> TransportError:
        """Return the error for a body with status 200 that is not one JSON object."""
        return TransportError(
            f"{self.url} sent {len(text):,} characters that are not one JSON object: {self.scrubbed(reason)}",
            hint="a reply was cut off, or OPENAI_BASE_URL is not that of a chat endpoint",
            retryable=True,
            status=200,
            arrived=True,
        )

    def scrubbed(self, text: str) -> str:
        """Return a server's text as one short printable line without our secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        line = " ".join(text[:2000].split())
        return "".join(character for character in line if character.isprintable())[:500]


def _addresses(base_url: str) -> tuple[str, str, dict[str, str]]:
    """Return a base URL without its query, the same without credentials, and the query."""
    try:
        parts = urlsplit(base_url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or parts.scheme not in ("http", "https"):
        raise ConfigurationError(
            "the base URL of the model is not a web address", hint="write OPENAI_BASE_URL like http://127.0.0.1:8000/v1"
        )
    host = f"[{host}]" if ":" in host else host
    path = parts.path.rstrip("/")
    url = f"{parts.scheme}://{host}{f':{port}' if port else ''}{path}"
    return f"{parts.scheme}://{parts.netloc}{path}", url, dict(parse_qsl(parts.query))


def _passing(status: int) -> bool:
    return status in _PASSING or status >= 500


def _broke(body: dict[str, Any]) -> bool:
    """Say whether the account is empty: that is told as "too many requests" too, and waiting does not fill it."""
    details = body.get("error")
    return isinstance(details, dict) and "insufficient_quota" in (details.get("code"), details.get("type"))


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""


def _complaint(body: dict[str, Any]) -> str:
    error = body.get("error") or body.get("detail") or body.get("message") or ""
    if isinstance(error, dict):
        error = error.get("message") or error
    return str(error)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds a reply asks to wait; dates count from the server's own clock where it tells it."""
    for name, scale in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers[name]) / scale
        except (KeyError, ValueError):
            continue
        if isfinite(seconds):
            return max(seconds, 0.0)
    until = _date(headers.get("retry-after"))
    now = _date(headers.get("date")) or datetime.now(UTC)
    return None if until is None else max((until - now).total_seconds(), 0.0)


def _date(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
